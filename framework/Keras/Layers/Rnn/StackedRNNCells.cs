namespace Keras.Layers;

/// <summary>Stacks recurrent cells: each takes the output of the one below, and has its own states.</summary>
/// <remarks>Source: keras/src/layers/rnn/stacked_rnn_cells.py.</remarks>
public sealed class StackedRNNCells : RnnCell
{
    /// <summary>Stacks recurrent cells: each takes the output of the one below, and has its own states.</summary>
    /// <param name="cells">The cells, the lowest first.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public StackedRNNCells(RnnCell[] cells, string? name = null, DTypePolicy? dtype = null) : base(name, dtype)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Length == 0) throw new ArgumentException("There are no cells to stack. Expected: at least one.", nameof(cells));
        this.cells = [.. cells];
    }

    /// <summary>The cells, the lowest first.</summary>
    public IReadOnlyList<RnnCell> cells { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> state_size => [.. cells.SelectMany(c => c.state_size)];

    internal override IReadOnlyList<Shape> StateShapes => [.. cells.SelectMany(c => c.StateShapes)];

    /// <inheritdoc/>
    public override int output_size => cells[^1].output_size;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        foreach (var cell in cells)
        {
            cell.BuildFor(input_shape);
            input_shape = input_shape.With(-1, cell.output_size);
        }
        built = true;
    }

    internal override object? Draw(Tensor inputs, Tensor[] states, bool training)
    {
        var (drawn, at) = (new object?[cells.Count], 0);
        for (var i = 0; i < drawn.Length; i++)
        {
            var own = states[at..(at += cells[i].state_size.Count)];
            drawn[i] = cells[i].Draw(i == 0 ? inputs : states[at - own.Length - cells[i - 1].state_size.Count], own, training);
        }
        return drawn;
    }

    internal override (Tensor Output, Tensor[] States) Step(Tensor inputs, Tensor[] states, object? drawn)
    {
        var (next, at) = (new List<Tensor>(), 0);
        for (var i = 0; i < cells.Count; i++)
        {
            (inputs, var own) = cells[i].Step(inputs, states[at..(at += cells[i].state_size.Count)], ((object?[]?)drawn)?[i]);
            next.AddRange(own);
        }
        return (inputs, [.. next]);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["cells"] = cells.Select(c => (object?)c.Serialized()).ToArray() };
}
