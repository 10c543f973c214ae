using System.Text.Json;
using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Every function of keras.ops on Keras' reference vectors: eager, in a graph traced with unknown first dimensions, under XLA, and symbolically.</summary>
[Category("Golden")]
public sealed class OpsGoldenTests
{
    /// <summary>What XLA cannot compile, or computes otherwise, by function or case.</summary>
    static readonly Dictionary<string, string> NotUnderXla = new()
    {
        ["nonzero"] = ValueSized, ["unique"] = ValueSized, ["bincount"] = ValueSized, ["segment_sum/0"] = ValueSized, ["repeat/2"] = ValueSized,
        ["det"] = NoKernel, ["slogdet"] = NoKernel, ["logdet"] = NoKernel,
        ["argmax/3"] = FindsNan, ["argmin/3"] = FindsNan,
        ["top_k/2"] = SortsAnyway,
    };

    /// <summary>What the Torch engine computes otherwise, by case.</summary>
    static readonly Dictionary<string, string> NotOnTorch = new() { ["top_k/2"] = "Torch's kernel sorts with sorted=False too, so the order is not the expected one." };

    const string ValueSized = "The size of the result depends on values, which XLA cannot compile.";
    const string NoKernel = "XLA has no kernel for determinants.";
    const string SortsAnyway = "XLA sorts with sorted=False too, so the order is not the expected one.";
    const string FindsNan = "XLA's argmax and argmin find NaN, TensorFlow's own skip it.";

    /// <summary>Convolutions and attention: 1e-4 relative, 2e-5 absolute (the golden README).</summary>
    static readonly string[] Convolutions = ["conv", "conv_transpose", "depthwise_conv", "separable_conv", "dot_product_attention"];

    /// <summary>Resizing and blurring, in the range 0 to 255: 1e-3 absolute (the golden README).</summary>
    static readonly string[] Resampling = ["image.resize", "image.gaussian_blur"];

    static (double Relative, double Absolute) ToleranceOf(string id)
    {
        var function = id.Split('/')[0];
        return Convolutions.Contains(function) ? (1e-4, 2e-5) : Resampling.Contains(function) ? (1e-5, 1e-3) : (1e-5, 1e-5);
    }

    static IEnumerable<TestCaseData> Cases => from list in GoldenList.Names("ops")
                                              where GoldenList.Find("ops", list)!.Json.TryGetProperty("cases", out _)
                                              from test in GoldenList.Cases("ops", list, RunMode.Eager, RunMode.Graph, RunMode.Xla)
                                              select new TestCaseData([list, .. test.Arguments]).SetArgDisplayNames([list, .. test.ArgDisplayNames!]);

