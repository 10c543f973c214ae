using Keras.Engines;
using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Which dimensions of the parameters a trace knows.</summary>
enum KnownDims
{
    /// <summary>All.</summary>
    Exact,
    /// <summary>None, but equal ones share a symbol.</summary>
    Symbols,
    /// <summary>None.</summary>
    Nothing,
}

/// <summary>Runs a program of ops eagerly, and compiled in every way, and compares.</summary>
sealed class OpRunner(IEngine engine, OpInput[] inputs)
{
    public OpInput[] Inputs => inputs;

    public EagerTensor[] Eager(Func<Tensor[], Tensor[]> program, params HostTensor[] more) =>
        [.. program([.. inputs.Select(i => Tf.Constant(i.Value)), .. more.Select(Tf.Constant)]).Select(t => t.RequireEager())];

    /// <summary>Traces, checks the inferred shapes against what comes out, and runs.</summary>
    public HostTensor[] Compiled(Func<Tensor[], Tensor[]> program, bool jit, KnownDims known, bool mustInfer, params HostTensor[] more)
    {
        OpInput[] all = [.. inputs, .. more.Select(Numbers.Data)];
        var symbols = new Dictionary<long, long>();
        OpInput[] parameters = [.. all.Where(i => !i.IsConstant)];
        var function = FunctionGraph.Trace("case", parameters.Select((p, i) => (p.Value.DType, Relax(p, known, symbols), $"x{i}")), traced =>
        {
            var next = 0;
            return program([.. all.Select(i => i.IsConstant ? Tf.Constant(i.Value) : traced[next++])]);
        });
        using var compiled = engine.Compile(Lowering.Lower(function, engine.RunsNatively), new CompileOptions(jit));
        var results = new ITensorHandle[function.Outputs.Count];
        var handles = parameters.Select(p => Tf.Constant(p.Value).RequireEager()).Concat(function.CapturedSources.Cast<EagerTensor>()).ToArray();
        compiled.Run([.. handles.Select(h => h.Handle)], results);
        GC.KeepAlive(handles);
        var how = $"{(jit ? "xla" : "graph")}, dimensions {known}";
        for (var i = 0; i < results.Length; i++)
        {
            CheckInferred(function.Outputs[i], results[i].Shape, symbols, $"inferred shape of result {i}, {how}");
            if (mustInfer && known == KnownDims.Exact)
                Assert.That(function.Outputs[i].shape.IsFullyKnown, Is.True, $"result {i} is inferred: {function.Outputs[i].shape}, came {results[i].Shape}");
        }
        return [.. results.Select(r => new EagerTensor(r, engine).ToHost())];
    }

    static Shape Relax(OpInput input, KnownDims known, Dictionary<long, long> symbols)
    {
        var dims = input.Value.Shape.ToArray();
        for (var i = 0; i < dims.Length; i++)
        {
            if (known == KnownDims.Exact || input.KnownAxes?.Contains(i) == true) continue;
            if (known == KnownDims.Nothing) dims[i] = -1;
            else if (dims[i] > 1) dims[i] = symbols.TryGetValue(dims[i], out var symbol) ? symbol : symbols[dims[i]] = Symbol.New();
        }
        return Shape.OfSymbolic(dims);
    }

    static void CheckInferred(SymbolicTensor output, Shape actual, Dictionary<long, long> symbols, string what)
    {
        if (!output.shape.HasRank) return;
        Assert.That(output.shape.Rank, Is.EqualTo(actual.Rank), what);
        var values = symbols.ToDictionary(s => s.Value, s => s.Key);
        for (var i = 0; i < actual.Rank; i++)
        {
            var dim = output.shape.Symbolic[i];
            if (dim == -1) continue;
            Assert.That(dim < 0 ? values[dim] : dim, Is.EqualTo(actual[i]), $"{what}: {output.shape} is not {actual}");
        }
    }

    public static void AssertEqual(HostTensor actual, HostTensor expected, double tolerance, string what)
    {
        Assert.That(actual.DType, Is.EqualTo(expected.DType), what);
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), what);
        if (expected.Strings is { } strings)
        {
            Assert.That(actual.Strings, Is.EqualTo(strings), what);
        }
        else if (!expected.DType.IsFloating)
        {
            Assert.That(actual.Data, Is.EqualTo(expected.Data), what);
        }
        else
        {
            var (a, e) = (actual.ToDouble(), expected.ToDouble());
            for (var i = 0; i < e.Length; i++)
                if (!(a[i].Equals(e[i]) || Math.Abs(a[i] - e[i]) <= tolerance * (1 + Math.Abs(e[i]))))
                    Assert.Fail($"{what}: element {i} is {a[i]:R}, not {e[i]:R}");
        }
    }
}
