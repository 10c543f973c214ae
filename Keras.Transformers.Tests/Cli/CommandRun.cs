using System.Text.Json;
using Keras.Graphs;
using Keras.Transformers.Cli;
using Spectre.Console.Testing;

namespace Keras.Transformers.Tests.Cli;

/// <summary>What a command said and ended with, run in this process.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">The output.</param>
/// <param name="Error">The error stream.</param>
sealed record CommandRun(int Code, string Output, string Error)
{
    /// <summary>The output as one JSON document; it fails where there is more.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static CommandRun Of(params string[] arguments) => With("", arguments);

    /// <summary>Runs a command with an input.</summary>
    public static CommandRun With(string input, params string[] arguments)
    {
        using var output = new TestConsole { Profile = { Width = 200 } };
        using var error = new TestConsole { Profile = { Width = 4000 } };
        var warn = Diagnostics.Warn;
        try
        {
            var code = CommandLine.RunAsync(arguments, new Terminal(output, error, new StringReader(input)), CancellationToken.None).GetAwaiter().GetResult();
            return new(code, output.Output, error.Output);
        }
        finally
        {
            Diagnostics.Warn = warn;
        }
    }
}
