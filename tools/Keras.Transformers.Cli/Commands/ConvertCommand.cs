using System.ComponentModel;
using Keras.Saving;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class ConvertSettings : CommonSettings
{
    [CommandArgument(0, "<MODEL>")]
    [Description("The folder of a model")]
    public string Model { get; init; } = "";

    [CommandOption("-o|--output <FOLDER>", isRequired: true)]
    [Description("The folder to be written")]
    public string Output { get; init; } = "";

    [CommandOption("--format <FORMAT>")]
    [Description("safetensors (PyTorch's names), tf-safetensors or h5")]
    [DefaultValue("safetensors")]
    public string Format { get; init; } = "safetensors";

    [CommandOption("--dtype <DTYPE>")]
    [Description("float32, float16 or bfloat16. Default: the dtype that each weight has")]
    public string? DType { get; init; }

    [CommandOption("--max-shard-size <SIZE>")]
    [Description("The size above which weights are split over several files, such as 500MB. Default: 5GB")]
    public string? MaxShardSize { get; init; }

    [CommandOption("--overwrite")]
    [Description("Replaces an output that exists")]
    public bool Overwrite { get; init; }

    public static readonly Dictionary<string, WeightFormat> Formats = new() { ["safetensors"] = WeightFormat.Safetensors, ["tf-safetensors"] = WeightFormat.TensorFlowSafetensors, ["h5"] = WeightFormat.TensorFlowH5 };

    public override ValidationResult Validate() => Formats.ContainsKey(Format) ? ValidationResult.Success() : ValidationResult.Error($"--format is one of {string.Join(", ", Formats.Keys)}, not \"{Format}\"");
}

/// <summary>Converts weights to another format or dtype.</summary>
static class ConvertCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<ConvertSettings>("convert", (_, settings, cancellation) => Run(terminal, settings, cancellation))
        .WithDescription("Writes a model with its weights in another format or dtype")
        .WithExample("convert", "tf-only", "--output", "converted")
        .WithExample("convert", "my-model", "--output", "my-model-bf16", "--dtype", "bfloat16");

    static int Run(Terminal terminal, ConvertSettings settings, CancellationToken cancellation)
    {
        var job = new ConversionJob { Model = settings.Model, Output = settings.Output, Format = ConvertSettings.Formats[settings.Format], DType = settings.DType, Overwrite = settings.Overwrite };
        if (settings.MaxShardSize is { } size) job = job with { MaxShardSize = MaxShardSize.Parse(size) };
        var result = job.Run(cancellation);
        if (settings.Json) terminal.Json(result, CliJson.Default.ConversionResult);
        else Figures.Pairs(terminal, ("files", string.Join(", ", result.Files)), ("size", Figures.Bytes(result.Bytes)), ("written to", result.Output));
        return ExitCodes.Ok;
    }
}
