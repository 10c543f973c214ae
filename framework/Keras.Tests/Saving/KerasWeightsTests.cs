using System.Text.Json;
using Keras.Graphs;
using Keras.Layers;
using Keras.Tests;
using Keras.Tests.Training;

namespace Keras.Saving.Tests;

/// <summary>Files of weights of Keras 3 and 2, from the golden files and back.</summary>
sealed class KerasWeightsTests
{
    [SetUp]
    public void Engine() => GoldenList.UseEngine();

    static GoldenList? Saving => GoldenList.Find("saving", "saving");

    static JsonElement Case(string id) => Saving!.Json.GetProperty("cases").EnumerateArray().First(c => c.GetProperty("id").GetString() == id);

    static string GoldenFile(JsonElement golden) => Path.Combine(GoldenList.FolderOf("saving"), golden.GetProperty("file").GetString()!);

    [Test]
    public void A_subclassed_model_loads_Keras_file_and_computes_what_Keras_computes()
    {
        var golden = Case("subclassed");
        var model = Built(new Sub(6), 3, 6);
        model.load_weights(GoldenFile(golden));
        var expected = golden.GetProperty("weights").EnumerateArray().ToList();
        Assert.That(model.weights, Has.Count.EqualTo(expected.Count));
        foreach (var (weight, value) in model.weights.Zip(expected)) Assert.That(Floats(weight.value), Is.EqualTo(Floats(Saving!.Host(value))), value.GetProperty("path").GetString());
        var outputs = model.Apply(Tf.Constant(Saving!.Host(golden.GetProperty("x")))).Flatten();
        foreach (var (output, value) in outputs.Zip(golden.GetProperty("outputs").EnumerateArray()))
            Assert.That(Floats(output), Is.EqualTo(Floats(Saving.Host(value))).Within(1e-5f));
    }

    [Test]
    public void A_subclassed_model_saves_the_groups_and_arrays_that_Keras_saves()
    {
        using var folder = new TemporaryFolder();
        var golden = Case("subclassed");
        var model = Built(new Sub(6), 3, 6);
        model.load_weights(GoldenFile(golden));
        model.save_weights(folder["ours.weights.h5"]);
        using var ours = H5File.Open(folder["ours.weights.h5"]);
        using var theirs = H5File.Open(GoldenFile(golden));
        Assert.That(Paths(ours.Root), Is.EqualTo(Paths(theirs.Root)));
        foreach (var path in Paths(theirs.Root))
        {
            var (a, b) = (ours.Root.Find(path)!, theirs.Root.Find(path)!);
            Assert.That(a.Attributes.Keys, Is.EqualTo(b.Attributes.Keys), path);
            if (!b.IsDataset) continue;
            using var x = ours.Entry(a, DType.Float32, path).GetMemory();
            using var y = theirs.Entry(b, DType.Float32, path).GetMemory();
            Assert.That(x.AsSpan().SequenceEqual(y.AsSpan()), Is.True, path);
        }
        Assert.That(ours.Root.Find("embed/vars")!.Texts("name"), Is.EqualTo(new[] { "first" }));
    }

    [Test]
    public void Layers_that_do_not_fit_are_all_named_and_nothing_changes_unless_they_are_to_be_skipped()
    {
        var golden = Case("skip_mismatch");
        var model = Built(new Stack(new Dense(3, name: "a"), new Dense(5, name: "b")), 2, 4);
        foreach (var weight in model.weights) weight.assign(Tf.Zeros(weight.shape, weight.dtype));
        Assert.That(() => model.load_weights(GoldenFile(golden)), Throws.InstanceOf<FileFormatException>().With.Message.Contains("'b'").And.Message.Contains("(3, 5)").And.Message.Contains("(3, 2)").And.Message.Contains("skip_mismatch"));
        Assert.That(model.weights.SelectMany(w => Floats(w.value)), Is.All.Zero);
        model.load_weights(GoldenFile(golden), skip_mismatch: true);
        foreach (var (weight, value) in model.weights.Zip(golden.GetProperty("weights_after_skip_mismatch").EnumerateArray()))
            Assert.That(Floats(weight.value), Is.EqualTo(Floats(Saving!.Host(value))), value.GetProperty("path").GetString());
    }

    [TestCase("seq_mlp.weights.h5")]
    [TestCase("seq_mlp.keras")]
    [TestCase("seq_mlp.h5")]
    public void Every_form_of_a_Keras_file_holds_the_same_weights(string name)
    {
        var files = Path.Combine(GoldenList.FolderOf("functional"), "files");
        if (!File.Exists(Path.Combine(files, name))) Assert.Ignore($"{name} is not there.");
        Stack Mlp() => Built(new Stack(new Dense(8, name: "dense"), new Dropout(0.2), new Dense(3, name: "probs")), 2, 6);
        var (model, reference) = (Mlp(), Mlp());
        reference.load_weights(Path.Combine(files, "seq_mlp.weights.h5"));
        model.load_weights(Path.Combine(files, name));
        Assert.That(model.weights, Has.Count.EqualTo(4));
        foreach (var (a, b) in model.weights.Zip(reference.weights)) Assert.That(Floats(a.value), Is.EqualTo(Floats(b.value)).And.Some.Not.Zero, a.path);
    }

