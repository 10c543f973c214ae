using System.ComponentModel;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class ExportSettings : CommonSettings
{
    [CommandArgument(0, "<MODEL>")]
    [Description("The model: a folder, or a repository of the hub")]
    public string Model { get; init; } = "";

    [CommandOption("-o|--output <FOLDER>", isRequired: true)]
    [Description("The folder that holds a folder for each version")]
    public string Output { get; init; } = "";

    [CommandOption("--version <N>")]
    [Description("The version. Default: one more than the highest that is there")]
    public int? Version { get; init; }

    [CommandOption("--task <TASK>")]
    [Description("The task. Default: the one that the model was saved for")]
    public string? Task { get; init; }

    [CommandOption("--tokens")]
    [Description("Takes token ids or pixel values; without it texts or files of images")]
    public bool Tokens { get; init; }

    [CommandOption("--max-length <N>")]
    [Description("The most tokens of a text. Default: what the model was made for")]
    public int? MaxLength { get; init; }

    [CommandOption("--max-new-tokens <N>")]
    [Description("How many tokens text-generation adds at most. Default: 32")]
    public int? MaxNewTokens { get; init; }

    [CommandOption("--overwrite")]
    [Description("Replaces a version that exists")]
    public bool Overwrite { get; init; }
}

/// <summary>Writes a version folder for TensorFlow Serving.</summary>
static class ExportCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<ExportSettings>("export", (_, settings, cancellation) => Run(terminal, settings, cancellation))
        .WithDescription("Writes a SavedModel as a version folder for TensorFlow Serving")
        .WithExample("export", "my-model", "--output", "serving/my-model")
        .WithExample("export", "my-model", "--output", "serving/my-model", "--version", "7", "--tokens");

    static int Run(Terminal terminal, ExportSettings settings, CancellationToken cancellation)
    {
        var job = new ExportJob
        {
            Model = settings.Model, Output = settings.Output, Version = settings.Version, Task = settings.Task, WithPreprocessing = !settings.Tokens, MaxLength = settings.MaxLength, MaxNewTokens = settings.MaxNewTokens, Overwrite = settings.Overwrite,
        };
        var result = TerminalProgress.Run(terminal, progress => job.Run(progress, cancellation));
        if (settings.Json) terminal.Json(result, CliJson.Default.ExportResult);
        else
        {
            var table = Figures.Table("endpoint", "takes", "gives");
            foreach (var endpoint in result.Endpoints) table.Row(endpoint.Name, string.Join('\n', endpoint.Inputs), string.Join('\n', endpoint.Outputs));
            terminal.Output.Write(table);
            Figures.Pairs(terminal, ("task", result.Task), ("version", $"{result.Version}"), ("size", Figures.Bytes(result.Bytes)), ("written to", result.Folder));
        }
        return ExitCodes.Ok;
    }
}
