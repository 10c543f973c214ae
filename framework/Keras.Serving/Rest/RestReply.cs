using System.IO.Compression;
using Keras.Backend;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Keras.Serving;

/// <summary>The limits of requests.</summary>
/// <param name="MaxBodyBytes">The maximum size of a body.</param>
/// <param name="MaxElements">The maximum number of elements of an input.</param>
/// <param name="MaxJsonDepth">The maximum nesting depth of JSON.</param>
/// <param name="Timeout">How long a request may take.</param>
sealed record RequestLimits(long MaxBodyBytes, long MaxElements, int MaxJsonDepth, TimeSpan Timeout);

/// <summary>Reads bodies and sends responses, with errors as {"error": ...}.</summary>
static class RestReply
{
    /// <summary>Sends the result of a function, or its error.</summary>
    /// <returns>The status of the error; null for none.</returns>
    public static async Task<TFServingStatus?> SendAsync(HttpContext context, RequestLimits limits, Func<CancellationToken, Task<JsonText>> answer)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(limits.Timeout);
        try
        {
            var text = await answer(deadline.Token).ConfigureAwait(false);
            await WriteAsync(context, 200, text).ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            if (context.RequestAborted.IsCancellationRequested) return TFServingStatus.Cancelled;
            var (status, code, message) = Described(e, limits);
            if (!context.Response.HasStarted) await WriteAsync(context, code, RestAnswers.Error(message)).ConfigureAwait(false);
            return status;
        }
    }

    /// <summary>The size from which bodies are compressed.</summary>
    const int LeastCompressed = 4096;

    /// <summary>Sends a body, compressed if it is large and the client accepts that.</summary>
    public static async Task WriteAsync(HttpContext context, int code, JsonText text)
    {
        var response = context.Response;
        (response.StatusCode, response.ContentType) = (code, "application/json");
        // Set for small bodies too, since another response of the same path may be large.
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (text.Text.Length >= LeastCompressed && TakesGzip(context.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await using (gzip.ConfigureAwait(false)) await gzip.WriteAsync(text.Text, context.RequestAborted).ConfigureAwait(false);
            return;
        }
        response.ContentLength = text.Text.Length;
        await response.Body.WriteAsync(text.Text, context.RequestAborted).ConfigureAwait(false);
    }

    static bool TakesGzip(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && e.Quality is not 0);

    /// <summary>The status, code and message that the client gets for an error.</summary>
    public static (TFServingStatus Status, int Code, string Message) Described(Exception e, RequestLimits limits)
    {
        switch (e)
        {
            case ServingException known: return (known.Status, HttpStatuses.For(known.Status), known.Message);
            case BadHttpRequestException bad: return (TFServingStatus.InvalidArgument, bad.StatusCode, bad.StatusCode == 413 ? TooLarge(limits) : bad.Message);
            case OperationCanceledException: return (TFServingStatus.DeadlineExceeded, 504, $"The request took longer than {limits.Timeout.TotalSeconds:0.###} s.");
            default:
                Logging.Logger.LogError(e, "A request failed");
                return (TFServingStatus.Internal, 500, $"The server failed: {e.GetType().Name}.");
        }
    }

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="BadHttpRequestException">The body is too large, or arrives too slowly.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context, RequestLimits limits, CancellationToken cancellation)
    {
        var request = context.Request;
        if (request.ContentLength > limits.MaxBodyBytes) throw new BadHttpRequestException(TooLarge(limits), 413);
        var share = BodyBytes.Current;
        share?.RequireRoom(request.ContentLength ?? 0);
        // An announced length alone allocates no memory.
        var body = new byte[Math.Clamp((request.ContentLength ?? 0) + 1, 1 << 12, 1 << 16)];
        var length = 0;
        while (true)
        {
            int read;
            try
            {
                read = await request.Body.ReadAsync(body.AsMemory(length), cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
            {
                throw new BadHttpRequestException("The body is not of its Content-Encoding.", 400, e);
            }
            if (read == 0) break;
            share?.Take(read);
            if ((length += read) > limits.MaxBodyBytes) throw new BadHttpRequestException(TooLarge(limits), 413);
            if (length == body.Length) Array.Resize(ref body, (int)Math.Min(Math.Min(Array.MaxLength, limits.MaxBodyBytes + 1), 2L * length));
        }
        return length == body.Length ? body : body[..length];
    }

    static string TooLarge(RequestLimits limits) => $"The body is too large. Expected: at most {limits.MaxBodyBytes} bytes. Send several requests.";

    /// <summary>Shortens a part of a path for an error.</summary>
    public static string Shown(string text) => text.Length > 128 ? text[..128] + "..." : text;
}
