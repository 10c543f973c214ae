namespace Keras.Data;

/// <summary>Keeps the elements of the first complete iteration in memory.</summary>
sealed class MemoryCacheStage(Stage input) : Stage(input)
{
    List<Element>? _complete;

    public override string Name => "cache";

    public override int? BatchSize => Input.BatchSize;

    public override long Cardinality => Input.Cardinality;

    public override ElementSpec? Spec => Input.Spec;

    public override ElementSpec Loosened(ElementSpec ofFirst) => Input.Loosened(ofFirst);

    public override IEnumerable<Element> Elements(Run run, long skip) => _complete is { } known ? known.Skip(checked((int)skip)) : Skipped(Filling(run), skip);

    IEnumerable<Element> Filling(Run run)
    {
        var elements = new List<Element>();
        foreach (var element in Input.Elements(run, 0))
        {
            var kept = element.Map(l => l.OnHost());
            elements.Add(kept);
            yield return kept;
        }
        _complete = elements;
    }
}

/// <summary>Keeps the elements of the first complete iteration in a file, which other processes can use too.</summary>
sealed class FileCacheStage(Stage input, string file) : Stage(input)
{
    public override string Name => "cache";

    public override int? BatchSize => Input.BatchSize;

    public override long Cardinality => Input.Cardinality;

    public override ElementSpec? Spec => Input.Spec;

    public override ElementSpec Loosened(ElementSpec ofFirst) => Input.Loosened(ofFirst);

    public override IEnumerable<Element> Elements(Run run, long skip) => Skipped(File.Exists(file) ? CacheFile.Read(file, run.Token) : Filling(run), skip);

    IEnumerable<Element> Filling(Run run)
    {
        using var writer = new CacheFile.Writer(file);
        var (likeness, index) = (new Likeness(Name), 0L);
        foreach (var element in Input.Elements(run, 0))
        {
            writer.Write(likeness.Check(element, index++));
            yield return element;
        }
        writer.Commit();
    }
}
