using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Language modeling on concatenated texts, cut into blocks: predicts next or masked tokens.</summary>
abstract class LanguageModeling(JobRequest request, TFPreTrainedModel model) : TextJobModel(request, model)
{
    public override string[] Metrics => [];

    public override RowBatches Batches(Dataset data, Random? order)
    {
        int[][] blocks = [.. TokenBlocks.group_texts(Tokens(data), MaxLength, drop_remainder: false).Where(b => b.Length > 1)];
        return new(blocks.Length, Request.BatchSize, order, rows => Made([.. rows.Select(i => blocks[i])]));
    }

    protected abstract Batch Made(int[][] blocks);

    /// <summary>The tokens of the texts, each with its end token.</summary>
    IEnumerable<IEnumerable<int>> Tokens(Dataset data)
    {
        foreach (var part in data.select_columns(Column(ColumnRole.Text)).iter(1000))
            foreach (var text in Texts(part[Column(ColumnRole.Text)], Column(ColumnRole.Text), ColumnRole.Text))
            {
                int[] ids = [.. Tokenizer.encode(text)];
                yield return Tokenizer.eos_token_id is { } end && (ids.Length == 0 || ids[^1] != end) ? ids.Append(end) : ids;
            }
    }

    /// <summary>The mean loss over all predicted tokens; their number differs between batches, so the mean of batch losses would be wrong.</summary>
    public override Dictionary<string, double> Evaluate(Dataset data, Action<long> done, CancellationToken cancellation)
    {
        var batches = Batches(data, null);
        Model.compile();
        var (sum, tokens, step) = (0.0, 0L, 0L);
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Counted(batch) is > 0 and var counted) (sum, tokens) = (sum + (counted * (double)Model.test_on_batch(batch.x, batch.y, return_dict: true)["loss"]), tokens + counted);
            done(++step * data.num_rows / batches.Steps);
        }
        if (tokens == 0) throw new JobOptionException(nameof(EvaluationJob.Data), "There is nothing to judge by", "texts of two tokens or more", "none");
        var loss = sum / tokens;
        return new() { ["loss"] = loss, ["perplexity"] = Math.Exp(loss) };
    }

    /// <summary>The number of tokens in a batch that have a loss.</summary>
    protected abstract int Counted(Batch batch);

    /// <summary>Counts the labels from a position on in each row.</summary>
    protected static int Labelled(Tensor labels, int from)
    {
        var width = (int)labels.shape[1];
        return ops.cast(labels, "int32").ToArray<int>().Index().Count(l => l.Item != ModelLosses.Ignored && l.Index % width >= from);
    }
}

/// <summary>Predicts the next token.</summary>
sealed class CausalLanguageModeling(JobRequest request) : LanguageModeling(request, Load<TFAutoModelForCausalLM>(request))
{
    protected override Batch Made(int[][] blocks)
    {
        // Texts are padded on the right, so a block's tokens come first.
        var padded = Tokenizer.pad(new BatchEncoding([new("input_ids", blocks)]), padding_side: "right", return_attention_mask: true);
        var labels = new int[blocks.Length, padded["input_ids"][0].Length];
        for (var row = 0; row < blocks.Length; row++)
            for (var i = 0; i < labels.GetLength(1); i++) labels[row, i] = i < blocks[row].Length ? blocks[row][i] : ModelLosses.Ignored;
        return new Batch(padded, labels);
    }

    /// <summary>Excludes a row's first token, which is not predicted.</summary>
    protected override int Counted(Batch batch) => Labelled(batch.y!.Single, 1);

    /// <summary>Writes a SavedModel that continues texts or tokens.</summary>
    public void Export(string folder, bool withTokenizer, int newTokens)
    {
        var options = Model.generation_config.update(new Dictionary<string, object?> { ["max_new_tokens"] = newTokens, ["pad_token_id"] = Tokenizer.pad_token_id });
        Model.export(folder, withTokenizer ? InGraph() : null, options);
    }

    /// <summary>Makes the pipeline, which cuts the beginning of prompts that leave no room for new tokens.</summary>
    protected override Pipeline Answering()
    {
        Tokenizer.model_max_length = MaxLength;
        return new TextGenerationPipeline(Model, Tokenizer, Request.BatchSize, new()
        {
            max_new_tokens = Request.MaxNewTokens, handle_long_generation = "hole", generate_kwargs = new Dictionary<string, object?> { ["pad_token_id"] = Tokenizer.pad_token_id },
        });
    }

    protected override IEnumerable<PipelineInput> Asked(DatasetBatch rows) => TextsOf(rows, ColumnRole.Text).Select(t => (PipelineInput)t);
}

/// <summary>Predicts masked tokens.</summary>
sealed class MaskedLanguageModeling : LanguageModeling
{
    readonly DataCollatorForLanguageModeling _collator;

    public MaskedLanguageModeling(JobRequest request) : base(request, Load<TFAutoModelForMaskedLM>(request)) =>
        _collator = new(Tokenizer, mlm_probability: request.MaskShare, seed: request.Seed, return_tensors: "np");

    protected override Batch Made(int[][] blocks) => new(_collator.Apply(blocks));

    protected override int Counted(Batch batch) => Labelled(batch.x["labels"].Single, 0);

    protected override Pipeline Answering() => new FillMaskPipeline(Model, Tokenizer, Request.BatchSize, new() { top_k = Request.TopK, truncation = true, max_length = MaxLength });

    protected override IEnumerable<PipelineInput> Asked(DatasetBatch rows)
    {
        foreach (var text in TextsOf(rows, ColumnRole.Text))
            yield return text.Split(Tokenizer.mask_token).Length == 2 ? text
                : throw new JobOptionException(ColumnRole.Text.Option, "A text does not ask for one token", $"a text with {Tokenizer.mask_token} once", Known.Say(text));
    }
}
