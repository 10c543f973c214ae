using System.ComponentModel;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

/// <summary>The options for a model and the rows to run it on.</summary>
class ModelSettings : ColumnSettings
{
    [CommandArgument(0, "<MODEL>")]
    [Description("The model: a folder, or a repository of the hub")]
    public string Model { get; init; } = "";

    [CommandOption("-d|--data <DATA>", isRequired: true)]
    [Description("The rows: a .csv, .jsonl, .parquet or .txt file, a folder of images, or a data set of the hub (organisation/name)")]
    public string Data { get; init; } = "";

    [CommandOption("--task <TASK>")]
    [Description("The task. Default: the one that the model was saved for")]
    public string? Task { get; init; }

    [CommandOption("--batch-size <N>")]
    [Description("The rows that are computed at once")]
    [DefaultValue(16)]
    public int BatchSize { get; init; } = 16;

    [CommandOption("--max-length <N>")]
    [Description("The most tokens of a text. Default: what the model was made for")]
    public int? MaxLength { get; init; }
}

sealed class EvaluateSettings : ModelSettings
{
    [CommandOption("--split <NAME>")]
    [Description("The split, or a part of one (test[[:100]]). Default: test or validation where there is one, else train")]
    public string? Split { get; init; }

    [CommandOption("--at-least <FIGURE=VALUE>")]
    [Description("Ends with exit code 1 where a figure is lower, such as accuracy=0.9; may be repeated")]
    public string[] AtLeast { get; init; } = [];

    [CommandOption("--cache-dir <FOLDER>")]
    [Description("Where tables are kept once they were read. Default: HF_DATASETS_CACHE")]
    public string? CacheDir { get; init; }

    public IEnumerable<(string Figure, double Value)> Bounds => AtLeast.Select(a => a.Split('=', 2)).Select(a => (a[0], double.Parse(a[1], CultureInfo.InvariantCulture)));

    public override ValidationResult Validate() => AtLeast.FirstOrDefault(a => a.Split('=', 2) is not [{ Length: > 0 }, var value] || !double.TryParse(value, CultureInfo.InvariantCulture, out _)) is { } wrong
        ? ValidationResult.Error($"--at-least takes a figure and a number, such as accuracy=0.9, not \"{wrong}\"") : ValidationResult.Success();
}

/// <summary>Evaluates a model.</summary>
static class EvaluateCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<EvaluateSettings>("evaluate", (_, settings, cancellation) => Run(terminal, settings, cancellation))
        .WithDescription("Judges a model by rows with labels")
        .WithExample("evaluate", "my-model", "--data", "test.csv")
        .WithExample("evaluate", "my-model", "--data", "test.csv", "--at-least", "accuracy=0.9", "--json");

    static int Run(Terminal terminal, EvaluateSettings settings, CancellationToken cancellation)
    {
        var job = new EvaluationJob
        {
            Model = settings.Model, Data = settings.Data, Task = settings.Task, Columns = settings.Columns, Split = settings.Split, BatchSize = settings.BatchSize, MaxLength = settings.MaxLength, CacheFolder = settings.CacheDir,
        };
        var result = TerminalProgress.Run(terminal, progress => job.Run(progress, cancellation));
        if (settings.Bounds.Select(b => b.Figure).FirstOrDefault(f => !result.Figures.ContainsKey(f)) is { } unknown)
            throw new ArgumentException($"There is no figure \"{unknown}\" (--at-least). Expected: one of {string.Join(", ", result.Figures.Keys)}.");
        if (settings.Json) terminal.Json(result, CliJson.Default.EvaluationResult);
        else Figures.Pairs(terminal, [("task", result.Task), ("rows", Figures.Count(result.Rows)), .. result.Figures.Select(f => (f.Key, Figures.Figure(f.Value))), ("time", Figures.Seconds(result.Seconds))]);
        var isEnough = true;
        foreach (var (figure, bound) in settings.Bounds)
        {
            var value = result.Figures[figure];
            if (value >= bound) continue;
            terminal.Say("too low", "red", $"{figure} is {Figures.Figure(value)}, not at least {Figures.Figure(bound)}");
            isEnough = false;
        }
        return isEnough ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
