using Keras.Graphs;

namespace Keras;

/// <summary>A source of random draws: each gives other numbers, in eager and in compiled code alike.</summary>
/// <remarks>The state is int64 (2): the seed and the number of draws so far. A draw's Philox key is the seed, its counter's high half the
/// draw's number, so draws never overlap. Source: keras/src/random/seed_generator.py; the bits are this library's own mapping.</remarks>
public sealed class SeedGenerator
{
    /// <summary>A generator.</summary>
    /// <param name="seed">The seed; default a new one, drawn from the global seed where <c>keras.utils.set_random_seed</c> set it.</param>
    /// <param name="name">The name of the state variable; default "seed_generator_state".</param>
    public SeedGenerator(long? seed = null, string name = "seed_generator_state")
    {
        this.seed = seed ?? GlobalSeed.Next();
        state = new Variable(() => Tf.Constant(HostTensor.Vector(this.seed, 0L)), new Shape(2), DType.Int64, trainable: false, name);
    }

    /// <summary>The seed.</summary>
    public long seed { get; }

    /// <summary>Seed and number of draws, int64 (2).</summary>
    public Variable state { get; }

    /// <summary>The state for one draw, int64 (2); the next call gives another.</summary>
    public Tensor next()
    {
        var now = state.value;
        state.assign_add(Tf.Constant(HostTensor.Vector(0L, 1L)));
        return now;
    }

    /// <summary>The Philox key (1) and counter (2) of one draw, uint64.</summary>
    internal (Tensor Key, Tensor Counter) Draw()
    {
        var words = Tf.Bitcast(next(), DType.UInt64);
        var counter = Tf.Concat([Tf.Constant(HostTensor.Vector(0UL)), Tf.Slice(words, [1], [1])], 0);
        return (Tf.Slice(words, [0], [1]), counter);
    }
}

/// <summary>Where generators without a seed get one.</summary>
static class GlobalSeed
{
    static System.Random s_random = new();

    public static long Next()
    {
        lock (s_random) return s_random.NextInt64(1L << 31);
    }

    public static void Set(int seed) => s_random = new(seed);
}
