using System.Text;

namespace Keras.Tests.Ops;

/// <summary>One input of a case.</summary>
/// <param name="Value">Its value.</param>
/// <param name="IsConstant">Whether it is a constant of the traced graph (axes, paddings, sizes), not a parameter.</param>
/// <param name="HasGradient">Whether gradients by it are checked.</param>
/// <param name="KnownAxes">Axes that stay known where dimensions are relaxed; null for none.</param>
sealed record OpInput(HostTensor Value, bool IsConstant = false, bool HasGradient = false, int[]? KnownAxes = null)
{
    /// <summary>The same input with some dimensions always known.</summary>
    public OpInput Knowing(params int[] axes) => this with { KnownAxes = axes };

    public OpInput WithoutGradient() => this with { HasGradient = false };
}

/// <summary>An op, or a short program of ops, with inputs.</summary>
/// <param name="Name">The op and what is special, unique.</param>
/// <param name="Inputs">Makes the inputs.</param>
/// <param name="Run">What is run.</param>
sealed record OpCase(string Name, Func<Numbers, OpInput[]> Inputs, Func<Tensor[], Tensor[]> Run)
{
    /// <summary>Whether XLA compiles it.</summary>
    public bool Xla { get; init; } = true;

    /// <summary>Whether unknown dimensions will do.</summary>
    public bool Relaxes { get; init; } = true;

    /// <summary>Whether the shape depends on the values, so that inference cannot know it.</summary>
    public bool IsDynamic { get; init; }

    /// <summary>Whether there are second derivatives to check.</summary>
    public bool HasSecond { get; init; } = true;

    /// <summary>How far results of engines may be apart, relative to 1 + their size.</summary>
    public double Tolerance { get; init; } = 1e-11;

    /// <summary>The step of finite differences, and how far they may be from the gradients.</summary>
    public (double Step, double Tolerance) Differences { get; init; } = (1e-5, 1e-6);

    public int Seed => (int)(BitConverter.ToUInt32(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Name))) % 1_000_000) + SeedShift;

    /// <summary>KERAS_TEST_SEED gives other random numbers.</summary>
    static int SeedShift => int.TryParse(Environment.GetEnvironmentVariable("KERAS_TEST_SEED"), out var seed) ? seed : 0;

    public OpInput[] MakeInputs()
    {
        TestContext.Out.WriteLine($"seed {Seed}");
        return Inputs(new Numbers(Seed));
    }

    public override string ToString() => Name;
}

/// <summary>Random inputs.</summary>
sealed class Numbers(int seed)
{
    readonly Random _random = new(seed);

    /// <summary>float64 in [-2, 2] with a gradient.</summary>
    public OpInput X(params long[] dims) => In(-2, 2, dims);

    public OpInput In(double low, double high, params long[] dims) => Of(dims, () => low + ((high - low) * _random.NextDouble()));

    /// <summary>At least 0.3 from zero.</summary>
    public OpInput NonZero(params long[] dims) => Of(dims, () => (0.3 + (1.7 * _random.NextDouble())) * (_random.Next(2) * 2 - 1));

    /// <summary>No two elements closer than 0.05, none closer to zero than that: no order changes in a finite difference.</summary>
    public OpInput Apart(params long[] dims)
    {
        var count = (int)new Shape(dims).ElementCount;
        var values = Enumerable.Range(1, count).Select(i => 0.1 * i * (_random.Next(2) * 2 - 1)).ToArray();
        _random.Shuffle(values);
        return new(HostTensor.Of<double>(values, new Shape(dims)), HasGradient: true);
    }

    /// <summary>float32 in [-2, 2] with a gradient.</summary>
    public OpInput F32(params long[] dims) => new(HostTensor.Of<float>([.. X(dims).Value.ToDouble().Select(d => (float)d)], new Shape(dims)),
        HasGradient: true);

    /// <summary>int32 data in [0, limit).</summary>
    public OpInput Ids(int limit, params long[] dims) =>
        new(HostTensor.Of<int>([.. Enumerable.Range(0, (int)new Shape(dims).ElementCount).Select(_ => _random.Next(limit))], new Shape(dims)));

    public OpInput Ints(int low, int high, params long[] dims) =>
        new(HostTensor.Of<int>([.. Enumerable.Range(0, (int)new Shape(dims).ElementCount).Select(_ => _random.Next(low, high))], new Shape(dims)));

    public OpInput Bools(params long[] dims) => new(HostTensor.OfBytes(DType.Bool, new Shape(dims),
        [.. Enumerable.Range(0, (int)new Shape(dims).ElementCount).Select(_ => (byte)_random.Next(2))]));

    public OpInput Strings(params string[] values) => new(HostTensor.OfStrings(new Shape(values.Length), [.. values.Select(Encoding.UTF8.GetBytes)]));

    public static OpInput Data(HostTensor value) => new(value);

    /// <summary>A constant int32 vector.</summary>
    public OpInput Vector(params int[] values) => new(HostTensor.Vector<int>(values), IsConstant: true);

    /// <summary>A constant int32 scalar.</summary>
    public OpInput Scalar(int value) => new(HostTensor.Scalar(value), IsConstant: true);

    /// <summary>A constant int32 matrix of so many columns.</summary>
    public OpInput Matrix(int columns, params int[] values) => new(HostTensor.Of<int>(values, new Shape(values.Length / columns, columns)), IsConstant: true);

    OpInput Of(long[] dims, Func<double> next) =>
        new(HostTensor.Of<double>([.. Enumerable.Range(0, (int)new Shape(dims).ElementCount).Select(_ => next())], new Shape(dims)), HasGradient: true);
}
