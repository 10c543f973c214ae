using System.Globalization;
using Keras.Tests.Saving;
using static Keras.Api;

namespace Keras.Tests.Models;

/// <summary>Random functional models come back from files, configs and clones as they were; or they are refused and there is no file.</summary>
/// <remarks>KERAS_RANDOM_MODELS is the number of models, for a long run.</remarks>
public sealed class RandomModelTests
{
    const int InCI = 40, ForKeras = 300;

    static int Count(int otherwise) => int.TryParse(Environment.GetEnvironmentVariable("KERAS_RANDOM_MODELS"), CultureInfo.InvariantCulture, out var given) ? given : otherwise;

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static double[] Values(Tensors x) => [.. x.Flatten().SelectMany(t => t.RequireEager().ToHost().ToDouble())];

    static string[] Layers(Model model) => [.. model.layers.Select(l => $"{l.name} {l is Keras.Layers.InputLayer || l.trainable}")];

    static string[] Weights(Model model) => [.. model.weights.Select(w => $"{w.path.Split('/')[^2..].Aggregate((a, b) => $"{a}/{b}")} {w.shape} {w.trainable}")];

    [Test]
    public void ComeBackAsTheyWere()
    {
        var problems = new List<string>();
        var refused = 0;
        for (var seed = 0; seed < Count(InCI); seed++)
        {
            try
            {
                refused += Check(seed) ? 0 : 1;
            }
            catch (Exception e) when (e is not ResultStateException { ResultState.Status: NUnit.Framework.Interfaces.TestStatus.Skipped })
            {
                problems.Add($"seed {seed}: {e.GetType().Name} {e.Message.ReplaceLineEndings(" ")[..Math.Min(400, e.Message.Length)]}");
            }
        }
        TestContext.Out.WriteLine($"{refused} refused");
        Assert.That(problems, Is.Empty, string.Join("\n", problems.Take(20)));
        Assert.That(refused, Is.LessThan(Count(InCI) / 4));
    }

    static bool Check(int seed)
    {
        LayerNames.Clear();
        using var folder = new TemporaryFolder();
        var (model, inputs) = RandomModels.Make(seed);
        var expected = Values(model.Apply(inputs));
        try
        {
            model.save(folder["m.keras"]);
        }
        catch (UnsupportedException)
        {
            if (Directory.GetFiles(folder.Path).Length > 0) throw new InvalidOperationException("A refused model left a file.");
            return false;
        }
        Same("loaded", (Functional)keras.models.load_model(folder["m.keras"]));
        Same("of JSON", WithWeights(keras.models.model_from_json(model.to_json())));
        Same("cloned", WithWeights(keras.models.clone_model(model)));
        model.save_weights(folder["m.weights.h5"]);
        var clone = keras.models.clone_model(model);
        clone.load_weights(folder["m.weights.h5"]);
        Same("of a weights file", clone);
        return true;

        Model WithWeights(Model other)
        {
            other.set_weights(model.get_weights());
            return other;
        }

        void Same(string what, Model other)
        {
            string[] before = Weights(model), after = Weights(other);
            if (!before.SequenceEqual(after)) throw new InvalidOperationException($"{what}: weights {string.Join(", ", before.Except(after))} became {string.Join(", ", after.Except(before))} ({before.Length}, {after.Length})");
            if (!Layers(model).SequenceEqual(Layers(other)))
                throw new InvalidOperationException($"{what}: layers {string.Join(", ", Layers(other).Except(Layers(model)))}");
            var actual = Values(other.Apply(inputs));
            var worst = actual.Length == expected.Length ? actual.Zip(expected, (a, e) => Math.Abs(a - e)).DefaultIfEmpty().Max() : double.NaN;
            if (!(worst < 1e-5)) throw new InvalidOperationException($"{what}: outputs differ by {worst}");
        }
    }

    [Test]
    [Category("Peer")]
    public void ComputeTheSameInKeras()
    {
        using var folder = new TemporaryFolder();
        var written = 0;
        for (var seed = 0; seed < Count(ForKeras); seed++)
        {
            LayerNames.Clear();
            var (model, inputs) = RandomModels.Make(seed, sharesAcross: false);
            var outputs = model.Apply(inputs);
            try
            {
                ModelFilePeerTests.Write(model, inputs, outputs.IsDictionary ? outputs.Keys.Order(StringComparer.Ordinal).Select(k => outputs[k].Single) : outputs.Flatten(), folder[$"{seed}"]);
                written++;
            }
            catch (UnsupportedException)
            {
                // Refused: nothing was written.
            }
        }
        ModelFilePeerTests.Check(folder.Path, written);
    }
}
