using Keras.Callbacks;

namespace Keras.Transformers;

/// <summary>Reports each batch, and stops between batches if the job is cancelled.</summary>
sealed class JobCallback(Action<int, Logs> done, CancellationToken cancellation) : Callback
{
    int _epoch;

    /// <summary>The number of steps in an epoch.</summary>
    public int StepsOfEpoch { get; init; }

    public override void on_epoch_begin(int epoch, Logs logs) => _epoch = epoch;

    public override void on_train_batch_end(int batch, Logs logs) => Tell(batch, logs);

    public override void on_test_batch_end(int batch, Logs logs)
    {
        if (@params.IsFit) cancellation.ThrowIfCancellationRequested();
        else Tell(batch, logs);
    }

    void Tell(int batch, Logs logs)
    {
        done((_epoch * StepsOfEpoch) + batch + 1, logs);
        cancellation.ThrowIfCancellationRequested();
    }
}
