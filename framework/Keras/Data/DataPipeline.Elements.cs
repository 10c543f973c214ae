using System.Runtime.CompilerServices;

namespace Keras.Data;

// Steps that transform single elements, or change their order or number.
public sealed partial class DataPipeline
{
    /// <summary>Applies a function to each element.</summary>
    /// <param name="map_func">Takes an element and gives another: tensors, an encoding, a dictionary.</param>
    /// <param name="num_parallel_calls">The number of threads that call it; <c>keras.data.AUTOTUNE</c> for one per processor; default only the reader's.</param>
    /// <param name="deterministic">Whether several threads keep the order of the elements; default as <see cref="with_options"/> says, true.</param>
    /// <exception cref="ArgumentOutOfRangeException">num_parallel_calls is neither positive nor AUTOTUNE.</exception>
    public DataPipeline map(Func<Tensors, Tensors> map_func, int? num_parallel_calls = null, bool? deterministic = null)
    {
        ArgumentNullException.ThrowIfNull(map_func);
        return Mapped(e => Element.Of(map_func(e.ToTensors())), num_parallel_calls, deterministic);
    }

    /// <summary>Applies a function to each element that returns (x, y).</summary>
    /// <inheritdoc cref="map(Func{Tensors, Tensors}, int?, bool?)"/>
    [OverloadResolutionPriority(1)]
    public DataPipeline map(Func<Tensors, (Tensors x, Tensors y)> map_func, int? num_parallel_calls = null, bool? deterministic = null)
    {
        ArgumentNullException.ThrowIfNull(map_func);
        return Mapped(e => Pair(map_func(e.ToTensors())), num_parallel_calls, deterministic);
    }

    /// <summary>Applies a function to each element (x, y) that returns (x, y) too.</summary>
    /// <inheritdoc cref="map(Func{Tensors, Tensors}, int?, bool?)"/>
    [OverloadResolutionPriority(1)]
    public DataPipeline map(Func<Tensors, Tensors, (Tensors x, Tensors y)> map_func, int? num_parallel_calls = null, bool? deterministic = null)
    {
        ArgumentNullException.ThrowIfNull(map_func);
        return Mapped(e => Pair(OfTwo(e, map_func)), num_parallel_calls, deterministic);
    }

    /// <summary>Applies a function to each element (x, y) that returns one element.</summary>
    /// <inheritdoc cref="map(Func{Tensors, Tensors}, int?, bool?)"/>
    public DataPipeline map(Func<Tensors, Tensors, Tensors> map_func, int? num_parallel_calls = null, bool? deterministic = null)
    {
        ArgumentNullException.ThrowIfNull(map_func);
        return Mapped(e => Element.Of(OfTwo(e, map_func)), num_parallel_calls, deterministic);
    }

    DataPipeline Mapped(Func<Element, Element> function, int? num_parallel_calls, bool? deterministic) =>
        new(new MapStage(_stage, function, Workers(num_parallel_calls), deterministic));

    static int? Workers(int? num_parallel_calls) => num_parallel_calls is DataApi.Autotune ? Environment.ProcessorCount
        : num_parallel_calls is { } given ? Require.Count(1, given, nameof(num_parallel_calls)) : null;

    static Element Pair((Tensors x, Tensors y) pair) => Element.Of([Element.Of(pair.x), Element.Of(pair.y)]);

    static T OfTwo<T>(Element element, Func<Tensors, Tensors, T> function)
    {
        var tensors = element.ToTensors();
        return !tensors.IsLeaf && !tensors.IsDictionary && tensors.Count == 2 ? function(tensors[0], tensors[1])
            : throw new ShapeMismatchException("A function of (x, y) was given an element of another structure", null, "(x, y)", element.Structure.Text, "Use a function of one argument.");
    }

    /// <summary>Keeps the elements for which a function returns true.</summary>
    /// <param name="predicate">Takes an element.</param>
    public DataPipeline filter(Func<Tensors, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new(new FilterStage(_stage, e => predicate(e.ToTensors())));
    }

