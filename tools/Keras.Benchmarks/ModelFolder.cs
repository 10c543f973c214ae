using System.Runtime.InteropServices;
using Keras.Graphs;
using Keras.Transformers;

namespace Keras.Benchmarks;

/// <summary>The folder from which a model is loaded: a given one, or one with random weights that is made once.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Weights">Where its weights come from: "folder", "own" (made here) or "peer" (made by another system's benchmark).</param>
sealed record ModelFolder(string Path, string Weights)
{
    /// <summary>The variable that names the folder for random weights, which other systems' benchmarks may share.</summary>
    const string Variable = "PEER_WORK";
    const string OwnMark = "made-by-keras-benchmarks";
    const double Deviation = 0.02;
    const int Seed = 20240501;

    /// <summary>The folder for generated files.</summary>
    public static string Work => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : System.IO.Path.Combine(System.IO.Path.GetTempPath(), "peers-work");

    /// <summary>Finds or makes the folder for --size.</summary>
    /// <exception cref="OptionException">There is neither such a size nor such a folder.</exception>
    public static ModelFolder Of(BenchmarkOptions options)
    {
        var family = MeasuredFamily.Of(options);
        if (!family.Sizes.TryGetValue(options.Size, out var make))
            return Directory.Exists(options.Size) ? new(options.Size, "folder")
                : throw new OptionException($"--size has no such value. Expected: {string.Join(", ", family.Sizes.Keys)} or a model folder. Received: {options.Size}.");
        var folder = System.IO.Path.Combine(Work, $"{family.Name}-{options.Size}");
        if (!File.Exists(System.IO.Path.Combine(folder, PretrainedConfig.FileName))) Make(family, make(), folder);
        return new(folder, File.Exists(System.IO.Path.Combine(folder, OwnMark)) ? "own" : "peer");
    }

    /// <summary>Makes a model with normally distributed matrices from a fixed seed; normalisation scales stay 1 and biases 0.</summary>
    static void Make(MeasuredFamily family, PretrainedConfig config, string folder)
    {
        var model = family.Benchmark.Model.Create(config, null);
        model.EnsureBuilt();
        var random = new Random(Seed);
        foreach (var variable in model.trainable_weights.Where(w => w.shape.Rank > 1)) variable.Load(Normal(variable.shape, random));
        Directory.CreateDirectory(folder);
        File.WriteAllText(System.IO.Path.Combine(folder, OwnMark), "");
        model.save_pretrained(folder);
    }

    /// <summary>Draws normal numbers by the Box-Muller transform.</summary>
    static Tensor Normal(Shape shape, Random random)
    {
        var values = new float[shape.ElementCount];
        for (var i = 0; i < values.Length; i += 2)
        {
            var (radius, angle) = (Deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), 2 * Math.PI * random.NextDouble());
            values[i] = (float)(radius * Math.Cos(angle));
            if (i + 1 < values.Length) values[i + 1] = (float)(radius * Math.Sin(angle));
        }
        return Tf.Constant(HostTensor.OfBytes(DType.Float32, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));
    }
}
