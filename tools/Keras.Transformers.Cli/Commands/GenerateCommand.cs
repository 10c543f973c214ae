using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class GenerateSettings : CommonSettings
{
    [CommandArgument(0, "<MODEL>")]
    [Description("The model: a folder, or a repository of the hub")]
    public string Model { get; init; } = "";

    [CommandOption("-p|--prompt <TEXT>")]
    [Description("What the text begins with. Default: asked for, one line after the other, until the input ends")]
    public string? Prompt { get; init; }

    [CommandOption("--max-new-tokens <N>")]
    [Description("How many tokens are added at most")]
    [DefaultValue(64)]
    public int MaxNewTokens { get; init; } = 64;

    [CommandOption("--temperature <X>")]
    [Description("How bold the choice is; 0 takes the likeliest token always")]
    [DefaultValue(0.8)]
    public double Temperature { get; init; } = 0.8;

    [CommandOption("--top-p <SHARE>")]
    [Description("Chooses among the likeliest tokens that make up this share")]
    [DefaultValue(0.95)]
    public double TopP { get; init; } = 0.95;

    [CommandOption("--top-k <N>")]
    [Description("Chooses among this many tokens; 0 for all")]
    [DefaultValue(50)]
    public int TopK { get; init; } = 50;

    [CommandOption("--seed <N>")]
    [Description("Makes the text repeatable")]
    public int? Seed { get; init; }

    public override ValidationResult Validate() => Json && Prompt is null ? ValidationResult.Error("--json needs --prompt: one document is of one text") : ValidationResult.Success();
}

/// <summary>Continues a text, token by token.</summary>
static class GenerateCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddAsyncDelegate<GenerateSettings>("generate", (_, settings, cancellation) => RunAsync(terminal, settings, cancellation))
        .WithDescription("Goes on from a text, shown as it comes; without --prompt a conversation line by line")
        .WithExample("generate", "models/gpt2-tiny", "--prompt", "\"animal: a large\"")
        .WithExample("generate", "models/gpt2-tiny", "--temperature", "0");

    static async Task<int> RunAsync(Terminal terminal, GenerateSettings settings, CancellationToken cancellation)
    {
        var job = new GenerationJob { Model = settings.Model, MaxNewTokens = settings.MaxNewTokens, Temperature = settings.Temperature, TopP = settings.TopP, TopK = settings.TopK, Seed = settings.Seed };
        var model = job.Open();
        if (settings.Prompt is { } prompt)
        {
            await OneAsync(terminal, settings, model, prompt, cancellation);
            return ExitCodes.Ok;
        }
        var isAsked = terminal.Error.Profile.Capabilities.Interactive && ReferenceEquals(terminal.Input, Console.In) && !Console.IsInputRedirected;
        if (isAsked) terminal.Error.MarkupLine("[grey]Write how a text begins; an empty line or Ctrl-D ends.[/]");
        while (true)
        {
            if (isAsked) terminal.Error.Markup("[green]> [/]");
            var line = await LineAsync(terminal, isAsked, cancellation);
            if (string.IsNullOrEmpty(line)) return ExitCodes.Ok;
            await OneAsync(terminal, settings, model, line, cancellation);
        }
    }

    /// <summary>Reads a line of input. Reading cannot be cancelled, so Ctrl-C must not wait for it.</summary>
    static async Task<string?> LineAsync(Terminal terminal, bool isAsked, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(terminal.Input.ReadLine, CancellationToken.None).WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (isAsked)
        {
            terminal.Error.WriteLine();
            throw;
        }
    }

    static async Task OneAsync(Terminal terminal, GenerateSettings settings, TextWriterModel model, string prompt, CancellationToken cancellation)
    {
        var (watch, text) = (Stopwatch.StartNew(), new StringBuilder());
        if (!settings.Json) terminal.Write(prompt);
        await foreach (var part in model.ContinueAsync(prompt, cancellation))
        {
            text.Append(part);
            if (!settings.Json) terminal.Write(part);
        }
        if (settings.Json) terminal.Json(new GeneratedDocument(prompt, text.ToString(), watch.Elapsed.TotalSeconds), CliJson.Default.GeneratedDocument);
        else terminal.Write(Environment.NewLine);
    }
}
