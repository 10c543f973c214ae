using Keras.Callbacks;

namespace Keras.Transformers;

/// <summary>Tells of each batch, and stops between two where the job is cancelled.</summary>
sealed class JobCallback(Action<int, Logs> done, CancellationToken cancellation) : Callback
{
    int _epoch;

    /// <summary>The steps of an epoch.</summary>
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
