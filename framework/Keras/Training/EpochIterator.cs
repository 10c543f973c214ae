using Keras.Graphs;

namespace Keras.Training;

/// <summary>Walks over the batches of one epoch after another, in executions of one or more steps.</summary>
/// <remarks>With <paramref name="stepsPerEpoch"/> an epoch goes on where the one before ended, as in Keras; where data runs out, the epoch ends early.</remarks>
sealed class EpochIterator(IDataAdapter adapter, int? stepsPerEpoch, int stepsPerExecution, Action<Batch> check) : IDisposable
{
    IEnumerator<Batch>? _batches;
    bool _warned;

    /// <summary>Steps per epoch; null where that is unknown.</summary>
    public int? Steps => stepsPerEpoch ?? adapter.NumBatches;

    /// <summary>The executions of the next epoch. The batches of one must be used before the next is asked for.</summary>
    public IEnumerable<Execution> Epoch()
    {
        if (stepsPerEpoch is null) Restart();
        for (var step = 0; stepsPerEpoch is null || step < stepsPerEpoch; step += stepsPerExecution)
        {
            if (_batches is null) Restart();
            if (!_batches!.MoveNext())
            {
                Dispose();
                if (stepsPerEpoch is not null && step > 0) WarnOnce(step);
                if (stepsPerEpoch is null || step > 0) yield break;
                Restart();
                if (!_batches!.MoveNext()) yield break;
            }
            yield return new(step, step + stepsPerExecution - 1, Take(stepsPerExecution));
        }
    }

    IEnumerable<Batch> Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && !_batches!.MoveNext()) yield break;
            var batch = _batches!.Current;
            BatchChecks.SampleCount(batch);
            check(batch);
            yield return batch;
        }
    }

    void Restart()
    {
        Dispose();
        _batches = adapter.GetEnumerator();
    }

    void WarnOnce(int step)
    {
        if (_warned) return;
        _warned = true;
        Diagnostics.Warn($"The data ran out after {step} of {stepsPerEpoch} steps; the epoch ended early. Give more data or fewer steps.");
    }

    public void Dispose()
    {
        _batches?.Dispose();
        _batches = null;
    }
}

/// <summary>Steps that run between two calls of the batch callbacks.</summary>
readonly record struct Execution(int Begin, int End, IEnumerable<Batch> Batches);
