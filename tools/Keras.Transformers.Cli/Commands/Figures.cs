using System.Globalization;
using Spectre.Console;

namespace Keras.Transformers.Cli.Commands;

/// <summary>Formats numbers and tables for people.</summary>
static class Figures
{
    static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    public static string Bytes(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        for (; size >= 1000 && unit < Units.Length - 1; unit++) size /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {Units[unit]}");
    }

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Figure(double value) => value.ToString(Math.Abs(value) is >= 1e-3 or 0 ? "0.####" : "0.###e-0", CultureInfo.InvariantCulture);

    public static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s");

    /// <summary>Prints rows of a name and a value, without lines.</summary>
    public static void Pairs(Terminal terminal, params IEnumerable<(string Name, string Value)> rows)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach (var (name, value) in rows) grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
        terminal.Output.Write(grid);
    }

    /// <summary>Makes a table; columns whose name ends in ":" are right-aligned.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            var made = new TableColumn(Markup.Escape(column.TrimEnd(':')));
            table.AddColumn(column[^1] == ':' ? made.RightAligned().NoWrap() : made);
        }
        return table;
    }

    public static void Row(this Table table, params IEnumerable<string> cells) => table.AddRow(cells.Select(c => new Text(c)));
}
