using Keras.Graphs;
using Keras.Initializers;

namespace Keras.Layers;

/// <summary>Scales inputs to mean 0 and variance 1: (inputs - mean) / √variance, with given numbers or those that <see cref="adapt(Tensors)"/> learns from data.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/normalization.py.</remarks>
/// <example>
/// <code>
/// float[,] table = { { 1, 100 }, { 2, 200 }, { 3, 300 } };
/// var normalization = keras.layers.Normalization();
/// normalization.adapt(table);
/// Console.WriteLine(normalization.Apply(table));   // each column with mean 0 and variance 1
/// </code>
/// </example>
public sealed partial class Normalization : Layer, IAdaptable
{
    readonly int[] _axis;
    readonly PerChannel? _mean;
    readonly PerChannel? _variance;
    readonly bool _invert;
    int[] _kept = [];
    Variable? mean;
    Variable? variance;
    Variable? count;

    /// <summary>Scales inputs to mean 0 and variance 1: (inputs - mean) / √variance, with given numbers or those that <see cref="adapt(Tensors)"/> learns from data.</summary>
    /// <param name="axis">The axes with separate moments; an empty list for one mean and one variance of all. Default the last.</param>
    /// <param name="mean">The mean, if known; default learned by adapt.</param>
    /// <param name="variance">The variance, if known; default learned by adapt.</param>
    /// <param name="invert">Whether to undo a normalisation: inputs · √variance + mean; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">Only one of mean and variance is given.</exception>
    public Normalization(Axes? axis = null, PerChannel? mean = null, PerChannel? variance = null, bool invert = false, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        if (mean is null != variance is null) throw new ArgumentException("Only one of mean and variance was given. Give both, or neither.", nameof(mean));
        (_axis, _mean, _variance, _invert) = ([.. axis ?? -1], mean, variance, invert);
        supports_masking = true;
    }

    /// <summary>Whether mean and variance were given, so nothing is learned.</summary>
    internal bool IsGiven => _mean is not null;

    /// <summary>Makes a layer from a config: there, a null axis means all axes together; here that is an empty list, and null the default.</summary>
    internal static Layer OfConfig(IReadOnlyDictionary<string, object?> config) => LayerConfigs.Construct(typeof(Normalization),
        config.TryGetValue("axis", out var axis) && axis is null ? new Dictionary<string, object?>(config) { ["axis"] = Array.Empty<int>() } : config);

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        _kept = [.. _axis.Select(a => Axes.Normalize(a, input_shape.Rank, name)).Order()];
        var shape = new Shape([.. _kept.Select(a => (long)ConfigForms.KnownDim(input_shape, a, this))]);
        if (_mean is null)
        {
            mean = add_weight(shape, new Zeros(), trainable: false, name: "mean");
            variance = add_weight(shape, new Ones(), trainable: false, name: "variance");
            count = add_weight(Shape.Scalar, new Zeros(), DType.Int32, trainable: false, name: "count");
        }
        built = true;
    }

    /// <summary>Learns mean and variance from data.</summary>
    /// <param name="data">(N, ...), as the inputs.</param>
    /// <exception cref="InvalidOperationException">Mean and variance were given.</exception>
    public void adapt(Tensors data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (_mean is not null) throw new InvalidOperationException($"The layer '{name}' was given its mean and variance: there is nothing to learn.");
        var x = Tf.Cast(data.Single, compute_dtype);
        BuildFor(x.shape.With(0, -1));
        int[] reduced = [.. Enumerable.Range(0, x.ndim).Except(_kept)];
        mean!.assign(Api.ops.mean(x, reduced));
        variance!.assign(Api.ops.var(x, reduced));
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        var x = Tf.Cast(inputs, compute_dtype);
        var (center, spread) = (Broadcast(mean, _mean, x), Tf.Maximum(Tf.Sqrt(Broadcast(variance, _variance, x)), Tf.Constant(Api.keras.config.epsilon(), x.dtype)));
        return _invert ? center + (x * spread) : (x - center) / spread;
    }

    Tensor Broadcast(Variable? learned, PerChannel? given, Tensor x)
    {
        var value = Tf.Cast(learned is not null ? learned.value : given!.IsList ? Tensor.Of(given.Values) : Tensor.Of(given.Values[0]), x.dtype);
        if (value.ndim == 0) return value;
        return Api.ops.reshape(value, Dims.Create([.. Enumerable.Range(0, x.ndim).Select(a => (Dim)(Array.IndexOf(_kept, a) is var at and >= 0 ? value.ndim == _kept.Length ? value.shape[at] : x.shape[a] : 1))]));
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["axis"] = _axis,
        ["invert"] = _invert,
        ["mean"] = Form(_mean),
        ["variance"] = Form(_variance),
    };

    static object? Form(PerChannel? values) => values is null ? null : values.IsList ? values.Values : values.Values[0];
}
