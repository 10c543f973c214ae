using System.Globalization;
using System.Net;
using System.Text;

namespace Keras.Plots;

/// <summary>Draws a model as SVG.</summary>
static class SvgText
{
    const string Font = "Helvetica, Arial, 'Liberation Sans', sans-serif";

    /// <param name="cluster">The model, already laid out.</param>
    /// <param name="horizontal">Whether it flows from left to right.</param>
    /// <param name="dpi">Dots per inch, which set the size.</param>
    /// <param name="splines">How edges are drawn.</param>
    public static string Of(PlotCluster cluster, bool horizontal, int dpi, string splines)
    {
        var text = new StringBuilder();
        var scale = dpi / 96.0;
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{cluster.Width * scale:0.##}\" height=\"{cluster.Height * scale:0.##}\" viewBox=\"0 0 {cluster.Width:0.##} {cluster.Height:0.##}\" font-family=\"{Font}\">\n");
        text.Append("<defs><marker id=\"arrow\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"10\" markerHeight=\"10\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0,0 L10,5 L0,10 z\"/></marker></defs>\n");
        text.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        Draw(text, cluster, horizontal, splines);
        return text.Append("</svg>\n").ToString();
    }

    static void Draw(StringBuilder text, PlotCluster cluster, bool horizontal, string splines)
    {
        foreach (var item in cluster.Items)
            if (item is PlotCluster inner)
            {
                text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{inner.X:0.##}\" y=\"{inner.Y:0.##}\" width=\"{inner.Width:0.##}\" height=\"{inner.Height:0.##}\" fill=\"none\" stroke=\"black\" stroke-dasharray=\"6 4\"/>\n");
                text.Append(CultureInfo.InvariantCulture, $"<text x=\"{inner.X + 8:0.##}\" y=\"{inner.Y + 17:0.##}\" font-size=\"14\">{Escaped(inner.Label)}</text>\n");
                Draw(text, inner, horizontal, splines);
            }
            else Draw(text, (PlotBox)item);
        foreach (var edge in cluster.Edges) text.Append(CultureInfo.InvariantCulture, $"<path d=\"{Path(edge.Points, horizontal, splines)}\" fill=\"none\" stroke=\"black\" stroke-width=\"2\" marker-end=\"url(#arrow)\"/>\n");
    }

    static void Draw(StringBuilder text, PlotBox box)
    {
        Cell(text, box.X, box.Y, box.Width, PlotLayout.Title, "black", "white", 16, strongFirst: true, box.Title, box.Kind);
        var y = box.Y + PlotLayout.Title;
        foreach (var row in box.Rows)
        {
            double[] needs = [.. row.Select(c => TextWidth.Of(c.Label, 14, false) + TextWidth.Of(c.Strong, 14, true) + 20)];
            var x = box.X;
            for (var i = 0; i < row.Length; i++)
            {
                var width = needs[i] + ((box.Width - needs.Sum()) / row.Length);
                Cell(text, x, y, width, PlotLayout.Row, row[i].Fill, row[i].Ink, 14, strongFirst: false, row[i].Label, row[i].Strong);
                x += width;
            }
            y += PlotLayout.Row;
        }
    }

    static void Cell(StringBuilder text, double x, double y, double width, double height, string fill, string ink, int size, bool strongFirst, string first, string second)
    {
        const string bold = " font-weight=\"bold\"";
        text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"{fill}\" stroke=\"black\"/>");
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + (width / 2):0.##}\" y=\"{y + (height / 2) + (size * 0.35):0.##}\" font-size=\"{size}\" text-anchor=\"middle\" fill=\"{ink}\" xml:space=\"preserve\">");
        text.Append(CultureInfo.InvariantCulture, $"<tspan{(strongFirst ? bold : "")}>{Escaped(first)}</tspan><tspan{(strongFirst ? "" : bold)}>{Escaped(second)}</tspan></text>\n");
    }

    /// <summary>The path of an edge: right angles, curves or straight lines.</summary>
    static string Path(List<(double X, double Y)> points, bool horizontal, string splines)
    {
        var path = new StringBuilder();
        string At(double along, double across) => horizontal ? string.Create(CultureInfo.InvariantCulture, $"{along:0.##},{across:0.##}") : string.Create(CultureInfo.InvariantCulture, $"{across:0.##},{along:0.##}");
        (double Along, double Across) Turned((double X, double Y) p) => horizontal ? (p.X, p.Y) : (p.Y, p.X);
        var before = Turned(points[0]);
        path.Append('M').Append(At(before.Along, before.Across));
        foreach (var point in points.Skip(1).Select(Turned))
        {
            // The bend is in the free space before a rank.
            var bend = Math.Max(point.Along - (PlotLayout.Gap / 2), (before.Along + point.Along) / 2);
            if (Math.Abs(before.Across - point.Across) < 0.01 || splines is "line" or "polyline") path.Append(" L").Append(At(point.Along, point.Across));
            else if (splines == "ortho" && Math.Abs(before.Along - point.Along) > 0.01) path.Append(" L").Append(At(bend, before.Across)).Append(" L").Append(At(bend, point.Across)).Append(" L").Append(At(point.Along, point.Across));
            else if (splines == "ortho") path.Append(" L").Append(At(point.Along, point.Across));
            else path.Append(" C").Append(At(bend, before.Across)).Append(' ').Append(At(bend, point.Across)).Append(' ').Append(At(point.Along, point.Across));
            before = point;
        }
        return path.ToString();
    }

    static string Escaped(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>Describes a model as text for Graphviz.</summary>
static class DotText
{
    public static string Of(PlotCluster cluster, string rankdir, int dpi, string splines, bool subgraph)
    {
        var text = new StringBuilder();
        if (subgraph) Nested(text, cluster, "");
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"digraph G {{\n  rankdir={rankdir};\n  concentrate=true;\n  dpi={dpi};\n  splines={splines};\n  node [shape=plain, fontname=\"Helvetica\"];\n");
            Body(text, cluster, "  ");
            text.Append("}\n");
        }
        return text.ToString();
    }

    static void Nested(StringBuilder text, PlotCluster cluster, string indent)
    {
        text.Append(indent).Append("subgraph ").Append(Quoted($"cluster_{cluster.Label}_{IdOf(cluster)}")).Append(" {\n");
        text.Append(indent).Append("  style=dashed;\n").Append(indent).Append("  label=").Append(Quoted(cluster.Label)).Append(";\n").Append(indent).Append("  labeljust=l;\n");
        Body(text, cluster, indent + "  ");
        text.Append(indent).Append("}\n");
    }

    /// <summary>A unique id, because two models may have the same name.</summary>
    static string IdOf(PlotItem item) => item is PlotCluster cluster ? IdOf(cluster.Items[0]) : ((PlotBox)item).Id;

    static void Body(StringBuilder text, PlotCluster cluster, string indent)
    {
        foreach (var item in cluster.Items)
            if (item is PlotCluster inner) Nested(text, inner, indent);
            else text.Append(indent).Append(((PlotBox)item).Id).Append(" [label=<").Append(Table((PlotBox)item)).Append(">];\n");
        foreach (var edge in cluster.Edges) text.Append(indent).Append(edge.From.Id).Append(" -> ").Append(edge.To.Id).Append(" [penwidth=2];\n");
    }

    static string Table(PlotBox box)
    {
        var columns = Math.Max(1, box.Rows.Select(r => r.Length).Append(1).Max());
        var text = new StringBuilder("<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"10\">");
        text.Append(CultureInfo.InvariantCulture, $"<tr><td colspan=\"{columns}\" bgcolor=\"black\"><font point-size=\"16\" color=\"white\"><b>{WebUtility.HtmlEncode(box.Title)}</b>{WebUtility.HtmlEncode(box.Kind)}</font></td></tr>");
        foreach (var row in box.Rows)
        {
            text.Append("<tr>");
            foreach (var cell in row)
                text.Append(CultureInfo.InvariantCulture, $"<td bgcolor=\"{cell.Fill}\"{(row.Length < columns ? $" colspan=\"{columns}\"" : "")}><font point-size=\"14\" color=\"{cell.Ink}\">{WebUtility.HtmlEncode(cell.Label)}<b>{WebUtility.HtmlEncode(cell.Strong)}</b></font></td>");
            text.Append("</tr>");
        }
        return text.Append("</table>").ToString();
    }

    static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
