using System.ComponentModel;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class CardSettings : CommonSettings
{
    [CommandArgument(0, "<FOLDER>")]
    [Description("The model's folder")]
    public string Folder { get; init; } = "";

    [CommandOption("--name <NAME>")]
    [Description("The model's name. Default: the folder's")]
    public string? Name { get; init; }

    [CommandOption("--language <CODE>")]
    [Description("The code of a language, en; may be repeated")]
    public string[] Languages { get; init; } = [];

    [CommandOption("--license <ID>")]
    [Description("The licence's identifier, apache-2.0")]
    public string? License { get; init; }

    [CommandOption("--tag <WORD>")]
    [Description("A word by which the model is found; may be repeated")]
    public string[] Tags { get; init; } = [];

    [CommandOption("--dataset <NAME>")]
    [Description("The data set: an id of the hub, or a name")]
    public string? Dataset { get; init; }

    [CommandOption("--finetuned-from <MODEL>")]
    [Description("The model of the hub that was fine-tuned")]
    public string? FinetunedFrom { get; init; }

    [CommandOption("--description <MARKDOWN>")]
    [Description("What the model is")]
    public string? Description { get; init; }

    [CommandOption("--overwrite")]
    [Description("Replaces a card that is there")]
    public bool Overwrite { get; init; }
}

/// <summary>Writes a model's README.md.</summary>
static class CardCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<CardSettings>("card", (_, settings, _) => Run(terminal, settings))
        .WithDescription("Writes the model's card, README.md, of its metrics.json and of what you tell")
        .WithExample("card", "my-model", "--license", "apache-2.0", "--language", "en", "--dataset", "my-org/definitions", "--overwrite");

    static int Run(Terminal terminal, CardSettings settings)
    {
        var path = new CardJob
        {
            Folder = settings.Folder, Name = settings.Name, Languages = settings.Languages, License = settings.License, Tags = settings.Tags, Dataset = settings.Dataset, FinetunedFrom = settings.FinetunedFrom,
            Description = settings.Description, Overwrite = settings.Overwrite,
        }.Run();
        if (settings.Json) terminal.Json(new PathDocument(Path.GetFullPath(path), 1, new FileInfo(path).Length), CliJson.Default.PathDocument);
        else Figures.Pairs(terminal, ("written to", Path.GetFullPath(path)));
        return ExitCodes.Ok;
    }
}
