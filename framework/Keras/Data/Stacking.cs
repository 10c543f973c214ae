namespace Keras.Data;

/// <summary>How rows of different shapes are padded into one batch.</summary>
/// <param name="Shapes">The shape to pad each row to; unknown dimensions take the longest row's size. Null pads all dimensions so.</param>
/// <param name="Values">The padding value; null for 0 and empty strings.</param>
sealed record Padding(Components<Shape>? Shapes, Components<double>? Values)
{
    /// <summary>The size of unknown dimensions; null for that of the longest row.</summary>
    public long? Length { get; init; }

    public ElementSpec Loosened(ElementSpec row)
    {
        var shapes = Shapes?.For(row.Structure, "padded_shapes");
        var index = 0;
        return row.Map(s =>
        {
            var given = shapes?[index++];
            return s with { shape = given ?? (s.shape.HasRank ? new Shape([.. Enumerable.Repeat(-1L, s.shape.Rank)]) : s.shape) };
        });
    }
}

/// <summary>Stacks elements along a new first axis, in memory that the batch owns.</summary>
static class Stacking
{
    /// <param name="rows">Elements of the same structure, dtypes and ranks.</param>
    /// <param name="padding">How rows are padded; null if all must have the same shape.</param>
    /// <param name="stage">The step's name, for messages.</param>
    /// <param name="firstIndex">The index of the first row among the step's elements, for messages.</param>
    /// <exception cref="ShapeMismatchException">Rows differ in shape without padding, or exceed the shape to pad to.</exception>
    public static Element Stack(IReadOnlyList<Element> rows, Padding? padding, string stage, long firstIndex)
    {
        var structure = rows[0].Structure;
        var shapes = padding?.Shapes?.For(structure, "padded_shapes");
        var values = padding?.Values?.For(structure, "padding_values");
        var leaves = new Leaf[structure.Count];
        for (var c = 0; c < leaves.Length; c++)
        {
            var shape = padding is null ? rows[0].Leaves[c].Shape : Padded(rows, c, shapes?[c], padding.Length);
            for (var r = 0; r < rows.Count; r++)
                if (!Fits(rows[r].Leaves[c].Shape, shape, padding is null))
                    throw Misfit(rows, c, r, shape, padding, stage, firstIndex);
            leaves[c] = Stack(rows, c, shape, values?[c] ?? 0);
        }
        return new(structure, leaves);
    }

    static Shape Padded(IReadOnlyList<Element> rows, int component, Shape? given, long? length)
    {
        var dims = new long[rows[0].Leaves[component].Shape.Rank];
        if (given is not null && (!given.HasRank || given.Rank != dims.Length))
            throw new ShapeMismatchException("padded_shapes has another rank than the elements", rows[0].Structure.Paths().ElementAt(component), $"rank {dims.Length}", given.ToString());
        for (var d = 0; d < dims.Length; d++)
            dims[d] = given is not null && given[d] >= 0 ? given[d] : length ?? rows.Max(r => r.Leaves[component].Shape[d]);
        return new(dims);
    }

    static bool Fits(Shape row, Shape padded, bool exactly)
    {
        if (exactly) return row == padded;
        for (var d = 0; d < padded.Rank; d++)
            if (row[d] > padded[d]) return false;
        return true;
    }

    static ShapeMismatchException Misfit(IReadOnlyList<Element> rows, int component, int row, Shape shape, Padding? padding, string stage, long firstIndex)
    {
        var path = rows[0].Structure.Paths().ElementAt(component);
        return new(padding is null ? "Elements of one batch differ in shape" : "An element is larger than the shape it is padded to",
            $"{stage}, element {firstIndex + row}{(path.Length == 0 ? "" : $", component '{path}'")}", $"{(padding is null ? "" : "at most ")}{shape}", $"{rows[row].Leaves[component].Shape}",
            padding is null ? "Use padded_batch, which fills shorter elements up, or let the tokenizer pad." : "Truncate the elements, or pad to a larger shape.");
    }

    static Leaf Stack(IReadOnlyList<Element> rows, int component, Shape shape, double value)
    {
        var first = rows[0].Leaves[component];
        var all = new Shape(rows.Count).Concat(shape);
        var count = checked((int)shape.ElementCount);
        if (first.DType == DType.String)
        {
            var strings = new byte[checked(rows.Count * count)][];
            Array.Fill(strings, []);
            for (var r = 0; r < rows.Count; r++)
                Place<byte[]>(rows[r].Leaves[component].Strings.Span, rows[r].Leaves[component].Shape, strings.AsSpan(r * count, count), shape, 1);
            return Leaf.Of(all, strings);
        }
        var size = first.DType.Size;
        var bytes = new byte[checked(rows.Count * count * size)];
        if (value != 0) Fill(bytes, HostTensor.Scalar(value, first.DType).Data);
        for (var r = 0; r < rows.Count; r++)
            Place<byte>(rows[r].Leaves[component].Bytes.Span, rows[r].Leaves[component].Shape, bytes.AsSpan(r * count * size, count * size), shape, size);
        return Leaf.Of(first.DType, all, bytes);
    }

    static void Fill(Span<byte> bytes, ReadOnlySpan<byte> value)
    {
        for (var at = 0; at < bytes.Length; at += value.Length) value.CopyTo(bytes[at..]);
    }

    /// <summary>Copies a block into the corner of a larger one.</summary>
    static void Place<T>(ReadOnlySpan<T> from, Shape fromShape, Span<T> to, Shape toShape, int unit, int axis = 0)
    {
        if (axis == toShape.Rank || fromShape == toShape)
        {
            from.CopyTo(to);
            return;
        }
        if (axis == toShape.Rank - 1)
        {
            from.CopyTo(to);
            return;
        }
        var (fromRow, toRow) = (Count(fromShape, axis + 1) * unit, Count(toShape, axis + 1) * unit);
        for (var i = 0; i < fromShape[axis]; i++) Place(from.Slice(i * fromRow, fromRow), fromShape, to.Slice(i * toRow, toRow), toShape, unit, axis + 1);
    }

    static int Count(Shape shape, int from)
    {
        var count = 1L;
        for (var d = from; d < shape.Rank; d++) count *= shape[d];
        return checked((int)count);
    }
}
