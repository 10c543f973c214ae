namespace Keras.Serving;

/// <summary>A request failed for a reason that its sender is told.</summary>
sealed class ServingException(TFServingStatus status, string message, Exception? inner = null) : KerasException(message, inner)
{
    /// <summary>The kind of reason.</summary>
    public TFServingStatus Status { get; } = status;
}
