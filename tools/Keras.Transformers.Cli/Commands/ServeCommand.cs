using Keras.Serving;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

/// <summary>Serves models until it is stopped.</summary>
static class ServeCommand
{
    public const string Name = "serve";

    /// <summary>Lists the command; it is run by <see cref="RunAsync"/>.</summary>
    public static void Add(IConfigurator config, Terminal terminal) => config.AddAsyncDelegate<CommonSettings>(Name, (_, _, cancellation) => RunAsync([], terminal, cancellation))
        .WithDescription("Serves SavedModels as TensorFlow Serving does (REST and gRPC) and language models by OpenAI's interface")
        .WithExample(Name, "served", "--rest_api_port=8501", "--port=8500")
        .WithExample(Name, "models/gpt2-tiny");

    /// <summary>Serves the models that flags and folders name.</summary>
    /// <returns>0 when stopped, 1 if it cannot start, 2 for wrong flags.</returns>
    public static async Task<int> RunAsync(string[] flags, Terminal terminal, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ServeCommandLine.RunAsync([.. flags.Select(f => f is "-h" ? "--help" : f)], output, error, cancellation);
        terminal.Write(output.ToString());
        if (error.ToString().TrimEnd() is { Length: > 0 } message) terminal.Say("error", "red", message);
        return code;
    }
}
