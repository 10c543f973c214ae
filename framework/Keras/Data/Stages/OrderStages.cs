namespace Keras.Data;

/// <summary>Shuffles with a buffer: draws one element from it as the next comes in.</summary>
sealed class ShuffleStage(Stage input, long size, long seed, bool reshuffles) : Stage(input)
{
    public override string Name => "shuffle";

    public override long Cardinality => Input.Cardinality;

    public override ElementSpec? Spec => Input.Spec;

    public override ElementSpec Loosened(ElementSpec ofFirst) => Input.Loosened(ofFirst);

    public override long? Seed { get; set; } = seed;

    public override IEnumerable<Element> Elements(Run run, long skip) => Skipped(All(run), skip);

    IEnumerable<Element> All(Run run)
    {
        var random = Seeds.Generator(Seed!.Value, reshuffles ? run.Epoch : 0);
        var buffer = new List<Element>();
        foreach (var element in Input.Elements(run, 0))
        {
            if (buffer.Count < size)
            {
                buffer.Add(element);
                continue;
            }
            var drawn = random.Next(buffer.Count);
            yield return buffer[drawn];
            buffer[drawn] = element;
        }
        while (buffer.Count > 0)
        {
            var drawn = random.Next(buffer.Count);
            yield return buffer[drawn];
            buffer[drawn] = buffer[^1];
            buffer.RemoveAt(buffer.Count - 1);
        }
    }
}

/// <summary>Repeats the elements.</summary>
sealed class RepeatStage(Stage input, long? count) : Stage(input)
{
    public override string Name => "repeat";

    public override long Cardinality => (Input.Cardinality, count) switch
    {
        (0, _) or (_, 0) => 0,
        (Infinite, _) => Infinite,
        (_, null) => Input.Cardinality > 0 ? Infinite : Unknown,
        (Unknown, _) => Unknown,
        var (each, times) => checked(each * times.Value),
    };

    public override ElementSpec? Spec => Input.Spec;

    public override ElementSpec Loosened(ElementSpec ofFirst) => Input.Loosened(ofFirst);

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        var first = Input.Cardinality > 0 ? skip / Input.Cardinality : 0;
        skip -= first * Math.Max(0, Input.Cardinality);
        for (var number = first; count is null || number < count; number++)
        {
            var any = false;
            foreach (var element in Input.Elements(run.Part(number), Input.Cardinality > 0 ? skip : 0))
            {
                any = true;
                if (Input.Cardinality <= 0 && skip > 0)
                {
                    skip--;
                    continue;
                }
                yield return element;
            }
            if (Input.Cardinality > 0) skip = 0;
            else if (!any) yield break; // an empty input would loop forever
        }
    }
}

/// <summary>Takes the first elements.</summary>
sealed class TakeStage(Stage input, long count) : Stage(input)
{
    public override string Name => "take";

    public override int? BatchSize => Input.BatchSize;

    public override long Cardinality => count < 0 ? Input.Cardinality : Input.Cardinality switch
    {
        Infinite => count,
        Unknown => count == 0 ? 0 : Unknown,
        var all => Math.Min(all, count),
    };

    public override ElementSpec? Spec => Input.Spec;

    public override ElementSpec Loosened(ElementSpec ofFirst) => Input.Loosened(ofFirst);

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        if (count >= 0 && skip >= count) yield break;
        var left = count < 0 ? long.MaxValue : count - skip;
        foreach (var element in Input.Elements(run, skip))
        {
            yield return element;
            if (--left == 0) yield break;
        }
    }
}

/// <summary>Skips the first elements.</summary>
sealed class SkipStage(Stage input, long count) : Stage(input)
{
    public override string Name => "skip";

    public override int? BatchSize => Input.BatchSize;

    public override long Cardinality => count < 0 ? 0 : Input.Cardinality < 0 ? Input.Cardinality : Math.Max(0, Input.Cardinality - count);

    public override ElementSpec? Spec => Input.Spec;

    public override ElementSpec Loosened(ElementSpec ofFirst) => Input.Loosened(ofFirst);

    public override IEnumerable<Element> Elements(Run run, long skip) => count < 0 ? [] : Input.Elements(run, skip + count);
}

/// <summary>Takes one of every n elements.</summary>
sealed class ShardStage(Stage input, long shards, long index) : Stage(input)
{
    public override string Name => "shard";

    public override long Cardinality => Input.Cardinality < 0 ? Input.Cardinality : (Input.Cardinality / shards) + (index < Input.Cardinality % shards ? 1 : 0);

    public override ElementSpec? Spec => Input.Spec;

    public override ElementSpec Loosened(ElementSpec ofFirst) => Input.Loosened(ofFirst);

    public override IEnumerable<Element> Elements(Run run, long skip)
    {
        var number = 0L;
        foreach (var element in Input.Elements(run, skip * shards))
            if (number++ % shards == index) yield return element;
    }
}
