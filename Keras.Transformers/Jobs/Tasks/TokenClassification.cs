using System.Numerics.Tensors;

namespace Keras.Transformers;

/// <summary>Predicts the class of each word in a text, by the word's first token.</summary>
sealed class TokenClassification(JobRequest request) : TextJobModel(request, Load<TFAutoModelForTokenClassification>(request))
{
    const int Ignored = ModelLosses.Ignored;

    /// <summary>The words in a cell: a list, or a text split at spaces.</summary>
    public static string[] Words(DatasetValue cell, ColumnRole role) => cell.IsNull ? throw new JobOptionException(role.Option, "A cell is empty", "words", "nothing", "Leave such rows out.")
        : cell.Feature is Sequence ? [.. Enumerable.Range(0, cell.Count).Select(i => (string?)cell[i] ?? throw new JobOptionException(role.Option, "A word is missing", "a text", "nothing"))]
        : ((string)cell!).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The classes of a cell's words.</summary>
    public static IEnumerable<string> Tags(DatasetValue cell) => cell.IsNull ? throw new JobOptionException(ColumnRole.Tags.Option, "A label is missing", "a label for each word", "an empty cell")
        : cell.Feature is Sequence ? Enumerable.Range(0, cell.Count).Select(i => JobLabels.Name(cell[i])) : Words(cell, ColumnRole.Tags);

    public override RowBatches Batches(Dataset data, Random? order) => new(data.num_rows, Request.BatchSize, order, rows =>
    {
        var (inputs, labels) = Encoded(data.Gather(rows));
        return new Batch(inputs, labels);
    }, Lengths(data, Column(ColumnRole.Words)));

    public override Dictionary<string, double> Evaluate(Dataset data, Action<long> done, CancellationToken cancellation)
    {
        var scores = new ClassScores();
        var (right, said) = (new List<string[]>(), new List<string[]>());
        foreach (var part in Parts(data, done, cancellation))
        {
            var (inputs, labels) = Encoded(part);
            var (logits, shape) = Run(inputs);
            for (var row = 0; row < part.num_rows; row++)
            {
                var asked = Enumerable.Range(0, shape[1]).Where(i => labels[row, i] != Ignored).Select(i => (Right: labels[row, i], At: ((row * shape[1]) + i) * shape[2])).ToArray();
                foreach (var (label, at) in asked) scores.Add(label, TensorPrimitives.IndexOfMax(logits.AsSpan(at, shape[2])), ClassScores.Surprise(logits.AsSpan(at, shape[2]), label));
                right.Add([.. asked.Select(a => Name(a.Right))]);
                said.Add([.. asked.Select(a => Name(TensorPrimitives.IndexOfMax(logits.AsSpan(a.At, shape[2]))))]);
            }
        }
        var result = scores.Result();
        if (!Model.config.id2label.Values.All(l => l == "O" || l.StartsWith("B-", StringComparison.Ordinal) || l.StartsWith("I-", StringComparison.Ordinal))) return result;
        // If the classes mark spans, count spans as seqeval does.
        var spans = Transformers.Evaluate.evaluate.load("seqeval").compute(said.ToArray(), right.ToArray());
        foreach (var name in (string[])["precision", "recall", "f1"]) result[name] = spans[$"overall_{name}"];
        return result;
    }

    /// <summary>Makes the pipeline, which takes a word's class from its first token, as <see cref="Evaluate"/> does.</summary>
    protected override Pipeline Answering()
    {
        Tokenizer.model_max_length = MaxLength;
        return new TokenClassificationPipeline(Model, Tokenizer, Request.BatchSize, new() { aggregation_strategy = "first" });
    }

    protected override IEnumerable<PipelineInput> Asked(DatasetBatch rows)
    {
        var column = rows[Column(ColumnRole.Words)];
        return (column.feature is Sequence ? [.. column.Select(c => string.Join(' ', Words(c, ColumnRole.Words)))] : TextsOf(rows, ColumnRole.Words)).Select(t => (PipelineInput)t);
    }

    string Name(int number) => Model.config.id2label.GetValueOrDefault(number, $"LABEL_{number}");

    (BatchEncoding Inputs, int[,] Labels) Encoded(DatasetBatch rows)
    {
        var classes = Request.Labels ?? JobLabels.Of(Model.config, JobProblem.OneClass);
        string[][] words = [.. rows[Column(ColumnRole.Words)].Select(c => Words(c, ColumnRole.Words))];
        int[][] tags = [.. rows[Column(ColumnRole.Tags)].Select(c => Tags(c).Select(t => classes[t]).ToArray())];
        foreach (var (row, (all, own)) in words.Zip(tags).Index())
            if (all.Length != own.Length) throw new JobOptionException(ColumnRole.Tags.Option, "Words and labels differ in number", $"{all.Length} labels for \"{string.Join(' ', all)}\"", $"{own.Length}");
        var inputs = Tokenizer.Apply(words, null, padding: true, truncation: true, max_length: MaxLength, is_split_into_words: true, pad_to_multiple_of: Multiple);
        var labels = new int[words.Length, inputs["input_ids"][0].Length];
        for (var row = 0; row < words.Length; row++)
        {
            var ids = inputs.word_ids(row);
            for (var i = 0; i < ids.Length; i++) labels[row, i] = ids[i] is not { } word || (i > 0 && ids[i - 1] == word) ? Ignored : tags[row][word];
        }
        return (inputs, labels);
    }
}
