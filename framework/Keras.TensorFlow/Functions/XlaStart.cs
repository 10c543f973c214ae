using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>Compiles a small function on another thread, once per process, while the first function is traced: XLA takes a fifth of a second to start.</summary>
sealed class XlaStart : IDisposable
{
    readonly Thread _thread;

    public XlaStart(TensorFlowEngine engine)
    {
        _thread = new(() => Run(engine)) { IsBackground = true, Name = "start of XLA" };
        _thread.Start();
    }

    /// <summary>Waits until compiling has ended: a process must not end while XLA compiles.</summary>
    public void Dispose() => _thread.Join();

    static void Run(TensorFlowEngine engine)
    {
        try
        {
            CompileSmall(engine);
        }
        catch (KerasException)
        {
            // The user's own function will fail as well, and say why.
        }
    }

    /// <summary>Compiles and runs the small function.</summary>
    /// <exception cref="EngineException">TensorFlow rejected the small function.</exception>
    internal static void CompileSmall(TensorFlowEngine engine)
    {
        var shape = new Shape(8, 8);
        var function = FunctionGraph.Trace("start", [(DType.Float32, shape, "x")], x => [Tf.Tanh(Tf.Sum(Tf.MatMul(x[0], x[0]), [-1], keep_dims: true))]);
        using var compiled = engine.Compile(function, new CompileOptions(Jit: true));
        using var input = engine.FromHost(engine.Allocate(DType.Float32, shape), DType.Float32, shape);
        var output = new ITensorHandle[1];
        compiled.Run([input], output);
        output[0].Dispose();
    }
}
