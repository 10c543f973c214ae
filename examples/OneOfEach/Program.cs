// Runs one of each kind of work and prints numbers, which must be the same however the program is published.   dotnet run -- [models folder] [name of one kind]
using System.Globalization;
using Keras;
using Keras.Examples;
using Keras.Layers;
using Keras.Transformers;
using static Keras.Api;
using static Keras.Transformers.Datasets;
using static Keras.Transformers.Pipelines;

var models = args.FirstOrDefault() ?? InRepository.Find("models");
string In(string name) => Path.Combine(models, name);
var folder = Directory.CreateTempSubdirectory("one-of-each").FullName;
var failed = 0;
var bert = In("bert-tiny");
var tokenizer = AutoTokenizer.from_pretrained(bert);
var texts = tokenizer.Apply(["a large wild cat", "a tall tree with needles"], padding: true);

Show("classification", () =>
{
    var model = TFAutoModelForSequenceClassification.from_pretrained(bert, num_labels: 2);
    return Say(model.predict(texts, verbose: 0)["logits"]);
});
Show("training", () =>
{
    var model = TFAutoModelForSequenceClassification.from_pretrained(bert, id2label: new Dictionary<int, string> { [0] = "animal", [1] = "plant" });
    model.compile(optimizer: keras.optimizers.Adam(1e-3), metrics: ["accuracy"]);
    int[] labels = [0, 1];
    var history = model.fit(texts, labels, batch_size: 2, epochs: 3, verbose: 0);
    model.save_pretrained(Path.Combine(folder, "trained"));
    var again = TFAutoModelForSequenceClassification.from_pretrained(Path.Combine(folder, "trained"));
    return $"{Numbers([.. history.history["loss"].Select(l => (float)l)])}; {Say(model.predict(texts, verbose: 0)["logits"])}; {Say(again.predict(texts, verbose: 0)["logits"])}; {again.config.id2label[1]}";
});
Show("pipelines", () =>
{
    var fill = pipeline("fill-mask", model: bert, top_k: 2).Apply("a tall [MASK] with green leaves");
    var digit = pipeline("image-classification", model: In("vit-tiny")).Apply(Path.Combine(In("vit-tiny"), "example.png"));
    return $"{string.Join(' ', fill.Select(f => $"{f.token_str} {Numbers([(float)f.score])}"))}; {digit[0].label}";
});
Show("generation", () =>
{
    var writer = TFAutoModelForCausalLM.from_pretrained(In("gpt2-tiny"));
    var words = AutoTokenizer.from_pretrained(In("gpt2-tiny"));
    int[] prompt = [.. words.encode("animal: a large")];
    var greedy = words.decode(writer.generate(prompt, max_new_tokens: 12).sequences[0].ToArray<int>(), skip_special_tokens: true);
    var drawn = words.decode(writer.generate(prompt, max_new_tokens: 12, do_sample: true, top_p: 0.9, seed: 3).sequences[0].ToArray<int>(), skip_special_tokens: true);
    var beams = words.decode(writer.generate(prompt, max_new_tokens: 12, num_beams: 3, pad_token_id: words.eos_token_id).sequences[0].ToArray<int>(), skip_special_tokens: true);
    return $"{greedy.Trim()} | {drawn.Trim()} | {beams.Trim()}";
});
Show("functional model", () =>
{
    var x = keras.Input(4, name: "x");
    var h = keras.layers.Dense(8, activation: "gelu", kernel_regularizer: "l2").Apply(x);
    var parts = ops.split(h * 2 + 1, 2, axis: -1);
    var model = keras.Model(x, keras.layers.Dense(3, activation: "softmax").Apply(ops.concatenate([parts[0], ops.relu(parts[1]), ops.top_k(h, 2).Values], axis: -1)));
    Tensor data = keras.random.normal((16, 4), seed: 1);
    model.compile(optimizer: "adam", loss: "mse", metrics: ["mae"]);
    model.fit(data, ops.softmax(keras.random.normal((16, 3), seed: 2)), epochs: 2, batch_size: 8, verbose: 0);
    model.save(Path.Combine(folder, "functional.keras"));
    var again = keras.models.load_model(Path.Combine(folder, "functional.keras"));
    return $"{Say(model.predict(data, verbose: 0))}; {Say(again.predict(data, verbose: 0))}; {string.Join(' ', again.weights.Select(w => w.path))}";
});
Show("recurrent model", () =>
{
    var model = keras.Sequential([keras.Input([5, 3]), keras.layers.Bidirectional(keras.layers.LSTM(4)), keras.layers.BatchNormalization(), keras.layers.Dropout(0.1), keras.layers.Dense(1)]);
    Tensor data = keras.random.normal((8, 5, 3), seed: 1);
    model.compile(optimizer: keras.optimizers.AdamW(0.01), loss: "mse");
    model.fit(data, ops.sum(data, axis: [1, 2]), epochs: 2, verbose: 0);
    model.save(Path.Combine(folder, "recurrent.keras"));
    return $"{Say(model.predict(data, verbose: 0))}; {Say(keras.models.load_model(Path.Combine(folder, "recurrent.keras")).predict(data, verbose: 0))}";
});
Show("layers of one's own", () =>
{
    var model = new Net(6);
    Tensor data = keras.random.normal((32, 4), seed: 1);
    model.compile(optimizer: keras.optimizers.Adam(0.01), loss: "mse");
    var history = model.fit(data, ops.sum(data, axis: 1, keepdims: true), epochs: 3, batch_size: 8, verbose: 0);
    model.save_weights(Path.Combine(folder, "net.weights.h5"));
    var other = new Net(6);
    other.predict(data, verbose: 0);
    other.load_weights(Path.Combine(folder, "net.weights.h5"));
    return $"{Say(model.predict(data, verbose: 0))}; {Say(other.predict(data, verbose: 0))}; {string.Join(' ', model.weights.Select(w => w.path))}";
});
Show("SavedModel", () =>
{
    var model = keras.Sequential([keras.Input(4, name: "x"), keras.layers.Dense(3, activation: "softmax")]);
    Tensor data = keras.random.normal((2, 4), seed: 1);
    model.export(Path.Combine(folder, "exported"), verbose: false);
    using var layer = new TFSMLayer(Path.Combine(folder, "exported"));
    return $"{Say(model.predict(data, verbose: 0))}; {Say(layer.Apply(data))}";
});
Show("data", () =>
{
    File.WriteAllLines(Path.Combine(folder, "rows.csv"), ["text,label", "a large wild cat,0", "a tall tree,1", "a young dog,0", "an herb,1"]);
    var rows = load_dataset("csv", split: "train", data_files: Path.Combine(folder, "rows.csv"), cache_dir: Path.Combine(folder, "cache"));
    var mapped = rows.map(r => new Dictionary<string, object?> { ["length"] = ((string)r["text"]!).Length });
    var records = Dataset.from_list([new Row("a", 1.5f), new Row("b", 2.5f)]);
    var shuffled = mapped.shuffle(seed: 1);
    mapped.to_parquet(Path.Combine(folder, "rows.parquet"));
    var back = load_dataset("parquet", split: "train", data_files: Path.Combine(folder, "rows.parquet"), cache_dir: Path.Combine(folder, "cache"));
    return $"{string.Join(' ', shuffled.Select(r => r["length"]))}; {back[2]["text"]}; {records[1]["Score"]}; {records.features}";
});
Show("arrays", () =>
{
    Tensor x = keras.random.normal((2, 3, 2), seed: 5);
    float[,,] array = (float[,,])x.numpy();
    var (values, places) = ops.top_k(x, 2);
    Tensor picked = ops.where(x > 0, x, 0.0);
    var ranks = ((DType[])["int16", "float64", "bool", "bfloat16"]).Select(d => ops.cast(ops.reshape(x, (1, 2, 3, 2, 1)), d).numpy()).Select(a => $"{a.GetType().Name} {a.GetValue(0, 1, 2, 1, 0) is not null}");
    return $"{string.Join(' ', ranks)} {array[1, 2, 1].ToString("0.0000", CultureInfo.InvariantCulture)} {Say(values)} {((int[,,])places.numpy())[0, 0, 0]} {Say(ops.svd(ops.reshape(picked, (3, 4))).S)} {ops.einsum("ijk,ljk->il", x, x)}";
});
Directory.Delete(folder, recursive: true);
return failed == 0 ? 0 : 1;

