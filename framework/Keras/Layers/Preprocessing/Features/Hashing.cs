using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Turns texts or integers into bins by hashing: categories without a vocabulary.</summary>
/// <remarks>Without a salt the hash is FarmHash64, with one SipHash64; both give the bins that TensorFlow gives. Source: keras/src/layers/preprocessing/hashing.py.</remarks>
public sealed class Hashing : Layer
{
    readonly int _numBins;
    readonly HashMask? _maskValue;
    readonly Salt? _salt;
    readonly string _outputMode;

    /// <summary>Turns texts or integers into bins by hashing: categories without a vocabulary.</summary>
    /// <param name="num_bins">The number of bins, the mask's included.</param>
    /// <param name="mask_value">The text or number that goes to bin 0, and nothing else; default none.</param>
    /// <param name="salt">Keys of a hash that others cannot foresee (SipHash); default none (FarmHash).</param>
    /// <param name="output_mode">"int" for the bins (default), "one_hot", "multi_hot" or "count" for vectors with an element for each bin.</param>
    /// <param name="sparse">Not supported; sparse tensors do not exist here.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The outputs' dtype; default int64 for "int", which may be int32 too, otherwise <c>floatx</c>.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or the dtype does not fit the mode.</exception>
    /// <exception cref="UnsupportedException">sparse is true.</exception>
    public Hashing(int num_bins, HashMask? mask_value = null, Salt? salt = null, string output_mode = "int", bool sparse = false, string? name = null, DTypePolicy? dtype = null)
        : base(name, dtype: dtype ?? (output_mode == "int" ? "int64" : ConfigApi.FloatX.Name))
    {
        (_numBins, _maskValue, _salt) = (ConfigForms.Positive(num_bins, nameof(num_bins)), mask_value, salt);
        _outputMode = Known.OneOf(output_mode, nameof(output_mode), "int", "one_hot", "multi_hot", "count")!;
        if (sparse) throw LookupOptions.Sparse(nameof(Hashing));
        if (_outputMode == "int" && compute_dtype != DType.Int32 && compute_dtype != DType.Int64) throw new ArgumentException($"The dtype cannot hold the numbers of bins. Expected: int32 or int64 with output_mode \"int\". Received: {compute_dtype.Name}.", nameof(dtype));
        (autocast, built) = (false, true);
    }

    internal int NumBins => _numBins;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor x = inputs;
        if (_outputMode == "one_hot" && x.ndim > 0 && x.shape[-1] == 1) x = Tf.Squeeze(x, x.ndim - 1);
        return CategoryCodes.Encode(BinsOf(x), _outputMode, _numBins, compute_dtype);
    }

    Tensor BinsOf(Tensor x)
    {
        var isMasked = _maskValue is not null && _numBins > 1;
        var texts = Texts(x);
        var bins = isMasked ? _numBins - 1 : _numBins;
        var found = _salt is { } salt ? Tf.StringToHash(texts, bins, salt.First, salt.Second) : Tf.StringToHash(texts, bins);
        if (!isMasked) return found;
        return Tf.SelectV2(_maskValue!.IsIn(x, name), Tf.Constant(0, DType.Int64), found + Tf.Constant(1, DType.Int64));
    }

    Tensor Texts(Tensor x) => x.dtype == DType.String ? x
        : x.dtype == DType.Bool || !x.dtype.IsNumeric ? throw new DTypeMismatchException("A value cannot be hashed", $"layer '{name}'", "strings or numbers", x.dtype.Name, "Cast it first.")
        : Tf.AsString(x.dtype.IsFloating ? Tf.Cast(x, DType.Int64) : x);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => InferredShapes.Of(this, DType.String, input_shape);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["num_bins"] = _numBins, ["salt"] = _salt?.ToConfig(), ["mask_value"] = _maskValue?.Value, ["output_mode"] = _outputMode, ["sparse"] = false,
    };
}

/// <summary>The value that stands for missing data, a text or an integer; it gets bin 0.</summary>
public sealed class HashMask
{
    HashMask(object value) => Value = value;

    internal object Value { get; }

    /// <summary>A mask of the elements that equal the mask value.</summary>
    internal Tensor IsIn(Tensor x, string layer)
    {
        if (Value is string != (x.dtype == DType.String)) throw Unlike(x.dtype, layer);
        if (Value is string text) return Tf.Equal(x, Tensor.Of(text));
        // An integer may not fit the inputs' dtype, nor float64.
        return x.dtype.IsFloating ? Tf.Equal(x, Tf.Constant((double)(long)Value, x.dtype)) : Tf.Equal(Tf.Cast(x, DType.Int64), Tf.Constant(HostTensor.Scalar((long)Value)));
    }

    DTypeMismatchException Unlike(DType dtype, string layer) => new("The mask_value has another type than the inputs", $"layer '{layer}', mask_value", Value is string ? "strings" : "numbers", dtype.Name);

    /// <summary>The text that stands for missing data.</summary>
    public static implicit operator HashMask(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>The integer that stands for missing data.</summary>
    public static implicit operator HashMask(long value) => new(value);
}
