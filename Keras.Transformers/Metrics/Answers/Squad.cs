using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>SQuAD's metrics of text answers: exact matches and F1 of words, in percent.</summary>
/// <remarks>Source: the evaluation scripts of SQuAD 1.1 and 2.0.</remarks>
static class Squad
{
    const string Id = "id", Text = "prediction_text", NoAnswer = "no_answer_probability", Answers = "answers";

    sealed record Question(string Id, string[] Answers);

    public static MetricValue ComputeV1(MetricCall call)
    {
        var (questions, predicted) = (Questions(call.References), Predicted(call.Predictions));
        double exact = 0, f1 = 0;
        foreach (var question in questions)
        {
            if (!predicted.TryGetValue(question.Id, out var given))
            {
                Diagnostics.Warn($"There is no prediction for question \"{question.Id}\"; it counts as 0.");
                continue;
            }
            if (question.Answers.Length == 0) throw new ArgumentException($"Question \"{question.Id}\" has no answers. Use \"squad_v2\" for questions without answers.", "references");
            var words = AnswerText.Words(given[Text].Text(Text));
            List<string>[] answers = [.. question.Answers.Select(AnswerText.Words)];
            exact += answers.Any(words.SequenceEqual) ? 1 : 0;
            f1 += answers.Max(a => AnswerText.F1(words, a));
        }
        return new() { ["exact_match"] = 100 * exact / questions.Length, ["f1"] = 100 * f1 / questions.Length };
    }

    public static MetricValue ComputeV2(MetricCall call)
    {
        var (questions, predicted) = (Questions(call.References), Predicted(call.Predictions));
        var threshold = Require.Finite(call.Option("no_answer_threshold", 1.0), "no_answer_threshold");
        var scored = new List<Scored>();
        foreach (var question in questions.DistinctBy(q => q.Id))
        {
            if (!predicted.TryGetValue(question.Id, out var given)) throw new ArgumentException($"There is no prediction for question \"{question.Id}\".", "predictions");
            var answer = given[Text].Text(Text);
            var words = AnswerText.Words(answer);
            List<string>[] answers = [.. question.Answers.Select(AnswerText.Words).Where(a => a.Count > 0)];
            if (answers.Length == 0) answers = [[]];
            scored.Add(new(answers.Any(words.SequenceEqual) ? 1 : 0, answers.Max(a => F1(words, a)), given[NoAnswer].Number(NoAnswer), question.Answers.Length > 0, answer.Length > 0));
        }
        var result = new MetricValue();
        void Add(string prefix, Scored[] of)
        {
            result[prefix + "exact"] = 100 * of.Sum(s => s.At(threshold, s.Exact)) / of.Length;
            result[prefix + "f1"] = 100 * of.Sum(s => s.At(threshold, s.F1)) / of.Length;
            result[prefix + "total"] = of.Length;
        }
        Add("", [.. scored]);
        if (scored.Any(s => s.HasAnswer)) Add("HasAns_", [.. scored.Where(s => s.HasAnswer)]);
        if (scored.Any(s => !s.HasAnswer)) Add("NoAns_", [.. scored.Where(s => !s.HasAnswer)]);
        (result["best_exact"], result["best_exact_thresh"]) = Best(scored, s => s.Exact);
        (result["best_f1"], result["best_f1_thresh"]) = Best(scored, s => s.F1);
        return result;
    }

    /// <summary>One question with its prediction.</summary>
    sealed record Scored(double Exact, double F1, double NoAnswer, bool HasAnswer, bool Answers)
    {
        /// <summary>The score if no answer is given above a no-answer probability.</summary>
        public double At(double threshold, double score) => NoAnswer > threshold ? HasAnswer ? 0 : 1 : score;
    }

    /// <summary>The F1 of the words of both sides; if one side has no words, both must have none.</summary>
    static double F1(List<string> predicted, List<string> truth) =>
        predicted.Count == 0 || truth.Count == 0 ? predicted.Count == truth.Count ? 1 : 0 : AnswerText.F1(predicted, truth);

    /// <summary>The threshold with the best score, found by answering one more question at a time, in order of their no-answer probability.</summary>
    static (double Score, double Threshold) Best(List<Scored> scored, Func<Scored, double> score)
    {
        double current = scored.Count(s => !s.HasAnswer);
        var (best, threshold) = (current, 0.0);
        foreach (var s in scored.OrderBy(s => s.NoAnswer))
        {
            current += s.HasAnswer ? score(s) : s.Answers ? -1 : 0;
            if (current > best) (best, threshold) = (current, s.NoAnswer);
        }
        return (100 * best / scored.Count, threshold);
    }

    static Question[] Questions(MetricValue references) => [.. references.Select(r =>
        r[Answers] is var answers && answers.IsList ? new Question(r[Id].Text(Id), [.. answers.Select(a => a["text"].Text("answers.text"))]) : new Question(r[Id].Text(Id), TextsOf(answers["text"])))];

    /// <summary>The texts in a value; an empty list may have no element type.</summary>
    static string[] TextsOf(MetricValue texts) => texts.Count == 0 ? [] : texts.Texts("answers.text");

    static Dictionary<string, MetricValue> Predicted(MetricValue predictions)
    {
        var found = new Dictionary<string, MetricValue>();
        foreach (var prediction in predictions) found[prediction[Id].Text(Id)] = prediction;
        return found;
    }
}
