namespace Keras.Callbacks;

/// <summary>Sets the learning rate at the start of each epoch by a function of yours, and adds "learning_rate" to the logs.</summary>
/// <remarks>Source: keras/src/callbacks/learning_rate_scheduler.py.</remarks>
/// <example>
/// <code>
/// Tensor x = keras.random.normal((64, 4)), y = ops.sum(x, axis: 1, keepdims: true);
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: "adam", loss: "mse");
/// model.fit(x, y, epochs: 20, callbacks: new LearningRateScheduler((epoch, rate) =&gt; epoch &lt; 10 ? rate : rate * 0.9));
/// </code>
/// </example>
public class LearningRateScheduler : Callback
{
    readonly Func<int, double, double> _schedule;
    readonly int _verbose;

    /// <summary>Computes each epoch's learning rate from its number and the rate so far.</summary>
    /// <param name="schedule">Takes the epoch, counted from 0, and the learning rate; returns the new one.</param>
    /// <param name="verbose">1 prints each change; default 0.</param>
    public LearningRateScheduler(Func<int, double, double> schedule, int verbose = 0) => (_schedule, _verbose) = (schedule ?? throw new ArgumentNullException(nameof(schedule)), verbose);

    /// <summary>Computes each epoch's learning rate from its number.</summary>
    /// <param name="schedule">Takes the epoch, counted from 0; returns the learning rate.</param>
    /// <param name="verbose">1 prints each change; default 0.</param>
    public LearningRateScheduler(Func<int, double> schedule, int verbose = 0) : this((epoch, _) => schedule(epoch), verbose) => ArgumentNullException.ThrowIfNull(schedule);

    /// <inheritdoc/>
    public override void on_epoch_begin(int epoch, Logs logs)
    {
        var rate = _schedule(epoch, model.LearningRate);
        model.LearningRate = rate;
        if (_verbose > 0) Console.Out.WriteLine($"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {PythonFloat.Text(rate)}.");
    }

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        logs["learning_rate"] = model.LearningRate;
    }
}
