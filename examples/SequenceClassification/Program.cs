// Teaches a BERT to tell animals from plants by a few definitions, and asks it about others.   dotnet run -- [model folder]
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;

var folder = args.FirstOrDefault() ?? InRepository.Find("models/bert-tiny");
keras.utils.set_random_seed(1);
string[] names = ["animal", "plant"];
string[] texts =
[
    "a large wild cat with a striped coat", "a tall tree with needles", "a small bird that sings", "a shrub with fragrant white flowers",
    "a fish of warm seas", "an herb with edible leaves", "a young dog", "a tree bearing sour fruit",
];
int[] labels = [0, 1, 0, 1, 0, 1, 0, 1];

var tokenizer = AutoTokenizer.from_pretrained(folder);
var model = TFAutoModelForSequenceClassification.from_pretrained(folder, id2label: names.Index().ToDictionary(n => n.Index, n => n.Item));
model.compile(optimizer: keras.optimizers.Adam(1e-3));   // no loss: the model's own
model.fit(tokenizer.Apply(texts, padding: true), labels, batch_size: 8, epochs: 15, verbose: 0);

string[] questions = ["a wild cat of the desert", "a tree with large leaves"];
var answers = new TextClassificationPipeline(model, tokenizer, batch_size: 2).Apply(questions).Select(a => a[0]).ToArray();
foreach (var (question, answer) in questions.Zip(answers)) Console.WriteLine($"{question} -> {answer.label} ({answer.score:P0})");
return answers is [{ label: "animal" }, { label: "plant" }] ? 0 : 1;
