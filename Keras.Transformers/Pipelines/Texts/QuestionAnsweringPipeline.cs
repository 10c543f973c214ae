namespace Keras.Transformers;

/// <summary>Finds the answers to questions in texts, of any length.</summary>
/// <remarks>A long context is cut into parts that overlap. Positions are UTF-16 units. Known deviations: spans of probability 0, which Python returns if top_k exceeds the number of spans, are left out.
/// Source: transformers/pipelines/question_answering.py.</remarks>
public sealed class QuestionAnsweringPipeline : Pipeline<QuestionAnswer>
{
    internal static readonly string[] Names =
    [
        nameof(PipelineOptions.top_k), nameof(PipelineOptions.doc_stride), nameof(PipelineOptions.max_seq_len), nameof(PipelineOptions.max_answer_len), nameof(PipelineOptions.handle_impossible_answer),
        nameof(PipelineOptions.align_to_words),
    ];

    const int DefaultLength = 384;
    const int DefaultStride = 128;
    const int DefaultAnswer = 15;

    /// <summary>A pipeline of a model that finds answers.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModelForQuestionAnswering"/> makes it.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="batch_size">The number of parts of contexts in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: top_k, doc_stride, max_seq_len, max_answer_len, handle_impossible_answer, align_to_words.</param>
    /// <exception cref="UnsupportedException">The model does not find answers.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public QuestionAnsweringPipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, int batch_size = 1, PipelineOptions? options = null)
        : base("question-answering", Names, PipelineTask.Require("question-answering", model), tokenizer ?? throw new ArgumentNullException(nameof(tokenizer)), null, batch_size, options) { }

    /// <summary>Finds the answer to a question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="context">The text that may hold the answer.</param>
    /// <param name="options">Options of this call that override the pipeline's; default none.</param>
    /// <param name="cancellationToken">Cancels between batches, and between tokens of generated texts.</param>
    /// <returns>Answers, the best first.</returns>
    /// <inheritdoc cref="Pipeline.Apply(PipelineInput, PipelineOptions?, CancellationToken)" path="/exception"/>
    public PipelineOutputs<QuestionAnswer> Apply(string question, string context, PipelineOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(context);
        return Apply((question, context), options, cancellationToken);
    }

    bool QuestionFirst => Tokenizer.padding_side == "right";

    private protected override IReadOnlyList<PipelineOutputs<QuestionAnswer>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation)
    {
        (string Question, string Context)[] pairs = [.. batch.Select(Pair)];
        var parts = pairs.Select(p => Parts(p.Question, p.Context, options)).ToArray();
        var scores = ModelCalls.Rows(this, [.. parts.SelectMany(p => p)], ["start_logits", "end_logits"], perToken: true, cancellation);
        var next = 0;
        return [.. pairs.Select((pair, i) => Answers(pair.Context, [.. parts[i].Select(p => (p, scores[next++]))], options))];
    }

    (string, string) Pair(PipelineInput input)
    {
        var (question, context) = input.Pair(task);
        foreach (var (name, text) in new[] { ("question", question), ("context", context) })
            if (text.Length == 0) throw new ValueRangeException("A text is empty", $"{task}, {name}", "a text", "\"\"");
        return (question, context);
    }

    EncodingFast[] Parts(string question, string context, PipelineOptions options)
    {
        var most = options.max_seq_len ?? Math.Min(Math.Min(Tokenizer.model_max_length, ModelCalls.Positions(model.config) ?? int.MaxValue), DefaultLength);
        var stride = options.doc_stride ?? Math.Min(most / 2, DefaultStride);
        if (stride > most) throw new ValueRangeException("Parts of a context share more tokens than they hold", $"{task}, doc_stride", $"max_seq_len ({most}) or less", $"{stride}");
        var (first, second) = QuestionFirst ? (question, context) : (context, question);
        try
        {
            return [.. Tokenizer.Apply([first], [second], truncation: QuestionFirst ? "only_second" : "only_first", max_length: most, stride: stride, return_overflowing_tokens: true).encodings];
        }
        catch (TokenizationException e)
        {
            throw new ValueRangeException("A question leaves no room for the context", $"{task}, max_seq_len", $"more than the question, the shared tokens ({stride}) and the special tokens together", $"{most}", $"Give a shorter question, a larger max_seq_len or a smaller doc_stride. ({e.Message})");
        }
    }

    PipelineOutputs<QuestionAnswer> Answers(string context, (EncodingFast Row, RowValues[] Scores)[] parts, PipelineOptions options)
    {
        var (count, none) = (options.top_k ?? 1, float.PositiveInfinity);
        var answers = new List<QuestionAnswer>();
        foreach (var (row, scores) in parts)
        {
            var (starts, ends) = (Probabilities(row, scores[0].Values), Probabilities(row, scores[1].Values));
            none = Math.Min(none, starts[0] * ends[0]);
            foreach (var (start, end, score) in Spans(starts, ends, options.max_answer_len ?? DefaultAnswer, count))
            {
                var place = Place(row, start, end, options.align_to_words ?? true);
                answers.Add(new(score, place.start, place.end, context[place.start..place.end]));
            }
        }
        var mayBeNone = options.handle_impossible_answer ?? false;
        if (mayBeNone || answers.Count == 0) answers.Add(new(mayBeNone ? none : 0, 0, 0, ""));
        return new([.. answers.OrderByDescending(a => a.score).Take(count)]);
    }

    /// <summary>The probabilities of the context's tokens and of the first token, which means "no answer".</summary>
    float[] Probabilities(EncodingFast row, float[] logits)
    {
        var (sequences, ids, context) = (row.sequence_ids, row.ids, QuestionFirst ? 1 : 0);
        return Scores.Softmax(Array.ConvertAll([.. Enumerable.Range(0, logits.Length)], i => sequences[i] == context || ids[i] == Tokenizer.cls_token_id ? logits[i] : -10000f));
    }

    /// <summary>The most probable pairs of start and end, without the first token.</summary>
    static IEnumerable<(int Start, int End, float Score)> Spans(float[] starts, float[] ends, int longest, int count)
    {
        var best = new PriorityQueue<(int, int, float), (float, int)>();
        for (var start = 1; start < starts.Length; start++)
        {
            for (var end = start; end < Math.Min(starts.Length, start + longest); end++)
            {
                if (starts[start] * ends[end] is not (var score and > 0)) continue;
                best.Enqueue((start, end, score), (score, -((start * starts.Length) + end)));
                if (best.Count > count) best.Dequeue();
            }
        }
        while (best.TryDequeue(out var span, out _)) yield return span;
    }

    CharSpan Place(EncodingFast row, int start, int end, bool wholeWords)
    {
        var context = QuestionFirst ? 1 : 0;
        if (wholeWords && row.token_to_word(start) is { } first && row.token_to_word(end) is { } last && row.word_to_chars(first, context) is { } from && row.word_to_chars(last, context) is { } to) return new(from.start, to.end);
        return new(row.offsets[start].start, row.offsets[end].end);
    }
}
