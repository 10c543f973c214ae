using Keras.Engines;
using Keras.Graphs;

namespace Keras.Transformers.Tests.Generation;

/// <summary>Runs functions traced as exports are: no dimension of an input is known.</summary>
static class FreeFunction
{
    /// <summary>What a function returns when it is traced for unknown shapes, compiled and called.</summary>
    public static Tensors Run(Tensors inputs, Func<Tensors, Tensors> function)
    {
        var flat = inputs.Flatten();
        var symbols = new Dictionary<int, long>();
        long SymbolOf(int axis) => symbols.TryGetValue(axis, out var known) ? known : symbols[axis] = Symbol.New();
        Tensors? structure = null;
        var traced = FunctionGraph.Trace("free", flat.Select((t, i) => (t.dtype, Shape.OfSymbolic([.. Enumerable.Range(0, t.ndim).Select(SymbolOf)]), $"input_{i}")), parameters =>
        {
            structure = function(inputs.Pack(parameters));
            return structure.Flatten();
        });
        var engine = Engine.Current;
        using var compiled = engine.Compile(Lowering.Lower(traced, engine.RunsNatively), new CompileOptions(false));
        var results = new ITensorHandle[traced.Outputs.Count];
        compiled.Run([.. flat.Concat(traced.CapturedSources).Select(t => t.RequireEager().Handle)], results);
        return structure!.Pack(results.Select(r => (Tensor)new EagerTensor(r, engine)));
    }
}
