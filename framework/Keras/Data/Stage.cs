namespace Keras.Data;

/// <summary>One iteration over a pipeline.</summary>
/// <param name="Epoch">Makes orders differ from one iteration to the next.</param>
/// <param name="IsDeterministic">Whether parallel steps keep the order of their input.</param>
/// <param name="Token">Cancels the iteration.</param>
/// <param name="Branch">Makes random draws differ between the inputs of a step that has several.</param>
sealed record Run(ulong Epoch, bool IsDeterministic, CancellationToken Token, ulong Branch = 0)
{
    /// <summary>The iteration over one of several inputs.</summary>
    public Run Input(int number) => this with { Branch = Seeds.Mix(Branch, (ulong)number) };

    /// <summary>The iteration for one repetition within this one.</summary>
    public Run Part(long number) => number == 0 ? this : this with { Epoch = Seeds.Mix(Epoch, (ulong)number) };
}

/// <summary>Hashes of seeds: equal seeds give equal orders, in any process.</summary>
static class Seeds
{
    /// <summary>Mixes two numbers into one hash. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.</summary>
    public static ulong Mix(ulong a, ulong b)
    {
        var z = unchecked((a * 0x9E3779B97F4A7C15) + b + 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    public static System.Random Generator(long seed, ulong epoch) => new(unchecked((int)Mix((ulong)seed, epoch)));
}

/// <summary>A step of a pipeline: describes its elements and can be enumerated any number of times.</summary>
abstract class Stage(params Stage[] inputs)
{
    public const long Infinite = -1, Unknown = -2;

    public IReadOnlyList<Stage> Inputs => inputs;

    protected Stage Input => inputs[0];

    /// <summary>The method that made the step, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>The number of elements.</summary>
    public abstract long Cardinality { get; }

    /// <summary>The spec of the elements, if known without making one; otherwise null.</summary>
    public virtual ElementSpec? Spec => null;

    /// <summary>Opens the dimensions that vary between elements in a spec made from the first.</summary>
    public virtual ElementSpec Loosened(ElementSpec ofFirst) => ofFirst;

    /// <summary>The rows of every element but the last; null where the elements are not batches of one size.</summary>
    public virtual int? BatchSize => null;

    /// <summary>The seed that decides the order; part of a saved position.</summary>
    public virtual long? Seed { get => null; set { } }

    /// <summary>Enumerates the elements, starting at an index.</summary>
    public abstract IEnumerable<Element> Elements(Run run, long skip);

    public ElementSpec KnownSpec(Run run)
    {
        if (Spec is { } known) return known;
        foreach (var element in Elements(run, 0)) return Loosened(ElementSpec.Of(element));
        throw new ShapeMismatchException("The structure of the elements of an empty pipeline is unknown", Name, "at least one element", "none");
    }

    public IEnumerable<Stage> AllStages() => inputs.SelectMany(i => i.AllStages()).Append(this);

    protected static IEnumerable<Element> Skipped(IEnumerable<Element> elements, long skip)
    {
        foreach (var element in elements)
        {
            if (skip-- <= 0) yield return element;
        }
    }

    /// <summary>Runs a user's function; errors name the element.</summary>
    protected T Call<T>(long index, Func<T> function)
    {
        try
        {
            return function();
        }
        catch (Exception e) when (e is not (OperationCanceledException or DataPipelineException))
        {
            throw new DataPipelineException(Name, index, e);
        }
    }

    /// <summary>Enumerates a user's source; errors name the element.</summary>
    protected IEnumerable<T> Guarded<T>(Func<IEnumerable<T>> source, CancellationToken token)
    {
        var index = 0L;
        using var items = Call(index, () => source().GetEnumerator());
        while (Call(index, items.MoveNext))
        {
            token.ThrowIfCancellationRequested();
            yield return items.Current;
            index++;
        }
    }
}

/// <summary>Checks that all elements have the structure, dtypes and ranks of the first.</summary>
sealed class Likeness(string stage)
{
    Element? _first;

    public Element Check(Element element, long index)
    {
        if (_first is null)
        {
            _first = element;
            return element;
        }
        var where = $"{stage}, element {index}";
        if (!element.Structure.Fits(_first.Structure))
            throw new ShapeMismatchException("Elements differ in structure", where, _first.Structure.Text, element.Structure.Text, "Give every element the same components.");
        for (var i = 0; i < element.Leaves.Count; i++)
        {
            var (now, first) = (element.Leaves[i], _first.Leaves[i]);
            if (now.DType != first.DType)
                throw new DTypeMismatchException("Elements differ in dtype", Where(where, i), first.DType.Name, now.DType.Name, "Give the component one type in all elements.");
            if (now.Shape.Rank != first.Shape.Rank)
                throw new ShapeMismatchException("Elements differ in rank", Where(where, i), $"rank {first.Shape.Rank}, as of shape {first.Shape}", $"shape {now.Shape}", "Give the component one rank in all elements.");
        }
        return element;
    }

    string Where(string where, int component) => _first!.Structure.IsLeaf ? where : $"{where}, component '{_first.Structure.Paths().ElementAt(component)}'";
}
