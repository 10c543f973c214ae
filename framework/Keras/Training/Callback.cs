namespace Keras.Callbacks;

/// <summary>What callbacks are told of a run.</summary>
/// <param name="verbose">0, 1 or 2.</param>
/// <param name="epochs">The number of epochs.</param>
/// <param name="steps">Steps per epoch; null where that is unknown.</param>
public sealed record CallbackParams(int verbose, int epochs, int? steps)
{
    /// <summary>Whether epochs end with a validation.</summary>
    internal bool Validates { get; init; }

    /// <summary>The steps of the epoch (or of the evaluation or prediction) that have run.</summary>
    internal int StepsRan { get; set; }

    /// <summary>Whether the run is a fit, whose validation is a part of it.</summary>
    internal bool IsFit { get; init; }
}

/// <summary>Something that happens at the beginning and end of training, epochs and batches: override the hooks that matter.</summary>
/// <remarks>Logs may be changed: what a callback adds, later ones and the history see. Source: keras/src/callbacks/callback.py.</remarks>
public abstract class Callback
{
    Model? _model;

    /// <summary>The model that is trained; set before the first hook. (Keras' set_model and set_params would clash with these properties in C#.)</summary>
    /// <exception cref="InvalidOperationException">The callback is not in use.</exception>
    public Model model
    {
        get => _model ?? throw new InvalidOperationException($"{GetType().Name} has no model yet: it gets one in fit, evaluate or predict.");
        internal set => _model = value;
    }

    /// <summary>What the run is like.</summary>
    public CallbackParams @params { get; internal set; } = new(0, 1, null);

    /// <summary>Before training.</summary>
    public virtual void on_train_begin(Logs logs) { }

    /// <summary>After training; logs are those of the last epoch.</summary>
    public virtual void on_train_end(Logs logs) { }

    /// <summary>Before an epoch, counted from 0.</summary>
    public virtual void on_epoch_begin(int epoch, Logs logs) { }

    /// <summary>After an epoch and its validation; validation logs begin with "val_".</summary>
    public virtual void on_epoch_end(int epoch, Logs logs) { }

    /// <summary>Before a batch of training; the default calls <see cref="on_batch_begin"/>.</summary>
    public virtual void on_train_batch_begin(int batch, Logs logs) => on_batch_begin(batch, logs);

    /// <summary>After a batch of training; logs are the running figures of the epoch. The default calls <see cref="on_batch_end"/>.</summary>
    public virtual void on_train_batch_end(int batch, Logs logs) => on_batch_end(batch, logs);

    /// <summary>Another name of <see cref="on_train_batch_begin"/>.</summary>
    public virtual void on_batch_begin(int batch, Logs logs) { }

    /// <summary>Another name of <see cref="on_train_batch_end"/>.</summary>
    public virtual void on_batch_end(int batch, Logs logs) { }

    /// <summary>Before an evaluation or validation.</summary>
    public virtual void on_test_begin(Logs logs) { }

    /// <summary>After an evaluation or validation.</summary>
    public virtual void on_test_end(Logs logs) { }

    /// <summary>Before a batch of evaluation.</summary>
    public virtual void on_test_batch_begin(int batch, Logs logs) { }

    /// <summary>After a batch of evaluation.</summary>
    public virtual void on_test_batch_end(int batch, Logs logs) { }

    /// <summary>Before a prediction.</summary>
    public virtual void on_predict_begin(Logs logs) { }

    /// <summary>After a prediction.</summary>
    public virtual void on_predict_end(Logs logs) { }

    /// <summary>Before a batch of prediction.</summary>
    public virtual void on_predict_batch_begin(int batch, Logs logs) { }

    /// <summary>After a batch of prediction; <see cref="Logs.outputs"/> are the model's outputs.</summary>
    public virtual void on_predict_batch_end(int batch, Logs logs) { }
}
