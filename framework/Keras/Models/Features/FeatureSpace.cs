using Keras.Layers;
using Keras.Saving;

namespace Keras.Utils;

/// <summary>Prepares a table for a model: each column by its kind, with crosses of columns if wanted, as one vector or a dictionary.</summary>
/// <remarks>It is applied to dictionaries of columns, eagerly, in a pipeline's map, and in models through <see cref="get_inputs"/> and <see cref="get_encoded_features"/>; it is saved, loaded and
/// exported as a model. Source: keras/src/layers/preprocessing/feature_space.py.</remarks>
public sealed partial class FeatureSpace : Model
{
    const string Concat = "concat";

    readonly Dictionary<string, Feature> _features;
    readonly List<Cross> _crosses;
    readonly string _outputMode;
    readonly int _crossingDim, _hashingDim, _bins;

    [SavedAs("preprocessors")]
    readonly Dictionary<string, Layer> _preprocessors;

    [SavedAs("crossers")]
    readonly Dictionary<string, HashedCrossing> _crossers;

    [SavedAs("one_hot_encoders")]
    readonly Dictionary<string, CategoryEncoding> _encoders = [];

    [SavedAs("concat")]
    TFDConcat? _concat;

    readonly Dictionary<string, Tensor> _inputs;
    readonly Lock _making = new();
    Tensors? _encoded;
    bool _isAdapted, _isOfConfig;

