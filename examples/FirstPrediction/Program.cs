// Loads a BERT, predicts, says how long that took from the start of the process, and with --train learns one step.
// --provision gets TensorFlow first.   dotnet run -- [model folder] [--train] [--provision]
using System.Diagnostics;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;

if (args.Contains("--provision")) keras.config.provision_tensorflow();
var folder = args.FirstOrDefault(a => !a.StartsWith('-')) ?? InRepository.Find("models/bert-tiny");
var tokenizer = AutoTokenizer.from_pretrained(folder);
var model = TFAutoModelForSequenceClassification.from_pretrained(folder, num_labels: 2);
var texts = tokenizer.Apply(["a large wild cat", "a tall tree with needles"], padding: true);
var loaded = SinceStart();
float[] logits = model.predict(texts, verbose: 0)["logits"].Single.ToArray<float>();
Console.WriteLine(FormattableString.Invariant($"engine {keras.config.backend()}, loaded after {loaded:0} ms, first prediction after {SinceStart():0} ms: {string.Join(" ", logits)}"));
var ok = logits.Length == 4 && logits.All(float.IsFinite);

if (args.Contains("--train"))
{
    model.compile(optimizer: keras.optimizers.Adam(1e-3));   // no loss: the model's own
    int[] labels = [0, 1];
    var history = model.fit(texts, labels, batch_size: 2, epochs: 1, verbose: 0);
    float[] after = model.predict(texts, verbose: 0)["logits"].Single.ToArray<float>();
    Console.WriteLine(FormattableString.Invariant($"one step: loss {history.history["loss"][0]:0.0000}, logits {string.Join(" ", after)}"));
    ok &= after.All(float.IsFinite) && !after.SequenceEqual(logits);
}
return ok ? 0 : 1;

static double SinceStart()
{
    using var process = Process.GetCurrentProcess();
    return (DateTime.Now - process.StartTime).TotalMilliseconds;
}
