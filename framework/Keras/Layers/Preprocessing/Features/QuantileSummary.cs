namespace Keras.Layers;

/// <summary>A sketch of a distribution: ascending values with the number of samples that each represents.</summary>
/// <remarks>Values are rounded to float32 after each step, as in Keras, to get its boundaries. Source: keras/src/layers/preprocessing/discretization.py.</remarks>
sealed class QuantileSummary
{
    readonly float[] _values;
    readonly float[] _weights;

    QuantileSummary(float[] values, float[] weights) => (_values, _weights) = (values, weights);

    public static QuantileSummary Empty { get; } = new([], []);

    public bool IsEmpty => _values.Length == 0;

    /// <summary>Makes a sketch of about 1 / epsilon evenly spaced samples.</summary>
    public static QuantileSummary Of(float[] numbers, double epsilon)
    {
        float[] sorted = [.. numbers.Order()];
        var step = Math.Max(sorted.Length / (1.0 / epsilon), 1);
        var kept = new List<float>();
        for (var i = (int)(step - 1); i < sorted.Length; i += (int)step) kept.Add(sorted[i]);
        return new([.. kept], [.. kept.Select(_ => (float)step)]);
    }

    /// <summary>Merges two sketches into one.</summary>
    public QuantileSummary Merge(QuantileSummary other, double epsilon)
    {
        int[] order = [.. Enumerable.Range(0, _values.Length + other._values.Length).OrderBy(i => At(i, _values, other._values))];
        return new QuantileSummary(Array.ConvertAll(order, i => At(i, _values, other._values)), Array.ConvertAll(order, i => At(i, _weights, other._weights))).Compressed(epsilon);
    }

    float At(int index, float[] first, float[] second) => index < first.Length ? first[index] : second[index - first.Length];

    /// <summary>The boundaries of this many bins of equal weight.</summary>
    public double[] Boundaries(int bins) => [.. Compressed(1.0 / bins)._values.SkipLast(1).Select(v => (double)v)];

    QuantileSummary Compressed(double epsilon)
    {
        if (_values.Length * epsilon < 1) return this;
        var sums = new float[_weights.Length];
        for (var i = 0; i < sums.Length; i++) sums[i] = _weights[i] + (i == 0 ? 0 : sums[i - 1]);
        double[] shares = [.. sums.Select(s => (double)(s / sums[^1]))];
        var count = (int)Math.Ceiling(1 / epsilon);
        var (values, weights, before) = (new float[count], new float[count], 0.0);
        for (var i = 0; i < count; i++)
        {
            var share = epsilon + (i * epsilon);
            values[i] = (float)Between(share, shares, _values);
            var sum = Between(share, shares, sums);
            (weights[i], before) = ((float)(sum - before), sum);
        }
        return new(values, weights);
    }

    /// <summary>Interpolates linearly; before the first and after the last point, takes its value.</summary>
    static double Between(double x, double[] at, float[] values)
    {
        if (x <= at[0]) return values[0];
        if (x >= at[^1]) return values[^1];
        var right = Array.FindIndex(at, a => a > x);
        var (from, to) = (at[right - 1], at[right]);
        double left = values[right - 1];
        return (((values[right] - left) / (to - from)) * (x - from)) + left;
    }
}