    /// <summary>Prepares a table for a model: each column by its kind, with crosses of columns if wanted, as one vector or a dictionary.</summary>
    /// <param name="features">Each column's kind, by the column's name.</param>
    /// <param name="output_mode">"concat" for one vector (default), "dict" for a dictionary.</param>
    /// <param name="crosses">Columns whose combinations are features too; default none.</param>
    /// <param name="crossing_dim">The number of bins for hashed combinations; default 32.</param>
    /// <param name="hashing_dim">The number of bins of the kinds "string_hashed" and "integer_hashed"; default 32.</param>
    /// <param name="num_discretization_bins">The number of bins of the kind "float_discretized"; default 32.</param>
    /// <param name="name">The space's name.</param>
    /// <exception cref="ArgumentException">There are no features, a kind is unknown, or a cross is of unknown features.</exception>
    public FeatureSpace(IReadOnlyDictionary<string, Feature> features, string output_mode = Concat, IReadOnlyList<Cross>? crosses = null, int crossing_dim = 32, int hashing_dim = 32, int num_discretization_bins = 32, string? name = null)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count == 0) throw new ArgumentException("The feature space was given no features.", nameof(features));
        (_crossingDim, _hashingDim, _bins) = (ConfigForms.Positive(crossing_dim, nameof(crossing_dim)), ConfigForms.Positive(hashing_dim, nameof(hashing_dim)), ConfigForms.Positive(num_discretization_bins, nameof(num_discretization_bins)));
        _outputMode = Known.OneOf(output_mode, nameof(output_mode), Concat, "dict")!;
        _features = features.ToDictionary(f => f.Key, f => (f.Value ?? throw new ArgumentNullException(nameof(features), $"The feature \"{f.Key}\" is null.")).Made(f.Key, hashing_dim, num_discretization_bins));
        _crosses = [.. (crosses ?? []).Select(c => (c ?? throw new ArgumentNullException(nameof(crosses), "A cross is null.")).Made(crossing_dim))];
        foreach (var unknown in _crosses.SelectMany(c => c.feature_names).Where(f => !_features.ContainsKey(f)))
            throw new ArgumentException($"A cross names a feature that the space does not have. Expected: {Known.List(_features.Keys)}. Received: \"{unknown}\".", nameof(crosses));
        _preprocessors = _features.ToDictionary(f => f.Key, f => f.Value.preprocessor);
        _crossers = _crosses.ToDictionary(c => c.name, c => new HashedCrossing(c.crossing_dim, name: c.name));
        _inputs = _features.ToDictionary(f => f.Key, f => Api.keras.Input(1, dtype: f.Value.dtype, name: f.Key));
    }

    /// <summary>The columns and their kinds.</summary>
    public IReadOnlyDictionary<string, Feature> features => _features;

    /// <summary>The layers that prepare the columns.</summary>
    public IReadOnlyDictionary<string, Layer> preprocessors => _preprocessors;

    internal override IReadOnlyList<Layer>? SavedUnderLayers => [];

    IEnumerable<string> Adaptable => _features.Keys.Where(k => _preprocessors[k] switch
    {
        Normalization { IsGiven: true } or Discretization { IsGiven: true } or IndexLookup { IsFixed: true } => false,
        TextVectorization { Lookup.IsFixed: true } => false,
        IAdaptable => true,
        _ => false,
    });

    /// <summary>Learns from data what the features need: vocabularies, means and variances, boundaries of bins.</summary>
    /// <param name="dataset">A table: of each column (N) or (N, 1).</param>
    /// <exception cref="ArgumentException">A column is missing, or there are no rows.</exception>
    public void adapt(Dictionary<string, Tensor> dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        const int rows = 32;
        var learner = new FeatureLearner(Learners());
        var columns = learner.Columns(new Tensors(dataset.Select(d => KeyValuePair.Create(d.Key, new Tensors(d.Value)))));
        var count = columns.Values.First().shape[0];
        if (columns.FirstOrDefault(c => c.Value.shape[0] != count) is { Key: { } other }) throw new ShapeMismatchException("Columns have different numbers of rows", "dataset", $"{count}", $"{columns[other].shape[0]} in \"{other}\"");
        for (var start = 0L; start < count; start += rows)
            learner.Learn(columns.ToDictionary(c => c.Key, c => c.Value[(int)start..(int)Math.Min(start + rows, count)]));
        learner.Finish();
        HasLearned();
    }

    internal Dictionary<string, IAdaptable> Learners() => Adaptable.ToDictionary(k => k, k => (IAdaptable)_preprocessors[k]);

    internal void HasLearned()
    {
        (_isAdapted, _encoded) = (true, null);
        lock (_making) _encoders.Clear();
        get_encoded_features();
        built = true;
    }

    /// <summary>Marks the space as adapted, as a loaded state is.</summary>
    internal void HasLoaded() => (_isAdapted, built) = (true, true);

    void RequireAdapted()
    {
        if (_isAdapted) return;
        // Models are made from configs before the state is read; shapes do not need it.
        if (_isOfConfig && Graphs.Graph.Current is { IsScratch: true }) return;
        if (Adaptable.ToArray() is { Length: > 0 } waiting)
            throw new InvalidOperationException($"The feature space '{name}' has not learned its features yet: {Known.List(waiting)}. Call adapt(dataset) first.");
        (_isAdapted, built) = (true, true);
    }

    /// <summary>The columns as symbolic inputs of a model.</summary>
    /// <exception cref="InvalidOperationException">There is something to learn, and adapt was not called.</exception>
    public IReadOnlyDictionary<string, Tensor> get_inputs()
    {
        RequireAdapted();
        return _inputs;
    }

    /// <summary>The prepared features of <see cref="get_inputs"/>, to build a model on.</summary>
    /// <exception cref="InvalidOperationException">There is something to learn, and adapt was not called.</exception>
    public Tensors get_encoded_features()
    {
        RequireAdapted();
        return _encoded ??= Encoded(_inputs);
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        RequireAdapted();
        if (!inputs.IsDictionary) throw new ArgumentException($"A feature space was not given a dictionary of its columns. Expected: {Known.List(_features.Keys)}. Received: {inputs.Structure}.", nameof(inputs));
        var rank = _features.Keys.Min(k => Column(inputs, k).ndim);
        var encoded = Encoded(_features.Keys.ToDictionary(k => k, k => AsColumn(Column(inputs, k))));
        return rank == 0 ? encoded.Map(t => Graphs.Tf.Squeeze(t, 0)) : encoded;
    }

    Tensor Column(Tensors inputs, string feature) => inputs.Keys.Contains(feature) ? inputs[feature].Single
        : throw new ArgumentException($"A column is missing. Expected: {Known.List(_features.Keys)}. Received: {Known.List(inputs.Keys)}.", nameof(inputs));

    internal static Tensor AsColumn(Tensor x) => x.ndim switch { 0 => Graphs.Tf.Reshape(x, Graphs.Tf.Int32(1, 1)), 1 => Graphs.Tf.ExpandDims(x, 1), _ => x };

    Tensors Encoded(Dictionary<string, Tensor> columns)
    {
        var prepared = _features.Keys.ToDictionary(k => k, k => _preprocessors[k].Apply(columns[k]).Single);
        var crossed = _crosses.ToDictionary(c => c.name, c => _crossers[c.name].Apply(new Tensors(c.feature_names.Select(f => new Tensors(prepared[f])))).Single);
        (string Name, Tensor Value)[] all =
        [
            .. prepared.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, InForm(p.Key, p.Value, _features[p.Key].output_mode, _preprocessors[p.Key]))),
            .. crossed.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, InForm(c.Key, c.Value, _crosses.First(x => x.name == c.Key).output_mode, _crossers[c.Key]))),
        ];
        if (_outputMode != Concat) return new Tensors(all.Select(f => KeyValuePair.Create(f.Name, new Tensors(f.Value))));
        if (Array.Find(all, f => !f.Value.dtype.IsFloating) is { Name: { } plain } unencoded)
            throw new DTypeMismatchException("A feature cannot be joined with others into one vector", $"feature space '{name}', \"{plain}\"", "floats: output_mode \"one_hot\" or \"float\" for the feature", unencoded.Value.dtype.Name, "Use output_mode: \"dict\" for the space.");
        return Concatenation().Apply(new Tensors(all.Select(f => new Tensors(f.Value))));
    }

    Tensor InForm(string feature, Tensor value, string mode, Layer layer)
    {
        if (mode != "one_hot") return value;
        if (!value.dtype.IsInteger) throw new DTypeMismatchException("A feature that is not a category cannot become a one-hot vector", $"feature space '{name}', \"{feature}\"", "a layer that gives whole numbers", value.dtype.Name, "Use output_mode \"float\".");
        return EncoderOf(feature, layer).Apply(value).Single;
    }

    // Pipelines apply a space on several threads.
    TFDConcat Concatenation()
    {
        lock (_making) return _concat ??= new(-1);
    }

    CategoryEncoding EncoderOf(string feature, Layer layer)
    {
        lock (_making)
        {
            if (!_encoders.TryGetValue(feature, out var encoder)) _encoders[feature] = encoder = new(Categories(feature, layer), "multi_hot");
            return encoder;
        }
    }

    int Categories(string feature, Layer layer) => layer switch
    {
        // For a loaded layer, the size is known before the vocabulary is read.
        IndexLookup lookup => Math.Max(lookup.vocabulary_size(), lookup.KnownSize ?? 0),
        Discretization bins => bins.Bins,
        Hashing hashing => hashing.NumBins,
        HashedCrossing crossing => crossing.NumBins,
        CategoryEncoding encoding => encoding.NumTokens,
        _ => throw new UnsupportedException("The number of categories of a layer is unknown", $"feature space '{name}', \"{feature}\"", "a layer of lookups, hashes or bins", layer.GetType().Name, "Use output_mode \"int\" and encode it yourself."),
    };
}
