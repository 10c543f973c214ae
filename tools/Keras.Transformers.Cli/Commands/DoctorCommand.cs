using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class DoctorSettings : CommonSettings
{
    [CommandOption("--install")]
    [Description("Fetches the Torch engine's library (libtorch, 130 MB) by NuGet first, where it is not here")]
    public bool Install { get; init; }
}

/// <summary>Checks which of the library's requirements this machine meets.</summary>
static class DoctorCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<DoctorSettings>("doctor", (_, settings, cancellation) => Run(terminal, settings, cancellation))
        .WithDescription("Shows engines, libraries, versions and caches, and what to do about what is missing. Exit code 1 where no model can run")
        .WithExample("doctor")
        .WithExample("doctor", "--install")
        .WithExample("doctor", "--json");

    static int Run(Terminal terminal, DoctorSettings settings, CancellationToken cancellation)
    {
        if (settings.Install) TerminalProgress.Run(terminal, progress => Install(progress, cancellation));
        var report = SystemReport.Create();
        if (settings.Json) terminal.Json(report, CliJson.Default.SystemReport);
        else Show(terminal, report);
        return report.IsUsable ? ExitCodes.Ok : ExitCodes.Failed;
    }

    static string Install(IProgress<JobProgress> progress, CancellationToken cancellation)
    {
        progress.Report(new("fetching libtorch", 0, null, new Dictionary<string, double>()));
        return SystemReport.InstallEngine(cancellation);
    }

    static void Show(Terminal terminal, SystemReport report)
    {
        Figures.Pairs(terminal, ("Keras.Transformers", report.Version), (".NET", report.Runtime), ("system", report.System), ("threads", $"{report.Processors}"), ("memory", Figures.Bytes(report.MemoryBytes)),
            ("hub", $"{report.Hub}, {(report.HasToken ? "with a token" : "without a token")}"));
        var engines = Figures.Table("engine", "state", "library");
        foreach (var engine in report.Engines)
            engines.Row(engine.Name, engine.IsRunning ? $"runs, {engine.Version}, {string.Join(", ", engine.Devices)}" : engine.Library is null ? "not here" : "here", engine.Library ?? "");
        terminal.Output.Write(engines);
        var caches = Figures.Table("cache", "size:", "files:", "folder");
        foreach (var cache in report.Caches) caches.Row(cache.Name, Figures.Bytes(cache.Bytes), Figures.Count(cache.Files), cache.Folder);
        terminal.Output.Write(caches);
        foreach (var finding in report.Findings)
            terminal.Output.MarkupLine($"[{(finding.Severity == "error" ? "red" : finding.Severity == "warning" ? "yellow" : "blue")}]{finding.Severity}:[/] {Markup.Escape(finding.What)}. {Markup.Escape(finding.Remedy)}");
        if (report.IsUsable && report.Findings.All(f => f.Severity == "note")) terminal.Output.MarkupLine("[green]All is well: models can run.[/]");
        if (!report.IsUsable && report.Engines.Any(e => e is { Name: "torch", Library: null })) terminal.Output.MarkupLine("[green]To mend it:[/] keras-transformers doctor --install fetches libtorch (130 MB) by NuGet, once; then models can run.");
    }
}
