using System.Diagnostics;
using System.Text;
using Keras.SavedModels;

namespace Keras.Serving;

/// <summary>Queues the calls of one loaded model for the threads: each alone, or matching ones as batches.</summary>
/// <param name="scheduler">The threads.</param>
/// <param name="parameters">How calls are batched; null for each alone.</param>
/// <param name="mostWaiting">How many calls may wait without batching.</param>
/// <param name="run">Runs a signature.</param>
/// <param name="observer">Receives figures of batches and waiting times.</param>
sealed class RunQueue(RunScheduler scheduler, BatchingParameters? parameters, int mostWaiting, Func<string, IReadOnlyDictionary<string, HostTensor>, IReadOnlyDictionary<string, HostTensor>> run, IBatchObserver? observer = null)
{
    readonly Dictionary<string, Batch> _open = [];
    readonly long _patience = (long)((parameters?.BatchTimeoutMicros ?? 0) * (Stopwatch.Frequency / 1e6));
    int _waiting;

    /// <summary>Whether calls wait. The gate must be held.</summary>
    public bool HasWaiting => _waiting > 0;

    /// <summary>Runs a signature on inputs already checked against it.</summary>
    /// <exception cref="ServingException">Unavailable: too many calls wait; InvalidArgument: more rows than a batch allows.</exception>
    public async Task<IReadOnlyDictionary<string, HostTensor>> RunAsync(SignatureDescription signature, IReadOnlyDictionary<string, HostTensor> inputs, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (parameters is null || RowsOf(signature, inputs) is not { } rows) return await SubmitAsync(signature.Name, null, new(inputs, 0), cancellation).ConfigureAwait(false);
        if (rows > parameters.MaxBatchSize && !parameters.EnableLargeBatchSplitting)
            throw new ServingException(TFServingStatus.InvalidArgument, $"The request has more rows than a batch takes. Expected: at most {parameters.MaxBatchSize} (max_batch_size). Received: {rows}. Send several requests.");
        var key = KeyOf(signature.Name, inputs);
        if (rows <= parameters.Rows) return await SubmitAsync(signature.Name, key, new(inputs, rows), cancellation).ConfigureAwait(false);
        var parts = BatchTensors.Cut(inputs, rows, parameters.Rows).Select(part => SubmitAsync(signature.Name, key, new(part.Inputs, part.Rows), cancellation)).ToArray();
        return BatchTensors.Join(await Task.WhenAll(parts).ConfigureAwait(false));
    }

    async Task<IReadOnlyDictionary<string, HostTensor>> SubmitAsync(string signature, string? key, RunCall call, CancellationToken cancellation)
    {
        lock (scheduler.Gate) Enter(signature, key, call);
        using var registration = cancellation.UnsafeRegister(_ => Withdraw(call, cancellation), null);
        return await call.Done.ConfigureAwait(false);
    }

    void Enter(string signature, string? key, RunCall call)
    {
        if (key is not null && _open.TryGetValue(key, out var open))
        {
            if (open.Rows + call.Rows <= parameters!.Rows)
            {
                open.Add(call);
                if (open.Rows == parameters.Rows) Close(open);
                return;
            }
            Close(open);
        }
        var most = key is null ? mostWaiting : parameters!.MaxEnqueuedBatches;
        if (_waiting >= most)
            throw new ServingException(TFServingStatus.Unavailable, key is null ? $"{most} requests wait already. Try again later." : $"{most} batches wait already (max_enqueued_batches). Try again later.");
        var batch = new Batch(this, signature, key ?? "", Stopwatch.GetTimestamp() + (key is null ? 0 : _patience));
        batch.Add(call);
        _waiting++;
        if (key is null || call.Rows == parameters!.Rows) scheduler.Close(batch);
        else
        {
            _open[key] = batch;
            scheduler.Open(batch);
        }
    }

    void Close(Batch batch)
    {
        _open.Remove(batch.Key);
        scheduler.Close(batch);
    }

    /// <summary>Stops counting a batch as waiting. The gate must be held.</summary>
    public void Left(Batch batch)
    {
        _waiting--;
        if (!batch.IsClosed) _open.Remove(batch.Key);
    }

    void Withdraw(RunCall call, CancellationToken cancellation)
    {
        lock (scheduler.Gate)
        {
            if (call.Batch is { } batch)
            {
                batch.Withdraw(call);
                if (batch.IsEmpty)
                {
                    RunScheduler.Remove(batch);
                    Left(batch);
                }
            }
        }
        call.Cancel(cancellation);
    }

    /// <summary>Runs calls together and gives each its rows.</summary>
    public void Compute(string signature, IReadOnlyList<RunCall> calls)
    {
        var rows = calls.Sum(c => c.Rows);
        foreach (var call in calls) observer?.Waited(Stopwatch.GetElapsedTime(call.Came));
        if (parameters is null || rows == 0)
        {
            foreach (var call in calls) call.Finish(run(signature, call.Inputs));
            return;
        }
        var sizes = parameters.AllowedBatchSizes;
        var filled = sizes.Count == 0 ? rows : (int)sizes.First(s => s >= rows);
        observer?.Batched(rows, filled, calls.Count);
        if (calls.Count == 1 && filled == rows)
        {
            calls[0].Finish(run(signature, calls[0].Inputs));
            return;
        }
        var outputs = run(signature, BatchTensors.Batch([.. calls.Select(c => c.Inputs)], filled - rows));
        var from = 0;
        foreach (var call in calls)
        {
            var first = from;
            call.Finish(outputs.ToDictionary(o => o.Key, o => BatchTensors.Rows(o.Key, o.Value, first, call.Rows, filled)));
            from += call.Rows;
        }
    }

    /// <summary>The rows of a call, or null if it may not share a batch.</summary>
    static int? RowsOf(SignatureDescription signature, IReadOnlyDictionary<string, HostTensor> inputs)
    {
        if (signature.Inputs.Count == 0 || !signature.Inputs.All(i => i.Shape.HasRank && IsFree(i.Shape)) || !signature.Outputs.All(o => IsFree(o.Shape))) return null;
        var rows = inputs.First().Value.Shape[0];
        return rows is > 0 and <= int.MaxValue && inputs.Values.All(v => v.Shape[0] == rows) ? (int)rows : null;
    }

    static bool IsFree(Shape shape) => !shape.HasRank || (shape.Rank > 0 && shape[0] < 0);

    string KeyOf(string signature, IReadOnlyDictionary<string, HostTensor> inputs)
    {
        var key = new StringBuilder(signature);
        foreach (var (name, value) in inputs.OrderBy(i => i.Key, StringComparer.Ordinal))
        {
            key.Append('\n').Append(name);
            if (parameters!.PadVariableLengthInputs) key.Append(' ').Append(value.Shape.Rank);
            else foreach (var dim in value.Shape.ToArray().AsSpan(1)) key.Append(' ').Append(dim);
        }
        return key.ToString();
    }
}

/// <summary>Receives figures of batches.</summary>
interface IBatchObserver
{
    /// <summary>Reports a batch's rows, the rows after padding, and its number of calls.</summary>
    void Batched(int rows, int filled, int calls);

    /// <summary>Reports how long a call waited for a thread.</summary>
    void Waited(TimeSpan elapsed);
}
