using Keras.Engines;

namespace Keras.Transformers;

/// <summary>A step that another thread traces and compiles while the prompt is computed. TensorFlow compiles at the first run, so the step runs once, on a cache of its own.</summary>
sealed class PreparedStep
{
    /// <summary>The largest cache for which a second one is made for a moment.</summary>
    public const long MostBytes = 128L << 20;

    readonly Task _run;

    /// <summary>Begins to run a step for the first time.</summary>
    public PreparedStep(Func<Tensors> run)
    {
        var engine = Engine.Current;
        _run = Task.Run(() =>
        {
            using (Engine.Use(engine)) run();
        });
    }

    /// <summary>Waits until the step is compiled: a process must not end while XLA compiles.</summary>
    public void Wait()
    {
        try
        {
            _run.Wait();
        }
        catch (AggregateException)
        {
            // The step itself will fail as well, and say why.
        }
    }
}
