using System.Text.Json;
using Keras.Graphs;
using Keras.Layers;
using Keras.Tests;

namespace Keras.Saving.Tests;

/// <summary>Keras 3 itself reads what is saved here, and the other way round. Needs a Python with Keras 3, named by KERAS_PEER_KERAS_PYTHON.</summary>
[Category("Peer")]
sealed class KerasPeerTests
{
    static readonly float[][] Rows = [[0.5f, -1, 2], [1.5f, 0.25f, -0.75f]];

    [Test]
    public void Keras_computes_the_same_from_a_saved_file_and_its_own_file_loads_here()
    {
        GoldenList.UseEngine();
        using var folder = new TemporaryFolder();
        var model = new Wrapped();
        var x = Tf.Constant(HostTensor.Of<float>([.. Rows.SelectMany(r => r)], new Shape(2, 3)));
        var here = Values(model.Apply(x).Single);
        model.save_weights(folder["ours.weights.h5"]);
        var there = Run(folder["ours.weights.h5"], folder["theirs.weights.h5"]);
        Assert.That(there, Is.EqualTo(here).Within(1e-5));
        var before = model.weights.Select(w => Values(w.value)).ToList();
        model.load_weights(folder["theirs.weights.h5"]);
        foreach (var (weight, old) in model.weights.Zip(before)) Assert.That(Values(weight.value), Is.EqualTo(old.Select(v => v + 1)).Within(1e-6), weight.path);
    }

    [Test]
    public void Keras_loads_a_whole_model_trains_it_on_and_its_file_loads_here()
    {
        GoldenList.UseEngine();
        using var folder = new TemporaryFolder();
        var input = Api.keras.Input(new Shape(3));
        var hidden = new Dense(4, activation: "gelu", kernel_regularizer: Api.keras.regularizers.L2(0.01)).Apply(input);
        var model = Api.keras.Model(input, new Dense(2).Apply(new LayerNormalization().Apply(new Concatenate().Apply([hidden, input]))));
        model.compile(optimizer: Api.keras.optimizers.AdamW(learning_rate: 0.01, clipnorm: 1), loss: "mse", metrics: ["mae", Api.keras.metrics.RootMeanSquaredError()]);
        var x = Tf.Constant(HostTensor.Of<float>([.. Rows.SelectMany(r => r)], new Shape(2, 3)));
        var y = Tf.Zeros(new Shape(2, 2), DType.Float32);
        model.train_on_batch(x, y);
        model.save(folder["ours.keras"]);

        var there = Run(folder["ours.keras"], folder["theirs.keras"], "model_in_keras.py");
        Assert.That(there[..4], Is.EqualTo(Values(model.Apply(x).Single)).Within(1e-5), "before the step in Python");
        model.train_on_batch(x, y);
        Assert.That(there[4..], Is.EqualTo(Values(model.Apply(x).Single)).Within(1e-5), "after it: the optimizer's state went along");
        var again = Api.keras.models.load_model(folder["theirs.keras"]);
        Assert.That(Values(again.Apply(x).Single), Is.EqualTo(there[4..]).Within(1e-5));
        Assert.That(again.optimizer.iterations.value.ToScalar<long>(), Is.EqualTo(2));
    }

    static double[] Values(Tensor value) => ((EagerTensor)value).ToHost().ToDouble();

    static double[] Run(string source, string target, string script = "weights_in_keras.py") =>
        KerasPython.Run($"framework/Keras.Tests/Saving/{script}", source, target, JsonSerializer.Serialize(Rows)).Deserialize<double[]>()!;

    sealed class Wrapped : Model
    {
        readonly Dense first = new(4, Tf.Tanh);
        readonly List<Layer> blocks = [new LayerNormalization(), new Dense(3)];
        readonly Dictionary<string, Layer> named = new() { ["a"] = new Dense(2), ["b"] = new Dense(2) };

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var x = blocks.Aggregate(first.Apply(inputs), (y, layer) => layer.Apply(y));
            return named["b"].Apply(x).Single + named["a"].Apply(x).Single;
        }
    }
}
