using Microsoft.Extensions.Logging;

namespace Keras.Transformers.Cli;

/// <summary>Writes the library's messages to the error stream: warnings always, others on request.</summary>
sealed class TerminalLogger(Terminal terminal, bool isVerbose) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= (isVerbose ? LogLevel.Information : LogLevel.Warning);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var isWarning = logLevel >= LogLevel.Warning;
        terminal.Say(isWarning ? "warning" : "info", isWarning ? "yellow" : "grey", formatter(state, exception));
    }
}
