namespace Keras.Transformers;

/// <summary>Fills masked words of texts.</summary>
/// <remarks>In a text with several masks, each is filled separately, and its tokens follow those of the previous mask (<see cref="FilledMask.Mask"/>); Python returns lists in a list.
/// Source: transformers/pipelines/fill_mask.py.</remarks>
public sealed class FillMaskPipeline : Pipeline<FilledMask>
{
    internal static readonly string[] Names = [nameof(PipelineOptions.top_k), nameof(PipelineOptions.targets), nameof(PipelineOptions.truncation), nameof(PipelineOptions.max_length)];

    const int DefaultCount = 5;

    /// <summary>A pipeline of a model that fills masks.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModelForMaskedLM"/> makes it.</param>
    /// <param name="tokenizer">Its tokenizer, which has a mask_token.</param>
    /// <param name="batch_size">The number of texts in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: top_k, targets, truncation, max_length.</param>
    /// <exception cref="UnsupportedException">The model does not fill masks, or the tokenizer has none.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public FillMaskPipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, int batch_size = 1, PipelineOptions? options = null)
        : base("fill-mask", Names, PipelineTask.Require("fill-mask", model), WithMask(tokenizer), null, batch_size, options) { }

    static PreTrainedTokenizerBase WithMask(PreTrainedTokenizerBase tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return tokenizer.mask_token_id is not null ? tokenizer : throw new UnsupportedException("The tokenizer has no mask_token", "fill-mask, tokenizer", "one with a mask_token, as BERT's", tokenizer.GetType().Name);
    }

    private protected override IReadOnlyList<PipelineOutputs<FilledMask>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation)
    {
        var targets = options.targets is null ? null : TargetIds(options.targets);
        EncodingFast[] rows = [.. batch.Select(i => Masked(i.Text(task), options))];
        return [.. ModelCalls.Rows(this, rows, ["logits"], perToken: true, cancellation).Select((scores, i) => Fill(rows[i].ids, scores[0], targets, options.top_k ?? DefaultCount))];
    }

    EncodingFast Masked(string text, PipelineOptions options)
    {
        var row = ModelCalls.Encode(this, text, null, options);
        return row.ids.Contains(Tokenizer.mask_token_id!.Value) ? row
            : throw new ValueRangeException("A text has no mask", task, $"a text with {Tokenizer.mask_token}", Known.Say(text), $"Write {Tokenizer.mask_token} for the word that is looked for.");
    }

    PipelineOutputs<FilledMask> Fill(int[] ids, RowValues scores, int[]? targets, int count)
    {
        int[] masks = [.. ids.Index().Where(t => t.Item == Tokenizer.mask_token_id).Select(t => t.Index)];
        return new([.. masks.Index().SelectMany(m =>
        {
            var all = Scores.Softmax(scores[m.Item]);
            var candidates = targets is null ? all : Array.ConvertAll(targets, t => all[t]);
            return Scores.Greatest(candidates, count).Select(i =>
            {
                var token = targets?[i] ?? i;
                int[] filled = [.. ids.Select((id, place) => place == m.Item ? token : id).Where(id => id != Tokenizer.pad_token_id)];
                return new FilledMask(Tokenizer.decode([token]), Tokenizer.decode(filled, skip_special_tokens: masks.Length == 1)) { score = candidates[i], token = token, Mask = m.Index };
            });
        })]);
    }

    /// <summary>The ids of words; for a word that is not a token, that of its first token, with a warning.</summary>
    int[] TargetIds(IReadOnlyList<string> targets)
    {
        var (vocabulary, ids) = (Tokenizer.get_vocab(), new List<int>());
        foreach (var target in targets)
        {
            if (!vocabulary.TryGetValue(target, out var id))
            {
                if (Tokenizer.encode(target, add_special_tokens: false) is not [var first, ..])
                {
                    Graphs.Diagnostics.Warn($"{task}: the target {Known.Say(target)} has no tokens and is left out.");
                    continue;
                }
                id = first;
                Graphs.Diagnostics.Warn($"{task}: the target {Known.Say(target)} is no token; {Known.Say(Tokenizer.convert_ids_to_tokens(id))}, which it begins with, takes its place.");
            }
            ids.Add(id);
        }
        return ids.Count > 0 ? [.. ids.Distinct()] : throw new ValueRangeException("There is no target", $"{task}, targets", "one word or more that has tokens", Known.Say(targets));
    }
}
