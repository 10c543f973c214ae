using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The strength of an augmentation: one number, or the lowest and highest to draw from.</summary>
/// <remarks>Numbers, pairs and arrays convert implicitly: <c>factor: 0.2</c>, <c>factor: (0.1, 0.3)</c>. A pair that reaches beyond a layer's range is taken where it means something, as in Keras:
/// <c>RandomContrast((0.2, 1.5))</c>; a pair outside of the range is rejected, as is one that would give no numbers.</remarks>
public sealed class Factor
{
    readonly double[] _values;

    Factor(params double[] values) => _values = values;

    /// <summary>Converts one number, from which the layer makes its range.</summary>
    public static implicit operator Factor(double value) => new(value) { IsPair = false };

    /// <summary>The lowest and the highest, in any order.</summary>
    public static implicit operator Factor((double Lower, double Upper) values) => new(values.Lower, values.Upper);

    /// <summary>The lowest and the highest, in any order.</summary>
    public static implicit operator Factor(double[] values) => new([.. values ?? throw new ArgumentNullException(nameof(values))]);

    internal bool IsPair { get; private init; } = true;

    /// <summary>The value as configs store it.</summary>
    internal object Form => IsPair ? _values : _values[0];

    /// <summary>The bounds as Keras' layers with one factor compute them: for a number f, -f to f within the range; a pair only has to overlap the range.</summary>
    /// <exception cref="ArgumentException">It is neither a number nor a pair, or is outside.</exception>
    internal (double Lower, double Upper) Touching(double least, double most, string name)
    {
        var pair = Ordered(least, most, name);
        if (IsPair) return _values[0] > most || _values[1] < least ? throw Outside(least, most, name) : pair;
        return _values[0] < least || _values[0] > most ? throw Outside(least, most, name) : (Math.Max(-Math.Abs(_values[0]), least), Math.Abs(_values[0]));
    }

    /// <summary>The bounds if each number must lie in the range: for a number f, from -f or <paramref name="from"/> to f.</summary>
    /// <exception cref="ArgumentException">It is neither a number nor a pair, or is outside.</exception>
    internal (double Lower, double Upper) Within(double least, double most, string name, double? from = null, bool isOpenBelow = false)
    {
        var pair = Ordered(least, most, name);
        if (Array.Exists(_values, v => v < least || v > most || (isOpenBelow && v == least))) throw Outside(least, most, name);
        return IsPair ? pair : (from ?? -Math.Abs(_values[0]), Math.Abs(_values[0]));
    }

    (double, double) Ordered(double least, double most, string name) => Array.Exists(_values, v => !double.IsFinite(v)) || _values.Length is not (1 or 2) || (IsPair && _values.Length != 2)
        ? throw Outside(least, most, name) : (_values.Min(), _values.Max());

    ArgumentException Outside(double least, double most, string name) => new($"The factor is out of range. Expected: one or two numbers between {Known.Say(least)} and {Known.Say(most)}. Received: {Known.Say(Form)}.", name);
}

/// <summary>The darkest and the brightest value of images, such as (0, 255) or (0, 1).</summary>
public sealed class ValueRange
{
    ValueRange(double[] values)
    {
        if (values.Length != 2 || Array.Exists(values, v => !double.IsFinite(v)) || values[0] == values[1])
            throw new ArgumentException($"The value_range is not a range. Expected: two different finite numbers. Received: {Known.Say(values)}.", "value_range");
        (Low, High) = (values.Min(), values.Max());
    }

    /// <summary>0 to 255.</summary>
    internal static ValueRange Bytes { get; } = (0, 255);

    /// <summary>0 to 1.</summary>
    internal static ValueRange Unit { get; } = (0, 1);

    /// <summary>The darkest value.</summary>
    public double Low { get; }

    /// <summary>The brightest value.</summary>
    public double High { get; }

    /// <summary>The darkest and the brightest value.</summary>
    public static implicit operator ValueRange((double Low, double High) values) => new([values.Low, values.High]);

    /// <summary>The darkest and the brightest value.</summary>
    public static implicit operator ValueRange(double[] values) => new(values ?? throw new ArgumentNullException(nameof(values)));

    internal double[] Form => [Low, High];

    /// <summary>Rescales values from this range to another.</summary>
    internal Tensor To(ValueRange other, Tensor x) => Low == other.Low && High == other.High ? x : ((x - Low) / (High - Low) * (other.High - other.Low)) + other.Low;

    /// <summary>Clips values to the range.</summary>
    internal Tensor Clip(Tensor x) => Tf.ClipByValue(x, Tf.Constant(Low, x.dtype), Tf.Constant(High, x.dtype));
}
