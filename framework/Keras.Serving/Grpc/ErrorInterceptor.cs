using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Keras.Serving;

/// <summary>Makes a status of every error: callers are told what they can mend, and of ours only that it was ours.</summary>
sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> logger) : Interceptor
{
    /// <summary>A status is sent among the headers, of which clients take no more than 8 KiB by default.</summary>
    const int LongestMessage = 2000;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (ServingException e)
        {
            throw Failed((StatusCode)e.Status, e.Message);
        }
        catch (OperationCanceledException)
        {
            throw context.Deadline <= DateTime.UtcNow ? Failed(StatusCode.DeadlineExceeded, "Deadline exceeded") : Failed(StatusCode.Cancelled, "The call was cancelled");
        }
        catch (Exception e) when (e is not RpcException)
        {
            LogFailed(logger, context.Method, e);
            throw Failed(StatusCode.Internal, "The server failed to answer; its log says why.");
        }
    }

    static RpcException Failed(StatusCode code, string message) => new(new Status(code, message.Length > LongestMessage ? $"{message[..LongestMessage]}..." : message));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed")]
    static partial void LogFailed(ILogger logger, string method, Exception exception);
}
