namespace Keras.Data;

/// <summary>A source of the rows of arrays.</summary>
sealed class SlicesStage(Element arrays) : Stage
{
    readonly long _count = arrays.Leaves[0].Shape[0];

    public override string Name => "from_tensor_slices";

    public override long Cardinality => _count;

    public override ElementSpec Spec { get; } = ElementSpec.Of(arrays).Map(s => new(s.shape[1..], s.dtype));

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        for (var i = skip; i < _count; i++)
        {
            run.Token.ThrowIfCancellationRequested();
            var row = i;
            yield return arrays.Map(l => l.Row(row));
        }
    }

    /// <exception cref="ShapeMismatchException">A component is a scalar, or the numbers of rows differ.</exception>
    public static void Check(Element arrays)
    {
        string[] paths = [.. arrays.Structure.Paths()];
        if (paths.Length == 0) throw new ShapeMismatchException("The data hold no arrays", "from_tensor_slices", "at least one array", "none");
        for (var i = 0; i < paths.Length; i++)
        {
            var (where, shape, first) = ($"from_tensor_slices{(paths[i].Length == 0 ? "" : $", component '{paths[i]}'")}", arrays.Leaves[i].Shape, arrays.Leaves[0].Shape);
            if (shape.Rank == 0) throw new ShapeMismatchException("The data have no rows", where, "a first dimension that counts the rows", "a scalar", "Use from_tensors for one element.");
            if (shape[0] != first[0])
                throw new ShapeMismatchException("Arrays differ in the number of rows", where, $"{first[0]} rows as '{paths[0]}'", $"{shape[0]} rows (shape {shape})", "Give every array the same number of rows.");
        }
    }
}

/// <summary>A source of a single element.</summary>
sealed class SingleStage(Element element) : Stage
{
    public override string Name => "from_tensors";

    public override long Cardinality => 1;

    public override ElementSpec Spec { get; } = ElementSpec.Of(element);

    public override IEnumerable<Element> Elements(Run run, long skip) => skip == 0 ? [element] : [];
}

/// <summary>A source made by a user's factory, anew for each iteration.</summary>
sealed class GeneratorStage(Func<CancellationToken, IEnumerable<object?>> generator) : Stage
{
    public override string Name => "from_generator";

    public override long Cardinality => Unknown;

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        var (likeness, index) = (new Likeness(Name), 0L);
        foreach (var item in Guarded(() => generator(run.Token), run.Token))
        {
            var number = index++;
            if (number < skip) continue;
            yield return likeness.Check(Call(number, () => Element.Of(item)), number);
        }
    }
}

/// <summary>A source of a range of integers.</summary>
sealed class RangeStage(long start, long stop, long step) : Stage
{
    public override string Name => "range";

    public override long Cardinality => step > 0 ? Math.Max(0, (stop - start + step - 1) / step) : Math.Max(0, (start - stop - step - 1) / -step);

    public override ElementSpec Spec { get; } = new(ElementStructure.One, [new(Shape.Scalar, DType.Int64)]);

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        for (var i = skip; i < Cardinality; i++)
        {
            run.Token.ThrowIfCancellationRequested();
            yield return Number(start + (i * step));
        }
    }

    public static Element Number(long value) => Element.Of(Leaf.Of(HostTensor.Scalar(value)));
}

/// <summary>Makes rows or batches from row indices.</summary>
sealed class TableStage(string name, long count, Func<long, Element> row) : Stage
{
    public override string Name => name;

    public override long Cardinality => count;

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        for (var i = skip; i < count; i++)
        {
            run.Token.ThrowIfCancellationRequested();
            var index = i;
            yield return Call(index, () => row(index));
        }
    }
}
