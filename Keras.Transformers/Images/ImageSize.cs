namespace Keras.Transformers;

/// <summary>A height and a width: of an int (a square), a pair or array (height, width), or a dictionary with the keys height and width.</summary>
/// <param name="height">Rows, 1 or more.</param>
/// <param name="width">Columns, 1 or more.</param>
public readonly record struct ImageSize(int height, int width)
{
    /// <summary>A square.</summary>
    public static implicit operator ImageSize(int side) => new(side, side);

    /// <summary>Height and width.</summary>
    public static implicit operator ImageSize((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>Height and width.</summary>
    /// <exception cref="ValueRangeException">There are not two numbers.</exception>
    public static implicit operator ImageSize(int[] size) => size is [var height, var width]
        ? new(height, width)
        : throw new ValueRangeException("A size has two numbers", "size", "height and width", $"{size?.Length ?? 0} numbers");

    /// <summary>The keys height and width.</summary>
    /// <exception cref="ValueRangeException">Another key is there, or one of the two is not.</exception>
    public static implicit operator ImageSize(Dictionary<string, int> size) => size is { Count: 2 } && size.TryGetValue("height", out var rows) && size.TryGetValue("width", out var columns)
        ? new(rows, columns)
        : throw new ValueRangeException("A size has other keys", "size", "height and width", Known.List(size?.Keys ?? Enumerable.Empty<string>()));

    /// <exception cref="ValueRangeException">A side is less than 1, or the image would be larger than is taken.</exception>
    internal ImageSize Checked() => height >= 1 && width >= 1 && (long)height * width <= Picture.MaxPixels
        ? this
        : throw new ValueRangeException("An image cannot have this size", "size", $"a height and a width of 1 or more, at most {Picture.MaxPixels} pixels", $"{height} x {width}");
}

/// <summary>A number for each channel, or one for all.</summary>
public sealed class ChannelValues
{
    readonly double[] _values;

    ChannelValues(double[] values, bool isOne) => (_values, IsOne) = (values, isOne);

    /// <summary>Whether one number stands for all channels.</summary>
    public bool IsOne { get; }

    /// <summary>The numbers.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>One number for all channels.</summary>
    public static implicit operator ChannelValues(double value) => new([value], true);

    /// <summary>A number for each channel.</summary>
    public static implicit operator ChannelValues(double[] values) => new((double[])(values ?? throw new ArgumentNullException(nameof(values))).Clone(), false);

    /// <summary>A number for each channel.</summary>
    public static implicit operator ChannelValues(List<double> values) => new([.. values ?? throw new ArgumentNullException(nameof(values))], false);

    /// <summary>The numbers.</summary>
    public override string ToString() => IsOne ? $"{_values[0]}" : $"[{string.Join(", ", _values)}]";

    /// <summary>A number for each of so many channels.</summary>
    /// <exception cref="ValueRangeException">There are more or fewer, or one is no number.</exception>
    internal double[] For(int channels, string name)
    {
        if (!_values.All(double.IsFinite)) throw new ValueRangeException("A channel's value is no number", name, "finite numbers", ToString());
        if (IsOne) return [.. Enumerable.Repeat(_values[0], channels)];
        return _values.Length == channels ? _values : throw new ValueRangeException("The values fit another number of channels", name, $"one number, or {channels} for images of {channels} channels", $"{_values.Length}: {this}",
            "Give a value for each channel, or images of as many channels.");
    }
}
