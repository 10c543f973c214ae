using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras;

/// <summary>A source of random numbers: each draw gives new ones, in eager and in compiled code alike.</summary>
/// <remarks>The state is int64 (2): the seed and the number of draws so far. A draw's Philox key is the seed, its counter's high half the
/// draw's number, so draws never overlap. Source: keras/src/random/seed_generator.py; the bits are this library's own mapping.</remarks>
public sealed class SeedGenerator : ITracked
{
    /// <summary>A source of random numbers: each draw gives new ones, in eager and in compiled code alike.</summary>
    /// <param name="seed">The seed; default a new one, drawn from the global seed where <c>keras.utils.set_random_seed</c> set it.</param>
    /// <param name="name">The name of the state variable; default "seed_generator_state".</param>
    public SeedGenerator(long? seed = null, string name = "seed_generator_state")
    {
        this.seed = seed ?? GlobalSeed.Next();
        state = new Variable(() => Tf.Constant(HostTensor.Vector(this.seed, 0L)), new Shape(2), DType.Int64, trainable: false, name);
    }

    /// <summary>The seed from which the numbers follow.</summary>
    public long seed { get; }

    /// <summary>Seed and number of draws, int64 (2).</summary>
    public Variable state { get; }

    /// <summary>The state for one draw, int64 (2); the next call gives another.</summary>
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

    /// <summary>The draws of one element of a pipeline: they follow from the state's seed, the element's number and the count of draws in it, so that threads change nothing.</summary>
    sealed class ElementDraws(ulong number)
    {
        /// <summary>Most functions draw nothing, and need none.</summary>
        Dictionary<SeedGenerator, ulong>? _counts;

        public Tensor Next(SeedGenerator generator)
        {
            _counts ??= new(ReferenceEqualityComparer.Instance);
            var count = _counts.GetValueOrDefault(generator);
            _counts[generator] = count + 1;
            // The state's, not the seed that the generator was made with: a file may have brought another.
            var seed = Tf.Slice(generator.state.value, [0], [1]);
            return Tf.Concat([seed, Tf.Constant(HostTensor.Vector(unchecked((long)(number + (count * 0x9E3779B97F4A7C15)))))], 0);
        }
    }

    [ThreadStatic] static ElementDraws? s_element;

    /// <summary>This thread's draws outside of graphs are those of an element, by a number that no other has, until disposed; no generator advances.</summary>
    internal static IDisposable ForElement(ulong number)
    {
        var before = s_element;
        s_element = new(number);
        return new Engines.Scope(() => s_element = before);
    }

    [ThreadStatic] static List<Tensor>? s_recorded;
    [ThreadStatic] static Queue<Tensor>? s_replayed;

    /// <summary>Keeps this thread's draws until disposed.</summary>
    internal static IDisposable Record(List<Tensor> draws)
    {
        var before = s_recorded;
        s_recorded = draws;
        return new Engines.Scope(() => s_recorded = before);
    }

    /// <summary>Gives this thread the draws that were kept, in their order, until disposed.</summary>
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

    /// <summary>What draws several things from a fixed seed takes this: each draw gives other numbers, those of a new generator of that seed.</summary>
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

/// <summary>Where generators without a seed get one, and the generator of random functions without one.</summary>
static class GlobalSeed
{
    static readonly Lock Access = new();
    static System.Random s_random = new();
    static SeedGenerator? s_generator;

    /// <summary>The generator of random functions that are given neither seed nor generator.</summary>
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
