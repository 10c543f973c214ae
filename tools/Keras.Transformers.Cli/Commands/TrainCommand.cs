using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class TrainSettings : ColumnSettings
{
    [CommandOption("--task <TASK>", isRequired: true)]
    [Description("text-classification, token-classification, question-answering, text-generation (causal), fill-mask (masked) or image-classification")]
    public string Task { get; init; } = "";

    [CommandOption("-m|--model <MODEL>", isRequired: true)]
    [Description("The model to begin with: a folder, or a repository of the hub")]
    public string Model { get; init; } = "";

    [CommandOption("-d|--data <DATA>", isRequired: true)]
    [Description("The rows: a .csv, .jsonl, .parquet or .txt file, a folder of images, or a data set of the hub (organisation/name)")]
    public string Data { get; init; } = "";

    [CommandOption("-o|--output <FOLDER>", isRequired: true)]
    [Description("The folder to be written: model, tokenizer, card and metrics.json")]
    public string Output { get; init; } = "";

    [CommandOption("--overwrite")]
    [Description("Replaces an output that exists")]
    public bool Overwrite { get; init; }

    [CommandOption("--split <NAME>")]
    [Description("The split to learn from")]
    [DefaultValue("train")]
    public string Split { get; init; } = "train";

    [CommandOption("--eval-data <DATA>")]
    [Description("Rows to judge by, as --data")]
    public string? EvalData { get; init; }

    [CommandOption("--eval-split <SPLIT>")]
    [Description("A share that is held back (0.1), the name of a split, or none. Default: the split validation or test, else 0.1")]
    public string? EvalSplit { get; init; }

    [CommandOption("--stratify")]
    [Description("Holds back the same share of every class. Default: where each row has one class and every class has rows enough")]
    public bool Stratify { get; init; }

    [CommandOption("--no-stratify")]
    [Description("Holds back rows without looking at their classes")]
    public bool NoStratify { get; init; }

    [CommandOption("--problem-type <TYPE>")]
    [Description("What labels are: single_label_classification, multi_label_classification (lists, or texts with commas) or regression (numbers). Default: several where the column holds lists, else one")]
    public string? ProblemType { get; init; }

    [CommandOption("--epochs <N>")]
    [Description("How often each row is learnt from")]
    [DefaultValue(3)]
    public int Epochs { get; init; } = 3;

    [CommandOption("--batch-size <N>")]
    [Description("The rows of a step")]
    [DefaultValue(16)]
    public int BatchSize { get; init; } = 16;

    [CommandOption("--lr <RATE>")]
    [Description("The learning rate at the beginning; it falls to 0. Small models need more, such as 1e-3")]
    [DefaultValue(5e-5)]
    public double LearningRate { get; init; } = 5e-5;

    [CommandOption("--max-length <N>")]
    [Description("The most tokens of a text, or of a block of a language model. Default: what the model was made for")]
    public int? MaxLength { get; init; }

    [CommandOption("--seed <N>")]
    [Description("Where the random numbers begin")]
    [DefaultValue(42)]
    public int Seed { get; init; } = 42;

    [CommandOption("--mixed-precision <DTYPE>")]
    [Description("bfloat16 or float16: computes in 16 bits, keeps weights in 32")]
    public string? MixedPrecision { get; init; }

    [CommandOption("--jit")]
    [Description("Compiles steps with XLA (needs TensorFlow). Default: where the engine gains by it")]
    public bool Jit { get; init; }

    [CommandOption("--no-jit")]
    [Description("Compiles nothing")]
    public bool NoJit { get; init; }

    [CommandOption("--cache-dir <FOLDER>")]
    [Description("Where tables are kept once they were read. Default: HF_DATASETS_CACHE")]
    public string? CacheDir { get; init; }

    public override ValidationResult Validate() => Jit && NoJit ? ValidationResult.Error("--jit and --no-jit contradict each other")
        : Stratify && NoStratify ? ValidationResult.Error("--stratify and --no-stratify contradict each other") : ValidationResult.Success();
}

/// <summary>Fine-tunes a model.</summary>
static class TrainCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<TrainSettings>("train", (_, settings, cancellation) => Run(terminal, settings, cancellation))
        .WithDescription("Fine-tunes a model on a table and writes it with tokenizer, card and metrics.json")
        .WithExample("train", "--task", "text-classification", "--model", "models/bert-tiny", "--data", "train.csv", "--output", "my-model", "--epochs", "3", "--lr", "1e-3")
        .WithExample("train", "--task", "text-generation", "--model", "models/gpt2-tiny", "--data", "texts.txt", "--output", "my-model")
        .WithExample("train", "--task", "image-classification", "--model", "models/vit-tiny", "--data", "pictures/", "--output", "my-model", "--eval-split", "0.2");

    static int Run(Terminal terminal, TrainSettings settings, CancellationToken cancellation)
    {
        var job = new TrainingJob
        {
            Task = settings.Task, Model = settings.Model, Data = settings.Data, Output = settings.Output, Overwrite = settings.Overwrite, Columns = settings.Columns, Split = settings.Split, EvalData = settings.EvalData,
            EvalSplit = settings.EvalSplit, Stratify = settings.Stratify ? true : settings.NoStratify ? false : null, ProblemType = settings.ProblemType, Epochs = settings.Epochs, BatchSize = settings.BatchSize, LearningRate = settings.LearningRate, MaxLength = settings.MaxLength, Seed = settings.Seed,
            MixedPrecision = settings.MixedPrecision, JitCompile = settings.Jit ? true : settings.NoJit ? false : null, CacheFolder = settings.CacheDir,
        };
        var result = TerminalProgress.Run(terminal, progress => job.Run(progress, cancellation));
        if (settings.Json) terminal.Json(result, CliJson.Default.TrainingResult);
        else Show(terminal, result);
        return ExitCodes.Ok;
    }

    static void Show(Terminal terminal, TrainingResult result)
    {
        string[] names = [.. result.Epochs.SelectMany(e => e.Keys).Where(k => k != "epoch").Distinct().OrderBy(k => k.StartsWith("val_", StringComparison.Ordinal)).ThenBy(k => !k.EndsWith("loss", StringComparison.Ordinal))];
        var table = Figures.Table(["epoch:", .. names.Select(n => $"{n}:")]);
        foreach (var (number, epoch) in result.Epochs.Index()) table.Row([$"{number + 1}", .. names.Select(n => epoch.TryGetValue(n, out var value) ? Figures.Figure(value) : "")]);
        terminal.Output.Write(table);
        Figures.Pairs(terminal,
        [
            ("rows", $"{Figures.Count(result.TrainRows)} to learn from, {Figures.Count(result.EvalRows)} to judge by"), .. result.Labels.Count > 0 ? [("labels", string.Join(", ", result.Labels))] : Array.Empty<(string, string)>(),
            .. result.Evaluation.Select(f => (f.Key, Figures.Figure(f.Value))), ("time", Figures.Seconds(result.Seconds)), ("written to", result.Output),
        ]);
    }
}
