namespace Keras.Data;

/// <summary>Applies a function to each element, on one thread or several.</summary>
sealed class MapStage(Stage input, Func<Element, Element> function, int? workers, bool? deterministic) : Stage(input)
{
    /// <summary>The number of earlier steps; with the iteration's branch it distinguishes steps that share a generator.</summary>
    readonly ulong _depth = (ulong)input.AllStages().Count();

    public override string Name => "map";

    public override int? BatchSize => Input.BatchSize;

    public override long Cardinality => Input.Cardinality;

    public override ElementSpec Loosened(ElementSpec ofFirst)
    {
        // If the first dimension varies in the input, it varies in the output too.
        var first = Input.KnownSpec(new(0, true, default)).Flatten();
        return first.Count > 0 && first.All(s => s.shape.HasRank && s.shape.Rank > 0 && s.shape[0] < 0)
            ? ofFirst.Map(s => s.shape.Rank > 0 ? s with { shape = new Shape(-1).Concat(s.shape[1..]) } : s) : ofFirst;
    }

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        var (likeness, index) = (new Likeness(Name), skip);
        var input = Input.Elements(run, skip);
        if (workers is not { } threads)
        {
            foreach (var element in input)
            {
                run.Token.ThrowIfCancellationRequested();
                yield return likeness.Check(Apply(run, element, index), index);
                index++;
            }
            yield break;
        }
        using var pump = new Pump(input, (e, i) => Apply(run, e, i + skip), threads, 2 * threads, deterministic ?? run.IsDeterministic, run.Token);
        while (pump.Next() is { } element) yield return likeness.Check(element, index++);
    }

    /// <summary>Applies the function; its random draws depend only on the iteration, step and element, not on the thread.</summary>
    Element Apply(Run run, Element element, long index)
    {
        using var draws = SeedGenerator.ForElement(Seeds.Mix(Seeds.Mix(Seeds.Mix(run.Epoch, run.Branch), _depth), (ulong)index));
        return Call(index, () => function(element));
    }
}

/// <summary>Keeps the elements that satisfy a predicate.</summary>
sealed class FilterStage(Stage input, Func<Element, bool> predicate) : Stage(input)
{
    public override string Name => "filter";

    public override int? BatchSize => Input.BatchSize;

    public override long Cardinality => Input.Cardinality == 0 ? 0 : Unknown;

    public override ElementSpec? Spec => Input.Spec;

    public override IEnumerable<Element> Elements(Run run, long skip) => Skipped(All(run), skip);

    IEnumerable<Element> All(Run run)
    {
        var index = 0L;
        foreach (var element in Input.Elements(run, 0))
        {
            run.Token.ThrowIfCancellationRequested();
            var number = index++;
            if (Call(number, () => predicate(element))) yield return element;
        }
    }
}

/// <summary>Pairs each element with its index.</summary>
sealed class EnumerateStage(Stage input, long start) : Stage(input)
{
    public override string Name => "enumerate";

    public override long Cardinality => Input.Cardinality;

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        var number = start + skip;
        foreach (var element in Input.Elements(run, skip)) yield return Element.Of([RangeStage.Number(number++), element]);
    }
}

/// <summary>Prepares elements ahead of the reader, on another thread.</summary>
sealed class PrefetchStage(Stage input, int size) : Stage(input)
{
    public override string Name => "prefetch";

    public override int? BatchSize => Input.BatchSize;

    public override long Cardinality => Input.Cardinality;

    public override ElementSpec? Spec => Input.Spec;

    public override ElementSpec Loosened(ElementSpec ofFirst) => Input.Loosened(ofFirst);

    public override IEnumerable<Element> Elements(Run run, long skip) => size == 0 ? Input.Elements(run, skip) : Ahead(Input.Elements(run, skip), size, run.Token);

    public static IEnumerable<Element> Ahead(IEnumerable<Element> elements, int size, CancellationToken token)
    {
        using var pump = new Pump(elements, (e, _) => e, workers: 1, size, inOrder: true, token);
        while (pump.Next() is { } element) yield return element;
    }
}

/// <summary>Settings for the whole pipeline, or a token that ends it.</summary>
sealed class OptionsStage(Stage input, bool? deterministic, CancellationToken token) : Stage(input)
{
    public override string Name => "with_options";

    public override int? BatchSize => Input.BatchSize;

    public override long Cardinality => Input.Cardinality;

    public override ElementSpec? Spec => Input.Spec;

    public override ElementSpec Loosened(ElementSpec ofFirst) => Input.Loosened(ofFirst);

    public bool? IsDeterministic => deterministic;

    public CancellationToken Token => token;

    public override IEnumerable<Element> Elements(Run run, long skip) => Input.Elements(run, skip);
}
