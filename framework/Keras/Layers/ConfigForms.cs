using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>Values of layer configs, and checks that many layers share.</summary>
static class ConfigForms
{
    public static Dictionary<string, object?> Serialized(this Initializer initializer) => Api.keras.initializers.serialize(initializer);

    public static Dictionary<string, object?>? Serialized(this Regularizer? regularizer) => Api.keras.regularizers.serialize(regularizer);

    public static Dictionary<string, object?>? Serialized(this Constraint? constraint) => Api.keras.constraints.serialize(constraint);

    /// <summary>The data format; by default "channels_last".</summary>
    /// <exception cref="ArgumentException">The text is not a data format.</exception>
    public static string DataFormat(string? data_format) => data_format switch
    {
        null => "channels_last",
        "channels_last" or "channels_first" => data_format,
        _ => throw Known.NoneOf(data_format, nameof(data_format), "channels_last", "channels_first"),
    };

    /// <summary>Returns a number that must be positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public static int Positive(int value, string name) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "The number is out of range. Expected: a positive whole number.");

    /// <summary>Returns a number that must not be negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static int NotNegative(int value, string name) =>
        value >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, "The number is out of range. Expected: a whole number from 0.");

    /// <summary>Returns a number that must be a probability.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 0 or above 1.</exception>
    public static double Rate(double value, string name = "rate") =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, $"The rate is out of range. Expected: a rate from 0 to 1. Received: {value}.");

    /// <summary>Expands one number, or one for each axis, to a size per spatial axis.</summary>
    /// <exception cref="ArgumentException">There are more or fewer numbers, or one is too small.</exception>
    public static int[] PerAxis(Axes given, int rank, string name, int least = 1)
    {
        int[] sizes = given.Count == 1 ? [.. Enumerable.Repeat(given[0], rank)] : [.. given];
        return sizes.Length == rank && Array.TrueForAll(sizes, s => s >= least) ? sizes
            : throw new ArgumentException($"The numbers do not fit the axes. Expected: one number or {rank}, each at least {least}. Received: {given}.", name);
    }

    /// <summary>The size of an axis, which must be known when the layer is built.</summary>
    /// <exception cref="ShapeMismatchException">The size is unknown, or there is no such axis.</exception>
    public static int KnownDim(Shape shape, int axis, Layer layer)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.HasRank && axis < shape.Rank && axis >= -shape.Rank && shape[axis] >= 0 ? checked((int)shape[axis])
            : throw new ShapeMismatchException("The size of an axis that a layer's weights depend on is unknown", $"layer '{layer.name}' ({layer.GetType().Name})", $"a known dimension on axis {axis}", shape.ToString());
    }
}
