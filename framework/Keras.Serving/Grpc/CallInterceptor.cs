using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Keras.ServingProtos;
using Microsoft.Extensions.Logging;

namespace Keras.Serving;

/// <summary>Counts calls and turns errors into statuses: callers' errors are explained, the server's own only logged.</summary>
sealed partial class CallInterceptor(ILogger<CallInterceptor> logger, IModelServer server, ServingMetrics? metrics = null) : Interceptor
{
    /// <summary>The maximum length of a message: a status is sent in the headers, of which clients accept 8 KiB by default.</summary>
    const int LongestMessage = 2000;

    /// <summary>The header by which a server chooses the compression of one response; it is not sent.</summary>
    const string AnswerEncoding = "grpc-internal-encoding-request";

    /// <summary>Whether to compress the response: all clients accept gzip, but only those that send it want it.</summary>
    static bool WantsGzip(ServerCallContext context)
    {
        var headers = context.GetHttpContext().Request.Headers;
        return headers["grpc-encoding"] == "gzip" && headers["grpc-accept-encoding"].ToString().Split(',').Any(e => e.Trim() == "gzip");
    }

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var (began, failure) = (Stopwatch.GetTimestamp(), (TFServingStatus?)null);
        metrics?.Began();
        using var activity = ServingMetrics.Activities.StartActivity("serving.grpc", ActivityKind.Server);
        try
        {
            var response = await continuation(request, context);
            if (WantsGzip(context)) await context.WriteResponseHeadersAsync(new Metadata { { AnswerEncoding, "gzip" } });
            return response;
        }
        catch (Exception e)
        {
            var error = Failed(e, context);
            failure = (TFServingStatus)error.StatusCode;
            throw error;
        }
        finally
        {
            var (api, model) = About(request);
            // Names of unknown models are not counted, since callers could make up any number of them.
            if (!server.Configs.Any(c => c.Name == model)) model = null;
            activity?.SetTag("serving.model", model);
            metrics?.Ended(model, api, "GRPC", failure, Stopwatch.GetElapsedTime(began));
        }
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) => continuation(new AnsweredMessages<TRequest>(requestStream), responseStream, context);

    /// <summary>Reads the messages of a stream: when the next is requested, earlier ones are answered, and their bytes no longer counted.</summary>
    sealed class AnsweredMessages<T>(IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            BodyBytes.Current?.Release();
            return inner.MoveNext(cancellationToken);
        }
    }

    RpcException Failed(Exception e, ServerCallContext context)
    {
        switch (e)
        {
            case RpcException own: return own;
            case ServingException known: return Failed((StatusCode)known.Status, known.Message);
            case OperationCanceledException when context.Deadline <= DateTime.UtcNow: return Failed(StatusCode.DeadlineExceeded, "Deadline exceeded");
            case OperationCanceledException when context.CancellationToken.IsCancellationRequested: return Failed(StatusCode.Cancelled, "The call was cancelled");
            case OperationCanceledException: return Failed(StatusCode.Unavailable, "The server stops.");
        }
        LogFailed(logger, context.Method, e);
        return Failed(StatusCode.Internal, "The server failed to answer; its log says why.");
    }

    static (string Api, string? Model) About(object request) => request switch
    {
        PredictRequest predict => ("predict", predict.ModelSpec?.Name),
        ClassificationRequest classify => ("classify", classify.ModelSpec?.Name),
        RegressionRequest regress => ("regress", regress.ModelSpec?.Name),
        MultiInferenceRequest multi => ("multi_inference", multi.Tasks.FirstOrDefault()?.ModelSpec?.Name),
        GetModelMetadataRequest metadata => ("metadata", metadata.ModelSpec?.Name),
        GetModelStatusRequest status => ("status", status.ModelSpec?.Name),
        ReloadConfigRequest => ("reload", null),
        _ => ("health", null),
    };

    static RpcException Failed(StatusCode code, string message) => new(new Status(code, message.Length > LongestMessage ? $"{message[..LongestMessage]}..." : message));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed")]
    static partial void LogFailed(ILogger logger, string method, Exception exception);
}
