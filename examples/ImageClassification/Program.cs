// Trains a small vision transformer on scans of digits, reports how well it reads others, and exports it so that a server takes files of images and answers with labels.
//   dotnet run -c Release -- [--data FILE] [--epochs N] [--batch N] [--rate X] [--width N] [--layers N] [--dropout X] [--limit N] [--validate] [--xla] [--output DIR] [--pictures DIR]
using System.Diagnostics;
using Keras;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;

var options = new Options(args, "--data", "--epochs", "--batch", "--rate", "--width", "--layers", "--dropout", "--limit", "--validate", "--xla", "--output", "--pictures");
keras.utils.set_random_seed(7);
var clock = Stopwatch.StartNew();

// With --validate, every tenth training scan is held out for choosing settings, instead of the test set. Without, all are trained on.
var (train, test) = Digits.Read(options.Text("--data") ?? InRepository.Find("examples/data/digits/digits.csv"));
train = train[..(int)Math.Min(options.Number("--limit") ?? train.Length, train.Length)];
Digit[] validation = options.Has("--validate") ? [.. train.Where((_, i) => i % 10 == 9)] : [];
if (validation.Length > 0) train = [.. train.Where((_, i) => i % 10 != 9)];

var names = Enumerable.Range(0, 10).ToDictionary(i => i, i => $"{i}");
var processor = new ViTImageProcessor(size: 16, resample: 3);
var width = (int)(options.Number("--width") ?? 64);
var dropout = (float)(options.Number("--dropout") ?? 0.1);
var model = new TFViTForImageClassification(new ViTConfig
{
    image_size = 16, patch_size = 4, hidden_size = width, num_hidden_layers = (int)(options.Number("--layers") ?? 4), num_attention_heads = 4, intermediate_size = 3 * width,
    encoder_stride = 4, initializer_range = 0.1f, hidden_dropout_prob = dropout, attention_probs_dropout_prob = dropout, id2label = names,
});

var (epochs, batch) = ((int)(options.Number("--epochs") ?? 100), (int)(options.Number("--batch") ?? 64));
var steps = (train.Length + batch - 1) / batch;
var rate = keras.optimizers.schedules.CosineDecay(0, decay_steps: epochs * steps, warmup_target: options.Number("--rate") ?? 1e-3, warmup_steps: 2 * steps);
model.compile(optimizer: keras.optimizers.AdamW(rate, weight_decay: 0.05, clipnorm: 1), metrics: ["accuracy"], jit_compile: options.Has("--xla"));   // no loss: the model's own
var history = model.fit(new DigitBatches(train, processor, batch, new Random(7)), epochs: epochs, verbose: 2,
    validation_data: validation.Length > 0 ? new ValidationData(new DigitBatches(validation, processor, validation.Length)) : null);
Report($"trained {model.count_params()} parameters{(validation.Length > 0 ? $"; validation loss {history.history["val_loss"][^1]:0.0000}, accuracy {history.history["val_accuracy"][^1]:0.0000}" : "")}");

var (truth, read) = (test.Select(d => d.Label).ToArray(), Read(model, test));
var accuracy = truth.Zip(read, (t, r) => t == r ? 1.0 : 0).Average();
Report($"test accuracy {accuracy:0.0000}, {truth.Zip(read).Count(p => p.First != p.Second)} of {test.Length} wrong");

// The saved and reloaded model and the export give the same answers.
var output = options.Text("--output") ?? Directory.CreateTempSubdirectory("digits").FullName;
model.save_pretrained(output, image_processor: processor);
Cards.Write("vit-tiny", output, TrainingSummary.from_keras(model, "vit-tiny") with { eval_results = new Dictionary<string, double> { ["accuracy"] = accuracy } });
var back = TFAutoModelForImageClassification.from_pretrained(output);
var isSame = Read((TFViTForImageClassification)back, test).SequenceEqual(read);
var exported = Path.Combine(Directory.CreateTempSubdirectory("digits").FullName, "1");
model.export(exported, processor);
byte[][] files = [.. test[..10].Select(PngFiles.Of)];
Tensors answers = keras.layers.TFSMLayer(exported).Apply(Tensor.OfBytes(files));
var labels = answers["labels"].Single.ToArray<string>();
Report($"saved to {output}, {(isSame ? "the same" : "DIFFERENT")} when read back; exported, it reads the first files of the test as {string.Join(' ', labels)}");

if (options.Text("--pictures") is { } pictures)
{
    Directory.CreateDirectory(pictures);
    LearningCurves.Save(Path.Combine(pictures, "learning-curves.png"), history.history);
    ConfusionMatrix.Save(Path.Combine(pictures, "confusion-matrix.png"), [.. names.Values], truth, read);
    AttentionMaps.Save(Path.Combine(pictures, "attention.png"), model, processor, test[..8]);
    Report($"pictures are in {pictures}");
}
return isSame && labels.SequenceEqual(read[..10].Select(i => names[i])) ? 0 : 1;

int[] Read(TFViTForImageClassification reader, Digit[] digits)
{
    Tensor logits = reader.predict(processor.Apply(Digits.Images(digits)), verbose: 0)["logits"];
    return ops.argmax(logits, axis: -1).ToArray<int>();
}

void Report(string what) => Console.WriteLine($"{clock.Elapsed:mm\\:ss}  {what}");
