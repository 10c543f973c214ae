using Keras.Initializers;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The inputs of the head that scores words.</summary>
sealed record BertPredictionsInputs : LayerArguments
{
    /// <summary>The encoder's states, (B, T, C).</summary>
    public Tensor states { get; init; } = null!;

    /// <summary>The table of word vectors, (V, C).</summary>
    public Tensor words { get; init; } = null!;
}

/// <summary>The language-model head: dense, activation, normalisation, then products with the word vectors.</summary>
sealed class BertPredictions : Layer<BertPredictionsInputs, Tensors>
{
    readonly Dense dense;
    readonly LayerNormalization LayerNorm;
    BertDecoder decoder;

    public BertPredictions(BertConfig config, DTypePolicy dtype) : base("predictions", dtype: dtype)
    {
        dense = new(config.hidden_size, TransformerActivations.Get(config.hidden_act), kernel_initializer: BertInit.Weights(config), name: "dense", dtype: dtype);
        LayerNorm = new(config.layer_norm_eps, name: "LayerNorm", dtype: dtype);
        decoder = new(config, config.vocab_size, dtype);
    }

    /// <summary>The separate table of an untied model; null if the input's table is used.</summary>
    public Variable? OwnTable => decoder.Table;

    public void Resize(int count) => decoder = decoder.Resized(count);

    /// <summary>Scores of words, (B, T, V).</summary>
    protected override Tensors call(BertPredictionsInputs args) => decoder.Apply(args with { states = LayerNorm.Apply(dense.Apply(args.states)) });

    /// <summary>The floating-point operations of the products for this many tokens.</summary>
    public static double Flops(BertConfig config, double tokens) => 2 * tokens * config.hidden_size * (config.hidden_size + (double)config.vocab_size);
}

/// <summary>Products with the word vectors, shared with the input unless the configuration unties them, and a bias for each word.</summary>
sealed class BertDecoder(BertConfig config, int words, DTypePolicy dtype) : Layer<BertPredictionsInputs, Tensors>("decoder", dtype: dtype)
{
    Variable? _bias;

    public Variable? Table { get; private set; }

    protected override void build(CallArguments args) => Build();

    void Build()
    {
        if (_bias is not null) return;
        _bias = add_weight(new Shape(words), new Zeros().call, name: "bias");
        if (!config.tie_word_embeddings) Table = add_weight(new Shape(words, config.hidden_size), BertInit.Weights(config).call, name: "embeddings");
    }

    /// <summary>Creates the same decoder for another number of words.</summary>
    public BertDecoder Resized(int count)
    {
        Build();
        var resized = new BertDecoder(config, count, dtype_policy) { trainable = trainable };
        resized.Build();
        VocabularyRows.Copy(_bias!, resized._bias!, new Zeros().call);
        if (Table is not null) VocabularyRows.Copy(Table, resized.Table!, BertInit.Weights(config).call);
        return resized;
    }

    protected override Tensors call(BertPredictionsInputs args) => ops.einsum("btc,vc->btv", args.states, Table ?? args.words) + _bias!;
}
