using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Keras.Serving;

/// <summary>The gRPC endpoints, which call the registered <see cref="IModelServer"/>.</summary>
static class GrpcEndpoints
{
    /// <summary>The default size limit of a message, larger than any sensible batch; a message is held in memory as a whole.</summary>
    public const int DefaultMaxMessageBytes = 256 << 20;

    /// <summary>Adds the services that gRPC needs.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="maxMessageBytes">The maximum size of a request; a larger one is rejected with ResourceExhausted before it is read. Responses have no limit.</param>
    public static IServiceCollection Add(IServiceCollection services, int maxMessageBytes = DefaultMaxMessageBytes)
    {
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = maxMessageBytes;
            options.MaxSendMessageSize = null;
            options.CompressionProviders = [new BoundedGzip(maxMessageBytes)];
            options.Interceptors.Add<CallInterceptor>();
        });
        services.AddGrpcReflection();
        return services;
    }

    /// <summary>Maps prediction, models, health and, optionally, reflection.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, bool reflection = true)
    {
        endpoints.MapGrpcService<PredictionDoor>();
        endpoints.MapGrpcService<ModelDoor>();
        endpoints.MapGrpcService<HealthDoor>();
        if (reflection) endpoints.MapGrpcReflectionService();
    }
}
