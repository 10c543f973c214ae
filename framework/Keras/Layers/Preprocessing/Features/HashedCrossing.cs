using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Makes one feature of several: hashes each combination of two or more texts or integers into a bin.</summary>
/// <remarks>The bins are those of TensorFlow's crossing op, by core operations on integers, so that every engine and export has them. Source: keras/src/layers/preprocessing/hashed_crossing.py,
/// tensorflow/core/kernels/sparse_cross_op.cc.</remarks>
public sealed class HashedCrossing : Layer
{
    readonly int _numBins;
    readonly string _outputMode;

    /// <summary>Makes one feature of several: hashes each combination of two or more texts or integers into a bin.</summary>
    /// <param name="num_bins">The number of bins.</param>
    /// <param name="output_mode">"int" for the bins (default), "one_hot" for vectors with an element for each bin.</param>
    /// <param name="sparse">Not supported; sparse tensors do not exist here.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The outputs' dtype; default int64 for "int", otherwise <c>floatx</c>.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    /// <exception cref="UnsupportedException">sparse is true.</exception>
    public HashedCrossing(int num_bins, string output_mode = "int", bool sparse = false, string? name = null, DTypePolicy? dtype = null)
        : base(name, dtype: dtype ?? (output_mode == "int" ? "int64" : ConfigApi.FloatX.Name))
    {
        (_numBins, _outputMode) = (ConfigForms.Positive(num_bins, nameof(num_bins)), Known.OneOf(output_mode, nameof(output_mode), "int", "one_hot")!);
        if (sparse) throw LookupOptions.Sparse(nameof(HashedCrossing));
        (autocast, built) = (false, true);
    }

    internal int NumBins => _numBins;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor[] features = [.. inputs.Flatten()];
        Check(inputs, features);
        var crossed = FingerprintCross.Of([.. features.Select(f => f.dtype == DType.String ? FingerprintCross.Fingerprint(f) : Tf.Cast(f, DType.Int64))], _numBins);
        return CategoryCodes.Encode(crossed, _outputMode, _numBins, compute_dtype);
    }

    void Check(Tensors inputs, Tensor[] features)
    {
        var where = $"layer '{name}'";
        if (inputs.IsLeaf || features.Length < 2) throw new ArgumentException($"HashedCrossing ({where}) was given too few features. Expected: a list of at least two tensors. Received: {features.Length}.", nameof(inputs));
        if (Array.Find(features, f => f.dtype != DType.String && !f.dtype.IsInteger) is { } other)
            throw new DTypeMismatchException("A feature to cross is not a category", where, "strings or whole numbers", other.dtype.Name, "Put numbers into bins first (Discretization).");
        if (Array.Find(features, f => f.ndim > 2 || (f.ndim == 2 && f.shape[1] is not (1 or < 0)) || !f.shape.IsCompatibleWith(features[0].shape)) is { } unlike)
            throw new ShapeMismatchException("The shapes of the features to cross do not fit", where, "(), (B) or (B, 1), the same for all", $"{features[0].shape} and {unlike.shape}");
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        using (Graph.Scratch.Enter())
        {
            var feature = Graph.Scratch.AddPlaceholder(DType.Int64, input_shape, "shape");
            return Apply(new Tensors([new Tensors(feature), new Tensors(feature)])).Flatten()[0].shape;
        }
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["num_bins"] = _numBins, ["output_mode"] = _outputMode, ["sparse"] = false, ["name"] = name, ["dtype"] = dtype_policy.name,
    };
}
