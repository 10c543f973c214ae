// Pretrains a small BERT that starts from the word vectors of a larger one, imitates its states, then learns to fill masked words. No labels.
//   dotnet run -c Release --project examples/MakeTinyBert -- TEACHER_DIR TRAIN_CSV OUTPUT_DIR [HELD_OUT_CSV]
using System.Diagnostics;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;
using static Keras.Transformers.Datasets;

const int MaxPositions = 128;
var recipe = Recipe.Parse(args);
keras.utils.set_random_seed(7);
var clock = Stopwatch.StartNew();

var texts = Texts(recipe.Texts);
var tokenizer = Vocabulary.Make(AutoTokenizer.from_pretrained(recipe.Teacher), texts, recipe.Vocabulary, MaxPositions, recipe.Output);
var rows = Rows(texts);
Report($"{texts.Length} texts, {rows.Sum(r => r.Length)} tokens, vocabulary {tokenizer.Count}");

var model = new TFBertForMaskedLM(new BertConfig
{
    vocab_size = tokenizer.Count, hidden_size = recipe.Width, num_hidden_layers = recipe.Layers, num_attention_heads = 4, intermediate_size = 4 * recipe.Width,
    max_position_embeddings = MaxPositions,
});
var teacher = new Teacher(recipe.Teacher, tokenizer);
model.get_input_embeddings().assign(teacher.Words(recipe.Width));
if (recipe.DistilEpochs > 0) Imitate(epochs: recipe.DistilEpochs);
if (recipe.MaskEpochs > 0) FillMasks(epochs: recipe.MaskEpochs);
Dictionary<string, double> results = [];
if (recipe.HeldOut is { } heldOut) Evaluate(Rows(Texts(heldOut)));
Save();
Cards.Write("bert-tiny", recipe.Output, TrainingSummary.from_keras(model, "bert-tiny") with { eval_results = results });

string[] Texts(string file) => load_dataset("csv", split: "train", data_files: file, keep_in_memory: true)["text"];

int[][] Rows(string[] texts) => tokenizer.Apply(texts, truncation: true, max_length: 48)["input_ids"].ToRows();

DataCollatorForLanguageModeling Collator(int seed) => new(tokenizer, mlm_probability: 0.15, pad_to_multiple_of: 16, whole_word_mask: true, seed: seed);

// The student reads masked texts, the teacher the complete ones.
void Imitate(int epochs)
{
    var lessons = teacher.Teach(rows);
    Report("the teacher has read the texts");
    var data = new MaskedBatches(rows, Collator(seed: 7), batchSize: 64, lessons);
    var student = new Student(model, teacher.Width);
    var rate = keras.optimizers.schedules.CosineDecay(1e-3, decay_steps: epochs * data.Count);
    student.compile(optimizer: keras.optimizers.AdamW(rate, weight_decay: 0.01), jit_compile: true);
    student.fit(data, epochs: epochs, verbose: 2);
    Report("the student has imitated it");
}

void FillMasks(int epochs)
{
    var data = new MaskedBatches(rows, Collator(seed: 8), batchSize: 64);
    var rate = keras.optimizers.schedules.CosineDecay(5e-4, decay_steps: epochs * data.Count);
    model.compile(optimizer: keras.optimizers.AdamW(rate, weight_decay: 0.01), metrics: new MaskedAccuracy(), jit_compile: true);   // no loss: the model's own
    model.fit(data, epochs: epochs, verbose: 2);
    Report("the masks are filled");
}

void Evaluate(int[][] rows)
{
    var result = model.evaluate(new MaskedBatches(rows, Collator(seed: 9), batchSize: 64), verbose: 0, return_dict: true);
    results = new() { ["loss"] = result["loss"], ["masked_accuracy"] = result["masked_accuracy"] };
    Report($"{rows.Length} texts that were held out: loss {result["loss"]:0.000}, accuracy of masked tokens {result["masked_accuracy"]:0.000}");
}

// In 16 bits, half the size; loading widens them.
void Save()
{
    model.save_pretrained(recipe.Output);
    TFBertForMaskedLM.from_pretrained(recipe.Output, dtype: "float16").save_pretrained(recipe.Output);
    Report($"{Directory.GetFiles(recipe.Output).Sum(f => new FileInfo(f).Length)} bytes in {recipe.Output}");
}

void Report(string what) => Console.WriteLine($"{clock.Elapsed:mm\\:ss}  {what}");
