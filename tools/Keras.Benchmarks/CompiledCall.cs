using Keras.Engines;
using Keras.Graphs;

namespace Keras.Benchmarks;

/// <summary>Wraps a function as --mode says: op by op, traced, or traced and compiled.</summary>
static class CompiledCall
{
    public static Func<Tensors, Tensors> Of(BenchmarkOptions options, Func<Tensors, Tensors> body)
    {
        if (options.Mode == "eager") return body;
        var function = new TracedFunction(options.Task.Trim('_'), body, new CompileOptions(Jit: options.Mode == "xla"));
        return inputs => function.Call(inputs);
    }
}
