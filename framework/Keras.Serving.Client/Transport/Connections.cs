namespace Keras.Serving;

/// <summary>How servers are connected to.</summary>
static class Connections
{
    /// <summary>Connections are renewed, so that a name which stands for other machines by now is noticed; idle ones are asked whether they live.</summary>
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
