using System.Collections;
using Keras.Graphs;

namespace Keras.Training;

/// <summary>Iterates over the batches of consecutive epochs, in executions of one or more steps.</summary>
/// <remarks>With <paramref name="stepsPerEpoch"/>, an epoch continues where the last one ended, as in Keras; if the data runs out, it ends early.</remarks>
sealed class EpochIterator(IDataAdapter adapter, int? stepsPerEpoch, int stepsPerExecution, Action<Batch> check, BatchFilling? filling = null) : IDisposable
{
    IEnumerator<Batch>? _batches;

    /// <summary>Steps per epoch; null if unknown.</summary>
    public int? Steps => stepsPerEpoch ?? adapter.NumBatches;

    /// <summary>The executions of the next epoch. The batches of one must be used before the next is asked for.</summary>
    /// <param name="firstStep">The number of steps of the epoch that an interrupted run has already done.</param>
    public IEnumerable<Execution> Epoch(int firstStep = 0)
    {
        if (stepsPerEpoch is null) Restart();
        var step = firstStep;
        while (stepsPerEpoch is null || step < stepsPerEpoch)
        {
            if (_batches is null) Restart();
            if (!_batches!.MoveNext())
            {
                Dispose();
                if (step > 0 || stepsPerEpoch is null) break;
                Restart();
                if (!_batches!.MoveNext()) break;
            }
            var execution = new Execution(step, stepsPerExecution, Take(stepsPerExecution));
            yield return execution;
            step += execution.Steps;
        }
        // If there was no step, the caller writes the message.
        if (step > 0 && Steps is { } all && step < all)
            Diagnostics.Warn($"The data ran out after {step} of {all} steps; the epoch ended early. Give more data or fewer steps.");
    }

    IEnumerable<Batch> Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && !_batches!.MoveNext()) yield break;
            var batch = _batches!.Current;
            check(batch);
            BatchChecks.SampleCount(batch);
            yield return filling is null ? batch : filling.Fill(batch);
        }
    }

    void Restart()
    {
        Dispose();
        _batches = adapter.GetEnumerator();
    }

    public void Dispose()
    {
        _batches?.Dispose();
        _batches = null;
    }
}

/// <summary>Steps that run between two calls of the batch callbacks.</summary>
/// <param name="begin">The index of the first step in the epoch.</param>
/// <param name="most">The number of steps if the data suffices.</param>
/// <param name="batches">The batches, enumerated once.</param>
sealed class Execution(int begin, int most, IEnumerable<Batch> batches) : IEnumerable<Batch>
{
    /// <summary>The index of the first step in the epoch.</summary>
    public int Begin => begin;

    /// <summary>The index of the last step as Keras counts it: as if the data sufficed.</summary>
    public int End => begin + most - 1;

    /// <summary>How many steps have run.</summary>
    public int Steps { get; private set; }

    /// <summary>How many steps of the epoch have run.</summary>
    public int Ran => begin + Steps;

    /// <summary>The batches, one for each step.</summary>
    public IEnumerator<Batch> GetEnumerator()
    {
        foreach (var batch in batches)
        {
            Steps++;
            yield return batch;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