    [Test]
    public void Layers_of_an_old_file_can_be_matched_by_name()
    {
        var path = Path.Combine(GoldenList.FolderOf("functional"), "files", "seq_mlp.h5");
        if (!File.Exists(path)) Assert.Ignore("seq_mlp.h5 is not there.");
        var model = Built(new Stack(new Dense(8, name: "dense"), new Dense(2, name: "new")), 2, 6);
        var before = Floats(model.weights[2].value);
        model.load_weights(path, by_name: true);
        Assert.That(Floats(model.weights[2].value), Is.EqualTo(before));
        var whole = Built(new Stack(new Dense(8, name: "dense"), new Dense(3, name: "probs")), 2, 6);
        whole.load_weights(path);
        Assert.That(Floats(model.weights[0].value), Is.EqualTo(Floats(whole.weights[0].value)));
        Assert.That(() => model.load_weights(path), Throws.InstanceOf<FileFormatException>().With.Message.Contains("new"));
    }

    [Test]
    public void Training_goes_on_from_a_file_as_if_it_had_not_stopped()
    {
        using var folder = new TemporaryFolder();
        var (x, y) = TinyModel.Data(8);
        TinyModel New()
        {
            var model = new TinyModel();
            model.compile(optimizer: "adam", loss: "mse", jit_compile: false);
            return model;
        }
        var first = New();
        first.fit(x, y, epochs: 2, verbose: 0, shuffle: false);
        first.save_weights(folder["w.weights.h5"]);
        first.fit(x, y, epochs: 2, verbose: 0, shuffle: false);
        var second = New();
        second.Apply(Tensor.Of(x));
        second.load_weights(folder["w.weights.h5"]);
        Assert.That(second.optimizer.iterations.value.ToScalar<long>(), Is.EqualTo(2));
        second.fit(x, y, epochs: 2, verbose: 0, shuffle: false);
        foreach (var (a, b) in first.weights.Zip(second.weights)) Assert.That(Floats(b.value), Is.EqualTo(Floats(a.value)), a.path);
    }

    [Test]
    public void Half_precision_comes_back_bit_by_bit()
    {
        using var folder = new TemporaryFolder();
        foreach (var policy in new[] { "bfloat16", "float16" })
        {
            var model = Built(new Stack(new Dense(3, dtype: policy)), 2, 4);
            model.save_weights(folder["h.weights.h5"]);
            var other = Built(new Stack(new Dense(3, dtype: policy)), 2, 4);
            other.load_weights(folder["h.weights.h5"]);
            Assert.That(other.weights[0].dtype.Name, Is.EqualTo(policy));
            Assert.That(Floats(other.weights[0].value), Is.EqualTo(Floats(model.weights[0].value)));
            var wide = Built(new Stack(new Dense(3)), 2, 4);
            wide.load_weights(folder["h.weights.h5"]);
            Assert.That(Floats(wide.weights[0].value), Is.EqualTo(Floats(model.weights[0].value)));
        }
    }

    [Test]
    public void Wrong_names_and_models_without_weights_are_refused()
    {
        using var folder = new TemporaryFolder();
        var model = Built(new Stack(new Dense(3)), 2, 4);
        Assert.That(() => model.save_weights(folder["w.h5"]), Throws.ArgumentException.With.Message.Contains(".weights.h5"));
        Assert.That(() => model.load_weights(folder["w.txt"]), Throws.ArgumentException);
        Assert.That(() => model.load_weights(folder["w.weights.h5"]), Throws.InstanceOf<IOException>());
        Assert.That(() => model.load_weights(folder["w.weights.h5"], by_name: true), Throws.ArgumentException);
        Assert.That(() => new Stack(new Dense(3)).save_weights(folder["w.weights.h5"]), Throws.InvalidOperationException);
        model.save_weights(folder["w.weights.h5"]);
        Assert.That(() => model.save_weights(folder["w.weights.h5"], overwrite: false), Throws.InstanceOf<IOException>());
    }

    static TModel Built<TModel>(TModel model, int rows, int columns) where TModel : Model
    {
        model.Apply(Tf.Zeros(new Shape(rows, columns), DType.Float32));
        return model;
    }

    static List<string> Paths(H5Object group) => [.. group.Children.Values.SelectMany(c => c.IsDataset ? [c.Path] : Paths(c).Prepend(c.Path))];

    static float[] Floats(Tensor value) => Floats(((EagerTensor)value).ToHost());

    static float[] Floats(HostTensor value) => [.. value.ToDouble().Select(v => (float)v)];

    /// <summary>Layers one after the other, saved as Keras' Sequential is.</summary>
    sealed class Stack(params Layer[] parts) : Model
    {
        readonly Layer[] _parts = parts;

        public override IReadOnlyList<Layer> layers => _parts;

        internal override IReadOnlyList<Layer>? SavedUnderLayers => _parts;

        public override Tensors call(Tensors inputs, bool training = false) => _parts.Aggregate(inputs, (x, layer) => layer.Apply(x));
    }

    sealed class Block(int n) : Layer
    {
        readonly LayerNormalization norm = new();
        readonly Dense dense = new(n);
        readonly List<Dense> parts = [new(n), new(n)];
        Variable? _alpha;

        public override void build(Shape input_shape) => _alpha = add_weight(new Shape(n), (shape, dtype) => Tf.OnesLike(Tf.Zeros(shape, dtype)), name: "alpha");

        public override Tensors call(Tensors inputs, bool training = false) =>
            parts.Aggregate((Tensors)(dense.Apply(norm.Apply(inputs)).Single * _alpha!.value), (x, part) => part.Apply(x));
    }

    sealed class Sub(int n) : Model
    {
        readonly Dense embed = new(n, name: "first");
        readonly List<Block> blocks = [new(n), new(n)];
        readonly Dictionary<string, Dense> by_name = new() { ["one"] = new(2), ["two"] = new(3) };
        readonly Stack head = new(new Dense(4), new Dense(1));

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var x = blocks.Aggregate(embed.Apply(inputs), (y, block) => block.Apply(y));
            return new Tensors([head.Apply(x), by_name["one"].Apply(x), by_name["two"].Apply(x)]);
        }
    }
}
