namespace Keras.Serving;

/// <summary>Creates the handlers for connections to servers.</summary>
static class Connections
{
    /// <summary>Creates a handler that renews connections, so that DNS changes are noticed, and pings idle ones.</summary>
    public static SocketsHttpHandler NewHandler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(60),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
        UseCookies = false,
    };
}
