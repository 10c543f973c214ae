namespace Keras.Serving;

/// <summary>The error for a failed request, whose reason is sent to the client.</summary>
sealed class ServingException(TFServingStatus status, string message, Exception? inner = null) : KerasException(message, inner)
{
    /// <summary>The status code.</summary>
    public TFServingStatus Status { get; } = status;
}
