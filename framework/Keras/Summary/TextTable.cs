using System.Text;
using System.Text.RegularExpressions;

namespace Keras;

/// <summary>A text table with drawn lines; cells wrap at words, and words that are too long are broken or end in an ellipsis.</summary>
sealed partial class TextTable(IReadOnlyList<TextTable.Column> columns, int[] widths, int length)
{
    readonly List<string[]> _rows = [];

    public enum Alignment
    {
        Left,
        Right,
        Center,
    }

    public sealed record Column(string Header, Alignment Alignment = Alignment.Left);

    public void Add(string[] row) => _rows.Add(row);

    public override string ToString()
    {
        var inner = InnerWidths();
        var text = new StringBuilder();
        Line(text, inner, "┏━┳┓");
        Cells(text, inner, [.. columns.Select(c => c.Header)], '┃');
        Line(text, inner, _rows.Count > 0 ? "┡━╇┩" : "└─┴┘");
        for (var i = 0; i < _rows.Count; i++)
        {
            Cells(text, inner, _rows[i], '│');
            Line(text, inner, i == _rows.Count - 1 ? "└─┴┘" : "├─┼┤");
        }
        return text.ToString();
    }

    /// <summary>The columns' text widths; margins and lines are taken equally from all columns, so that the table has the wanted width.</summary>
    int[] InnerWidths()
    {
        var inner = Array.ConvertAll(widths, w => w + 2);
        var excess = inner.Sum() + inner.Length + 1 - length;
        for (var i = 0; i < inner.Length && excess > 0; i++)
        {
            var share = (int)Math.Round(excess / (double)(inner.Length - i), MidpointRounding.ToEven);
            inner[i] -= share;
            excess -= share;
        }
        return inner;
    }

    static void Line(StringBuilder text, int[] inner, string parts) =>
        text.Append(parts[0]).AppendJoin(parts[2], inner.Select(w => new string(parts[1], w))).Append(parts[3]).Append('\n');

    void Cells(StringBuilder text, int[] inner, string[] cells, char line)
    {
        var wrapped = cells.Select((c, i) => Wrap(c, inner[i] - 2)).ToArray();
        for (var row = 0; row < wrapped.Max(w => w.Count); row++)
        {
            for (var i = 0; i < cells.Length; i++)
            {
                var part = row < wrapped[i].Count ? wrapped[i][row] : "";
                text.Append(line).Append(' ').Append(Aligned(part, inner[i] - 2, columns[i].Alignment)).Append(' ');
            }
            text.Append(line).Append('\n');
        }
    }

    static string Aligned(string part, int width, Alignment alignment) => alignment switch
    {
        Alignment.Right => part.PadLeft(width),
        Alignment.Center => (new string(' ', (width - part.Length) / 2) + part).PadRight(width),
        _ => part.PadRight(width),
    };

    /// <summary>Breaks a text into lines at words; a word that is too long ends in an ellipsis.</summary>
    static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        var (begin, position) = (0, 0);
        foreach (Match word in Word().Matches(text))
        {
            var bare = word.Value.TrimEnd().Length;
            if (position + bare > width)
            {
                if (word.Index > begin && (position > 0 || bare > width))
                {
                    lines.Add(text[begin..word.Index]);
                    begin = word.Index;
                }
                position = word.Length;
            }
            else
            {
                position += word.Length;
            }
        }
        lines.Add(text[begin..]);
        return lines.ConvertAll(l => l.TrimEnd() is var line && line.Length > width ? line[..(width - 1)] + "…" : line);
    }

    [GeneratedRegex(@"\s*\S+\s*")]
    private static partial Regex Word();
}
