// A text model and an image model as layers of one: does "the number seven" name what is on the scan? Once as a class, once as a functional model.
//   dotnet run -c Release -- [--epochs N] [--limit N]
using System.Diagnostics;
using Keras;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;

var options = new Options(args, "--epochs", "--limit");
keras.utils.set_random_seed(7);
var clock = Stopwatch.StartNew();
var (epochs, random) = ((int)(options.Number("--epochs") ?? 12), new Random(7));
var (language, vision) = (InRepository.Find("models/bert-tiny"), InRepository.Find("models/vit-tiny"));
var (tokenizer, processor) = (AutoTokenizer.from_pretrained(language), AutoImageProcessor.from_pretrained(vision));
var (all, rest) = Digits.Read(InRepository.Find("examples/data/digits/digits.csv"));
var limit = (int)(options.Number("--limit") ?? all.Length);
var (train, fits) = Pairs.Of([.. all.Take(limit)], tokenizer, processor, random);
var (test, truth) = Pairs.Of([.. rest.Take(limit)], tokenizer, processor, random);
var folder = Directory.CreateTempSubdirectory("hybrid").FullName;

// As a class.
var model = new HybridVisionLanguageModel(language, vision);
model.predict(test, verbose: 0);   // makes all weights
(model.text.trainable, model.image.trainable) = (false, false);
var first = Learn(model, train, "frozen parts", epochs / 2, keras.optimizers.Adam(3e-3));
(model.text.trainable, model.image.trainable) = (true, true);
// Pretrained layers learn slowly, new ones fast. The patterns match whole variable paths.
var rates = keras.optimizers.MultiOptimizer(keras.optimizers.OptimizerMap(keras.optimizers.Adam(3e-3), new Dictionary<string, Keras.Optimizers.Optimizer>
{
    [".*/bert/.*"] = keras.optimizers.Adam(5e-4),
    [".*/vit/.*"] = keras.optimizers.Adam(2e-4),
}));
var last = Learn(model, train, "all parts", epochs - (epochs / 2), rates);
Tensor answers = model.predict(test, verbose: 0).Single;

model.save(Path.Combine(folder, "hybrid.keras"));
model.save_weights(Path.Combine(folder, "hybrid.weights.h5"));
model.text.save_pretrained(Path.Combine(folder, "text"));
model.image.save_pretrained(Path.Combine(folder, "image"));   // each part as safetensors
model.export(Path.Combine(folder, "served"), verbose: false);

var custom = new Dictionary<string, Type> { [nameof(HybridVisionLanguageModel)] = typeof(HybridVisionLanguageModel) };
Tell(".keras", keras.models.load_model(Path.Combine(folder, "hybrid.keras"), custom).predict(test, verbose: 0).Single);
var again = new HybridVisionLanguageModel(Path.Combine(folder, "text"), Path.Combine(folder, "image"));   // parts of safetensors
again.predict(test, verbose: 0);
again.load_weights(Path.Combine(folder, "hybrid.weights.h5"));
Tell("safetensors and .weights.h5", again.predict(test, verbose: 0).Single);
using var served = keras.layers.TFSMLayer(Path.Combine(folder, "served"), "serve");
Tell("export", served.Apply(new Dictionary<string, Tensors>
{
    ["input_ids"] = test["text"]["input_ids"], ["token_type_ids"] = test["text"]["token_type_ids"], ["attention_mask"] = test["text"]["attention_mask"], ["image"] = test["image"],
}).Flatten().Single());

// As a functional model: the same parts, joined by calls on symbolic inputs.
var (words, looks) = (TFAutoModel.from_pretrained(language), TFAutoModel.from_pretrained(vision));
var (ids, mask, pixels) = (keras.Input([-1], dtype: "int32", name: "input_ids"), keras.Input([-1], dtype: "int32", name: "attention_mask"), keras.Input([3, 16, 16], name: "pixel_values"));
var both = ops.concatenate([words.Apply(new Dictionary<string, Tensors> { ["input_ids"] = ids, ["attention_mask"] = mask }).last_hidden_state[.., 0], looks.Apply(pixels).last_hidden_state[.., 0]], axis: -1);
var functional = keras.Model(new Tensors([ids, mask, pixels]), keras.layers.Dense(1).Apply(keras.layers.Dense(HybridVisionLanguageModel.Inner, "gelu").Apply(both)), name: "functional");
looks.trainable = false;
Tensors Flat(Tensors x) => new([x["text"]["input_ids"], x["text"]["attention_mask"], x["image"]]);
var functionalLast = Learn(functional, Flat(train), "functional, image part frozen", epochs, keras.optimizers.Adam(1e-3), Flat(test));

return last < first && functionalLast < first ? 0 : 1;

// The last epoch's loss.
double Learn(Model learner, Tensors inputs, string what, int rounds, Keras.Optimizers.Optimizer optimizer, Tensors? others = null)
{
    learner.compile(optimizer, loss: keras.losses.BinaryCrossentropy(from_logits: true), metrics: new Keras.Metrics.BinaryAccuracy(threshold: 0));
    var losses = learner.fit(inputs, fits, epochs: rounds, verbose: 0).history["loss"];
    var accuracy = learner.evaluate(others ?? test, truth, verbose: 0, return_dict: true)["binary_accuracy"];
    Console.WriteLine($"{clock.Elapsed:mm\\:ss}  {what}: loss {losses[0]:0.000} to {losses[^1]:0.000}, test accuracy {accuracy:0.000}");
    return losses[^1];
}

void Tell(string where, Tensor values)
{
    var distance = ops.max(ops.abs(values - answers)).ToScalar<float>();
    Console.WriteLine($"{clock.Elapsed:mm\\:ss}  {where}: {(distance < 1e-4 ? "the same answers" : $"other answers, by {distance}")}");
    if (distance >= 1e-4) Environment.ExitCode = 1;
}
