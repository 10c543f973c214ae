using System.Net;

namespace Keras.Serving;

/// <summary>Maps canonical codes to HTTP statuses and back, as in TensorFlow Serving.</summary>
static class HttpStatuses
{
    /// <summary>The HTTP status of a response for a code.</summary>
    public static int For(TFServingStatus status) => status switch
    {
        TFServingStatus.Cancelled => 499,
        TFServingStatus.InvalidArgument or TFServingStatus.FailedPrecondition => 400,
        TFServingStatus.DeadlineExceeded => 504,
        TFServingStatus.NotFound => 404,
        TFServingStatus.AlreadyExists => 409,
        TFServingStatus.ResourceExhausted => 429,
        TFServingStatus.Unimplemented => 501,
        TFServingStatus.Unavailable => 503,
        _ => 500,
    };

    /// <summary>The code for an HTTP status from any server or proxy.</summary>
    public static TFServingStatus Of(HttpStatusCode status) => (int)status switch
    {
        400 or 413 or 415 => TFServingStatus.InvalidArgument,
        401 => TFServingStatus.Unauthenticated,
        403 => TFServingStatus.PermissionDenied,
        404 => TFServingStatus.NotFound,
        408 or 504 => TFServingStatus.DeadlineExceeded,
        409 => TFServingStatus.Aborted,
        412 => TFServingStatus.FailedPrecondition,
        416 => TFServingStatus.OutOfRange,
        429 => TFServingStatus.ResourceExhausted,
        499 => TFServingStatus.Cancelled,
        500 => TFServingStatus.Internal,
        405 or 501 => TFServingStatus.Unimplemented,
        502 or 503 => TFServingStatus.Unavailable,
        _ => TFServingStatus.Unknown,
    };
}
