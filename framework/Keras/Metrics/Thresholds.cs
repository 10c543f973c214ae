using System.Collections;
using System.Runtime.CompilerServices;
using Keras.Losses;

namespace Keras.Metrics;

/// <summary>One threshold or several, each in [0, 1]: scores above it are predictions of yes.</summary>
[CollectionBuilder(typeof(Thresholds), nameof(Create))]
public sealed class Thresholds : IEnumerable<double>
{
    readonly double[] _values;
    readonly bool _isList;

    Thresholds(double[] values, bool isList) => (_values, _isList) = (values, isList);

    /// <summary>Several thresholds.</summary>
    public static Thresholds Create(ReadOnlySpan<double> values) => new(values.ToArray(), true);

    /// <summary>One threshold.</summary>
    public static implicit operator Thresholds(double value) => new([value], false);

    /// <summary>Several thresholds.</summary>
    public static implicit operator Thresholds(double[] values) => new(values ?? throw new ArgumentNullException(nameof(values)), true);

    /// <summary>The value as configs store it: a number or a list.</summary>
    internal object Config => _isList ? _values : _values[0];

    /// <summary>Checks the thresholds; by default a given value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside [0, 1].</exception>
    internal static double[] Parse(Thresholds? thresholds, double otherwise)
    {
        if (thresholds is null) return [otherwise];
        var outside = Array.FindAll(thresholds._values, t => t is not (>= 0 and <= 1));
        if (outside.Length > 0) throw new ArgumentOutOfRangeException(nameof(thresholds), $"Threshold values must be in [0, 1]. Received: {Known.List(outside)}.");
        return thresholds._values;
    }

    /// <summary>Whether thresholds divide [0, 1] evenly, so that counting needs no comparison with each.</summary>
    internal static bool AreEven(IReadOnlyList<double> thresholds)
    {
        if (thresholds.Count < 3) return false;
        for (var i = 0; i < thresholds.Count; i++)
        {
            var even = i / (double)(thresholds.Count - 1);
            if (Math.Abs(thresholds[i] - even) > LossMath.Epsilon + (1e-5 * even)) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
