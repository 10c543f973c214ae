namespace Keras.Graphs;

/// <summary>Shape functions that many ops share.</summary>
static class ShapeRules
{
    /// <summary>The rule of ops without outputs.</summary>
    public static Shape[] None(ShapeContext c) => [];

    public static Shape[] Scalar(ShapeContext c) => [Shape.Scalar];

    public static Shape[] SameAsFirst(ShapeContext c) => [c[0]];

    public static Shape[] SameAsSecond(ShapeContext c) => [c[1]];

    public static Shape[] Unknown(ShapeContext c) => [Shape.Unknown];

    /// <summary>The rule of ops whose inputs and output all have the same shape.</summary>
    public static Shape[] Merged(ShapeContext c)
    {
        var shape = c[0];
        for (var i = 1; i < c.Inputs.Length; i++)
        {
            if (!shape.IsCompatibleWith(c[i])) throw c.Fail($"inputs of one shape, {shape}", c[i].ToString());
            shape = shape.MergeWith(c[i]);
        }
        return [shape];
    }

    public static Shape[] Broadcast(ShapeContext c)
    {
        var shape = c[0];
        for (var i = 1; i < c.Inputs.Length; i++) shape = Broadcast(c, shape, c[i]);
        return [shape];
    }

    /// <summary>The shape of two tensors broadcast together: aligned at the last axis, dimensions of 1 expanded.</summary>
    public static Shape Broadcast(ShapeContext c, Shape a, Shape b)
    {
        if (!a.HasRank || !b.HasRank) return Shape.Unknown;
        var x = a.Symbolic;
        var y = b.Symbolic;
        var dims = new long[Math.Max(x.Length, y.Length)];
        for (var i = 1; i <= dims.Length; i++)
        {
            var (p, q) = (i <= x.Length ? x[^i] : 1, i <= y.Length ? y[^i] : 1);
            dims[^i] = p == 1 ? q : q == 1 ? p : Symbol.AreEqual(p, q) ? p : p >= 0 && q >= 0 ? throw c.Fail("shapes that broadcast together", $"{a} and {b}")
                : p >= 0 ? p : q >= 0 ? q : -1;
        }
        return Shape.OfSymbolic(dims);
    }

    /// <summary>The most specific shape that covers two shapes.</summary>
    public static Shape Common(Shape a, Shape b)
    {
        if (!a.HasRank || !b.HasRank || a.Rank != b.Rank) return Shape.Unknown;
        var dims = a.Symbolic.ToArray();
        for (var i = 0; i < dims.Length; i++)
            if (!Symbol.AreEqual(dims[i], b.Symbolic[i])) dims[i] = -1;
        return Shape.OfSymbolic(dims);
    }

    /// <summary>Normalises an axis: negative ones count from the end.</summary>
    public static int Axis(ShapeContext c, long axis, int rank)
    {
        if (axis < -rank || axis >= rank) throw c.Fail($"an axis from {-rank} to {rank - 1}", axis.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return (int)(axis < 0 ? axis + rank : axis);
    }

    /// <summary>Normalises axes, each of which may be named only once.</summary>
    public static HashSet<int> Axes(ShapeContext c, long[] axes, int rank)
    {
        var all = axes.Select(a => Axis(c, a, rank)).ToHashSet();
        return all.Count == axes.Length ? all : throw c.Fail("axes that are named once", $"[{string.Join(", ", axes)}]");
    }

    /// <summary>Fails if an input is known not to be a single number.</summary>
    public static void Single(ShapeContext c, int input)
    {
        if (c[input] is { IsFullyKnown: true } shape && shape.ElementCount != 1) throw c.Fail($"'{c.Op.Inputs[input].Name}' of one element", $"shape {shape}");
    }

    /// <summary>Fails unless two inputs are the key and the counter of Philox; engines read both without checking their sizes.</summary>
    public static void RequirePhilox(ShapeContext c, int key, int counter)
    {
        if (!c[key].IsCompatibleWith(new Shape(1))) throw c.Fail("a key of shape (1,)", c[key].ToString());
        if (c[counter] is { HasRank: true } shape && (shape.Rank != 1 || shape[0] is 0 or 1)) throw c.Fail("a counter of shape (2,)", shape.ToString());
    }

    /// <summary>The shape that an integer vector input spells out.</summary>
    public static Shape FromValue(ShapeContext c, int input)
    {
        if (c.Value(input) is { } value) return Shape.OfSymbolic(value.AsDimensions());
        return c[input] is { HasRank: true, IsFullyKnown: true, Rank: 1 } shape ? Shape.OfRank((int)shape[0]) : Shape.Unknown;
    }
}
