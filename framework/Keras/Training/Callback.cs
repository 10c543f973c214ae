using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Keras.Callbacks;

/// <summary>The parameters of a run, as callbacks see them.</summary>
/// <param name="verbose">0, 1 or 2.</param>
/// <param name="epochs">The number of epochs.</param>
/// <param name="steps">Steps per epoch; null if unknown.</param>
public sealed record CallbackParams(int verbose, int epochs, int? steps)
{
    /// <summary>Whether epochs end with validation.</summary>
    internal bool Validates { get; init; }

    /// <summary>The number of steps run so far in the epoch, evaluation or prediction.</summary>
    internal int StepsRan { get; set; }

    /// <summary>Whether the run is a fit, which includes its validation.</summary>
    internal bool IsFit { get; init; }
}

/// <summary>The base of callbacks: code of yours that runs at the start and end of training, epochs and batches. Override the hooks you need.</summary>
/// <remarks>One callback is also a list of itself, so that <c>callbacks: new EarlyStopping()</c> needs no brackets. Logs may be changed: later callbacks and the history see what a callback adds. Source: keras/src/callbacks/callback.py.</remarks>
/// <example>
/// <code>
/// Tensor x = keras.random.normal((64, 4)), y = ops.sum(x, axis: 1, keepdims: true);
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: "adam", loss: "mse");
/// model.fit(x, y, epochs: 100, callbacks: new StopBelow(0.05));
///
/// sealed class StopBelow(double loss) : Callback
/// {
///     public override void on_epoch_end(int epoch, Logs logs) =&gt; model.stop_training |= logs["loss"] &lt; loss;
/// }
/// </code>
/// </example>
[SuppressMessage("Naming", "CA1710", Justification = "Keras' users know the name.")]
public abstract class Callback : IEnumerable<Callback>
{
    Model? _model;

    /// <summary>The model being trained; set before the first hook. (Keras' set_model and set_params would clash with these properties in C#.)</summary>
    /// <exception cref="InvalidOperationException">The callback is not in use.</exception>
    public Model model
    {
        get => _model ?? throw new InvalidOperationException($"{GetType().Name} has no model yet: it gets one in fit, evaluate or predict.");
        internal set => _model = value;
    }

    /// <summary>The parameters of the run: epochs, steps, verbosity.</summary>
    public CallbackParams @params { get; internal set; } = new(0, 1, null);

    /// <summary>Called before training.</summary>
    public virtual void on_train_begin(Logs logs) { }

    /// <summary>Called after training; logs are those of the last epoch.</summary>
    public virtual void on_train_end(Logs logs) { }

    /// <summary>Called before each epoch, counted from 0.</summary>
    public virtual void on_epoch_begin(int epoch, Logs logs) { }

    /// <summary>Called after each epoch and its validation; validation logs begin with "val_".</summary>
    public virtual void on_epoch_end(int epoch, Logs logs) { }

    /// <summary>Called before each batch of training; the default calls <see cref="on_batch_begin"/>.</summary>
    public virtual void on_train_batch_begin(int batch, Logs logs) => on_batch_begin(batch, logs);

    /// <summary>Called after each batch of training; logs are the values of the epoch so far. The default calls <see cref="on_batch_end"/>.</summary>
    public virtual void on_train_batch_end(int batch, Logs logs) => on_batch_end(batch, logs);

    /// <summary>Another name for <see cref="on_train_batch_begin"/>.</summary>
    public virtual void on_batch_begin(int batch, Logs logs) { }

    /// <summary>Another name for <see cref="on_train_batch_end"/>.</summary>
    public virtual void on_batch_end(int batch, Logs logs) { }

    /// <summary>Called before an evaluation or validation.</summary>
    public virtual void on_test_begin(Logs logs) { }

    /// <summary>Called after an evaluation or validation.</summary>
    public virtual void on_test_end(Logs logs) { }

    /// <summary>Called before each batch of evaluation.</summary>
    public virtual void on_test_batch_begin(int batch, Logs logs) { }

    /// <summary>Called after each batch of evaluation.</summary>
    public virtual void on_test_batch_end(int batch, Logs logs) { }

    /// <summary>Called before a prediction.</summary>
    public virtual void on_predict_begin(Logs logs) { }

    /// <summary>Called after a prediction.</summary>
    public virtual void on_predict_end(Logs logs) { }

    /// <summary>Called before each batch of prediction.</summary>
    public virtual void on_predict_batch_begin(int batch, Logs logs) { }

    /// <summary>Called after each batch of prediction; <see cref="Logs.outputs"/> are the model's outputs.</summary>
    public virtual void on_predict_batch_end(int batch, Logs logs) { }

    IEnumerator<Callback> IEnumerable<Callback>.GetEnumerator()
    {
        yield return this;
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<Callback>)this).GetEnumerator();
}
