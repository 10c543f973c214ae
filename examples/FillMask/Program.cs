// Fills the masked word of a sentence. A model whose head is not trained yet learns it from a few sentences first.   dotnet run -- [model folder]
using Keras;
using Keras.Transformers;
using static Keras.Api;

var folder = args.FirstOrDefault() ?? "models/bert-tiny";
keras.utils.set_random_seed(1);
string[] texts = ["a tall tree with green leaves", "a small bird with red wings", "a large wild cat with a striped coat", "a fish of warm seas"];

var tokenizer = AutoTokenizer.from_pretrained(folder);
var model = (TFBertForMaskedLM)TFAutoModelForMaskedLM.from_pretrained(folder, out var loading);
if (loading.missing_keys.Count > 0)
{
    var (inputs, labels) = Masked(tokenizer.Apply(texts, padding: true));
    model.compile(optimizer: keras.optimizers.Adam(2e-3));
    model.fit(inputs, labels, batch_size: 8, epochs: 40, verbose: 0);
}

var question = $"a tall {tokenizer.mask_token} with green leaves";
var encoded = tokenizer.Apply([question]);
var position = Array.IndexOf(encoded["input_ids"][0], tokenizer.mask_token_id!.Value);
Tensor scores = model.predict(encoded, verbose: 0)["logits"].Single[0, position];
var (_, best) = ops.top_k(scores, 5);
var words = best.ToArray<int>().Select(id => tokenizer.convert_ids_to_tokens(id)).ToArray();
Console.WriteLine($"{question} -> {string.Join(", ", words)}");
return words.Contains("tree") ? 0 : 1;

// Every word is masked once, each in a row of its own; the others are left out of the loss (-100).
(Tensors Inputs, Tensors Labels) Masked(BatchEncoding batch)
{
    var places = Enumerable.Range(0, texts.Length).SelectMany(row => batch.word_ids(row).Index().Where(t => t.Item is not null).Select(t => (row, t.Index))).ToArray();
    var length = batch["input_ids"][0].Length;
    var (ids, mask, labels) = (new int[places.Length, length], new int[places.Length, length], new int[places.Length, length]);
    foreach (var (i, (row, place)) in places.Index())
        for (var t = 0; t < length; t++)
        {
            ids[i, t] = t == place ? tokenizer.mask_token_id!.Value : batch["input_ids"][row][t];
            mask[i, t] = batch["attention_mask"][row][t];
            labels[i, t] = t == place ? batch["input_ids"][row][t] : -100;
        }
    return (new Dictionary<string, Tensors> { ["input_ids"] = ids, ["attention_mask"] = mask }, labels);
}
