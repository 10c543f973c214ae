namespace Keras.Data;

/// <summary>Joins the elements of several pipelines, index by index.</summary>
sealed class ZipStage(Stage[] inputs) : Stage(inputs)
{
    public override string Name => "zip";

    public override long Cardinality
    {
        get
        {
            long[] finite = [.. Inputs.Select(i => i.Cardinality).Where(c => c != Infinite)];
            return finite.Length == 0 ? Infinite : finite.Contains(Unknown) ? Unknown : finite.Min();
        }
    }

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        var walks = Inputs.Select((input, i) => input.Elements(run.Input(i), skip).GetEnumerator()).ToArray();
        try
        {
            while (Array.TrueForAll(walks, w => w.MoveNext())) yield return Element.Of([.. walks.Select(w => w.Current)]);
        }
        finally
        {
            foreach (var walk in walks) walk.Dispose();
        }
    }
}

/// <summary>Gives one pipeline's elements after another's.</summary>
sealed class ConcatenateStage(Stage first, Stage second) : Stage(first, second)
{
    public override string Name => "concatenate";

    public override long Cardinality => first.Cardinality == Infinite || second.Cardinality == Infinite ? Infinite
        : first.Cardinality == Unknown || second.Cardinality == Unknown ? Unknown : first.Cardinality + second.Cardinality;

    public override IEnumerable<Element> Elements(Run run, long skip) => first.Cardinality >= 0
        ? Checked(skip >= first.Cardinality ? second.Elements(run.Input(1), skip - first.Cardinality) : Both(run, skip), skip)
        : Skipped(Checked(Both(run, 0), 0), skip);

    IEnumerable<Element> Both(Run run, long skip) => first.Elements(run.Input(0), skip).Concat(second.Elements(run.Input(1), 0));

    IEnumerable<Element> Checked(IEnumerable<Element> elements, long index)
    {
        var likeness = new Likeness(Name);
        foreach (var element in elements) yield return likeness.Check(element, index++);
    }
}

/// <summary>Takes elements from several pipelines, as a pipeline of indices says.</summary>
sealed class ChooseStage(Stage choices, Stage[] inputs, bool stopsOnEmpty, string name) : Stage([choices, .. inputs])
{
    public override string Name => name;

    public override long Cardinality => Unknown;

    public override IEnumerable<Element> Elements(Run run, long skip) => Skipped(All(run), skip);

    IEnumerable<Element> All(Run run)
    {
        var (likeness, index, left) = (new Likeness(Name), 0L, inputs.Length);
        var walks = inputs.Select((input, i) => input.Elements(run.Input(i + 1), 0).GetEnumerator()).ToArray();
        var ended = new bool[walks.Length];
        try
        {
            foreach (var choice in choices.Elements(run.Input(0), 0))
            {
                var number = Call(index, () => Chosen(choice));
                if (!ended[number] && walks[number].MoveNext())
                {
                    yield return likeness.Check(walks[number].Current, index++);
                    continue;
                }
                if (!ended[number]) left--;
                ended[number] = true;
                if (stopsOnEmpty || left == 0) yield break;
            }
        }
        finally
        {
            foreach (var walk in walks) walk.Dispose();
        }
    }

    int Chosen(Element choice)
    {
        if (choice.Leaves is not [{ Shape.ElementCount: 1, DType.IsInteger: true } leaf])
            throw new ShapeMismatchException("A choice is not a number", Name, "one whole number per element", $"{choice.Structure.Text} of shape {choice.Leaves[0].Shape}");
        var number = HostTensor.OfBytes(leaf.DType, leaf.Shape, leaf.Bytes.ToArray()).ToInt64()[0];
        return number >= 0 && number < inputs.Length ? (int)number
            : throw new ValueRangeException("A choice is not the number of a pipeline", Name, $"0 to {inputs.Length - 1}", $"{number}");
    }
}

/// <summary>Draws indices with given weights, endlessly.</summary>
sealed class DrawStage(double[] weights, long seed, bool rerandomizes) : Stage
{
    public override string Name => "sample_from_datasets";

    public override long Cardinality => Infinite;

    public override long? Seed { get; set; } = seed;

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        var random = Seeds.Generator(Seed!.Value, rerandomizes ? run.Epoch : 0);
        var total = weights.Sum();
        for (var i = 0L; ; i++)
        {
            run.Token.ThrowIfCancellationRequested();
            var (at, chosen) = (random.NextDouble() * total, 0);
            while (chosen < weights.Length - 1 && at >= weights[chosen]) at -= weights[chosen++];
            if (i >= skip) yield return RangeStage.Number(chosen);
        }
    }
}

/// <summary>Makes a pipeline of each element and interleaves the elements of several.</summary>
sealed class InterleaveStage(Stage input, Func<Element, Stage> function, int cycle, long block, bool parallel, string name) : Stage(input)
{
    const int Ahead = 16;

    public override string Name => name;

    public override long Cardinality => Input.Cardinality == 0 ? 0 : Unknown;

    public override IEnumerable<Element> Elements(Run run, long skip) => Skipped(All(run), skip);

    IEnumerable<Element> All(Run run)
    {
        var (likeness, index, made) = (new Likeness(Name), 0L, 0L);
        var slots = new IEnumerator<Element>?[cycle];
        using var source = Input.Elements(run, 0).GetEnumerator();
        var (at, inBlock, isEmpty) = (0, 0L, false);
        void Advance() => (at, inBlock) = ((at + 1) % cycle, 0);
        try
        {
            while (!isEmpty || Array.Exists(slots, s => s is not null))
            {
                run.Token.ThrowIfCancellationRequested();
                if (slots[at] is { } walk)
                {
                    if (walk.MoveNext())
                    {
                        yield return likeness.Check(walk.Current, index++);
                        if (++inBlock == block) Advance();
                        continue;
                    }
                    walk.Dispose();
                    slots[at] = null;
                    Advance();
                }
                else if (!isEmpty && source.MoveNext())
                {
                    slots[at] = Open(source.Current, made++, run);
                }
                else
                {
                    isEmpty = true;
                    Advance();
                }
            }
        }
        finally
        {
            foreach (var slot in slots) slot?.Dispose();
        }
    }

    IEnumerator<Element> Open(Element element, long number, Run run)
    {
        var elements = Call(number, () => function(element)).Elements(run.Part(number).Input(1), 0);
        return (parallel ? PrefetchStage.Ahead(elements, Ahead, run.Token) : elements).GetEnumerator();
    }
}
