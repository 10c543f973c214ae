using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;
using Keras.Saving;

namespace Keras.Layers;

/// <summary>The base of multi-head attention layers: projects query, key and value, applies the masks and the attention, and projects the result.</summary>
/// <remarks>Source: keras/src/layers/attention/multi_head_attention.py and grouped_query_attention.py.</remarks>
public abstract class HeadAttention : Layer
{
    readonly AttentionOptions _options;
    [SavedAs("_dropout_layer")] readonly Dropout _dropout;
    [SavedAs("query_dense")] EinsumDense _query = null!;
    [SavedAs("key_dense")] EinsumDense _key = null!;
    [SavedAs("gate_dense")] EinsumDense? _gate;
    [SavedAs("value_dense")] EinsumDense _value = null!;
    [SavedAs("output_dense")] EinsumDense _output = null!;
    AttentionAxes _axes = null!;

    /// <summary>The base of multi-head attention layers: projects query, key and value, applies the masks and the attention, and projects the result.</summary>
    private protected HeadAttention(AttentionOptions options, string? name, DTypePolicy? dtype, bool trainable) : base(name, trainable, dtype)
    {
        if (options.FlashAttention == true)
            throw new UnsupportedException("Flash attention is not supported", GetType().Name, "flash_attention: false or null", "true", "Leave it out: XLA fuses what it can.");
        if (options.SlidingWindow is <= 0) throw new ArgumentOutOfRangeException(nameof(options), options.SlidingWindow, "The window is out of range. Expected: a positive sliding_window.");
        _options = options;
        _dropout = new(ConfigForms.Rate(options.Dropout, "dropout"), seed: options.Seed, dtype: dtype_policy);
        activity_regularizer = options.ActivityRegularizer;
        supports_masking = true;
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters =>
        ["query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask", "return_attention_scores", "training", "use_causal_mask"];

    /// <summary>Applies the attention to its inputs.</summary>
    /// <param name="query">The query: the steps that attend, (B, T, ..., D).</param>
    /// <param name="value">The value: the steps that are averaged by the scores, (B, S, ..., D).</param>
    /// <param name="key">The key: the steps that the query is compared with, (B, S, ..., D); default the value.</param>
    /// <param name="query_mask">No effect, as in Keras: the mask that the query carries decides which query steps are data.</param>
    /// <param name="value_mask">Which value steps are data, (B, S), bool; default the mask that the value carries.</param>
    /// <param name="key_mask">Which key steps are data, (B, S), bool; default the mask that the key carries.</param>
    /// <param name="attention_mask">Which query step may see which value step, (B, T, S) or (B, heads, T, S), bool; default all.</param>
    /// <param name="return_attention_scores">Whether to return the scores too; default false.</param>
    /// <param name="training">Whether dropout is active; null inherits from the enclosing call, then false.</param>
    /// <param name="use_causal_mask">Whether each step sees only itself and the steps before it; default false.</param>
    /// <returns>(B, T, ..., D), or a list of it and the scores (B, heads, T, S).</returns>
    public Tensors Apply(Tensor query, Tensor value, Tensor? key = null, Tensor? query_mask = null, Tensor? value_mask = null, Tensor? key_mask = null, Tensor? attention_mask = null,
        bool return_attention_scores = false, bool? training = null, bool use_causal_mask = false)
    {
        var args = new CallArguments(query, training).With("value", value).With("key", key).With("query_mask", query_mask).With("value_mask", value_mask).With("key_mask", key_mask)
            .With("attention_mask", attention_mask);
        return Apply(args.WithOption("return_attention_scores", return_attention_scores).WithOption("use_causal_mask", use_causal_mask));
    }

    /// <summary>The number of query heads, and of key and value heads.</summary>
    private protected abstract (int Query, int KeyValue) Heads { get; }

    /// <summary>The head size of queries and keys, and that of values.</summary>
    private protected abstract (int Key, int Value) HeadSizes { get; }

    /// <summary>The output's shape after the step axes; null for the query's size.</summary>
    private protected virtual Shape? OutputShape => null;

    /// <summary>The axes that attend to each other; null for all between the batch and the last.</summary>
    private protected virtual int[]? AttendedAxes => null;

    /// <inheritdoc/>
    protected override void build(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (query, value) = (args.Inputs.Single.shape, ValueOf(args).shape);
        var key = (args["key"]?.Single ?? ValueOf(args)).shape;
        if (!query.HasRank || !value.HasRank || query.Rank != value.Rank || key.Rank != value.Rank)
            throw new ShapeMismatchException("Query, value and key differ in rank", $"layer '{name}'", "tensors of one rank", $"{query}, {value}, {key}");
        if (!value[1..^1].IsCompatibleWith(key[1..^1])) throw new ShapeMismatchException("Key and value differ in their number of steps", $"layer '{name}'", value.ToString(), key.ToString());
        (_query, _key, _value) = (Projection("query", query.Rank, Heads.Query, HeadSizes.Key), Projection("key", query.Rank, Heads.KeyValue, HeadSizes.Key), Projection("value", query.Rank, Heads.KeyValue, HeadSizes.Value));
        if (_options.UseGate) _gate = Projection("gate", query.Rank, Heads.Query, HeadSizes.Value, "sigmoid");
        var output = OutputShape ?? new Shape(ConfigForms.KnownDim(query, -1, this));
        var (equation, bias) = AttentionAxes.Projection(query.Rank - 1, 2, output.Rank);
        _output = Dense("attention_output", equation, AttentionAxes.Last(query.Rank - 2, output.ToArray()), bias, null);
        _query.BuildFor(query);
        _key.BuildFor(key);
        _gate?.BuildFor(query);
        _value.BuildFor(value);
        _output.BuildFor(query[..^1].Concat(new Shape(Heads.Query, HeadSizes.Value)));
        _axes = new(query.Rank + 1, AttendedAxes);
        _buildShapes = new() { ["query_shape"] = query, ["value_shape"] = value };
        if (args["key"] is not null) _buildShapes["key_shape"] = key;
        built = true;
    }

    Dictionary<string, Shape>? _buildShapes;

    internal override Dictionary<string, object?>? BuildConfig => _buildShapes is null ? null
        : new() { ["shapes_dict"] = _buildShapes.ToDictionary(s => s.Key, s => (object?)s.Value.Select(d => (object?)d).ToArray()) };

    EinsumDense Projection(string part, int rank, int heads, int size, string? activation = null)
    {
        var (equation, bias) = AttentionAxes.Projection(rank - 1, 1, 2);
        return Dense(part, equation, AttentionAxes.Last(rank - 2, heads, size), bias, activation);
    }

    EinsumDense Dense(string part, string equation, Shape output, string biasAxes, string? activation) => new(equation, output, activation!, _options.UseBias ? biasAxes : null,
        Again(_options.KernelInitializer), Again(_options.BiasInitializer), _options.KernelRegularizer, _options.BiasRegularizer, _options.ActivityRegularizer, _options.KernelConstraint,
        _options.BiasConstraint, part, dtype_policy, trainable);

    /// <summary>A copy made from the config, because one initializer object draws the same values each time.</summary>
    static Initializer Again(Initializer initializer) => Api.keras.initializers.deserialize(initializer.Serialized());

    Tensor ValueOf(CallArguments args) => args["value"]?.Single
        ?? throw new ArgumentException($"The attention '{name}' needs a query and a value. Call Apply(query, value).", nameof(args));

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (query, value) = (args.Inputs.Single, ValueOf(args));
        var key = args["key"]?.Single ?? value;
        var scoresWanted = args.Option("return_attention_scores", false);
        var mask = MaskOf(args, query, value, key);
        var gate = _gate?.Apply(query).Single;
        var (output, scores) = Attend(_query.Apply(query), _key.Apply(key), _value.Apply(value), mask, scoresWanted, args.IsTraining);
        Tensor result = _output.Apply(gate is null ? output : output * gate);
        return scoresWanted ? (result, scores!) : result;
    }

