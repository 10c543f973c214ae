namespace Keras.Serving;

/// <summary>Why a call failed, by gRPC's canonical codes; statuses of HTTP are translated.</summary>
public enum TFServingStatus
{
    /// <summary>The caller took the call back.</summary>
    Cancelled = 1,

    /// <summary>The server says no more.</summary>
    Unknown = 2,

    /// <summary>The request is wrong: inputs, names, shapes, dtypes.</summary>
    InvalidArgument = 3,

    /// <summary>There was no answer in time.</summary>
    DeadlineExceeded = 4,

    /// <summary>No such model, version or label.</summary>
    NotFound = 5,

    /// <summary>What was to be made is there.</summary>
    AlreadyExists = 6,

    /// <summary>The server does not allow it.</summary>
    PermissionDenied = 7,

    /// <summary>The server's queue is full, or a message is too large.</summary>
    ResourceExhausted = 8,

    /// <summary>The model is not such that it could answer: for one, it has no such signature.</summary>
    FailedPrecondition = 9,

    /// <summary>The call was aborted.</summary>
    Aborted = 10,

    /// <summary>A value lies outside its range.</summary>
    OutOfRange = 11,

    /// <summary>The server has no such call.</summary>
    Unimplemented = 12,

    /// <summary>The server or the model failed.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached, or has no version loaded.</summary>
    Unavailable = 14,

    /// <summary>Data was lost.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known to the server.</summary>
    Unauthenticated = 16,
}

/// <summary>A call of a model server failed.</summary>
/// <param name="status">The kind of reason.</param>
/// <param name="model">The model that was asked.</param>
/// <param name="message">What the server said, or why it could not be asked.</param>
/// <param name="inner">The error underneath.</param>
public sealed class TFServingException(TFServingStatus status, string model, string message, Exception? inner = null) : KerasException($"{status} (model '{model}'): {message}", inner)
{
    /// <summary>The kind of reason.</summary>
    public TFServingStatus Status { get; } = status;

    /// <summary>The model that was asked.</summary>
    public string Model { get; } = model;

    /// <summary>What the server said, or why it could not be asked.</summary>
    public string Detail { get; } = message;

    /// <summary>Whether the same call may do better later: the server was away or its queue was full.</summary>
    public bool IsTransient => Status is TFServingStatus.Unavailable or TFServingStatus.ResourceExhausted;
}
