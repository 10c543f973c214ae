using System.Text.Json;
using Keras.Engines;
using Keras.Graphs;
using Keras.Layers;

namespace Keras.Tests.Layers;

/// <summary>Every golden case of a layer with dimensions made unknown: no shape is announced that is not so, and one trace computes for every size what the layer computes at once.</summary>
[Category("Golden")]
public sealed class UnknownDimensionTests
{
    /// <summary>Which axes are unknown, by the rank of an input.</summary>
    static readonly Dictionary<string, Func<int, int, bool>> Patterns = new()
    {
        ["batch"] = (_, axis) => axis == 0,
        ["all but the last"] = (rank, axis) => axis < rank - 1,
        ["all but the second"] = (rank, axis) => axis != 1 && rank > 2,
        ["the second"] = (rank, axis) => axis == 1 && rank > 2,
        ["all"] = (_, _) => true,
    };

    static IEnumerable<TestCaseData> Cases => from list in GoldenList.Names("layers")
                                              where GoldenList.Find("layers", list)!.Json.TryGetProperty("cases", out _)
                                              from test in GoldenList.Cases("layers", list, RunMode.Eager)
                                              select new TestCaseData([list, test.Arguments[0]]).SetArgDisplayNames([list, test.ArgDisplayNames![0]]);

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [TestCaseSource(nameof(Cases))]
    public void ShapesAndValuesHold(string list, JsonElement golden)
    {
        var call = LayerCase.Make(GoldenList.Find("layers", list)!, golden);
        if (call.Inputs.Any(i => i.ndim == 0)) return;
        if (call.Layer is RandomCrop) Assert.Ignore("As in Keras, it announces the size that images have in training, and needs to know the one that they come in.");
        var expected = call.Outputs(call.Inputs);
        var again = call.Outputs(call.Inputs);
        var isRandom = expected.Zip(again).Any(p => !Values(p.First).SequenceEqual(Values(p.Second)) && Values(p.First).All(double.IsFinite));
        foreach (var (name, isOpen) in Patterns)
        {
            Shape Opened(Tensor x, Func<long> unknown) => Enumerable.Range(0, x.ndim).Where(axis => isOpen(x.ndim, axis)).Aggregate(x.shape, (shape, axis) => shape.With(axis, unknown()));
            if (!call.Inputs.Any(x => Enumerable.Range(0, x.ndim).Any(axis => isOpen(x.ndim, axis)))) continue;
            if (SqueezesLast(golden) && call.Inputs.Any(x => isOpen(x.ndim, x.ndim - 1))) continue;
            try
            {
                Announces(call.Outputs([.. call.Inputs.Select(x => Graph.Scratch.AddPlaceholder(x.dtype, Opened(x, () => -1), "x"))]).Select(o => o.shape), expected, name);
                if (call.IsPlain) Announces([call.Layer.compute_output_shape(Opened(call.Inputs[0], () => -1))], expected[..1], $"{name}: compute_output_shape");
                using var open = new Open(call, x => Opened(x, Symbol.New));
                if (isRandom) continue;
                Same(open.Run(call.Inputs), expected, name, call.Name == "Resizing" ? 1e-3 : 2e-5);
                foreach (var axis in (int[])[0, 1])
                {
                    if (call.Inputs.Any(x => x.ndim <= axis || !isOpen(x.ndim, axis))) continue;
                    Tensor[] longer = [.. call.Inputs.Select(x => Tf.Concat([x, x], axis))];
                    if (AtOnce(call, longer) is { } wanted) Same(open.Run(longer), wanted, $"{name}, twice as long on axis {axis}", call.Name == "Resizing" ? 1e-3 : 2e-5);
                }
            }
            catch (ShapeMismatchException e) when (NeedsSizes(call, name, isOpen) || (Unrolls(golden) && call.Inputs.Any(x => isOpen(x.ndim, 1))))
            {
                // What needs a size says so.
                TestContext.Out.WriteLine($"REFUSED {call.Name} {name}: {e.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    /// <summary>A last axis of 1 gives way to one-hot vectors, and one of unknown size does not: so it is in Keras.</summary>
    static bool SqueezesLast(JsonElement golden) => GoldenList.Part(golden, "kwargs") is { } kwargs && kwargs.TryGetProperty("output_mode", out var mode) && mode.GetString() == "one_hot";

    /// <summary>A layer that unrolls makes nodes for each step, so it has to know how many there are; so it is in Keras.</summary>
    static bool Unrolls(JsonElement golden) => GoldenList.Part(golden, "kwargs") is { } kwargs && kwargs.GetRawText().Contains("\"unroll\"", StringComparison.Ordinal);

    /// <summary>Layers that cannot do without the sizes of images, and those whose weights have the size of an axis that is unknown.</summary>
    static bool NeedsSizes(LayerCase call, string pattern, Func<int, int, bool> isOpen) =>
        call.Name is "CenterCrop" || (pattern != "batch" && (call.Name.StartsWith("Adaptive", StringComparison.Ordinal) || call.Name is "EinsumDense"))
        || ((call.Name.StartsWith("ConvLSTM", StringComparison.Ordinal) || call.Layer is Bidirectional { forward_layer: not (LSTM or GRU or SimpleRNN) }) && pattern is not ("batch" or "the second"))
        || (call.Name is "Conv1D" or "Conv2D" or "Conv3D" or "TimeDistributed" && call.Inputs.Any(x => isOpen(x.ndim, x.ndim - 1)))
        || (call.Name is "Conv1D" or "Conv2D" or "Conv3D" && pattern == "all but the last");

    static Tensor[]? AtOnce(LayerCase call, Tensor[] inputs)
    {
        try
        {
            return call.Outputs(inputs);
        }
        catch (Exception e) when (e is KerasException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Numbers; texts by their hashes.</summary>
    static double[] Values(Tensor x) => x.dtype == DType.String ? Array.ConvertAll(x.ToArray<string>(), t => (double)t.GetHashCode(StringComparison.Ordinal)) : x.RequireEager().ToHost().ToDouble();

    /// <summary>A dimension that is announced is so.</summary>
    static void Announces(IEnumerable<Shape> shapes, Tensor[] real, string what)
    {
        foreach (var (shape, output) in shapes.Zip(real))
            if (shape.HasRank) Assert.That(shape.Rank == output.ndim && shape.Zip(output.shape).All(d => d.First is null || d.First == d.Second), $"{what}: announced {shape}, computed {output.shape}");
    }

    /// <summary>As the golden README: in 0 to 255 resizing is exact to 1e-3.</summary>
    static void Same(IReadOnlyList<Tensor> actual, Tensor[] expected, string what, double absolute)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Length), what);
        foreach (var (a, e) in actual.Zip(expected))
        {
            Assert.That((a.dtype, a.shape), Is.EqualTo((e.dtype, e.shape)), what);
            Assert.That(Values(a), Is.EqualTo(Values(e)).Within(1e-3).Percent.Or.EqualTo(Values(e)).Within(absolute), what);
        }
    }

    /// <summary>The layer traced once, with unknown dimensions.</summary>
    sealed class Open : IDisposable
    {
        readonly ICompiledFunction _compiled;
        readonly FunctionGraph _function;

        public Open(LayerCase call, Func<Tensor, Shape> shapeOf)
        {
            _function = FunctionGraph.Trace("open", call.Inputs.Select((x, i) => (x.dtype, shapeOf(x), $"x{i}")), given => call.Outputs([.. given]).Select(Tf.Identity).ToArray());
            _compiled = Engine.Current.Compile(Lowering.Lower(_function, Engine.Current.RunsNatively), new(Jit: false));
        }

        public Tensor[] Run(IEnumerable<Tensor> inputs)
        {
            var results = new ITensorHandle[_function.Outputs.Count];
            _compiled.Run([.. inputs.Concat(_function.CapturedSources).Select(t => t.RequireEager().Handle)], results);
            return [.. results.Select(r => (Tensor)new EagerTensor(r, Engine.Current))];
        }

        public void Dispose() => _compiled.Dispose();
    }
}