    (Tensor Output, Tensor? Scores) Attend(Tensor query, Tensor key, Tensor value, Tensor? mask, bool scoresWanted, bool training)
    {
        var form = new AttentionForm
        {
            Scale = 1 / Math.Sqrt(HeadSizes.Key), Rate = training ? (float)_options.Dropout : 0,
            // Keras uses ops.dot_product_attention only without dropout and returned scores; only there does a fully masked query attend to everything.
            Zeroes = _options.Dropout > 0 || scoresWanted || !_axes.AreSteps,
        };
        mask = mask is null ? null : _axes.Spread(mask);
        var inputs = new AttentionInputs<Tensor>(_axes.Together(query), _axes.Together(key), _axes.Together(value), mask is null ? null : _axes.MaskTogether(mask, query, key));
        if (form.Rate > 0 && _dropout.seed_generator!.Draw() is var (seed, counter)) inputs = inputs with { Seed = seed, Counter = counter };
        var (context, probabilities, _) = Tf.Attention(inputs, form);
        if (!scoresWanted) return (_axes.Apart(context, query), null);
        var scores = _axes.ScoresApart(probabilities, query, key);
        scores.KerasMask = mask;
        return (_axes.Apart(context, query), scores);
    }

    Tensor? MaskOf(CallArguments args, Tensor query, Tensor value, Tensor key)
    {
        var parts = new List<Tensor>();
        if (args.Mask is { } queryMask) parts.Add(Tf.ExpandDims(Bool(queryMask), -1));
        if ((args["value_mask"]?.Single ?? value.KerasMask) is { } valueMask) parts.Add(Tf.ExpandDims(Bool(valueMask), -2));
        if ((args["key_mask"]?.Single ?? (args["key"] is null ? null : key.KerasMask)) is { } keyMask) parts.Add(Tf.ExpandDims(Bool(keyMask), -2));
        if (args.Option("use_causal_mask", false)) parts.Add(Tf.GreaterEqual(Rows(query), Columns(value)));
        if (_options.SlidingWindow is { } window) parts.Add(Tf.Less(Tf.Abs(Rows(query) - Columns(value)), Tf.Int32Scalar(window)));
        if (args["attention_mask"] is { } attentionMask) parts.Insert(0, Bool(attentionMask));
        return parts.Count == 0 ? null : parts.Aggregate(Tf.LogicalAnd);
    }

