namespace Keras.Serving;

/// <summary>Statuses of HTTP for the kinds of errors, as TensorFlow Serving has them.</summary>
static class HttpCodes
{
    public static int Of(ServingStatus status) => status switch
    {
        ServingStatus.Cancelled => 499,
        ServingStatus.InvalidArgument or ServingStatus.FailedPrecondition => 400,
        ServingStatus.DeadlineExceeded => 504,
        ServingStatus.NotFound => 404,
        ServingStatus.AlreadyExists => 409,
        ServingStatus.ResourceExhausted => 429,
        ServingStatus.Unimplemented => 501,
        ServingStatus.Unavailable => 503,
        _ => 500,
    };
}
