using Keras.Graphs;
using Keras.Initializers;

namespace Keras.Layers;

/// <summary>Luong's dot-product attention, without projections: inputs are [query, value] or [query, value, key].</summary>
/// <remarks>Query (B, T, D), value (B, S, D'), key (B, S, D); output (B, T, D'). Source: keras/src/layers/attention/attention.py.</remarks>
public class Attention : Layer
{
    readonly string _scoreMode;
    readonly bool _useScale;
    readonly double _dropout;
    readonly long? _seed;
    readonly SeedGenerator? _seeds;
    Variable? concat_score_weight;

    /// <summary>Luong's dot-product attention, without projections: inputs are [query, value] or [query, value, key].</summary>
    /// <param name="use_scale">Whether a trained number multiplies the scores; default false.</param>
    /// <param name="score_mode">"dot" (default): query · key; "concat": the sum over channels of tanh(query + key).</param>
    /// <param name="dropout">The share of scores that are zeroed in training; default 0.</param>
    /// <param name="seed">The seed of dropout; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">The score mode is another.</exception>
    public Attention(bool use_scale = false, string score_mode = "dot", double dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        Known.OneOf(score_mode, nameof(score_mode), "dot", "concat");
        (_useScale, _scoreMode, _dropout, _seed) = (use_scale, score_mode, ConfigForms.Rate(dropout, nameof(dropout)), seed);
        _seeds = dropout > 0 ? new(seed) : null;
        supports_masking = true;
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => ["inputs", "mask", "training", "return_attention_scores", "use_causal_mask"];

    /// <summary>The trained factor of the scores; null without one.</summary>
    public Variable? scale { get; private protected set; }

    /// <summary>Applies the attention to its inputs.</summary>
    /// <param name="inputs">A list of query, value and, if it differs from the value, key.</param>
    /// <param name="mask">The masks of query (B, T) and value (B, S), bool, null for none; default the masks that the inputs carry.</param>
    /// <param name="training">Whether dropout is active; null inherits from the enclosing call, then false.</param>
    /// <param name="return_attention_scores">Whether to return the scores too; default false.</param>
    /// <param name="use_causal_mask">Whether each step sees only itself and the steps before it; default false.</param>
    /// <returns>(B, T, D'), or a list of it and the scores (B, T, S).</returns>
    public Tensors Apply(Tensors inputs, Tensor?[]? mask = null, bool? training = null, bool return_attention_scores = false, bool use_causal_mask = false)
    {
        var args = new CallArguments(inputs, training).WithOption("return_attention_scores", return_attention_scores).WithOption("use_causal_mask", use_causal_mask);
        return Apply(mask is null ? args : args.WithMasks(mask));
    }

    /// <inheritdoc/>
    protected override void build(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (args.Inputs.IsLeaf || args.Inputs.Count is < 2 or > 3)
            throw new ShapeMismatchException("The attention was not given a list of inputs", $"layer '{name}'", "[query, value] or [query, value, key]", args.Inputs.ToString());
        BuildScale(args.Inputs[0].Single.shape);
        if (_scoreMode == "concat") concat_score_weight = add_weight(Shape.Scalar, new Ones(), name: "concat_score_weight");
        built = true;
    }

    private protected virtual void BuildScale(Shape query)
    {
        if (_useScale) scale = add_weight(Shape.Scalar, new Ones(), name: "scale");
    }

    /// <summary>The scores (B, T, S) if they are not dot products; null if they are.</summary>
    private protected virtual Tensor? Scores(Tensor query, Tensor key)
    {
        if (_scoreMode == "dot") return null;
        var sum = Tf.ExpandDims(query, -2) + Tf.ExpandDims(key, -3);
        return Api.ops.sum(Tf.Tanh(scale is null ? sum : sum * scale.value), -1) * concat_score_weight!.value;
    }

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (query, value) = (args.Inputs[0].Single, args.Inputs[1].Single);
        var key = args.Inputs.Count > 2 ? args.Inputs[2].Single : value;
        var mask = args.Masks[1] is { } valueMask ? Tf.ExpandDims(valueMask, -2) : null;
        var (causal, rate) = (args.Option("use_causal_mask", false), args.IsTraining ? _dropout : 0);
        var (output, weights) = Scores(query, key) is { } scores ? Mix(scores, value, mask, causal, rate) : Attend(query, key, value, mask, causal, rate);
        if (args.Masks[0] is { } queryMask) output = Tf.SelectV2(Tf.ExpandDims(queryMask, -1), output, Tf.Constant(0, output.dtype));
        return args.Option("return_attention_scores", false) ? (output, weights) : output;
    }

    (Tensor Output, Tensor Weights) Attend(Tensor query, Tensor key, Tensor value, Tensor? mask, bool causal, double rate)
    {
        var inputs = new AttentionInputs<Tensor>(scale is null ? query : query * scale.value, key, value, mask);
        if (rate > 0 && _seeds!.Draw() is var (seed, counter)) inputs = inputs with { Seed = seed, Counter = counter };
        var (output, weights, _) = Tf.Attention(inputs, new() { Causal = causal ? AttentionForm.UpperLeft : AttentionForm.All, Rate = (float)rate });
        return (output, weights);
    }

    (Tensor Output, Tensor Weights) Mix(Tensor scores, Tensor value, Tensor? mask, bool causal, double rate)
    {
        if (causal && Tf.CausalMask(Tf.DimOf(scores, -2), Tf.DimOf(scores, -1)) is var earlier) mask = mask is null ? earlier : Tf.LogicalAnd(mask, earlier);
        var weights = Tf.Cast(Tf.MaskedSoftmax(Tf.Wide(scores), mask), scores.dtype);
        return (Tf.BatchMatMul(rate > 0 ? Api.keras.random.dropout(weights, rate, seed: _seeds!) : weights, value), weights);
    }

    internal override Tensor?[] ComputeMasks(CallArguments args) => [args.Masks[0]];

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["use_scale"] = _useScale, ["score_mode"] = _scoreMode, ["dropout"] = _dropout, ["seed"] = _seed };
}
