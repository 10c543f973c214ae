// Makes models/bert-tiny: a small BERT that learns, without labels, to give texts the embeddings of a larger sentence model (distillation).
//   dotnet run -c Release --project examples/MakeTinyBert -- TEACHER_DIR TRAIN_CSV [OUTPUT_DIR] [EPOCHS]
using Keras;
using Keras.Examples;
using Keras.Layers;
using Keras.Transformers;
using static Keras.Api;

var (teacherFolder, csv) = (args[0], args[1]);
var output = args.Length > 2 ? args[2] : "models/bert-tiny";
var epochs = args.Length > 3 ? int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture) : 20;
keras.utils.set_random_seed(7);

var texts = LabelledTexts.Read(csv).Texts;
var teacherTokenizer = AutoTokenizer.from_pretrained(teacherFolder);
Directory.CreateDirectory(output);
File.WriteAllLines(Path.Combine(output, "vocab.txt"), Vocabulary.Frequent(teacherTokenizer, texts, atLeast: 3));
var tokenizer = BertTokenizerFast.from_pretrained(output);
tokenizer.save_pretrained(output);
Console.WriteLine($"{texts.Length} texts, vocabulary {tokenizer.Count}");

var teacher = new SentenceEncoder(TFBertModel.from_pretrained(teacherFolder));
teacher.compile(jit_compile: true);
var student = new TFBertModel(new BertConfig
{
    vocab_size = tokenizer.Count, hidden_size = 96, num_hidden_layers = 3, num_attention_heads = 4, intermediate_size = 384, max_position_embeddings = 128,
    hidden_dropout_prob = 0.1f, attention_probs_dropout_prob = 0.1f,
});
var distilled = new SentenceEncoder(student, projection: 384);

var data = new TeachingBatches(texts, tokenizer, Embeddings(teacher, teacherTokenizer, texts), batchSize: 64);
var rate = keras.optimizers.schedules.CosineDecay(1e-3, decay_steps: epochs * data.Count);
distilled.compile(optimizer: keras.optimizers.AdamW(rate, weight_decay: 0.01), loss: "mse", jit_compile: true);
distilled.fit(data, epochs: epochs, verbose: 2);
student.save_pretrained(output);

static float[][] Embeddings(Model teacher, PreTrainedTokenizerBase tokenizer, string[] texts)
{
    var all = new float[texts.Length][];
    var order = Enumerable.Range(0, texts.Length).OrderBy(i => texts[i].Length);
    foreach (var rows in order.Chunk(64))
    {
        var inputs = tokenizer.Apply(rows.Select(i => texts[i]), padding: true, truncation: true, max_length: 64, pad_to_multiple_of: 8);
        var values = teacher.predict_on_batch(inputs).Single.ToArray<float>().Chunk(384).ToArray();
        foreach (var (row, i) in rows.Index().Select(r => (r.Index, r.Item))) all[i] = values[row];
    }
    return all;
}
