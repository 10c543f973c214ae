using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Keras.Serving;

/// <summary>The gRPC door. It asks the <see cref="IModelServer"/> among the services.</summary>
static class GrpcEndpoints
{
    /// <summary>Larger than any batch that is sensible to send at once; a message is held in memory whole.</summary>
    public const int DefaultMaxMessageBytes = 256 << 20;

    /// <summary>What the services need.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="maxMessageBytes">The largest request; a larger one is refused with ResourceExhausted before it is read. Answers have no bound.</param>
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

    /// <summary>Maps prediction, models, health and, unless it is not wanted, reflection.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, bool reflection = true)
    {
        endpoints.MapGrpcService<PredictionDoor>();
        endpoints.MapGrpcService<ModelDoor>();
        endpoints.MapGrpcService<HealthDoor>();
        if (reflection) endpoints.MapGrpcReflectionService();
    }
}
