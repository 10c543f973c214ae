namespace Keras.Graphs;

/// <summary>A call whose output shapes or values are being inferred: its input shapes, known values and attributes.</summary>
sealed record ShapeContext(OpDefinition Op, Attributes Attributes, Tensor[] Inputs) : OpCall(Op, Attributes, Inputs)
{
    /// <summary>The shape of an input.</summary>
    public Shape this[int input] => Inputs[input].shape;

    /// <summary>The most elements of an eager integer tensor whose value is read.</summary>
    const int MaxEagerElements = 256;

    /// <summary>What is known about the value of an input.</summary>
    public PartialValue? Value(int input) => Inputs[input] switch
    {
        SymbolicTensor symbolic => symbolic.Value,
        EagerTensor eager when (eager.dtype.IsInteger || eager.dtype == DType.Bool) && eager.shape.ElementCount <= MaxEagerElements => PartialValue.Of(eager.ToHost()),
        _ => null,
    };

    /// <summary>The whole value of an input, or null.</summary>
    public long[]? Known(int input) => Value(input) is { IsFullyKnown: true } value ? value.Known() : null;

    /// <summary>The shape of an input whose rank this op needs.</summary>
    /// <exception cref="ShapeMismatchException">The rank is unknown or not within the limits.</exception>
    public Shape Ranked(int input, int min = 0, int max = int.MaxValue)
    {
        var shape = this[input];
        if (!shape.HasRank) throw Fail($"input '{InputName(input)}' of known rank", "unknown rank");
        if (shape.Rank < min || shape.Rank > max)
            throw Fail($"input '{InputName(input)}' of rank {(min == max ? min : max == int.MaxValue ? $"at least {min}" : $"{min} to {max}")}", $"shape {shape}");
        return shape;
    }

    public ShapeMismatchException Fail(string expected, string received) => new("Shapes do not fit an operation", NameScope.Path(Op.Name), expected, received);

    string InputName(int input) => input < Op.Inputs.Length ? Op.Inputs[input].Name : $"#{input}";
}
