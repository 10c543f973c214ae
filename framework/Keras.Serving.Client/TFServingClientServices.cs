using Keras.Serving;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the client in an application's services.</summary>
public static class TFServingClientServices
{
    const string DefaultName = "Keras.Serving.TFServingClient";

    /// <summary>Adds a <see cref="TFServingClient"/> that lives as long as the application; its connections come from HttpClientFactory, so handlers can be added to the returned builder.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options, at least the address.</param>
    /// <param name="name">The key of the client as a keyed service; null for a single client.</param>
    /// <returns>The builder of the HTTP client.</returns>
    /// <exception cref="ArgumentException">Thrown when the client is first resolved: an option is invalid.</exception>
    public static IHttpClientBuilder AddTFServingClient(this IServiceCollection services, Action<TFServingClientOptions> configure, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var httpName = name ?? DefaultName;
        if (name is null) services.AddSingleton(Make);
        else services.AddKeyedSingleton(name, (provider, _) => Make(provider));
        return services.AddHttpClient(httpName).ConfigurePrimaryHttpMessageHandler(Connections.NewHandler).SetHandlerLifetime(Timeout.InfiniteTimeSpan);

        TFServingClient Make(IServiceProvider provider)
        {
            var options = new TFServingClientOptions();
            configure(options);
            options.Checked();
            return new(options, options.UseRest
                ? new RestTransport(options, provider.GetRequiredService<System.Net.Http.IHttpClientFactory>().CreateClient(httpName))
                : new GrpcTransport(options, provider.GetRequiredService<System.Net.Http.IHttpMessageHandlerFactory>().CreateHandler(httpName)));
        }
    }
}
