using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Keras.Transformers.Cli.Commands;

sealed class InspectSettings : CommonSettings
{
    [CommandArgument(0, "<PATH>")]
    [Description("A file (.safetensors, .h5, .bin, an index of shards, saved_model.pb) or a folder with one")]
    public string Path { get; init; } = "";

    [CommandOption("--diff <PATH>")]
    [Description("Another one, to say how the two differ")]
    public string? Diff { get; init; }

    [CommandOption("--filter <TEXT>")]
    [Description("Only weights whose names hold this text")]
    public string? Filter { get; init; }
}

/// <summary>Shows the content of a weight file, or how two differ.</summary>
static class InspectCommand
{
    public static void Add(IConfigurator config, Terminal terminal) => config.AddDelegate<InspectSettings>("inspect", (_, settings, cancellation) => Run(terminal, settings, cancellation))
        .WithDescription("Shows the weights of a file or folder, or how two differ. Exit code 1 where they differ")
        .WithExample("inspect", "models/bert-tiny")
        .WithExample("inspect", "models/bert-tiny", "--filter", "attention")
        .WithExample("inspect", "before/model.safetensors", "--diff", "after/model.safetensors", "--json");

    static int Run(Terminal terminal, InspectSettings settings, CancellationToken cancellation)
    {
        bool IsMeant(string name) => settings.Filter is not { } filter || name.Contains(filter, StringComparison.OrdinalIgnoreCase);
        if (settings.Diff is { } other)
        {
            var all = WeightInspection.Diff(settings.Path, other, cancellation);
            var differences = all with { Differences = [.. all.Differences.Where(d => IsMeant(d.Name))] };
            if (settings.Json) terminal.Json(differences, CliJson.Default.WeightDifferences);
            else Show(terminal, differences);
            return differences.Differences.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        }
        var found = WeightInspection.Of(settings.Path);
        found = found with { Weights = [.. found.Weights.Where(w => IsMeant(w.Name))] };
        if (settings.Json) terminal.Json(found, CliJson.Default.WeightInspection);
        else Show(terminal, found);
        return ExitCodes.Ok;
    }

    static void Show(Terminal terminal, WeightInspection found)
    {
        var table = Figures.Table("name", "shape:", "dtype", "size:");
        foreach (var weight in found.Weights) table.Row(weight.Name, string.Join(" x ", weight.Shape), weight.DType, Figures.Bytes(weight.Bytes));
        terminal.Output.Write(table);
        Figures.Pairs(terminal,
        [
            ("file", found.Location), ("format", found.Format), .. found.Metadata.Select(m => (m.Key.Contains(' ', StringComparison.Ordinal) ? m.Key : $"says {m.Key}", m.Value)), ("weights", Figures.Count(found.Weights.Count)),
            ("numbers", $"{Figures.Count(found.Elements)}{(found.ElementsByDType.Count > 1 ? $" ({string.Join(", ", found.ElementsByDType.Select(d => $"{d.Key} {Figures.Count(d.Value)}"))})" : "")}"), ("size", Figures.Bytes(found.Bytes)),
        ]);
    }

    static void Show(Terminal terminal, WeightDifferences found)
    {
        if (found.Differences.Count > 0)
        {
            var table = Figures.Table("name", "differs in", "first", "second", "most apart:");
            foreach (var d in found.Differences) table.Row(d.Name, d.Kind, d.First ?? "", d.Second ?? "", d.MostApart is { } most ? Figures.Figure(most) : "");
            terminal.Output.Write(table);
        }
        Figures.Pairs(terminal, ("first", found.First), ("second", found.Second), ("equal", Figures.Count(found.Equal)), ("different", Figures.Count(found.Differences.Count)));
    }
}
