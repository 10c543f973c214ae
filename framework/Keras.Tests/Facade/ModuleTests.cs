using System.Security.Cryptography;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Facade;

/// <summary>keras.tree, keras.utils, keras.saving, keras.dtype_policies, keras.mixed_precision, and other names of the same.</summary>
public sealed class ModuleTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensors Nested(float start) => new Dictionary<string, Tensors>
    {
        ["a"] = Tensor.Of(start), ["b"] = new Tensors([Tensor.Of(start + 1), Tensor.Of(start + 2)]),
    };

    [Test]
    public void Trees_are_flattened_mapped_and_packed()
    {
        Assert.That(keras.tree.flatten(Nested(1)).Select(t => t.ToScalar<float>()), Is.EqualTo(new[] { 1f, 2, 3 }));
        Assert.That(keras.tree.flatten_with_path(Nested(1)).Select(p => string.Join("/", p.Path)), Is.EqualTo(new[] { "a", "b/0", "b/1" }));
        Assert.That(keras.tree.map_structure(t => t * 2, Nested(1))["b"][1].ToScalar<float>(), Is.EqualTo(6));
        Assert.That(keras.tree.map_structure((x, y) => x + y, Nested(1), Nested(10))["a"].ToScalar<float>(), Is.EqualTo(11));
        Assert.That(keras.tree.pack_sequence_as(Nested(0), [Tensor.Of(7f), Tensor.Of(8f), Tensor.Of(9f)])["b"][0].ToScalar<float>(), Is.EqualTo(8));
        Assert.That(keras.tree.is_nested(Nested(1)) && !keras.tree.is_nested(Tensor.Of(1f)), Is.True);
        Assert.That(() => keras.tree.assert_same_structure(Nested(1), Tensor.Of(1f)), Throws.ArgumentException.With.Message.Contains("{a:*,b:[*,*]}"));
    }

    [Test]
    public void Class_indices_become_rows()
    {
        Assert.That(keras.utils.to_categorical(new[] { 0, 2 }).ToArray<float>(), Is.EqualTo(new float[] { 1, 0, 0, 0, 0, 1 }));
        Assert.That(keras.utils.to_categorical(new[,] { { 1 }, { 0 } }, num_classes: 4).shape, Is.EqualTo(new Shape(2, 4)));
        Assert.That(() => keras.utils.to_categorical(new[] { 0, 3 }, num_classes: 3), Throws.TypeOf<ValueRangeException>().With.Message.Contains("num_classes"));
    }

    [Test]
    public void Vectors_are_normalized()
    {
        Assert.That(keras.utils.normalize(new[,] { { 3f, 4f }, { 0f, 0f } }).ToArray<float>(), Is.EqualTo(new[] { 0.6f, 0.8f, 0, 0 }).Within(1e-6));
        Assert.That(keras.utils.normalize(new[,] { { 1, -3 } }, order: 1).ToArray<float>(), Is.EqualTo(new[] { 0.25f, -0.75f }).Within(1e-6));
    }

    [Test]
    public void Sequences_are_padded_and_cut()
    {
        int[][] sequences = [[1], [2, 3], [4, 5, 6]];
        Assert.That(keras.utils.pad_sequences(sequences).ToArray<int>(), Is.EqualTo(new[] { 0, 0, 1, 0, 2, 3, 4, 5, 6 }));
        Assert.That(keras.utils.pad_sequences(sequences, value: -1, padding: "post").ToArray<int>(), Is.EqualTo(new[] { 1, -1, -1, 2, 3, -1, 4, 5, 6 }));
        Assert.That(keras.utils.pad_sequences(new List<List<int>> { new() { 1, 2, 3 } }, maxlen: 2).ToArray<int>(), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(keras.utils.pad_sequences(sequences, maxlen: 2, truncating: "post", dtype: "float32").dtype == "float32", Is.True);
        Assert.That(keras.utils.pad_sequences(new long[][] { [long.MaxValue - 1] }, dtype: "int64").ToArray<long>(), Is.EqualTo(new[] { long.MaxValue - 1 }));
        Assert.That(keras.utils.pad_sequences(new[] { new[] { -2.7 } }).ToArray<int>(), Is.EqualTo(new[] { -2 }));
        Assert.That(() => keras.utils.pad_sequences(new long[][] { [3_000_000_000] }), Throws.TypeOf<ValueRangeException>().With.Message.Contains("sequences").And.Message.Contains("2147483647"));
        Assert.That(() => keras.utils.pad_sequences(new ulong[][] { [ulong.MaxValue] }, dtype: "int64"), Throws.TypeOf<ValueRangeException>());
        foreach (var value in new[] { double.NaN, double.NegativeInfinity, 3e9, 256 })
            Assert.That(() => keras.utils.pad_sequences(sequences, value: value, dtype: value == 256 ? "uint8" : "int32"), Throws.TypeOf<ValueRangeException>().With.Message.Contains("(value)"));
        Assert.That(() => keras.utils.pad_sequences(sequences, padding: "left"), Throws.ArgumentException.With.Message.Contains("\"pre\", \"post\""));
    }

    [Test]
    public void Arrays_are_split_by_samples()
    {
        var (left, right) = keras.utils.split_dataset((new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } }, new[] { 1, 2, 3, 4 }), left_size: 0.75);
        Assert.That(left.x.Single.shape, Is.EqualTo(new Shape(3, 2)));
        Assert.That((left.y.Single.ToArray<int>(), right.y.Single.ToArray<int>(), right.x.Single.ToArray<float>()), Is.EqualTo((new[] { 1, 2, 3 }, new[] { 4 }, new float[] { 7, 8 })));
        Tensor numbers = new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
        (int[], int[]) Parts(SplitSize? l = null, SplitSize? r = null, bool shuffle = false, int? seed = null) =>
            keras.utils.split_dataset(numbers, l, r, shuffle, seed) is var (a, b) ? (a.Single.ToArray<int>(), b.Single.ToArray<int>()) : default;
        Assert.That(Parts(3), Is.EqualTo((new[] { 0, 1, 2 }, new[] { 3, 4, 5, 6, 7, 8, 9 })));
        Assert.That(Parts(r: 0.2), Is.EqualTo((new[] { 0, 1, 2, 3, 4, 5, 6, 7 }, new[] { 8, 9 })));
        Assert.That(Parts(0.2, 3), Is.EqualTo((new[] { 0, 1 }, new[] { 2, 3, 4 })), "what is in neither part is left out");
        var (first, rest) = Parts(4, shuffle: true, seed: 5);
        Assert.That(first.Concat(rest), Is.EquivalentTo(numbers.ToArray<int>()).And.Not.Ordered);
        Assert.That(Parts(4, shuffle: true, seed: 5), Is.EqualTo((first, rest)));
        keras.utils.set_random_seed(1);
        var drawn = Parts(4, shuffle: true);
        keras.utils.set_random_seed(1);
        Assert.That(Parts(4, shuffle: true), Is.EqualTo(drawn));
        var (a, b) = keras.utils.split_dataset(new Dictionary<string, Tensors> { ["a"] = numbers, ["b"] = new Tensors([numbers, numbers * 2]) }, right_size: 1);
        Assert.That((a["b"][1].Single.shape[0], b["b"][1].Single.ToArray<int>()), Is.EqualTo((9L, new[] { 18 })));
    }

    [Test]
    public void Sets_of_batches_are_split_by_batches()
    {
        var windows = keras.utils.timeseries_dataset_from_array(ops.arange(10), null, sequence_length: 1, batch_size: 2);
        var (left, right) = keras.utils.split_dataset(windows, left_size: 2);
        Assert.That((left.num_batches, right.num_batches, right[0].x.Single.ToArray<int>()), Is.EqualTo((2, 3, new[] { 4, 5 })));
        var (some, others) = keras.utils.split_dataset(windows.Where(_ => true), right_size: 0.4);
        Assert.That((some.Count, others.Count, others[1].x.Single.ToArray<int>()), Is.EqualTo((3, 2, new[] { 8, 9 })));
    }

    [TestCase(0), TestCase(4), TestCase(0.0), TestCase(1.0), TestCase(0.1), TestCase(null), TestCase(-1), TestCase(double.NaN)]
    public void Sizes_that_leave_a_part_empty_are_refused(object? size)
    {
        SplitSize? left = size switch { int samples => samples, double fraction => fraction, _ => (SplitSize?)null };
        Assert.That(() => keras.utils.split_dataset(new[] { 1, 2, 3, 4 }, left), Throws.ArgumentException.With.Message.Contains("left_size"));
        Assert.That(() => keras.utils.split_dataset(new[] { 1, 2, 3, 4 }, 3, 0.5), Throws.ArgumentException.With.Message.Contains("larger than the data set"));
        Assert.That(() => keras.utils.split_dataset((new[] { 1, 2, 3, 4 }, new[] { 1, 2 }), 3), Throws.TypeOf<ShapeMismatchException>());
    }

    [Test]
    public void Series_become_windows()
    {
        var data = keras.utils.timeseries_dataset_from_array(ops.arange(10), ops.arange(10) * 10, sequence_length: 3, sampling_rate: 2, sequence_stride: 2, batch_size: 2);
        var batches = data.ToArray();
        Assert.That(batches, Has.Length.EqualTo(2));
        Assert.That(data.num_batches, Is.EqualTo(2));
        Assert.That(batches[0].x.ToArray<int>(), Is.EqualTo(new[] { 0, 2, 4, 2, 4, 6 }));
        Assert.That(batches[1].y!.ToArray<int>(), Is.EqualTo(new[] { 40 }));
        Assert.That(() => keras.utils.timeseries_dataset_from_array(ops.arange(10), null, 3, end_index: 11), Throws.ArgumentException.With.Message.Contains("end_index"));
    }

    sealed class Squares : PyDataset
    {
        public int Epochs { get; private set; }

        public override int num_batches => 3;

        public override Batch this[int index] => ((Tensors)ops.ones((2, 1)) * index, (Tensors)ops.ones((2, 1)));

        public override void on_epoch_end() => Epochs++;
    }

    [Test]
    public void A_data_set_of_ones_own_is_trained_on()
    {
        var data = new Squares();
        var model = keras.Sequential([keras.layers.Dense(1)]);
        model.compile("sgd", "mse");
        model.fit(data, epochs: 2, verbose: false);
        Assert.That(data.Epochs, Is.EqualTo(2));
        Assert.That(((Tensor)model.predict(data, verbose: false)).shape, Is.EqualTo(new Shape(6, 1)));
    }

    [Test]
    public void A_file_is_fetched_once_and_checked()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var source = Path.Combine(folder.FullName, "source.txt");
            File.WriteAllText(source, "first");
            var hash = Convert.ToHexStringLower(SHA256.HashData("first"u8));
            var origin = new Uri(source).AbsoluteUri;
            string Get(string? file_hash = null, bool force = false) => keras.utils.get_file("copy.txt", origin, file_hash: file_hash, cache_dir: folder.FullName, force_download: force);
            var path = Get(hash);
            Assert.That(path, Is.EqualTo(Path.Combine(folder.FullName, "datasets", "copy.txt")));
            File.WriteAllText(source, "second");
            Assert.That(File.ReadAllText(Get()), Is.EqualTo("first"));
            Assert.That(() => Get(hash, force: true), Throws.TypeOf<FileFormatException>().With.Message.Contains(hash));
            Assert.That(File.ReadAllText(path), Is.EqualTo("first"), "a download that fails leaves the file as it was");
            Assert.That(File.ReadAllText(Get(force: true)), Is.EqualTo("second"));
            Assert.That(() => keras.utils.get_file("../x", origin), Throws.ArgumentException.With.Message.Contains("without folders"));
            Assert.That(() => keras.utils.get_file("x"), Throws.ArgumentException.With.Message.Contains("null"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void Merging_layers_are_functions_too()
    {
        var (a, b) = (ops.ones((2, 3)), ops.ones((2, 3)) * 2);
        Assert.That(keras.layers.concatenate([a, b]).shape, Is.EqualTo(new Shape(2, 6)));
        Assert.That(keras.layers.add([a, b]).ToArray<float>(), Is.All.EqualTo(3));
        Assert.That(keras.layers.subtract([a, b]).ToArray<float>(), Is.All.EqualTo(-1));
        Assert.That(keras.layers.multiply([a, b]).ToArray<float>(), Is.All.EqualTo(2));
        Assert.That(keras.layers.average([a, b]).ToArray<float>(), Is.All.EqualTo(1.5));
        Assert.That(keras.layers.maximum([a, b]).ToArray<float>(), Is.All.EqualTo(2));
        Assert.That(keras.layers.minimum([a, b]).ToArray<float>(), Is.All.EqualTo(1));
        Assert.That(keras.layers.dot([a, b], axes: 1).ToArray<float>(), Is.All.EqualTo(6));
        var (x, y) = (keras.Input(shape: 3), keras.Input(shape: 4));
        Assert.That(keras.Model(new Tensors([x, y]), keras.layers.concatenate([x, y])).layers.Select(l => l.GetType()), Does.Contain(typeof(Concatenate)));
    }

    [Test]
    public void Other_names_make_the_same()
    {
        Assert.That(keras.layers.MaxPool2D().GetType(), Is.EqualTo(typeof(MaxPooling2D)));
        Assert.That(keras.layers.Convolution1D(1, 1).GetType(), Is.EqualTo(typeof(Conv1D)));
        Assert.That(keras.regularizers.l2(0.5).get_config()["l2"], Is.EqualTo(0.5));
        Assert.That(keras.initializers.he_normal(seed: 1).GetType(), Is.EqualTo(keras.initializers.HeNormal().GetType()));
        Assert.That(keras.constraints.max_norm(3).get_config()["max_value"], Is.EqualTo(3));
        Assert.That(keras.activations.swish(ops.ones(2)).ToArray<float>(), Is.EqualTo(keras.activations.silu(ops.ones(2)).ToArray<float>()));
        Assert.That(keras.metrics.huber(ops.ones((1, 2)), ops.zeros((1, 2))).ToArray<float>(), Is.EqualTo(keras.losses.huber(ops.ones((1, 2)), ops.zeros((1, 2))).ToArray<float>()));
        Assert.That(keras.callbacks.EarlyStopping(patience: 3), Is.InstanceOf<Keras.Callbacks.EarlyStopping>());
    }

    [Test]
    public void Policies_are_found_written_and_set()
    {
        Assert.That(keras.dtype_policies.get("mixed_float16").compute_dtype == "float16", Is.True);
        Assert.That(keras.dtype_policies.deserialize(keras.dtype_policies.serialize("bfloat16")).name, Is.EqualTo("bfloat16"));
        var before = keras.mixed_precision.global_policy();
        try
        {
            keras.mixed_precision.set_global_policy("mixed_bfloat16");
            Assert.That(keras.mixed_precision.dtype_policy().name, Is.EqualTo("mixed_bfloat16"));
            Assert.That(keras.config.dtype_policy().name, Is.EqualTo("mixed_bfloat16"));
        }
        finally
        {
            keras.mixed_precision.set_global_policy(before);
        }
    }

    sealed class TwiceAsMuch(string? name = null) : Layer(name)
    {
        public override Tensors call(Tensors inputs, bool training = false) => inputs.Single * 2;
    }

    [Test]
    public void Classes_of_ones_own_are_made_known()
    {
        var json = keras.Sequential([keras.Input(shape: 2), new TwiceAsMuch()]).to_json();
        Assert.That(() => keras.models.model_from_json(json), Throws.TypeOf<FileFormatException>().With.Message.Contains("TwiceAsMuch").And.Message.Contains("custom_objects"));
        using (keras.saving.custom_object_scope(new Dictionary<string, Type> { [nameof(TwiceAsMuch)] = typeof(TwiceAsMuch) }))
            Assert.That(keras.models.model_from_json(json).layers[^1], Is.TypeOf<TwiceAsMuch>());
        keras.saving.register_keras_serializable<TwiceAsMuch>();
        Assert.That(keras.models.model_from_json(json).layers[^1], Is.TypeOf<TwiceAsMuch>());
        Assert.That(keras.saving.get_registered_object(nameof(TwiceAsMuch)), Is.EqualTo(typeof(TwiceAsMuch)));
    }
}
