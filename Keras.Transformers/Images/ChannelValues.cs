namespace Keras.Transformers;

/// <summary>One number for each channel, or one number for all.</summary>
public sealed class ChannelValues
{
    readonly double[] _values;

    ChannelValues(double[] values, bool isOne) => (_values, IsOne) = (values, isOne);

    /// <summary>Whether one number applies to all channels.</summary>
    public bool IsOne { get; }

    /// <summary>The numbers, one or one per channel.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>Converts one number, for all channels.</summary>
    public static implicit operator ChannelValues(double value) => new([value], true);

    /// <summary>A number for each channel.</summary>
    public static implicit operator ChannelValues(double[] values) => new((double[])(values ?? throw new ArgumentNullException(nameof(values))).Clone(), false);

    /// <summary>A number for each channel.</summary>
    public static implicit operator ChannelValues(List<double> values) => new([.. values ?? throw new ArgumentNullException(nameof(values))], false);

    /// <summary>The numbers as text.</summary>
    public override string ToString() => IsOne ? $"{_values[0]}" : $"[{string.Join(", ", _values)}]";

    /// <summary>The numbers for this many channels.</summary>
    /// <exception cref="ValueRangeException">There are more or fewer numbers, or one is not a number.</exception>
    internal double[] For(int channels, string name)
    {
        if (!_values.All(double.IsFinite)) throw new ValueRangeException("A channel's value is not a number", name, "finite numbers", ToString());
        if (IsOne) return [.. Enumerable.Repeat(_values[0], channels)];
        return _values.Length == channels ? _values : throw new ValueRangeException("The values fit another number of channels", name, $"one number, or {channels} for images of {channels} channels", $"{_values.Length}: {this}",
            "Give a value for each channel, or images of as many channels.");
    }
}
