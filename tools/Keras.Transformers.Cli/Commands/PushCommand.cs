using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class PushSettings : CommonSettings
{
    [CommandArgument(0, "<FOLDER>")]
    [Description("The model's folder; everything in it goes up")]
    public string Folder { get; init; } = "";

    [CommandArgument(1, "<REPOSITORY>")]
    [Description("The repository, organisation/name; made if need be")]
    public string Repository { get; init; } = "";

    [CommandOption("--message <TEXT>")]
    [Description("The commit's first line")]
    public string? Message { get; init; }

    [CommandOption("--private")]
    [Description("A repository that is made is seen by its owner alone")]
    public bool Private { get; init; }

    [CommandOption("--revision <NAME>")]
    [Description("The branch, made if need be. Default: main")]
    public string? Revision { get; init; }

    [CommandOption("--create-pr")]
    [Description("Makes a pull request instead of a commit to the branch")]
    public bool CreatePr { get; init; }
}

/// <summary>Pushes a model to the hub.</summary>
static class PushCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<PushSettings>("push", (_, settings, cancellation) => Run(terminal, settings, cancellation))
        .WithDescription("Uploads a model's folder to the hub as one commit; the token is HF_TOKEN or what login stored")
        .WithExample("push", "my-model", "my-org/my-model", "--private");

    static int Run(Terminal terminal, PushSettings settings, CancellationToken cancellation)
    {
        var job = new PushJob { Folder = settings.Folder, Repository = settings.Repository, Message = settings.Message, Private = settings.Private ? true : null, Revision = settings.Revision, CreatePullRequest = settings.CreatePr };
        var commit = terminal.Error.Profile.Capabilities.Interactive ? terminal.Error.Status().Start("uploading", _ => job.Run(cancellation)) : job.Run(cancellation);
        if (settings.Json) terminal.Json(commit, CliJson.Default.CommitInfo);
        else Figures.Pairs(terminal, [("commit", commit.oid), ("address", commit.commit_url), .. commit.pr_url is { } request ? [("pull request", request)] : Array.Empty<(string, string)>()]);
        return ExitCodes.Ok;
    }
}
