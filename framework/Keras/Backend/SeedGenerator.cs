using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras;

/// <summary>A source of random numbers: each draw gives new ones, in eager and in compiled code alike.</summary>
/// <remarks>The state is int64 (2): the seed and the number of draws so far. A draw's Philox key is the seed, its counter's high half the
/// draw's number, so draws never overlap. Source: keras/src/random/seed_generator.py; the bits are this library's own mapping.</remarks>
public sealed class SeedGenerator : ITracked
{
    /// <summary>A source of random numbers: each draw gives new ones, in eager and in compiled code alike.</summary>
    /// <param name="seed">The seed; default a new one, derived from the global seed if <c>keras.utils.set_random_seed</c> set it.</param>
    /// <param name="name">The name of the state variable; default "seed_generator_state".</param>
    public SeedGenerator(long? seed = null, string name = "seed_generator_state")
    {
        this.seed = seed ?? GlobalSeed.Next();
        state = new Variable(() => Tf.Constant(HostTensor.Vector(this.seed, 0L)), new Shape(2), DType.Int64, trainable: false, name);
    }

    /// <summary>The seed that determines the numbers.</summary>
    public long seed { get; }

    /// <summary>Seed and number of draws, int64 (2).</summary>
    public Variable state { get; }

    /// <summary>The state for one draw, int64 (2); each call gives a new one.</summary>
    public Tensor next()
    {
        var now = s_replayed is { Count: > 0 } known ? known.Dequeue() : s_element is { } element && Graph.Current is null ? element.Next(this) : Advance();
        s_recorded?.Add(now);
        return now;
    }

    Tensor Advance()
    {
        var now = state.value;
        state.assign_add(Tf.Constant(HostTensor.Vector(0L, 1L)));
        return now;
    }

    /// <summary>Random draws for one pipeline element, determined by the state's seed, the element's index and the draw's number in it, so that threads do not matter.</summary>
    sealed class ElementDraws(ulong number)
    {
        /// <summary>Null until the first draw: most functions never draw.</summary>
        Dictionary<SeedGenerator, ulong>? _counts;

        public Tensor Next(SeedGenerator generator)
        {
            _counts ??= new(ReferenceEqualityComparer.Instance);
            var count = _counts.GetValueOrDefault(generator);
            _counts[generator] = count + 1;
            // The seed in the state, not the one from the constructor: loading a file may have replaced it.
            var seed = Tf.Slice(generator.state.value, [0], [1]);
            return Tf.Concat([seed, Tf.Constant(HostTensor.Vector(unchecked((long)(number + (count * 0x9E3779B97F4A7C15)))))], 0);
        }
    }

    [ThreadStatic] static ElementDraws? s_element;

    /// <summary>Until disposed, takes this thread's eager draws from the element with this unique number, without advancing any generator.</summary>
    internal static IDisposable ForElement(ulong number)
    {
        var before = s_element;
        s_element = new(number);
        return new Engines.Scope(() => s_element = before);
    }

    [ThreadStatic] static List<Tensor>? s_recorded;
    [ThreadStatic] static Queue<Tensor>? s_replayed;

    /// <summary>Records this thread's draws until disposed.</summary>
    internal static IDisposable Record(List<Tensor> draws)
    {
        var before = s_recorded;
        s_recorded = draws;
        return new Engines.Scope(() => s_recorded = before);
    }

    /// <summary>Replays recorded draws on this thread, in order, until disposed.</summary>
    internal static IDisposable Replay(List<Tensor> draws)
    {
        var before = s_replayed;
        s_replayed = new(draws);
        return new Engines.Scope(() => s_replayed = before);
    }

    /// <summary>The Philox key (1) and counter (2) of one draw, uint64.</summary>
    internal (Tensor Key, Tensor Counter) Draw() => PhiloxOf(next());

    internal static (Tensor Key, Tensor Counter) PhiloxOf(Tensor state)
    {
        var words = Tf.Bitcast(state, DType.UInt64);
        var counter = Tf.Concat([Tf.Constant(HostTensor.Vector(0UL)), Tf.Slice(words, [1], [1])], 0);
        return (Tf.Slice(words, [0], [1]), counter);
    }
}

/// <summary>The source of a random function's numbers: a fixed seed (the same numbers on every call), a generator, or nothing for the global generator.</summary>
public readonly struct Seed
{
    readonly long? _number;
    readonly SeedGenerator? _generator;
    readonly StrongBox<long>? _draws;

    Seed(long? number, SeedGenerator? generator, StrongBox<long>? draws = null) => (_number, _generator, _draws) = (number, generator, draws);

    /// <summary>The fixed seed; null for a generator.</summary>
    internal long? Number => _number;

    /// <summary>A seed for several draws in a row: with a fixed seed, each draw takes the next numbers of a new generator of that seed.</summary>
    internal Seed InSequence() => _number is { } fixedSeed && _draws is null ? new(fixedSeed, null, new()) : this;

    /// <summary>The Philox key (1) and counter (2) of one draw, uint64.</summary>
    internal (Tensor Key, Tensor Counter) Draw() => _number is { } fixedSeed
        ? SeedGenerator.PhiloxOf(Tf.Constant(HostTensor.Vector(fixedSeed, _draws is null ? 0L : _draws.Value++)))
        : (_generator ?? GlobalSeed.Generator).Draw();

    /// <summary>A fixed seed.</summary>
    public static implicit operator Seed(int seed) => new(seed, null);

    /// <summary>A fixed seed.</summary>
    public static implicit operator Seed(long seed) => new(seed, null);

    /// <summary>A generator; null for the global one.</summary>
    public static implicit operator Seed(SeedGenerator? generator) => new(null, generator);
}

/// <summary>Provides seeds for generators that have none, and the generator for random functions called without a seed.</summary>
static class GlobalSeed
{
    static readonly Lock Access = new();
    static System.Random s_random = new();
    static SeedGenerator? s_generator;

    /// <summary>The generator for random functions that are given neither a seed nor a generator.</summary>
    public static SeedGenerator Generator
    {
        get
        {
            if (s_generator is { } made) return made;
            var seed = Next();
            lock (Access) return s_generator ??= new(seed);
        }
    }

    public static long Next()
    {
        lock (Access) return s_random.NextInt64(1L << 31);
    }

    public static void Set(int seed)
    {
        lock (Access) (s_random, s_generator) = (new(seed), new(seed));
    }
}
