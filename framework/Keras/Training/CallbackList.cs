using System.Collections;
using Keras.Training;

namespace Keras.Callbacks;

/// <summary>Calls several callbacks in order. Logs of a batch are read from the engine only where a callback looks at batches.</summary>
public sealed class CallbackList : IEnumerable<Callback>
{
    readonly List<Callback> _callbacks;
    readonly CallbackParams _params;
    readonly bool _readsTrain;
    readonly bool _readsTest;

    /// <summary>Makes the list of callbacks of a run.</summary>
    /// <param name="callbacks">The callbacks, in order.</param>
    /// <param name="add_history">Whether a <see cref="Callbacks.History"/> is added at the end if there is none.</param>
    /// <param name="add_progbar">Whether a <see cref="ProgbarLogger"/> is added at the end if there is none.</param>
    /// <param name="model">The model.</param>
    /// <param name="params">The parameters of the run.</param>
    public CallbackList(IEnumerable<Callback>? callbacks, bool add_history, bool add_progbar, Model model, CallbackParams @params)
    {
        (_callbacks, _params) = ([.. callbacks ?? []], @params);
        History = _callbacks.OfType<History>().FirstOrDefault();
        if (History is null && add_history) _callbacks.Add(History = new());
        if (add_progbar && !_callbacks.OfType<ProgbarLogger>().Any()) _callbacks.Add(new ProgbarLogger());
        foreach (var callback in _callbacks)
        {
            callback.model = model;
            callback.@params = @params;
        }
        _readsTrain = _callbacks.Any(c => IsOwn(c.on_train_batch_end) || IsOwn(c.on_batch_end));
        _readsTest = _callbacks.Any(c => IsOwn(c.on_test_batch_end));
    }

    /// <summary>The record of the epochs; null if none was requested.</summary>
    public History? History { get; }

    /// <summary>Whether a user's class overrides a hook and so may keep the logs for later; this library's own callbacks do not.</summary>
    static bool IsOwn(Action<int, Logs> hook) => hook.Method.DeclaringType!.Assembly != typeof(Callback).Assembly;

    internal void TrainBegin() => Each(c => c.on_train_begin(new()));

    internal void TrainEnd(Logs logs) => Each(c => c.on_train_end(logs));

    internal void EpochBegin(int epoch) => Each(c => c.on_epoch_begin(epoch, new()));

    internal void EpochEnd(int epoch, Logs logs) => Each(c => c.on_epoch_end(epoch, logs));

    internal void TrainBatchBegin(int batch) => Each(c => c.on_train_batch_begin(batch, new()));

    internal void TrainBatchEnd(Execution execution, Logs logs)
    {
        if (_readsTrain) logs.Read();
        _params.StepsRan = execution.Ran;
        Each(c => c.on_train_batch_end(execution.End, logs));
    }

    internal void TestBegin() => Each(c => c.on_test_begin(new()));

    internal void TestEnd(Logs logs) => Each(c => c.on_test_end(logs));

    internal void TestBatchBegin(int batch) => Each(c => c.on_test_batch_begin(batch, new()));

    internal void TestBatchEnd(Execution execution, Logs logs)
    {
        if (_readsTest) logs.Read();
        _params.StepsRan = execution.Ran;
        Each(c => c.on_test_batch_end(execution.End, logs));
    }

    internal void PredictBegin() => Each(c => c.on_predict_begin(new()));

    internal void PredictEnd() => Each(c => c.on_predict_end(new()));

    internal void PredictBatchBegin(int batch) => Each(c => c.on_predict_batch_begin(batch, new()));

    internal void PredictBatchEnd(Execution execution, Logs logs)
    {
        _params.StepsRan = execution.Ran;
        Each(c => c.on_predict_batch_end(execution.End, logs));
    }

    void Each(Action<Callback> call)
    {
        foreach (var callback in _callbacks) call(callback);
    }

    /// <summary>The callbacks in order.</summary>
    public IEnumerator<Callback> GetEnumerator() => _callbacks.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
