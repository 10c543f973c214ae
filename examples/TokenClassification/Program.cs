// Teaches a BERT to mark the colours in a sentence, one label for each word; all but a word's first token are left out (-100).   dotnet run -- [model folder]
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;

var folder = args.FirstOrDefault() ?? InRepository.Find("models/bert-tiny");
keras.utils.set_random_seed(1);
string[] colours = ["white", "red", "yellow", "green", "black", "blue"];
string[] texts =
[
    "a tree with white flowers", "a small red bird", "an herb with yellow fruit", "a black and white dog", "a green plant of the water", "a blue fish of warm seas", "a large tree with hard wood",
];

var tokenizer = AutoTokenizer.from_pretrained(folder);
var model = TFAutoModelForTokenClassification.from_pretrained(folder, id2label: new Dictionary<int, string> { [0] = "O", [1] = "COLOUR" });
var inputs = tokenizer.Apply(texts, padding: true);
model.compile(optimizer: keras.optimizers.Adam(1e-3));
model.fit(inputs, Labels(inputs), batch_size: 8, epochs: 30, verbose: 0);

const string Question = "a bird with a red head and black wings";
var colour = new TokenClassificationPipeline(model, tokenizer, options: new() { aggregation_strategy = "first" });
var found = colour.Apply(Question).Select(e => Question[e.start..e.end]).ToArray();
Console.WriteLine($"{Question} -> {string.Join(", ", found)}");
return found is ["red", "black"] ? 0 : 1;

int[,] Labels(BatchEncoding batch)
{
    var length = batch["input_ids"][0].Length;
    var labels = new int[texts.Length, length];
    for (var row = 0; row < texts.Length; row++)
    {
        var (ids, parts) = (batch.word_ids(row), texts[row].Split(' '));
        for (var i = 0; i < length; i++)
            labels[row, i] = ids[i] is not { } word || (i > 0 && ids[i - 1] == word) ? -100 : colours.Contains(parts[word]) ? 1 : 0;
    }
    return labels;
}
