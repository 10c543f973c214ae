namespace Keras.Data;

/// <summary>Stacks elements into batches.</summary>
sealed class BatchStage(Stage input, int size, bool dropsRemainder, Padding? padding, string name) : Stage(input)
{
    public override string Name => name;

    public override long Cardinality => Input.Cardinality < 0 ? Input.Cardinality : dropsRemainder ? Input.Cardinality / size : (Input.Cardinality + size - 1) / size;

    public override int? BatchSize => size;

    public override ElementSpec? Spec => Input.Spec is { } row ? Batched(padding?.Loosened(row) ?? row) : null;

    public override ElementSpec Loosened(ElementSpec ofFirst)
    {
        var row = ofFirst.Map(s => s with { shape = s.shape[1..] });
        return Batched(padding?.Loosened(row) ?? row);
    }

    ElementSpec Batched(ElementSpec row) => row.Map(s => s with { shape = new Shape(dropsRemainder ? size : -1).Concat(s.shape) });

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        var (likeness, index) = (new Likeness(Name), skip * size);
        var rows = new List<Element>(size);
        foreach (var element in Input.Elements(run, skip * size))
        {
            run.Token.ThrowIfCancellationRequested();
            rows.Add(likeness.Check(element, index++));
            if (rows.Count < size) continue;
            yield return Stacking.Stack(rows, padding, Name, index - rows.Count);
            rows.Clear();
        }
        if (rows.Count > 0 && !dropsRemainder) yield return Stacking.Stack(rows, padding, Name, index - rows.Count);
    }
}

/// <summary>Splits batches into their rows.</summary>
sealed class UnbatchStage(Stage input) : Stage(input)
{
    public override string Name => "unbatch";

    public override long Cardinality => Input.Cardinality switch
    {
        0 => 0,
        Infinite => Infinite,
        > 0 and var batches when Input.Spec?.Flatten() is [{ shape: { HasRank: true, Rank: > 0 } shape }, ..] && shape[0] > 0 => batches * shape[0],
        _ => Unknown,
    };

    public override ElementSpec? Spec => Input.Spec is { } batch && batch.Flatten().All(s => s.shape.HasRank && s.shape.Rank > 0) ? batch.Map(s => s with { shape = s.shape[1..] }) : null;

    public override IEnumerable<Element> Elements(Run run, long skip) => Skipped(All(run), skip);

    IEnumerable<Element> All(Run run)
    {
        var index = 0L;
        foreach (var batch in Input.Elements(run, 0))
        {
            run.Token.ThrowIfCancellationRequested();
            var count = Rows(batch, index++);
            for (var i = 0L; i < count; i++)
            {
                var row = i;
                yield return batch.Map(l => l.Row(row));
            }
        }
    }

    long Rows(Element batch, long index)
    {
        foreach (var leaf in batch.Leaves)
        {
            if (leaf.Shape.Rank == 0) throw new ShapeMismatchException("An element has no rows", $"{Name}, element {index}", "a first dimension", "a scalar");
            if (leaf.Shape[0] != batch.Leaves[0].Shape[0])
                throw new ShapeMismatchException("Components of an element differ in the number of rows", $"{Name}, element {index}", $"{batch.Leaves[0].Shape[0]}", $"{leaf.Shape[0]} (shape {leaf.Shape})");
        }
        return batch.Leaves[0].Shape[0];
    }
}

/// <summary>Batches elements of similar length: each bucket collects until it fills a batch.</summary>
sealed class BucketStage(Stage input, Func<Element, long> length, long[] boundaries, int[] sizes, Padding? padding, bool padsToBoundary, bool dropsRemainder) : Stage(input)
{
    public override string Name => "bucket_by_sequence_length";

    public override long Cardinality => Input.Cardinality == 0 ? 0 : Input.Cardinality == Infinite ? Infinite : Unknown;

    public override IEnumerable<Element> Elements(Run run, long skip) => Skipped(All(run), skip);

    public override ElementSpec Loosened(ElementSpec ofFirst)
    {
        var row = ofFirst.Map(s => s with { shape = s.shape[1..] });
        return (padding?.Loosened(row) ?? row).Map(s => s with { shape = new Shape(-1).Concat(s.shape) });
    }

    IEnumerable<Element> All(Run run)
    {
        var (likeness, index) = (new Likeness(Name), 0L);
        var buckets = sizes.Select(_ => new List<Element>()).ToArray();
        foreach (var element in Input.Elements(run, 0))
        {
            run.Token.ThrowIfCancellationRequested();
            var number = index++;
            likeness.Check(element, number);
            var bucket = BucketOf(element, number);
            buckets[bucket].Add(element);
            if (buckets[bucket].Count < sizes[bucket]) continue;
            yield return Stacked(buckets[bucket], bucket, number);
            buckets[bucket].Clear();
        }
        if (dropsRemainder) yield break;
        for (var bucket = 0; bucket < buckets.Length; bucket++)
            if (buckets[bucket].Count > 0) yield return Stacked(buckets[bucket], bucket, index);
    }

    int BucketOf(Element element, long number)
    {
        var count = Call(number, () => length(element));
        var bucket = Array.FindIndex(boundaries, b => count < b);
        if (bucket >= 0) return bucket;
        return padsToBoundary
            ? throw new ValueRangeException("An element is longer than the last boundary, which it should be padded to", $"{Name}, element {number}", $"a length below {boundaries[^1]}", $"{count}", "Truncate the elements, add a boundary, or leave pad_to_bucket_boundary out.")
            : boundaries.Length;
    }

    Element Stacked(List<Element> rows, int bucket, long index) =>
        Stacking.Stack(rows, padsToBoundary ? padding! with { Length = boundaries[bucket] - 1 } : padding, Name, index);
}
