using Keras.Graphs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Keras.Backend;

/// <summary>The logger that the application set.</summary>
static class Logging
{
    /// <summary>Where messages go; nowhere until an application sets one.</summary>
    public static ILogger Logger { get; private set; } = NullLogger.Instance;

    /// <summary>Sends messages to a logger, and with them the warnings that otherwise go to the error stream.</summary>
    public static void Use(ILogger logger)
    {
        Logger = logger;
        Diagnostics.Warn = message => logger.LogWarning("{Message}", message);
    }
}
