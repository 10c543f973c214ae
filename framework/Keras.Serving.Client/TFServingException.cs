namespace Keras.Serving;

/// <summary>gRPC's canonical codes for failed calls; HTTP statuses are mapped to them.</summary>
public enum TFServingStatus
{
    /// <summary>The caller cancelled the call.</summary>
    Cancelled = 1,

    /// <summary>The reason is unknown.</summary>
    Unknown = 2,

    /// <summary>The request is wrong: inputs, names, shapes, dtypes.</summary>
    InvalidArgument = 3,

    /// <summary>The call was not answered in time.</summary>
    DeadlineExceeded = 4,

    /// <summary>There is no such model, version or label.</summary>
    NotFound = 5,

    /// <summary>The item to create already exists.</summary>
    AlreadyExists = 6,

    /// <summary>The server does not allow it.</summary>
    PermissionDenied = 7,

    /// <summary>The server's queue is full, or a message is too large.</summary>
    ResourceExhausted = 8,

    /// <summary>The model cannot answer the request; for example, it lacks the signature.</summary>
    FailedPrecondition = 9,

    /// <summary>The call was aborted.</summary>
    Aborted = 10,

    /// <summary>A value lies outside its range.</summary>
    OutOfRange = 11,

    /// <summary>The server does not support the call.</summary>
    Unimplemented = 12,

    /// <summary>The server or the model failed.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached, or has no version loaded.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or damaged.</summary>
    DataLoss = 15,

    /// <summary>The caller is not authenticated.</summary>
    Unauthenticated = 16,
}

/// <summary>The error of a failed call to a model server.</summary>
/// <param name="status">The status code.</param>
/// <param name="model">The model that was called.</param>
/// <param name="message">The server's message, or why it could not be reached.</param>
/// <param name="inner">The underlying error.</param>
public sealed class TFServingException(TFServingStatus status, string model, string message, Exception? inner = null) : KerasException($"{status} (model '{model}'): {message}", inner)
{
    /// <summary>The status code.</summary>
    public TFServingStatus Status { get; } = status;

    /// <summary>The model that was called.</summary>
    public string Model { get; } = model;

    /// <summary>The server's message, or why it could not be reached.</summary>
    public string Detail { get; } = message;

    /// <summary>Whether the same call may succeed later: the server was away or its queue was full.</summary>
    public bool IsTransient => Status is TFServingStatus.Unavailable or TFServingStatus.ResourceExhausted;
}
