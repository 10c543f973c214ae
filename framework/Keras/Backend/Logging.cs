using Keras.Graphs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Keras.Backend;

/// <summary>The logger that the application set.</summary>
static class Logging
{
    /// <summary>Where messages go; nowhere until an application sets one.</summary>
    public static ILogger Logger { get; private set; } = NullLogger.Instance;

    /// <summary>Sends messages, and the warnings that went to the error stream until now, to a logger.</summary>
    public static void Use(ILogger logger)
    {
        Logger = logger;
        Diagnostics.Warn = message => logger.LogWarning("{Message}", message);
    }
}
