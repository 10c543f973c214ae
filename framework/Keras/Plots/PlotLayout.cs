namespace Keras.Plots;

/// <summary>Lays out the items of a cluster in ranks along the flow, each after its inputs, ordered so that few edges cross.</summary>
/// <remarks>Method: Sugiyama et al. 1981 (ranks by longest path, positions by the mean of neighbours); edges over several ranks have a slot in each.</remarks>
sealed class PlotLayout
{
    public const double Title = 30, Row = 30, Gap = 44, Side = 24, Inset = 18, LabelHeight = 22;

    const int Sweeps = 12;

    readonly PlotCluster _cluster;
    readonly bool _horizontal;

    /// <summary>A slot in a rank: an item, or a passing edge.</summary>
    sealed class Slot(PlotItem? item, int rank, double along, double across)
    {
        public PlotItem? Item => item;
        public int Rank => rank;
        public double Along => along;
        public double Across => across;
        public double Middle { get; set; }
        public List<Slot> Before { get; } = [];
        public List<Slot> After { get; } = [];
    }

    PlotLayout(PlotCluster cluster, bool horizontal) => (_cluster, _horizontal) = (cluster, horizontal);

    /// <summary>Places everything in a cluster and sets its size; its upper left corner is at 0, 0.</summary>
    public static void Place(PlotCluster cluster, bool horizontal, bool isNested = false)
    {
        foreach (var item in cluster.Items)
            if (item is PlotCluster inner) Place(inner, horizontal, isNested: true);
            else Measure((PlotBox)item);
        new PlotLayout(cluster, horizontal).Run(isNested);
    }

    static void Measure(PlotBox box)
    {
        var widths = box.Rows.Select(row => row.Sum(c => TextWidth.Of(c.Label, 14, bold: false) + TextWidth.Of(c.Strong, 14, bold: true) + 20));
        box.Width = Math.Max(widths.Append(0).Max(), TextWidth.Of(box.Title, 16, bold: true) + TextWidth.Of(box.Kind, 16, bold: false) + 24);
        box.Height = Title + (Row * box.Rows.Count);
    }

    void Run(bool isNested)
    {
        var (ranks, paths) = Ranks();
        Order(ranks);
        Align(ranks);
        var starts = new double[ranks.Count];
        for (var i = 1; i < ranks.Count; i++) starts[i] = starts[i - 1] + ranks[i - 1].Max(s => s.Along) + Gap;
        foreach (var slot in ranks.SelectMany(r => r))
            if (slot.Item is { } item)
            {
                var (along, across) = (starts[slot.Rank] + ((ranks[slot.Rank].Max(s => s.Along) - slot.Along) / 2), slot.Middle - (slot.Across / 2));
                if (_horizontal) item.Move(along, across);
                else item.Move(across, along);
            }
        foreach (var (edge, path) in paths) Route(edge, path, ranks, starts);
        Frame(ranks, starts, isNested);
    }

    /// <summary>Assigns ranks by the longest path from an input; edges against the model's order (to a layer that is called twice) do not count.</summary>
    (List<List<Slot>> Ranks, List<(PlotEdge Edge, Slot[] Path)> Paths) Ranks()
    {
        var place = _cluster.Items.Select((item, i) => (item, i)).ToDictionary(p => p.item, p => p.i);
        var rank = new int[_cluster.Items.Count];
        var forward = _cluster.Edges.Where(e => place[e.FromItem] < place[e.ToItem]).OrderBy(e => place[e.FromItem]).ToArray();
        foreach (var item in _cluster.Items)
            foreach (var edge in forward.Where(e => e.FromItem == item)) rank[place[edge.ToItem]] = Math.Max(rank[place[edge.ToItem]], rank[place[item]] + 1);
        var ranks = Enumerable.Range(0, rank.Length == 0 ? 0 : rank.Max() + 1).Select(_ => new List<Slot>()).ToList();
        var slots = new Dictionary<PlotItem, Slot>();
        foreach (var item in _cluster.Items)
        {
            var slot = slots[item] = new(item, rank[place[item]], _horizontal ? item.Width : item.Height, _horizontal ? item.Height : item.Width);
            ranks[slot.Rank].Add(slot);
        }
        var paths = new List<(PlotEdge, Slot[])>();
        foreach (var edge in _cluster.Edges)
        {
            List<Slot> path = [slots[edge.FromItem]];
            for (var r = path[0].Rank + 1; r < slots[edge.ToItem].Rank; r++)
            {
                var passing = new Slot(null, r, 0, 8);
                ranks[r].Add(passing);
                path.Add(passing);
            }
            path.Add(slots[edge.ToItem]);
            if (path[0].Rank < path[^1].Rank)
                for (var i = 1; i < path.Count; i++)
                {
                    path[i - 1].After.Add(path[i]);
                    path[i].Before.Add(path[i - 1]);
                }
            paths.Add((edge, [.. path]));
        }
        return (ranks, paths);
    }

