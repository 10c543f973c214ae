using Keras.Transformers;

namespace Keras.Serving;

/// <summary>The error for a request that OpenAI's API rejects.</summary>
/// <param name="code">The HTTP status.</param>
/// <param name="kind">OpenAI's error type: "invalid_request_error", ...</param>
/// <param name="message">The message to the client.</param>
/// <param name="parameter">The field that is wrong; null for none.</param>
/// <param name="inner">The underlying error.</param>
sealed class OpenAiException(int code, string kind, string message, string? parameter = null, Exception? inner = null) : KerasException(message, inner)
{
    public int Code { get; } = code;

    public string Kind { get; } = kind;

    public string? Parameter { get; } = parameter;

    /// <summary>The error for an invalid field of a request.</summary>
    public static OpenAiException Bad(string parameter, string what, string expected, string received) => new(400, "invalid_request_error", $"{what}. Expected: {expected}. Received: {received}.", parameter);

    /// <summary>The error for a full queue.</summary>
    public static OpenAiException Full(string what, Exception? inner = null) => new(429, "rate_limit_error", $"{what}. Try again later.", null, inner);

    /// <summary>Converts any error to the one that the client receives.</summary>
    public static OpenAiException Of(Exception e, RequestLimits limits)
    {
        switch (e)
        {
            case OpenAiException known: return known;
            case ValueRangeException or ConfigException or ShapeMismatchException: return new(400, "invalid_request_error", e.Message, null, e);
            // The scheduler's own error when its queue is full.
            case InvalidOperationException when e.Source == typeof(GenerationScheduler).Assembly.GetName().Name: return Full("Too many texts wait", e);
            case InvalidOperationException when e.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true: return new(400, "invalid_request_error", "The body has a string that is no text.", null, e);
            case ObjectDisposedException: return new(503, "server_error", "The server is closing.", null, e);
            default:
                var (status, code, message) = RestReply.Described(e, limits);
                return new(code, status switch { TFServingStatus.InvalidArgument => "invalid_request_error", TFServingStatus.ResourceExhausted => "rate_limit_error", _ => "server_error" }, message, null, e);
        }
    }

    /// <summary>Writes {"error": {...}}.</summary>
    public JsonText ToJson()
    {
        var text = new JsonText().Raw("{\"error\":{\"message\":"u8).String(Message).Raw(",\"type\":"u8).String(Kind).Raw(",\"param\":"u8);
        if (Parameter is null) text.Raw("null"u8);
        else text.String(Parameter);
        return text.Raw(",\"code\":null}}"u8);
    }
}
