namespace Keras.Plots;

/// <summary>A cell of a box: a label, the bold text after it, and its colours.</summary>
sealed record PlotCell(string Label, string Strong, string Fill = "white", string Ink = "black");

/// <summary>An item with a position in a picture; X and Y are its upper left corner.</summary>
abstract class PlotItem
{
    public double X { get; set; }

    public double Y { get; set; }

    public double Width { get; set; }

    public double Height { get; set; }

    public abstract void Move(double x, double y);
}

/// <summary>The box of a layer: a title above rows of cells.</summary>
sealed class PlotBox(string id, string title, string kind, IReadOnlyList<PlotCell[]> rows) : PlotItem
{
    public string Id => id;

    /// <summary>The bold part of the heading: the name, or the class if names are not shown.</summary>
    public string Title => title;

    /// <summary>The rest of the heading; may be empty.</summary>
    public string Kind => kind;

    public IReadOnlyList<PlotCell[]> Rows => rows;

    public override void Move(double x, double y) => (X, Y) = (X + x, Y + y);
}

/// <summary>An edge between boxes; the items are what it joins in the innermost cluster that contains both.</summary>
sealed record PlotEdge(PlotBox From, PlotBox To, PlotItem FromItem, PlotItem ToItem)
{
    /// <summary>Its bends, from start to end.</summary>
    public List<(double X, double Y)> Points { get; } = [];
}

/// <summary>The cluster of a model: its layers and edges, and the boxes of its inputs and outputs.</summary>
sealed class PlotCluster(string label) : PlotItem
{
    public string Label => label;

    public List<PlotItem> Items { get; } = [];

    public List<PlotEdge> Edges { get; } = [];

    /// <summary>Gives the box that input i goes to.</summary>
    public Func<int, PlotBox> EntryOf { get; set; } = null!;

    /// <summary>Gives the box that output i comes from.</summary>
    public Func<int, PlotBox> ExitOf { get; set; } = null!;

    public override void Move(double x, double y)
    {
        (X, Y) = (X + x, Y + y);
        foreach (var item in Items) item.Move(x, y);
        foreach (var edge in Edges)
            for (var i = 0; i < edge.Points.Count; i++) edge.Points[i] = (edge.Points[i].X + x, edge.Points[i].Y + y);
    }

    public void Join(PlotItem from, int output, PlotItem to, int input)
    {
        var (source, target) = (from is PlotCluster left ? left.ExitOf(output) : (PlotBox)from, to is PlotCluster right ? right.EntryOf(input) : (PlotBox)to);
        if (!Edges.Exists(e => e.From == source && e.To == target)) Edges.Add(new(source, target, from, to));
    }
}
