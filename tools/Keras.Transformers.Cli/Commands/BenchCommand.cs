using System.ComponentModel;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class BenchSettings : CommonSettings
{
    [CommandArgument(0, "<MODEL>")]
    [Description("The model: a folder, or a repository of the hub")]
    public string Model { get; init; } = "";

    [CommandOption("--task <TASK>")]
    [Description("The task. Default: the one that the model was saved for")]
    public string? Task { get; init; }

    [CommandOption("--batch-size <N>")]
    [Description("The rows of a batch")]
    [DefaultValue(1)]
    public int BatchSize { get; init; } = 1;

    [CommandOption("--length <N>")]
    [Description("The tokens of a row. Default: 128, or what the model takes at most")]
    public int? Length { get; init; }

    [CommandOption("--repeat <N>")]
    [Description("How many batches are measured")]
    [DefaultValue(20)]
    public int Repeat { get; init; } = 20;

    [CommandOption("--max-new-tokens <N>")]
    [Description("How many tokens are generated, of a model that does. Default: 32")]
    public int? MaxNewTokens { get; init; }

    [CommandOption("--jit")]
    [Description("Compiles with XLA (needs TensorFlow). Default: where the engine gains by it")]
    public bool Jit { get; init; }

    [CommandOption("--no-jit")]
    [Description("Compiles nothing")]
    public bool NoJit { get; init; }

    public override ValidationResult Validate() => Jit && NoJit ? ValidationResult.Error("--jit and --no-jit contradict each other") : ValidationResult.Success();
}

/// <summary>Runs a short benchmark.</summary>
static class BenchCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<BenchSettings>("bench", (_, settings, cancellation) => Run(terminal, settings, cancellation))
        .WithDescription("Measures shortly how long a model takes for a batch of random inputs")
        .WithExample("bench", "models/bert-tiny", "--batch-size", "8", "--length", "64")
        .WithExample("bench", "models/gpt2-tiny", "--json");

    static int Run(Terminal terminal, BenchSettings settings, CancellationToken cancellation)
    {
        var job = new BenchmarkJob
        {
            Model = settings.Model, Task = settings.Task, BatchSize = settings.BatchSize, Length = settings.Length, Repeat = settings.Repeat, MaxNewTokens = settings.MaxNewTokens, JitCompile = settings.Jit ? true : settings.NoJit ? false : null,
        };
        var result = TerminalProgress.Run(terminal, progress => job.Run(progress, cancellation));
        if (settings.Json) terminal.Json(result, CliJson.Default.BenchmarkResult);
        else
            Figures.Pairs(terminal,
            [
                ("task", result.Task), ("engine", $"{result.Engine} {result.EngineVersion}"), ("batch", result.Length is { } tokens ? $"{result.BatchSize} x {tokens} tokens" : $"{result.BatchSize} image{(result.BatchSize == 1 ? "" : "s")}"), ("load", Figures.Seconds(result.LoadSeconds)), ("first batch", Figures.Seconds(result.FirstSeconds)),
                ("median", Milliseconds(result.MedianMilliseconds)), ("fastest", Milliseconds(result.MinMilliseconds)), ("nine in ten", Milliseconds(result.P90Milliseconds)), ("rows a second", Number(result.RowsPerSecond)),
                .. result.GeneratedTokensPerSecond is { } generated ? [("generated tokens a second", Number(generated))] : Array.Empty<(string, string)>(), ("memory", Figures.Bytes(result.MemoryBytes)),
            ]);
        return ExitCodes.Ok;
    }

    static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} ms");

    static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
