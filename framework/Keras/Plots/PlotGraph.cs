namespace Keras.Plots;

/// <summary>A field of a box: a label, what is printed bold behind it, and its colours.</summary>
sealed record PlotCell(string Label, string Strong, string Fill = "white", string Ink = "black");

/// <summary>Something with a place in a picture; X and Y are its upper left corner.</summary>
abstract class PlotItem
{
    public double X { get; set; }

    public double Y { get; set; }

    public double Width { get; set; }

    public double Height { get; set; }

    public abstract void Move(double x, double y);
}

/// <summary>A layer: a title over rows of cells.</summary>
sealed class PlotBox(string id, string title, string kind, IReadOnlyList<PlotCell[]> rows) : PlotItem
{
    public string Id => id;

    /// <summary>What the heading shows bold: the name, or the class where names are not shown.</summary>
    public string Title => title;

    /// <summary>What the heading shows behind it; empty for nothing.</summary>
    public string Kind => kind;

    public IReadOnlyList<PlotCell[]> Rows => rows;

    public override void Move(double x, double y) => (X, Y) = (X + x, Y + y);
}

/// <summary>An edge between boxes; the items are what it joins on the level of the picture where both lie.</summary>
sealed record PlotEdge(PlotBox From, PlotBox To, PlotItem FromItem, PlotItem ToItem)
{
    /// <summary>Where it bends, from its beginning to its end.</summary>
    public List<(double X, double Y)> Points { get; } = [];
}

/// <summary>A model: its layers and edges, and which boxes its inputs and outputs are.</summary>
sealed class PlotCluster(string label) : PlotItem
{
    public string Label => label;

    public List<PlotItem> Items { get; } = [];

    public List<PlotEdge> Edges { get; } = [];

    /// <summary>The box that input number i goes to.</summary>
    public Func<int, PlotBox> EntryOf { get; set; } = null!;

    /// <summary>The box that output number i comes from.</summary>
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