void Show(string name, Func<string> work)
{
    if (args.Length > 1 && args[1] != name) return;
    keras.utils.set_random_seed(1);
    try
    {
        Console.WriteLine($"{name}: {work()}");
    }
    catch (Exception e)
    {
        failed++;
        Console.WriteLine($"{name}: {e}");
    }
}

static string Say(Tensors tensor) => Numbers(tensor.Single.ToArray<float>());

// Vectors of another width sum in another order.
static string Numbers(float[] values) => string.Join(' ', values.Take(6).Select(v => v.ToString("0.000", CultureInfo.InvariantCulture)));

sealed record Row(string Name, float Score);

/// <summary>Holds layers in a field, a list, a dictionary and a tuple, and a weight.</summary>
sealed class Net(int units) : Model
{
    readonly Dense first = keras.layers.Dense(units, activation: "relu");
    readonly List<Layer> several = [keras.layers.Dense(units, activation: "tanh"), new Gate(units)];
    readonly Dictionary<string, Layer> named = new() { ["norm"] = keras.layers.LayerNormalization() };
    readonly (Layer Drop, Layer Last) pair = (keras.layers.Dropout(0.1), keras.layers.Dense(1));

    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensors x = first.Apply(inputs);
        foreach (var layer in several) x = layer.Apply(x);
        return pair.Last.Apply(pair.Drop.Apply(named["norm"].Apply(x), training: training));
    }
}

/// <summary>A weight of its own.</summary>
sealed class Gate(int units) : Layer
{
    Variable? scale;

    public override void build(Shape input_shape) => scale = add_weight(shape: [units], initializer: "ones", name: "scale");

    public override Tensors call(Tensors inputs, bool training = false) => inputs.Single * ops.sigmoid(scale!.value);
}
