namespace Keras.Transformers.Tests;

/// <summary>The tiny decoder's weights, with every way in which files differ.</summary>
static class TinyTestWeights
{
    public static readonly WeightDialect Dialect = new()
    {
        TensorFlowLayers = [new("tiny.ln_f.", "tiny/norm___ln_f/"), new("score.", "classes___score/") { IsLast = true }],
        Spellings = [new(@"\.mlp\.", ".")],
        Buffers = [@"\.attn\.mask$"],
    };

    /// <param name="prefix">"" for the bare model, "tiny." for models with heads.</param>
    /// <param name="tied">Other names of the word vectors.</param>
    public static IEnumerable<WeightRow> Backbone(string prefix, params string[] tied) =>
    [
        new($"{prefix}wte.weight", "tiny/wte/embeddings") { TensorFlowName = "weight", Tied = tied },
        .. WeightRow.Norm($"{prefix}ln_1", "tiny/ln_1"),
        new($"{prefix}attn.c_attn.weight", "tiny/attn/kernel") { Transform = WeightTransform.Permute(2, 1, 0) },
        .. WeightRow.Dense($"{prefix}attn.c_proj", "tiny/attn/c_proj"),
        .. WeightRow.Norm($"{prefix}ln_2", "tiny/ln_2"),
        new($"{prefix}c_fc.weight", "tiny/c_fc/kernel") { TensorFlowName = "weight" },
        new($"{prefix}c_fc.bias", "tiny/c_fc/bias") { TensorFlowTransform = WeightTransform.LeadingOne },
        .. WeightRow.Dense($"{prefix}c_proj", "tiny/c_proj"),
        .. WeightRow.Norm($"{prefix}ln_f", "tiny/ln_f"),
    ];
}
