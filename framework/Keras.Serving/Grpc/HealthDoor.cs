using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;

namespace Keras.Serving;

/// <summary>gRPC's health protocol: the empty name and the services' names mean the whole server, a model's name that model.</summary>
sealed class HealthDoor(IModelServer server, IHostApplicationLifetime lifetime) : Health.HealthBase
{
    static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        State(request.Service) is { } state
            ? Task.FromResult(new HealthCheckResponse { Status = state })
            : throw new RpcException(new Status(StatusCode.NotFound, $"No service or model has the name {request.Service}"));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var last = HealthCheckResponse.Types.ServingStatus.Unknown;
        // An open watch does not delay the host's shutdown.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            while (true)
            {
                var state = State(request.Service) ?? HealthCheckResponse.Types.ServingStatus.ServiceUnknown;
                if (state != last) await responseStream.WriteAsync(new() { Status = last = state }, context.CancellationToken);
                await Task.Delay(WatchInterval, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The watcher has disconnected, or the host shuts down.
            if (!context.CancellationToken.IsCancellationRequested && last != HealthCheckResponse.Types.ServingStatus.NotServing)
                await responseStream.WriteAsync(new() { Status = HealthCheckResponse.Types.ServingStatus.NotServing }, context.CancellationToken);
        }
    }

    HealthCheckResponse.Types.ServingStatus? State(string service)
    {
        if (service.Length == 0 || service == PredictionDoor.Descriptor.FullName || service == ModelDoor.Descriptor.FullName) return Of(server.IsReady && server.Configs.All(c => IsAvailable(c.Name)));
        return server.Configs.Any(c => c.Name == service) ? Of(IsAvailable(service)) : null;
    }

    static HealthCheckResponse.Types.ServingStatus Of(bool serving) => serving ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.NotServing;

    bool IsAvailable(string model)
    {
        try
        {
            return server.Status(model).Any(s => s.State == VersionState.Available);
        }
        catch (ServingException)
        {
            return false;
        }
    }
}
