using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The inputs of the head that scores words.</summary>
sealed record Gpt2WordScoresInputs : LayerArguments
{
    /// <summary>The decoder's states, (B, T, C).</summary>
    public Tensor states { get; init; } = null!;

    /// <summary>The table of word vectors, (V, C).</summary>
    public Tensor words { get; init; } = null!;
}

/// <summary>Products with the word vectors, shared with the input unless the configuration unties them.</summary>
sealed class Gpt2WordScores(GPT2Config config, int words, DTypePolicy dtype) : Layer<Gpt2WordScoresInputs, Tensors>("lm_head", dtype: dtype)
{
    /// <summary>The separate table of an untied model; null if the input's table is used.</summary>
    public Variable? Table { get; private set; }

    protected override void build(CallArguments args) => Build();

    void Build()
    {
        if (!config.tie_word_embeddings) Table ??= add_weight(new Shape(words, config.n_embd), TFGPT2MainLayer.NewWeights(config).call, name: "embeddings");
    }

    /// <summary>Creates the same head for another number of words.</summary>
    public Gpt2WordScores Resized(int count)
    {
        Build();
        var resized = new Gpt2WordScores(config, count, dtype_policy) { trainable = trainable };
        resized.Build();
        if (Table is not null) VocabularyRows.Copy(Table, resized.Table!, TFGPT2MainLayer.NewWeights(config).call);
        return resized;
    }

    protected override Tensors call(Gpt2WordScoresInputs args) => ops.einsum("btc,vc->btv", args.states, Table ?? args.words);
}
