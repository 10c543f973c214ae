namespace Keras.Transformers;

/// <summary>Weights are missing, of the wrong shape, or in a file that cannot be used.</summary>
public sealed class WeightLoadException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);
