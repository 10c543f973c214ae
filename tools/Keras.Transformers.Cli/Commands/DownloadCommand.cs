using System.ComponentModel;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class DownloadSettings : CommonSettings
{
    [CommandArgument(0, "<REPOSITORY>")]
    [Description("The repository, organisation/name")]
    public string Repository { get; init; } = "";

    [CommandOption("-o|--output <FOLDER>")]
    [Description("A folder of your own. Default: the cache, where from_pretrained finds it by name")]
    public string? Output { get; init; }

    [CommandOption("--type <TYPE>")]
    [Description("model, dataset or space")]
    [DefaultValue("model")]
    public string Type { get; init; } = "model";

    [CommandOption("--revision <NAME>")]
    [Description("A branch, tag or commit. Default: main")]
    public string? Revision { get; init; }

    [CommandOption("--include <PATTERN>")]
    [Description("Only such files, *.json; may be repeated")]
    public string[] Include { get; init; } = [];

    [CommandOption("--exclude <PATTERN>")]
    [Description("No such files; may be repeated")]
    public string[] Exclude { get; init; } = [];
}

/// <summary>Downloads files of a repository.</summary>
static class DownloadCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<DownloadSettings>("download", (_, settings, cancellation) => Run(terminal, settings, cancellation))
        .WithDescription("Downloads a repository of the hub; a download that broke off goes on where it was")
        .WithExample("download", "google-bert/bert-base-uncased", "--exclude", "*.msgpack")
        .WithExample("download", "google-bert/bert-base-uncased", "--output", "bert", "--include", "*.json", "--include", "model.safetensors");

    static int Run(Terminal terminal, DownloadSettings settings, CancellationToken cancellation)
    {
        var folder = HuggingFaceHub.snapshot_download(settings.Repository, repo_type: settings.Type, revision: settings.Revision, local_dir: settings.Output,
            allow_patterns: Patterns(settings.Include), ignore_patterns: Patterns(settings.Exclude), cancellation_token: cancellation);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !f.Contains($"{Path.DirectorySeparatorChar}.cache{Path.DirectorySeparatorChar}", StringComparison.Ordinal) || settings.Output is null).ToArray();
        var result = new PathDocument(Path.GetFullPath(folder), files.Length, files.Sum(f => (File.ResolveLinkTarget(f, returnFinalTarget: true) as FileInfo ?? new FileInfo(f)).Length));
        if (settings.Json) terminal.Json(result, CliJson.Default.PathDocument);
        else Figures.Pairs(terminal, ("files", Figures.Count(result.Files)), ("size", Figures.Bytes(result.Bytes)), ("folder", result.Path));
        return ExitCodes.Ok;
    }

    static FilePatternNames? Patterns(string[] given) => given.Length > 0 ? given : default(FilePatternNames?);
}
