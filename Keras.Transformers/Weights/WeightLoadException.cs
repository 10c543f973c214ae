namespace Keras.Transformers;

/// <summary>Thrown when weights are missing, have the wrong shape, or come from a file that cannot be used.</summary>
public sealed class WeightLoadException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);
