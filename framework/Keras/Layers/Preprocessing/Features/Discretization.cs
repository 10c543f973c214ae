using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Turns numbers into the index of the bin they fall in: bins with given boundaries, or boundaries learned so that each bin gets an equal share of the data.</summary>
/// <remarks>A number equal to a boundary falls into the bin above it. Source: keras/src/layers/preprocessing/discretization.py.</remarks>
public sealed partial class Discretization : Layer, IAdaptable
{
    readonly int? _numBins;
    readonly double _epsilon;
    readonly string _outputMode;
    QuantileSummary _summary = QuantileSummary.Empty;
    readonly LiveNumbers _live;
    double[]? _boundaries;
    bool _isTraced;

    /// <summary>Turns numbers into the index of the bin they fall in: bins with given boundaries, or boundaries learned so that each bin gets an equal share of the data.</summary>
    /// <param name="bin_boundaries">The boundaries, ascending; there is one bin more.</param>
    /// <param name="num_bins">The number of bins, whose boundaries <see cref="adapt(Tensors)"/> learns; give this or bin_boundaries.</param>
    /// <param name="epsilon">The precision of learned boundaries, as a fraction of the data; default 0.01.</param>
    /// <param name="output_mode">"int" for the bins, int32 (default); "one_hot", "multi_hot" or "count" for vectors with an element for each bin.</param>
    /// <param name="sparse">Not supported; sparse tensors do not exist here.</param>
    /// <param name="dtype">The dtype policy, which vectors follow.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="ArgumentException">Both or neither of bin_boundaries and num_bins are given, boundaries do not ascend, or an argument is out of its range.</exception>
    /// <exception cref="UnsupportedException">sparse is true.</exception>
    public Discretization(double[]? bin_boundaries = null, int? num_bins = null, double epsilon = 0.01, string output_mode = "int", bool sparse = false, DTypePolicy? dtype = null, string? name = null) : base(name, dtype: dtype)
    {
        if (bin_boundaries is null == num_bins is null) throw new ArgumentException($"Exactly one of bin_boundaries and num_bins is needed. Received: {(num_bins is null ? "neither" : "both")}.", nameof(bin_boundaries));
        _outputMode = Known.OneOf(output_mode, nameof(output_mode), "int", "one_hot", "multi_hot", "count")!;
        if (sparse) throw LookupOptions.Sparse(nameof(Discretization));
        _numBins = num_bins is { } bins ? ConfigForms.Positive(bins, nameof(num_bins)) : null;
        _epsilon = epsilon is > 0 and <= 1 ? epsilon : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "The share is out of range. Expected: a share above 0, up to 1.");
        _live = new($"{this.name}_bin_boundaries");
        if (bin_boundaries is not null) Use(Ascending(bin_boundaries));
        (supports_masking, built) = (false, true);
    }

    static double[] Ascending(double[] bin_boundaries)
    {
        if (bin_boundaries.Any(double.IsNaN) || bin_boundaries.Zip(bin_boundaries.Skip(1)).Any(p => p.First > p.Second))
            throw new ArgumentException($"The boundaries of bins do not ascend. Received: {Known.Say(bin_boundaries)}.", nameof(bin_boundaries));
        return [.. bin_boundaries];
    }

    void Use(double[] boundaries)
    {
        if (_isTraced && _boundaries is { } known && known.Length != boundaries.Length)
            throw new InvalidOperationException($"The layer '{name}' cannot change its number of bins: functions were traced with it. Expected: {known.Length + 1} bins. Received: {boundaries.Length + 1}. Make a new layer.");
        _boundaries = boundaries;
        _live.Set(HostTensor.Vector<double>(boundaries));
    }

    /// <summary>The boundaries of the bins; null before they are learned.</summary>
    public IReadOnlyList<double>? bin_boundaries => _boundaries;

    /// <summary>Whether the boundaries were given, so nothing is learned.</summary>
    internal bool IsGiven => _numBins is null;

    /// <summary>The number of bins; Keras' rounding of quantiles adds one for some numbers.</summary>
    internal int Bins => Math.Max(_numBins ?? 0, (_boundaries?.Length ?? 0) + 1);

    /// <summary>Learns boundaries from data, so that each bin gets an equal share of them.</summary>
    /// <param name="data">Numbers of any shape.</param>
    /// <exception cref="InvalidOperationException">The boundaries were given.</exception>
    /// <exception cref="ValueRangeException">A value is NaN.</exception>
    public void adapt(Tensors data)
    {
        ArgumentNullException.ThrowIfNull(data);
        InferredShapes.RequireAny(data);
        reset_state();
        update_state(data);
        finalize_state();
    }

    /// <summary>Adds a batch to the learned statistics; called by <see cref="adapt(Tensors)"/>.</summary>
    /// <param name="data">Numbers of any shape.</param>
    /// <exception cref="InvalidOperationException">The boundaries were given.</exception>
    /// <exception cref="ValueRangeException">A value is NaN.</exception>
    public void update_state(Tensors data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (_numBins is null) throw new InvalidOperationException($"The layer '{name}' was given its bin_boundaries: there is nothing to learn. Give num_bins to learn them.");
        var values = Tf.Cast(data.Single, DType.Float32).ToArray<float>();
        if (Array.Exists(values, float.IsNaN)) throw new ValueRangeException("Boundaries of bins cannot be learned from NaN", $"layer '{name}'", "no NaN", $"{values.Count(float.IsNaN)} of {values.Length} values are NaN", "Leave them out, or replace them first.");
        if (values.Length > 0) _summary = QuantileSummary.Of(values, _epsilon).Merge(_summary, _epsilon);
    }

    /// <summary>Computes the boundaries from the data seen; <see cref="adapt(Tensors)"/> calls it.</summary>
    public void finalize_state()
    {
        if (_numBins is not { } bins || _summary.IsEmpty) return;
        var learned = _summary.Boundaries(bins);
        if (Array.Exists(learned, double.IsNaN)) throw new ValueRangeException("Boundaries of bins cannot lie between infinite values", $"layer '{name}'", "values of which few are infinite", "shares of the data that end among infinite values", "Clip the values first.");
        Use(learned);
    }

    /// <summary>Forgets the data seen; the boundaries stay.</summary>
    public void reset_state() => _summary = QuantileSummary.Empty;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (_boundaries is null) throw new InvalidOperationException($"The layer '{name}' (Discretization) has no boundaries yet. Pass bin_boundaries, or call adapt before it is applied.");
        _isTraced |= Graph.Current is { IsScratch: false };
        Tensor x = inputs;
        if (!x.dtype.IsNumeric || x.dtype == DType.Bool) throw new DTypeMismatchException("Inputs for bins are not numbers", $"layer '{name}'", "numbers", x.dtype.Name);
        var values = x.dtype.IsFloating ? x : Tf.Cast(x, DType.Float32);
        var bins = _boundaries.Length == 0 ? Tf.Cast(Tf.ZerosLike(values), DType.Int32) : Api.ops.digitize(values, Tf.Cast(_live.Read(), values.dtype));
        return CategoryCodes.Encode(bins, _outputMode, _boundaries.Length + 1, _outputMode == "int" ? DType.Int32 : compute_dtype);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["bin_boundaries"] = _boundaries, ["num_bins"] = _numBins, ["epsilon"] = _epsilon, ["output_mode"] = _outputMode, ["sparse"] = false, ["name"] = name, ["dtype"] = dtype_policy.name,
    };

    /// <summary>Makes a layer from a config; after adapt, configs hold both the boundaries and their number.</summary>
    internal static Layer OfConfig(IReadOnlyDictionary<string, object?> config)
    {
        if (config.GetValueOrDefault("num_bins") is null || config.GetValueOrDefault("bin_boundaries") is not System.Collections.IEnumerable learned) return LayerConfigs.Construct(typeof(Discretization), config);
        var layer = (Discretization)LayerConfigs.Construct(typeof(Discretization), config.Where(c => c.Key != "bin_boundaries").ToDictionary(c => c.Key, c => c.Value));
        layer.Use(Ascending([.. learned.Cast<object>().Select(b => Convert.ToDouble(b, System.Globalization.CultureInfo.InvariantCulture))]));
        return layer;
    }
}
