namespace Keras.Transformers;

/// <summary>Predicts the class of a text or a pair of texts, several classes, or a number.</summary>
sealed class TextClassification(JobRequest request) : TextJobModel(request, Load<TFAutoModelForSequenceClassification>(request))
{
    public override string[] Metrics => Problem.Metrics;

    public override RowBatches Batches(Dataset data, Random? order) => new(data.num_rows, Request.BatchSize, order, rows =>
    {
        var part = data.Gather(rows);
        return new Batch(Encoded(part), TruthOf(part));
    }, Lengths(data, Column(ColumnRole.Text)));

    public override Dictionary<string, double> Evaluate(Dataset data, Action<long> done, CancellationToken cancellation) => EvaluateRows(data, part => Encoded(part), done, cancellation);

    protected override Pipeline Answering() => new TextClassificationPipeline(Model, Tokenizer, Request.BatchSize, new() { top_k = Request.TopK, function_to_apply = Problem.Function, truncation = true, max_length = MaxLength });

    protected override IEnumerable<PipelineInput> Asked(DatasetBatch rows)
    {
        var (texts, pairs) = (TextsOf(rows, ColumnRole.Text), Pairs(rows));
        return texts.Select((t, i) => pairs is null ? (PipelineInput)t : (t, pairs[i]));
    }

    BatchEncoding Encoded(DatasetBatch rows) => Tokenizer.Apply(TextsOf(rows, ColumnRole.Text), Pairs(rows), padding: true, truncation: true, max_length: MaxLength, pad_to_multiple_of: Multiple);

    string[]? Pairs(DatasetBatch rows) => OptionalColumn(ColumnRole.Pair) is null ? null : TextsOf(rows, ColumnRole.Pair);
}
