namespace Keras.Transformers;

/// <summary>Finds the answer to a question in a text. Long texts become several overlapping rows.</summary>
sealed class QuestionAnswering(JobRequest request) : TextJobModel(request, Load<TFAutoModelForQuestionAnswering>(request))
{
    const int LongestAnswer = 30;

    public override string[] Metrics => [];

    public override RowBatches Batches(Dataset data, Random? order) => new(data.num_rows, Request.BatchSize, order, rows => Lessons(data.Gather(rows)), Lengths(data, Column(ColumnRole.Context)));

    public override Dictionary<string, double> Evaluate(Dataset data, Action<long> done, CancellationToken cancellation)
    {
        var squad = Transformers.Evaluate.evaluate.load("squad");
        var row = 0;
        foreach (var part in Parts(data, done, cancellation))
        {
            var right = Answers(part);
            foreach (var (said, (texts, starts)) in Predict(part, cancellation).Zip(right))
            {
                var id = $"{row++}";
                squad.add(new MetricValue { ["id"] = id, ["prediction_text"] = said[0].answer }, new MetricValue { ["id"] = id, ["answers"] = new MetricValue { ["text"] = texts, ["answer_start"] = starts } });
            }
        }
        var figures = squad.compute();
        return new() { ["exact_match"] = figures["exact_match"], ["f1"] = figures["f1"] };
    }

    protected override Pipeline Answering() => new QuestionAnsweringPipeline(Model, Tokenizer, Request.BatchSize, new() { top_k = Request.TopK, max_seq_len = MaxLength, doc_stride = Shared, max_answer_len = LongestAnswer });

    protected override IEnumerable<PipelineInput> Asked(DatasetBatch rows) => TextsOf(rows, ColumnRole.Question).Zip(TextsOf(rows, ColumnRole.Context)).Select(t => (PipelineInput)t);

    /// <summary>The number of tokens shared by neighbouring rows of a text.</summary>
    int Shared => Math.Min(Request.Stride, MaxLength / 4);

    (BatchEncoding Inputs, int[] Rows) Encoded(string[] questions, string[] contexts)
    {
        var inputs = Tokenizer.Apply(questions, contexts, padding: true, truncation: "only_second", max_length: MaxLength, stride: Shared, return_overflowing_tokens: true, pad_to_multiple_of: Multiple);
        var rows = (int[])inputs["overflow_to_sample_mapping"].Values;
        inputs.Remove("overflow_to_sample_mapping");
        return (inputs, rows);
    }

    /// <summary>A batch with the first and last token of the answer, or the row's first token if the answer is not in the row.</summary>
    Batch Lessons(DatasetBatch rows)
    {
        var answers = Answers(rows);
        var (inputs, samples) = Encoded(TextsOf(rows, ColumnRole.Question), TextsOf(rows, ColumnRole.Context));
        var (starts, ends) = (new int[samples.Length], new int[samples.Length]);
        for (var i = 0; i < samples.Length; i++)
        {
            var (texts, places) = answers[samples[i]];
            if (texts.Length == 0 || texts[0].Length == 0) continue;
            if (inputs.char_to_token(i, places[0], sequence_index: 1) is { } first && inputs.char_to_token(i, places[0] + texts[0].Length - 1, sequence_index: 1) is { } last) (starts[i], ends[i]) = (first, last);
        }
        return new Batch(inputs, new Dictionary<string, Tensors> { ["start_positions"] = starts, ["end_positions"] = ends });
    }

    /// <summary>The answer texts and their start positions for each row.</summary>
    (string[] Texts, int[] Starts)[] Answers(DatasetBatch rows)
    {
        var (column, contexts) = (Column(ColumnRole.Answer), rows[Column(ColumnRole.Context)]);
        return [.. rows[column].Select((cell, row) =>
        {
            if (cell.IsNull) throw new JobOptionException(ColumnRole.Answer.Option, "An answer is missing", "an answer in each row", "an empty cell", "Leave such rows out.");
            if (cell.Feature is Features) return Squad([.. ((string?[])cell["text"]).Select(t => t ?? "")], cell["answer_start"], contexts[row]!);
            if (cell.ToObject() is not string text) throw new JobOptionException(ColumnRole.Answer.Option, "A column holds no answers", "{\"text\": [...], \"answer_start\": [...]} or texts", $"{cell.Feature}");
            return Checked([text], [((string)contexts[row]!).IndexOf(text, StringComparison.Ordinal)], contexts[row]!);
        })];
    }

    /// <summary>Converts SQuAD's positions, which count characters as in Python, where a surrogate pair counts once.</summary>
    static (string[], int[]) Squad(string[] texts, int[] starts, string context) => Checked(texts, [.. texts.Zip(starts, (text, start) =>
    {
        var place = 0;
        for (var i = 0; i < start && place < context.Length; i++) place += char.IsSurrogatePair(context, place) ? 2 : 1;
        return context.AsSpan(place).StartsWith(text, StringComparison.Ordinal) ? place : start;
    })], context);

    static (string[], int[]) Checked(string[] texts, int[] starts, string context) =>
        texts.Zip(starts).FirstOrDefault(a => a.Second < 0 || a.Second + a.First.Length > context.Length) is { First: { } wrong }
            ? throw new JobOptionException(ColumnRole.Answer.Option, "An answer does not stand in its context", $"a part of \"{(context.Length > 60 ? context[..60] + "..." : context)}\"", Known.Say(wrong)) : (texts, starts);
}
