namespace Keras.Callbacks;

/// <summary>Stops training when the loss becomes NaN or infinite.</summary>
/// <remarks>Source: keras/src/callbacks/terminate_on_nan.py.</remarks>
public class TerminateOnNaN : Callback
{
    /// <inheritdoc/>
    public override void on_batch_end(int batch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        if (!logs.TryGet("loss", out var loss) || double.IsFinite(loss)) return;
        Console.Out.WriteLine($"Batch {batch}: Invalid loss, terminating training");
        model.stop_training = true;
    }
}
