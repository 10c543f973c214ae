using static Keras.Api;

namespace Keras.Tests.FieldReports;

/// <summary>What a config must not lose: which layers are the same, and values among the arguments.</summary>
sealed class SharedAndConstantTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Ramp(params int[] dims) => ops.reshape(ops.arange(dims.Aggregate(1, (a, b) => a * b), dtype: "float32"), [.. dims.Select(d => (Dim)d)]) / 10;

    static readonly Dictionary<string, Func<Model>> Models = new()
    {
        ["a layer in two sub-models"] = () =>
        {
            var shared = keras.layers.Dense(3, name: "shared");
            var (a, b, x) = (keras.Input([3]), keras.Input([3]), keras.Input([3]));
            var (first, second) = (keras.Model(a, shared.Apply(a)), keras.Model(b, keras.layers.Dense(3).Apply(shared.Apply(b))));
            return keras.Model(x, keras.layers.Add().Apply((first.Apply(x), second.Apply(x))));
        },
        ["a sub-model twice"] = () =>
        {
            var (a, x) = (keras.Input([3]), keras.Input([3]));
            var inner = keras.Model(a, keras.layers.Dense(3).Apply(a));
            return keras.Model(x, inner.Apply(inner.Apply(x)));
        },
        ["a sub-model in two models"] = () =>
        {
            var (a, b, x) = (keras.Input([3]), keras.Input([3]), keras.Input([3]));
            var inner = keras.Model(a, keras.layers.Dense(3).Apply(a), name: "inner");
            var outer = keras.Model(b, keras.layers.Dense(2).Apply(inner.Apply(b)));
            return keras.Model(x, [outer.Apply(x), inner.Apply(x)]);
        },
        ["a sequential model and its layer"] = () =>
        {
            var shared = keras.layers.Dense(3);
            var inner = keras.Sequential([keras.Input([3]), shared, keras.layers.Dense(3)]);
            var x = keras.Input([3]);
            return keras.Model(x, keras.layers.Add().Apply((inner.Apply(x), shared.Apply(x))));
        },
        ["a constant operand"] = () =>
        {
            var x = keras.Input([3]);
            return keras.Model(x, keras.layers.Dense(2).Apply(keras.layers.Add().Apply((x, Ramp(1, 3)))));
        },
        ["a constant mask of attention"] = () =>
        {
            var (x, steps) = (keras.Input([3]), keras.layers.Reshape([3, 1]));
            bool[,,] mask = { { { true, false, true }, { true, true, false }, { false, true, true } } };
            Tensor h = steps.Apply(x);
            return keras.Model(x, keras.layers.MultiHeadAttention(2, 2).Apply(h, h, attention_mask: mask));
        },
    };

    static IEnumerable<string> Names => Models.Keys;

    /// <summary>Saved, written as text and cloned: as many weights, the same predictions, and still after all weights changed.</summary>
    [TestCaseSource(nameof(Names))]
    public void TheSameAgain(string name)
    {
        var model = Models[name]();
        using var folder = new TemporaryFolder();
        var path = folder["m.keras"];
        model.save(path);
        foreach (var again in new[] { keras.models.load_model(path), keras.models.model_from_json(model.to_json()), keras.models.clone_model(model) })
        {
            Assert.That(again.weights.Select(w => w.shape), Is.EqualTo(model.weights.Select(w => w.shape)));
            again.set_weights([.. model.get_weights().Select(w => w + 0.1)]);
        }
        var loaded = keras.models.load_model(path);
        foreach (var (a, b) in Predicted(loaded).Zip(Predicted(model))) Assert.That(a, Is.EqualTo(b).Within(1e-6));
        var changed = model.get_weights().Select(w => w + 0.1).ToArray();
        var clone = keras.models.clone_model(model);
        foreach (var each in new[] { model, loaded, clone }) each.set_weights(changed);
        foreach (var each in new[] { loaded, clone })
            foreach (var (a, b) in Predicted(each).Zip(Predicted(model))) Assert.That(a, Is.EqualTo(b).Within(1e-6));
    }

    static IEnumerable<float[]> Predicted(Model model) => model.predict(Ramp(4, 3), verbose: 0).Flatten().Select(t => t.ToArray<float>());
}
