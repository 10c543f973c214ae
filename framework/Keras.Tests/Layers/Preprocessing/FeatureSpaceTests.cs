using Keras.Utils;
using static Keras.Api;

namespace Keras.Tests.Layers.Preprocessing;

/// <summary>Feature spaces on tables: adapt, apply, train, pipelines, mistakes.</summary>
public sealed class FeatureSpaceTests
{
    static Dictionary<string, Tensor> Table => new() { ["age"] = new float[] { 20, 30, 40, 50 }, ["job"] = new[] { "a", "b", "a", "c" }, ["zip"] = new[] { 1, 2, 2, 3 } };

    static FeatureSpace Space(string output_mode = "concat") => keras.utils.FeatureSpace(
        features: new Dictionary<string, Feature> { ["age"] = "float_normalized", ["job"] = "string_categorical", ["zip"] = FeatureSpace.integer_hashed(4) }, crosses: [("job", "zip")], crossing_dim: 8, output_mode: output_mode);

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [Test]
    public void A_model_behind_a_space_learns_from_raw_columns_and_is_exported()
    {
        using var folder = new TemporaryFolder();
        var space = Space();
        space.adapt(Table);
        var hidden = keras.layers.Dense(8, activation: "relu").Apply(space.get_encoded_features());
        var model = keras.Model(new Tensors(space.get_inputs().Select(i => KeyValuePair.Create(i.Key, new Tensors(i.Value)))), keras.layers.Dense(1).Apply(hidden));
        model.compile(optimizer: keras.optimizers.Adam(0.05), loss: "mse");
        var rows = new Tensors(Table.Select(c => KeyValuePair.Create(c.Key, new Tensors(ops.expand_dims(c.Value, 1)))));
        var history = model.fit(rows, new float[] { 1, 0, 1, 0 }, epochs: 30, verbose: 0);
        Assert.That(history.history["loss"][^1], Is.LessThan(0.1 * history.history["loss"][0]));
        model.export(folder["1"], verbose: false);
        var served = keras.layers.TFSMLayer(folder["1"], call_endpoint: "serving_default").Apply(rows);
        Assert.That(served.Flatten()[0].ToArray<float>(), Is.EqualTo(model.Apply(rows).Single.ToArray<float>()).Within(1e-5));
        model.save(folder["model.keras"]);
        Assert.That(keras.models.load_model(folder["model.keras"]).Apply(rows).Single.ToArray<float>(), Is.EqualTo(model.Apply(rows).Single.ToArray<float>()).Within(1e-6));
    }

    [Test]
    public void A_pipeline_teaches_it_and_maps_through_it()
    {
        var (bySlices, byBatches, whole) = (Space(), Space(), Space());
        whole.adapt(Table);
        var rows = new Tensors(Table.Select(c => KeyValuePair.Create(c.Key, new Tensors(c.Value))));
        var pipeline = keras.data.from_tensor_slices(rows);
        bySlices.adapt(pipeline);
        byBatches.adapt(pipeline.batch(3));
        var expected = whole.Apply(rows).Single;
        Assert.That(expected.shape, Is.EqualTo(new Shape(4, 1 + 4 + 4 + 8)));
        foreach (var space in new[] { bySlices, byBatches }) Assert.That(space.Apply(rows).Single.ToArray<float>(), Is.EqualTo(expected.ToArray<float>()).Within(1e-5));
        var mapped = pipeline.map(row => whole.Apply(row), num_parallel_calls: 2).batch(4).as_numpy_iterator().Single();
        Assert.That(mapped.Single.ToArray<float>(), Is.EqualTo(expected.ToArray<float>()).Within(1e-6), "row by row");
    }

    [Test]
    public void A_dictionary_has_each_feature_by_its_name()
    {
        var space = Space("dict");
        space.adapt(Table);
        var encoded = space.Apply(new Tensors(Table.Select(c => KeyValuePair.Create(c.Key, new Tensors(c.Value)))));
        Assert.That(encoded.Keys, Is.EqualTo(new[] { "age", "job", "zip", "job_X_zip" }));
        Assert.That(encoded["job_X_zip"].Single.shape, Is.EqualTo(new Shape(4, 8)));
    }

