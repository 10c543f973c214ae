using System.Diagnostics;
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
        var python = Environment.GetEnvironmentVariable("KERAS_PEER_KERAS_PYTHON");
        if (string.IsNullOrEmpty(python)) Assert.Ignore("KERAS_PEER_KERAS_PYTHON names no Python with Keras 3.");
        GoldenList.UseEngine();
        using var folder = new TemporaryFolder();
        var model = new Wrapped();
        var x = Tf.Constant(HostTensor.Of<float>([.. Rows.SelectMany(r => r)], new Shape(2, 3)));
        var here = Values(model.Apply(x).Single);
        model.save_weights(folder["ours.weights.h5"]);
        var there = Run(python!, folder["ours.weights.h5"], folder["theirs.weights.h5"]);
        Assert.That(there, Is.EqualTo(here).Within(1e-5));
        var before = model.weights.Select(w => Values(w.value)).ToList();
        model.load_weights(folder["theirs.weights.h5"]);
        foreach (var (weight, old) in model.weights.Zip(before)) Assert.That(Values(weight.value), Is.EqualTo(old.Select(v => v + 1)).Within(1e-6), weight.path);
    }

    static double[] Values(Tensor value) => ((EagerTensor)value).ToHost().ToDouble();

    static double[] Run(string python, string source, string target)
    {
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Saving", "weights_in_keras.py"), source, target, JsonSerializer.Serialize(Rows)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var line = output.Split('\n').LastOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal)) ?? throw new AssertionException($"Keras did not load the file: {error.Result}");
        return JsonSerializer.Deserialize<double[]>(line["RESULT ".Length..])!;
    }

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