    static IEnumerable<TestCaseData> SymbolicCases => from list in GoldenList.Names("ops")
                                                      where GoldenList.Find("ops", list)!.Json.TryGetProperty("cases", out _)
                                                      from test in GoldenList.Cases("ops", list, RunMode.Eager)
                                                      where ((JsonElement)test.Arguments[0]!).TryGetProperty("symbolic_first_dim_none", out _)
                                                      select new TestCaseData([list, test.Arguments[0]]).SetArgDisplayNames([list, test.ArgDisplayNames![0]]);

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Cases))]
    public void ValuesAreKeras(string list, JsonElement golden, RunMode mode)
    {
        var (golds, id) = (GoldenList.Find("ops", list)!, golden.GetProperty("id").GetString()!);
        var call = new GoldenCall(golden);
        Tensor[] inputs = [.. call.Inputs.Select(golds.Tensor)];
        if (golden.TryGetProperty("raises", out _))
        {
            RefusesOrComputes(golden, call, inputs);
            return;
        }
        if (Engines.Engine.Current.Name == "torch" && NotOnTorch.TryGetValue(id, out var why)) Assert.Ignore(why);
        if (mode == RunMode.Xla && (NotUnderXla.TryGetValue(id, out var reason) || NotUnderXla.TryGetValue(id.Split('/')[0], out reason))) Assert.Ignore(reason);

        object?[] plain = [];
        var results = GoldenList.Run(mode, inputs, given =>
        {
            plain = [.. GoldenCall.Flatten(Call(golden, call, given.Flatten()))];
            return new Tensors(plain.OfType<Tensor>().Select(t => new Tensors(t)));
        }, opensFirst: golden.TryGetProperty("symbolic_first_dim_none", out var symbolic) && symbolic.ValueKind == JsonValueKind.Array).Flatten();

        if (GoldenList.Part(golden, "outputs") is not { } outputs) return;
        JsonElement[] expected = [.. outputs.EnumerateArray()];
        Assert.That(plain, Has.Length.EqualTo(expected.Length), "number of outputs");
        var at = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (plain[i] is Tensor) Compare(golds, results[at++], expected[i], list, id, i);
            else if (mode != RunMode.Graph) Assert.That(Convert.ToInt64(plain[i], null), Is.EqualTo(expected[i].GetProperty("python_value").GetInt64()));
        }
    }

    static void Compare(GoldenList golds, Tensor actual, JsonElement expected, string list, string id, int output)
    {
        var (relative, absolute) = ToleranceOf(id);
        if (id.StartsWith("eigh/", StringComparison.Ordinal) && output == 1) HasColumnsUpToSign(actual, golds.Host(expected), absolute);
        else golds.Compare(actual, expected, relative, absolute, $"output {output}");
    }

    /// <summary>The sign of a whole eigenvector is free; each column is compared after taking the expected one's sign.</summary>
    static void HasColumnsUpToSign(Tensor actual, HostTensor expected, double tolerance)
    {
        Assert.That(actual.shape, Is.EqualTo(expected.Shape));
        var (a, e, size) = (actual.RequireEager().ToHost().ToDouble(), expected.ToDouble(), (int)expected.Shape[-1]);
        for (var matrix = 0; matrix < e.Length; matrix += size * size)
        {
            for (var column = 0; column < size; column++)
            {
                int[] places = [.. Enumerable.Range(0, size).Select(row => matrix + (row * size) + column)];
                var sign = Math.Sign(places.Sum(p => a[p] * e[p]));
                foreach (var place in places) Assert.That(sign * a[place], Is.EqualTo(e[place]).Within(tolerance + (tolerance * Math.Abs(e[place]))), $"eigenvector {column}, element {place}");
            }
        }
    }

    static object? Call(JsonElement golden, GoldenCall call, IReadOnlyList<Tensor> inputs)
    {
        var name = golden.GetProperty("function").GetString()!;
        return name.StartsWith("image.", StringComparison.Ordinal) ? call.Invoke(Api.ops.image, name["image.".Length..], inputs) : call.Invoke(Api.ops, name, inputs);
    }

    /// <summary>What Keras on TensorFlow refuses, is refused with a typed error, or it works.</summary>
    static void RefusesOrComputes(JsonElement golden, GoldenCall call, Tensor[] inputs)
    {
        try
        {
            Assert.That(GoldenCall.Flatten(Call(golden, call, inputs)).OfType<Tensor>().Sum(t => t.RequireEager().ReadBytes().Length), Is.Positive);
        }
        catch (KerasException e)
        {
            Assert.That(e.Message, Is.Not.Empty);
        }
    }

    [TestCaseSource(nameof(SymbolicCases))]
    public void SymbolicShapesAreKeras(string list, JsonElement golden)
    {
        var (golds, call) = (GoldenList.Find("ops", list)!, new GoldenCall(golden));
        Tensor[] inputs = [.. call.Inputs.Select(i =>
        {
            var host = golds.Host(i);
            return Graph.Scratch.AddPlaceholder(host.DType, host.Shape.Rank == 0 ? host.Shape : host.Shape.With(0, -1), "x");
        })];
        var symbolic = golden.GetProperty("symbolic_first_dim_none");
        if (symbolic.ValueKind == JsonValueKind.Object)
        {
            RefusesOrInfers(golden, call, inputs);
            return;
        }

        object?[] outputs = [.. GoldenCall.Flatten(Call(golden, call, inputs))];

        JsonElement[] expected = [.. symbolic.EnumerateArray()];
        Assert.That(outputs, Has.Length.EqualTo(expected.Length));
        var real = Computed(golds, golden, call);
        for (var i = 0; i < expected.Length; i++)
            if (outputs[i] is Tensor tensor && !ContradictsItself(expected[i], real[i])) IsAsKnown(tensor, expected[i]);
    }

    static void RefusesOrInfers(JsonElement golden, GoldenCall call, Tensor[] inputs)
    {
        try
        {
            Assert.That(GoldenCall.Flatten(Call(golden, call, inputs)), Is.Not.Empty);
        }
        catch (KerasException e)
        {
            Assert.That(e.Message, Is.Not.Empty);
        }
    }

    /// <summary>What the call computes: as recorded, or where that is absent, as computed here.</summary>
    static (string? DType, long?[] Dims)[] Computed(GoldenList golds, JsonElement golden, GoldenCall call) => GoldenList.Part(golden, "outputs") is { } outputs
        ? [.. outputs.EnumerateArray().Select(o => (GoldenList.Part(o, "dtype")?.GetString(), Dims(o)))]
        : [.. GoldenCall.Flatten(Call(golden, call, [.. call.Inputs.Select(golds.Tensor)])).Select(o => o is Tensor t ? (t.dtype.Name, t.shape.ToArray().Select(d => (long?)d).ToArray()) : (null, Array.Empty<long?>()))];

    /// <summary>Keras' symbolic result of some functions is not what the same call computes.</summary>
    static bool ContradictsItself(JsonElement symbolic, (string? DType, long?[] Dims) real)
    {
        var known = Dims(symbolic);
        return symbolic.GetProperty("dtype").GetString() != real.DType || known.Length != real.Dims.Length || known.Zip(real.Dims).Any(p => p.First is { } dim && dim != p.Second);
    }

    static long?[] Dims(JsonElement value) => [.. GoldenList.Items(value, "shape").Select(d => d.ValueKind == JsonValueKind.Null ? (long?)null : d.GetInt64())];

    /// <summary>At least the dimensions that Keras knows are known, and equal.</summary>
    static void IsAsKnown(Tensor tensor, JsonElement expected)
    {
        Assert.That(tensor.dtype.Name, Is.EqualTo(expected.GetProperty("dtype").GetString()));
        var dims = Dims(expected);
        Assert.That(tensor.ndim, Is.EqualTo(dims.Length), tensor.shape.ToString());
        for (var i = 0; i < dims.Length; i++)
            if (dims[i] is { } known) Assert.That(tensor.shape[i], Is.EqualTo(known), $"dimension {i} of {tensor.shape}");
    }
}