    [Test]
    public void A_copy_of_its_config_has_not_learned()
    {
        var space = keras.utils.FeatureSpace(new Dictionary<string, Feature> { ["age"] = "float_normalized" });
        space.adapt(Table);
        var row = new Tensors([KeyValuePair.Create("age", new Tensors(Table["age"]))]);
        foreach (var copy in new[] { keras.models.clone_model(space), keras.models.model_from_json(space.to_json()) })
            Assert.That(() => copy.Apply(row), Throws.InvalidOperationException.With.Message.Contains("adapt"));
        using var folder = new TemporaryFolder();
        space.save(folder["space.keras"]);
        Assert.That(keras.models.load_model(folder["space.keras"]).Apply(row).Single.ToArray<float>(), Is.EqualTo(space.Apply(row).Single.ToArray<float>()).Within(1e-6));
        var inputs = space.get_inputs()["age"];
        keras.Model(inputs, space.Apply(new Tensors([KeyValuePair.Create("age", new Tensors(inputs))]))).save(folder["model.keras"]);
        Assert.That(keras.models.load_model(folder["model.keras"]).Apply(ops.expand_dims(Table["age"], 1)).Single.ToArray<float>(), Is.EqualTo(space.Apply(row).Single.ToArray<float>()).Within(1e-6), "inside of a model");
    }

    [Test]
    public void A_loaded_space_is_applied_on_several_threads()
    {
        using var folder = new TemporaryFolder();
        var space = Space();
        space.adapt(Table);
        space.save(folder["space.keras"]);
        var loaded = keras.models.load_model(folder["space.keras"]);
        var rows = new Tensors(Table.Select(c => KeyValuePair.Create(c.Key, new Tensors(c.Value))));
        var mapped = keras.data.from_tensor_slices(rows).map(row => loaded.Apply(row), num_parallel_calls: 8).batch(4).as_numpy_iterator().Single();
        Assert.That(mapped.Single.ToArray<float>(), Is.EqualTo(space.Apply(rows).Single.ToArray<float>()).Within(1e-6));
    }

    [Test]
    public void The_last_bin_has_a_place()
    {
        var space = keras.utils.FeatureSpace(new Dictionary<string, Feature> { ["x"] = FeatureSpace.float_discretized(49) });
        var x = Enumerable.Range(0, 400).Select(i => (float)i).ToArray();
        space.adapt(new Dictionary<string, Tensor> { ["x"] = x });
        var encoded = space.Apply(new Tensors([KeyValuePair.Create("x", new Tensors(Tensor.Of(x)))])).Single;
        Assert.That(ops.sum(encoded, 1).ToArray<float>(), Has.All.EqualTo(1f));
    }

    static readonly Dictionary<string, Action> Mistakes = new()
    {
        ["no features"] = () => keras.utils.FeatureSpace(new Dictionary<string, Feature>()),
        ["unknown kind"] = () => keras.utils.FeatureSpace(new Dictionary<string, Feature> { ["x"] = "nosuch" }),
        ["cross of an unknown feature"] = () => keras.utils.FeatureSpace(new Dictionary<string, Feature> { ["x"] = "float" }, crosses: [("x", "y")]),
        ["unknown mode"] = () => keras.utils.FeatureSpace(new Dictionary<string, Feature> { ["x"] = "float" }, output_mode: "list"),
        ["not adapted"] = () => Space().Apply(new Tensors(Table.Select(c => KeyValuePair.Create(c.Key, new Tensors(c.Value))))),
        ["a column is missing"] = () => Space().adapt(new Dictionary<string, Tensor> { ["age"] = new float[] { 1 } }),
        ["boundaries that do not fit"] = () => FeatureSpace.float_discretized(3, [1.0]),
        ["ints side by side"] = () => keras.utils.FeatureSpace(new Dictionary<string, Feature> { ["x"] = FeatureSpace.string_hashed(3, output_mode: "int") }).get_encoded_features(),
        ["floats one-hot"] = () => keras.utils.FeatureSpace(new Dictionary<string, Feature> { ["x"] = FeatureSpace.feature("float32", keras.layers.Rescaling(2), "one_hot") }).get_encoded_features(),
        ["data without end"] = () => Space().adapt(keras.data.from_tensor_slices(new Tensors(Table.Select(c => KeyValuePair.Create(c.Key, new Tensors(c.Value))))).repeat()),
        ["no dictionaries"] = () => Space().adapt(keras.data.from_tensor_slices(new float[] { 1 })),
    };

    static IEnumerable<string> MistakeNames => Mistakes.Keys;

    [TestCaseSource(nameof(MistakeNames))]
    public void Mistakes_are_named(string mistake) => Assert.That(() => Mistakes[mistake](), Throws.InstanceOf<ArgumentException>().Or.InstanceOf<KerasException>().Or.InstanceOf<InvalidOperationException>().With.Message.Length.GreaterThan(20));
}