    /// <summary>Keeps the elements (x, y) for which a function returns true.</summary>
    /// <param name="predicate">Takes x and y.</param>
    public DataPipeline filter(Func<Tensors, Tensors, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new(new FilterStage(_stage, e => OfTwo(e, predicate)));
    }

    /// <summary>Shuffles the elements: draws each at random from a buffer, which the next element then refills.</summary>
    /// <param name="buffer_size">The size of the buffer; use the number of elements for a full shuffle.</param>
    /// <param name="seed">Makes the orders repeatable; default drawn from the global seed, which <c>keras.utils.set_random_seed</c> sets.</param>
    /// <param name="reshuffle_each_iteration">Whether each iteration and each repetition has a new order; default true.</param>
    /// <exception cref="ArgumentOutOfRangeException">buffer_size is not positive.</exception>
    public DataPipeline shuffle(long buffer_size, int? seed = null, bool reshuffle_each_iteration = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer_size, 1);
        return new(new ShuffleStage(_stage, buffer_size, seed ?? GlobalSeed.Next(), reshuffle_each_iteration));
    }

    /// <summary>Repeats the elements several times, or without end.</summary>
    /// <param name="count">The number of repetitions; default (and -1) endless.</param>
    /// <exception cref="ArgumentOutOfRangeException">count is below -1.</exception>
    public DataPipeline repeat(long? count = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count ?? -1, -1, nameof(count));
        return new(new RepeatStage(_stage, count == -1 ? null : count));
    }

    /// <summary>Takes the first elements and leaves out the rest.</summary>
    /// <param name="count">The number of elements; -1 for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">count is below -1.</exception>
    public DataPipeline take(long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, -1);
        return new(new TakeStage(_stage, count));
    }

    /// <summary>Skips the first elements.</summary>
    /// <param name="count">The number of elements to skip; -1 for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">count is below -1.</exception>
    public DataPipeline skip(long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, -1);
        return new(new SkipStage(_stage, count));
    }

    /// <summary>Takes every nth element, so that several readers share the data.</summary>
    /// <param name="num_shards">The number of readers.</param>
    /// <param name="index">Which one this is, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">num_shards is not positive, or index not below it.</exception>
    public DataPipeline shard(long num_shards, long index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(num_shards, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, num_shards);
        return new(new ShardStage(_stage, num_shards, index));
    }

    /// <summary>Numbers the elements: (number, element), the number int64.</summary>
    /// <param name="start">The first number; default 0.</param>
    public DataPipeline enumerate(long start = 0) => new(new EnumerateStage(_stage, start));

    /// <summary>Caches the elements of the first complete pass, in memory or a file, for later passes.</summary>
    /// <param name="filename">A file that stores them for other processes too; it is read if it exists. Default memory.</param>
    /// <exception cref="FileFormatException">While walking: the file is damaged.</exception>
    public DataPipeline cache(string filename = "")
    {
        ArgumentNullException.ThrowIfNull(filename);
        return new(filename.Length == 0 ? new MemoryCacheStage(_stage) : new FileCacheStage(_stage, filename));
    }

    /// <summary>Prepares elements ahead of their reader, on another thread.</summary>
    /// <param name="buffer_size">The number of elements; <c>keras.data.AUTOTUNE</c> for 4; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">buffer_size is negative and not AUTOTUNE.</exception>
    public DataPipeline prefetch(int buffer_size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer_size, DataApi.Autotune);
        return new(new PrefetchStage(_stage, buffer_size == DataApi.Autotune ? DataApi.AutotunedBuffer : buffer_size));
    }

    /// <summary>Sets options of the whole pipeline.</summary>
    /// <param name="deterministic">Whether steps with several threads keep the order of their elements; default as before, true at first.</param>
    public DataPipeline with_options(bool? deterministic = null) => new(new OptionsStage(_stage, deterministic, default));

    /// <summary>Ends passes over the data when a token is cancelled, with an <see cref="OperationCanceledException"/>; threads end too.</summary>
    /// <param name="cancellationToken">The token.</param>
    public DataPipeline WithCancellation(CancellationToken cancellationToken) => new(new OptionsStage(_stage, null, cancellationToken));
}
