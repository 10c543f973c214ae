namespace Keras.Transformers;

/// <summary>Marks tokens of texts, or entities of several tokens, such as persons and places.</summary>
/// <remarks>Texts that are too long are truncated, as in Hugging Face, unless <see cref="PipelineOptions.stride"/> is given; positions are UTF-16 units. Source: transformers/pipelines/token_classification.py.</remarks>
public sealed class TokenClassificationPipeline : Pipeline<TokenEntity>
{
    internal static readonly string[] Names = [nameof(PipelineOptions.aggregation_strategy), nameof(PipelineOptions.ignore_labels), nameof(PipelineOptions.stride)];

    /// <summary>A pipeline of a model that classifies tokens.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModelForTokenClassification"/> makes it.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="batch_size">The number of texts, or parts of long ones, in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: aggregation_strategy, ignore_labels, stride.</param>
    /// <exception cref="UnsupportedException">The model does not classify tokens.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public TokenClassificationPipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, int batch_size = 1, PipelineOptions? options = null)
        : base("token-classification", Names, PipelineTask.Require("token-classification", model), tokenizer ?? throw new ArgumentNullException(nameof(tokenizer)), null, batch_size, options) { }

    private protected override IReadOnlyList<PipelineOutputs<TokenEntity>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation)
    {
        CheckStride(options);
        string[] texts = [.. batch.Select(i => i.Text(task))];
        var parts = texts.Select(t => Parts(t, options)).ToArray();
        var scores = ModelCalls.Rows(this, [.. parts.SelectMany(p => p)], ["logits"], perToken: true, cancellation);
        var (results, next) = (new PipelineOutputs<TokenEntity>[texts.Length], 0);
        for (var i = 0; i < texts.Length; i++)
        {
            var ignored = options.ignore_labels ?? ["O"];
            var grouping = new TokenGrouping(Tokenizer, model.config, options.aggregation_strategy?.ToLowerInvariant() ?? "none");
            List<TokenEntity> entities = [.. parts[i].SelectMany(p => grouping.Entities(texts[i], p, scores[next++][0])).Where(e => !ignored.Contains(e.entity_group ?? e.entity))];
            results[i] = new(parts[i].Length > 1 ? Disjoint(entities) : entities);
        }
        return results;
    }

    void CheckStride(PipelineOptions options)
    {
        if (options.stride is not { } stride) return;
        if ((options.aggregation_strategy?.ToLowerInvariant() ?? "none") == "none")
            throw new ArgumentException("Parts of a text that overlap give tokens twice, which only an aggregation strategy joins. Give aggregation_strategy \"simple\", \"first\", \"average\" or \"max\", or leave stride out.", nameof(options));
        var held = Longest - Tokenizer.num_special_tokens_to_add();
        if (stride >= held) throw new ValueRangeException("Parts of a text share more tokens than they hold", $"{task}, stride", $"less than {held}", $"{stride}");
    }

    /// <summary>The maximum number of tokens, including special ones: the tokenizer's, or the model's if less.</summary>
    int Longest => Math.Min(Tokenizer.model_max_length, ModelCalls.Positions(model.config) ?? int.MaxValue);

    EncodingFast[] Parts(string text, PipelineOptions options)
    {
        var isLimited = Longest < PreTrainedTokenizerBase.NoMaxLength;
        var encoded = Tokenizer.Apply([text], truncation: isLimited, max_length: isLimited ? Longest : null, stride: isLimited ? options.stride ?? 0 : 0, return_overflowing_tokens: options.stride is not null);
        return [.. encoded.encodings];
    }

    /// <summary>Among entities that overlap, because parts of the text do, keeps the longest, then the most probable.</summary>
    static List<TokenEntity> Disjoint(List<TokenEntity> entities)
    {
        var kept = new List<TokenEntity>();
        foreach (var entity in entities.OrderBy(e => e.start))
        {
            if (kept.Count == 0 || entity.start >= kept[^1].end) kept.Add(entity);
            else if (Length(entity) > Length(kept[^1]) || (Length(entity) == Length(kept[^1]) && entity.score > kept[^1].score)) kept[^1] = entity;
        }
        return kept;
    }

    static int Length(TokenEntity entity) => entity.end - entity.start;
}
