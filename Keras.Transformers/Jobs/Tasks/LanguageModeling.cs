namespace Keras.Transformers;

/// <summary>Texts one behind the other, cut into blocks: which token comes next, or which one is hidden.</summary>
abstract class LanguageModeling(JobRequest request, TFPreTrainedModel model) : TextJobModel(request, model)
{
    public override string[] Metrics => [];

    public override RowBatches Batches(Dataset data, Random? order)
    {
        int[][] blocks = [.. TokenBlocks.group_texts(Tokens(data), MaxLength, drop_remainder: false).Where(b => b.Length > 1)];
        return new(blocks.Length, Request.BatchSize, order, rows => Made([.. rows.Select(i => blocks[i])]));
    }

    protected abstract Batch Made(int[][] blocks);

    /// <summary>Tokens of the texts, each with what ends it.</summary>
    IEnumerable<IEnumerable<int>> Tokens(Dataset data)
    {
        foreach (var part in data.select_columns(Column(ColumnRole.Text)).iter(1000))
            foreach (var text in Texts(part[Column(ColumnRole.Text)], Column(ColumnRole.Text), ColumnRole.Text))
            {
                int[] ids = [.. Tokenizer.encode(text)];
                yield return Tokenizer.eos_token_id is { } end && (ids.Length == 0 || ids[^1] != end) ? ids.Append(end) : ids;
            }
    }

    public override Dictionary<string, double> Evaluate(Dataset data, Action<long> done, CancellationToken cancellation)
    {
        var batches = Batches(data, null);
        Model.compile();
        double loss = Model.evaluate(batches, verbose: 0, callbacks: new JobCallback((step, _) => done(Math.Min(data.num_rows, (long)step * data.num_rows / Math.Max(1, batches.Steps))), cancellation), return_dict: true)["loss"];
        return new() { ["loss"] = loss, ["perplexity"] = Math.Exp(loss) };
    }
}

/// <summary>Which token comes next.</summary>
sealed class CausalLanguageModeling(JobRequest request) : LanguageModeling(request, Load<TFAutoModelForCausalLM>(request))
{
    protected override Batch Made(int[][] blocks)
    {
        // Texts are filled up on the right, so a block's tokens stand first.
        var padded = Tokenizer.pad(new BatchEncoding([new("input_ids", blocks)]), padding_side: "right", return_attention_mask: true);
        var labels = new int[blocks.Length, padded["input_ids"][0].Length];
        for (var row = 0; row < blocks.Length; row++)
            for (var i = 0; i < labels.GetLength(1); i++) labels[row, i] = i < blocks[row].Length ? blocks[row][i] : ModelLosses.Ignored;
        return new Batch(padded, labels);
    }

    /// <summary>Writes a SavedModel that goes on from texts, or from tokens.</summary>
    public void Export(string folder, bool withTokenizer, int newTokens)
    {
        var options = Model.generation_config.update(new Dictionary<string, object?> { ["max_new_tokens"] = newTokens, ["pad_token_id"] = Tokenizer.pad_token_id });
        Model.export(folder, withTokenizer ? InGraph() : null, options);
    }

    public override IEnumerable<IReadOnlyList<JobAnswer>> Predict(DatasetBatch rows)
    {
        foreach (var text in Texts(rows[Column(ColumnRole.Text)], Column(ColumnRole.Text), ColumnRole.Text))
        {
            int[] prompt = [.. Tokenizer.encode(text)];
            if (prompt.Length == 0) throw new JobOptionException(ColumnRole.Text.Option, "A text is empty, so there is nothing to go on from", "a text", "\"\"");
            var made = Model.generate(prompt, max_new_tokens: Request.MaxNewTokens, pad_token_id: Tokenizer.pad_token_id).sequences[0].ToArray<int>();
            yield return [new() { ["generated_text"] = Tokenizer.decode(made, skip_special_tokens: true) }];
        }
    }
}

/// <summary>Which token is hidden.</summary>
sealed class MaskedLanguageModeling : LanguageModeling
{
    readonly DataCollatorForLanguageModeling _collator;

    public MaskedLanguageModeling(JobRequest request) : base(request, Load<TFAutoModelForMaskedLM>(request)) =>
        _collator = new(Tokenizer, mlm_probability: request.MaskShare, seed: request.Seed, return_tensors: "np");

    protected override Batch Made(int[][] blocks) => new(_collator.Apply(blocks));

    public override IEnumerable<IReadOnlyList<JobAnswer>> Predict(DatasetBatch rows)
    {
        var mask = Tokenizer.mask_token_id!.Value;
        var texts = Texts(rows[Column(ColumnRole.Text)], Column(ColumnRole.Text), ColumnRole.Text);
        var inputs = Tokenizer.Apply(texts, padding: true, truncation: true, max_length: MaxLength, pad_to_multiple_of: Request.Multiple);
        var ids = inputs["input_ids"].ToRows();
        var (logits, shape) = Run(inputs);
        for (var row = 0; row < ids.Length; row++)
        {
            if (ids[row].Count(i => i == mask) != 1)
                throw new JobOptionException(ColumnRole.Text.Option, "A text does not ask for one token", $"a text with {Tokenizer.mask_token} once", Known.Say(texts[row]));
            var at = Array.IndexOf(ids[row], mask);
            var shares = Softmax(logits.AsSpan(((row * shape[1]) + at) * shape[2], shape[2]));
            yield return [.. shares.Index().OrderByDescending(s => s.Item).Take(Request.TopK).Select(s => new JobAnswer
            {
                ["score"] = s.Item, ["token"] = s.Index, ["token_str"] = Tokenizer.decode(s.Index), ["sequence"] = Tokenizer.decode(ids[row].Select((id, i) => i == at ? s.Index : id), skip_special_tokens: true),
            })];
        }
    }
}