    static Tensor Bool(Tensor mask) => Tf.Cast(mask, DType.Bool);

    /// <summary>The index of each query step, (1, T, 1).</summary>
    static Tensor Rows(Tensor query) => Tf.ExpandDims(Tf.ExpandDims(Steps(query), 0), -1);

    /// <summary>The index of each value step, (1, 1, S).</summary>
    static Tensor Columns(Tensor value) => Tf.ExpandDims(Tf.ExpandDims(Steps(value), 0), 0);

    static Tensor Steps(Tensor x) => Api.ops.arange(Dim.Of(x, 1), DType.Int32);

    internal override Tensor?[] ComputeMasks(CallArguments args) => [args.Mask];

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        return OutputShape is null ? input_shape : input_shape[..^1].Concat(OutputShape);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = base.get_config();
        _options.AddTo(config);
        return config;
    }
}

/// <summary>Options that all layers of attention with heads share.</summary>
sealed record AttentionOptions(double Dropout, bool UseBias, int? SlidingWindow, bool? FlashAttention, Initializer KernelInitializer, Initializer BiasInitializer, Regularizer? KernelRegularizer,
    Regularizer? BiasRegularizer, Regularizer? ActivityRegularizer, Constraint? KernelConstraint, Constraint? BiasConstraint, bool UseGate, long? Seed)
{
    public void AddTo(Dictionary<string, object?> config)
    {
        config["dropout"] = Dropout;
        config["use_bias"] = UseBias;
        config["use_gate"] = UseGate;
        config["sliding_window"] = SlidingWindow;
        config["kernel_initializer"] = KernelInitializer.Serialized();
        config["bias_initializer"] = BiasInitializer.Serialized();
        config["kernel_regularizer"] = KernelRegularizer.Serialized();
        config["bias_regularizer"] = BiasRegularizer.Serialized();
        config["activity_regularizer"] = ActivityRegularizer.Serialized();
        config["kernel_constraint"] = KernelConstraint.Serialized();
        config["bias_constraint"] = BiasConstraint.Serialized();
        config["seed"] = Seed;
    }
}