    /// <summary>Orders each rank by the mean position of its neighbours, alternately downwards and upwards.</summary>
    static void Order(List<List<Slot>> ranks)
    {
        var at = new Dictionary<Slot, int>();
        void Number(List<Slot> rank)
        {
            for (var i = 0; i < rank.Count; i++) at[rank[i]] = i;
        }
        ranks.ForEach(Number);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var down = sweep % 2 == 0;
            foreach (var rank in down ? ranks : ranks.AsEnumerable().Reverse())
            {
                var sorted = rank.OrderBy(s => (down ? s.Before : s.After) is { Count: > 0 } near ? near.Average(n => at[n]) : at[s]).ToList();
                rank.Clear();
                rank.AddRange(sorted);
                Number(rank);
            }
        }
    }

    /// <summary>Moves centres close to those of their neighbours, keeping order and distances.</summary>
    static void Align(List<List<Slot>> ranks)
    {
        foreach (var rank in ranks) Spread(rank, rank.Select(_ => 0.0).ToArray());
        for (var sweep = 0; sweep < 2 * Sweeps; sweep++)
            foreach (var rank in sweep % 2 == 0 ? ranks : ranks.AsEnumerable().Reverse())
                Spread(rank, [.. rank.Select(s => (sweep % 2 == 0 ? s.Before : s.After) is { Count: > 0 } near ? near.Average(n => n.Middle) : s.Middle)]);
    }

    /// <summary>Places a rank at the wanted centres; slots that would touch form a group around the mean of their wanted centres.</summary>
    static void Spread(List<Slot> rank, double[] wanted)
    {
        var blocks = new List<(int First, int Last, double Start, double Length)>();
        double Want(int i) => wanted[i] - (rank[i].Across / 2);
        for (var i = 0; i < rank.Count; i++)
        {
            blocks.Add((i, i, Want(i), rank[i].Across));
            while (blocks is [.., var left, var right] && left.Start + left.Length + Side > right.Start)
            {
                blocks.RemoveRange(blocks.Count - 2, 2);
                var (offset, sum) = (0.0, 0.0);
                for (var k = left.First; k <= right.Last; k++)
                {
                    sum += Want(k) - offset;
                    offset += rank[k].Across + Side;
                }
                blocks.Add((left.First, right.Last, sum / (right.Last - left.First + 1), offset - Side));
            }
        }
        foreach (var (first, last, start, _) in blocks)
            for (var (k, place) = (first, start); k <= last; place += rank[k].Across + Side, k++) rank[k].Middle = place + (rank[k].Across / 2);
    }

    void Route(PlotEdge edge, Slot[] path, List<List<Slot>> ranks, double[] starts)
    {
        void Add(double along, double across) => edge.Points.Add(_horizontal ? (along, across) : (across, along));
        (double Begin, double End, double Middle) Of(PlotBox box) => _horizontal ? (box.X, box.X + box.Width, box.Y + (box.Height / 2)) : (box.Y, box.Y + box.Height, box.X + (box.Width / 2));
        var (from, to) = (Of(edge.From), Of(edge.To));
        Add(from.End, from.Middle);
        if (path[0].Rank >= path[^1].Rank)
        {
            // An edge back to a layer that was called before goes around everything between, on the far side.
            var far = ranks[path[^1].Rank..(path[0].Rank + 1)].SelectMany(r => r).Max(s => s.Middle + (s.Across / 2)) + Side;
            Add(from.End + (Gap / 4), from.Middle);
            Add(from.End + (Gap / 4), far);
            Add(to.Begin - (Gap / 4), far);
            Add(to.Begin - (Gap / 4), to.Middle);
        }
        else
        {
            foreach (var slot in path[1..^1])
            {
                Add(starts[slot.Rank], slot.Middle);
                Add(starts[slot.Rank] + ranks[slot.Rank].Max(s => s.Along), slot.Middle);
            }
        }
        Add(to.Begin, to.Middle);
    }

    void Frame(List<List<Slot>> ranks, double[] starts, bool isNested)
    {
        var (left, top) = (_cluster.Items.Min(i => i.X), _cluster.Items.Min(i => i.Y));
        var points = _cluster.Edges.SelectMany(e => e.Points).ToArray();
        (left, top) = (points.Select(p => p.X).Append(left).Min(), points.Select(p => p.Y).Append(top).Min());
        var right = points.Select(p => p.X).Concat(_cluster.Items.Select(i => i.X + i.Width)).Max();
        var bottom = points.Select(p => p.Y).Concat(_cluster.Items.Select(i => i.Y + i.Height)).Max();
        var (inset, label) = isNested ? (Inset, LabelHeight) : (4, 0);
        _cluster.Move(inset - left, inset + label - top);
        (_cluster.X, _cluster.Y) = (0, 0);
        _cluster.Width = Math.Max(right - left + (2 * inset), isNested ? TextWidth.Of(_cluster.Label, 14, bold: false) + (2 * inset) : 0);
        _cluster.Height = bottom - top + (2 * inset) + label;
    }
}

/// <summary>Estimates the width of a text in Helvetica.</summary>
static class TextWidth
{
    public static double Of(string text, double size, bool bold) => text.Sum(c => Share(c)) * size * (bold ? 1.07 : 1);

    static double Share(char c) => c switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 0.26,
        't' or 'f' or 'r' or ' ' or '(' or ')' or '[' or ']' or '/' or '-' => 0.34,
        'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.88,
        >= 'A' and <= 'Z' => 0.7,
        < '\u0080' => 0.56,
        _ => 1,
    };
}
