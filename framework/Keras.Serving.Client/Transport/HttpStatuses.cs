using System.Net;

namespace Keras.Serving;

/// <summary>Statuses of HTTP as canonical codes, the way back of what TensorFlow Serving does.</summary>
static class HttpStatuses
{
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
