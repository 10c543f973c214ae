namespace Keras.Callbacks;

/// <summary>A callback made of your own functions, without a class of your own.</summary>
/// <remarks>Source: keras/src/callbacks/lambda_callback.py.</remarks>
/// <example>
/// <code>
/// Tensor x = keras.random.normal((64, 4)), y = ops.sum(x, axis: 1, keepdims: true);
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: "adam", loss: "mse");
/// model.fit(x, y, epochs: 5, verbose: 0, callbacks: new LambdaCallback(on_epoch_end: (epoch, logs) =&gt; Console.WriteLine($"{epoch}: {logs["loss"]:0.000}")));
/// </code>
/// </example>
public class LambdaCallback : Callback
{
    readonly Action<int, Logs>? _epochBegin;
    readonly Action<int, Logs>? _epochEnd;
    readonly Action<Logs>? _trainBegin;
    readonly Action<Logs>? _trainEnd;
    readonly Action<int, Logs>? _batchBegin;
    readonly Action<int, Logs>? _batchEnd;

    /// <summary>Makes a callback from functions; omitted ones do nothing.</summary>
    /// <param name="on_epoch_begin">Takes the epoch and logs.</param>
    /// <param name="on_epoch_end">Takes the epoch and logs.</param>
    /// <param name="on_train_begin">Takes logs.</param>
    /// <param name="on_train_end">Takes logs.</param>
    /// <param name="on_train_batch_begin">Takes the batch's number and logs.</param>
    /// <param name="on_train_batch_end">Takes the batch's number and logs.</param>
    public LambdaCallback(Action<int, Logs>? on_epoch_begin = null, Action<int, Logs>? on_epoch_end = null, Action<Logs>? on_train_begin = null,
        Action<Logs>? on_train_end = null, Action<int, Logs>? on_train_batch_begin = null, Action<int, Logs>? on_train_batch_end = null) =>
        (_epochBegin, _epochEnd, _trainBegin, _trainEnd, _batchBegin, _batchEnd) = (on_epoch_begin, on_epoch_end, on_train_begin, on_train_end, on_train_batch_begin, on_train_batch_end);

    /// <inheritdoc/>
    public override void on_epoch_begin(int epoch, Logs logs) => _epochBegin?.Invoke(epoch, logs);

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs) => _epochEnd?.Invoke(epoch, logs);

    /// <inheritdoc/>
    public override void on_train_begin(Logs logs) => _trainBegin?.Invoke(logs);

    /// <inheritdoc/>
    public override void on_train_end(Logs logs) => _trainEnd?.Invoke(logs);

    /// <inheritdoc/>
    public override void on_train_batch_begin(int batch, Logs logs) => _batchBegin?.Invoke(batch, logs);

    /// <inheritdoc/>
    public override void on_train_batch_end(int batch, Logs logs)
    {
        if (_batchEnd is null) return;
        ArgumentNullException.ThrowIfNull(logs);
        logs.Read();
        _batchEnd(batch, logs);
    }
}
