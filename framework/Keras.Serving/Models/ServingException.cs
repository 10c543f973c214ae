namespace Keras.Serving;

/// <summary>Why a request failed, by gRPC's canonical codes; REST has a status of HTTP for each.</summary>
enum ServingStatus
{
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
}

/// <summary>A request failed for a reason that its sender is told.</summary>
sealed class ServingException(ServingStatus status, string message, Exception? inner = null) : KerasException(message, inner)
{
    /// <summary>The kind of reason.</summary>
    public ServingStatus Status { get; } = status;
}
