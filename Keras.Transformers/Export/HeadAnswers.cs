using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Adds the meaning of a head's outputs as further outputs of an export: labels, probabilities, answers, words.</summary>
static class HeadAnswers
{
    public const string Probabilities = "probabilities";

    /// <summary>The longest answer, as in Hugging Face's pipeline.</summary>
    const int LongestAnswer = 15;

    /// <summary>The number of words given for a masked one.</summary>
    const int Words = 5;

    /// <summary>The texts that the inputs were made from.</summary>
    /// <param name="Tokenizer">The tokenizer that made the inputs.</param>
    /// <param name="Columns">The inputs, (B, T) each.</param>
    /// <param name="IsPair">Whether there are two texts in a row.</param>
    public sealed record FromTexts(InGraphTokenizer Tokenizer, Tensors Columns, bool IsPair)
    {
        public Tensor Ids => Columns["input_ids"].Single;
    }

    /// <summary>Whether a model's head predicts a class or a value for each row.</summary>
    public static bool Classifies(TFPreTrainedModel model)
    {
        var type = model.GetType();
        while (type is not null && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(TFPreTrainedModel<,,>))) type = type.BaseType;
        return type?.GetGenericArguments()[2] is { } output && (output == typeof(TFSequenceClassifierOutput) || output == typeof(TFSequenceClassifierOutputWithPast));
    }

    /// <summary>The names of the classes in their order.</summary>
    public static string[] Labels(PretrainedConfig config) => [.. Enumerable.Range(0, config.num_labels).Select(i => config.id2label.GetValueOrDefault(i, $"LABEL_{i}"))];

    /// <summary>The outputs and their meaning.</summary>
    public static Tensors Of(ModelOutput outputs, PretrainedConfig config, FromTexts? texts)
    {
        var answers = Stacked(outputs).Named().ToDictionary(o => o.Key, o => o.Value);
        switch (outputs)
        {
            case TFSequenceClassifierOutput or TFSequenceClassifierOutputWithPast when ModelLosses.ProblemOf(config) != "regression":
                AddClasses(answers, config, isSingle: ModelLosses.ProblemOf(config) == "single_label_classification");
                break;
            case TFTokenClassifierOutput:
                AddClasses(answers, config, isSingle: true);
                if (texts is { Tokenizer.CanDetokenize: true }) answers["tokens"] = TokensOf(texts.Tokenizer, texts.Ids);
                break;
            case TFQuestionAnsweringModelOutput { start_logits: var start, end_logits: var end } when texts is { IsPair: true, Tokenizer.CanDetokenize: true } && texts.Columns.Keys.Contains("token_type_ids"):
                AddAnswer(answers, start, end, texts);
                break;
            case TFMaskedLMOutput { logits: var logits } when texts is { Tokenizer: { CanDetokenize: true, MaskTokenId: { } mask } }:
                AddWords(answers, logits, mask, texts);
                break;
            default:
                if (texts is not null && answers.TryGetValue("last_hidden_state", out var states)) answers["sentence_embedding"] = MeanOf(states.Single, texts);
                break;
        }
        return new(answers);
    }

    /// <summary>Stacks lists of tensors into one tensor each, as in Hugging Face's signatures; nested outputs get both names.</summary>
    public static Tensors Stacked(Tensors outputs) => outputs.IsDictionary ? new(Endpoints("", outputs)) : outputs;

    static IEnumerable<KeyValuePair<string, Tensors>> Endpoints(string within, Tensors outputs) => outputs.Named().SelectMany(o =>
        o.Value.IsDictionary ? Endpoints($"{within}{o.Key}_", o.Value) : [KeyValuePair.Create(within + o.Key, o.Value.IsLeaf ? o.Value : new Tensors(Tf.Stack([.. o.Value.Flatten()], 0)))]);

    static void AddClasses(Dictionary<string, Tensors> answers, PretrainedConfig config, bool isSingle)
    {
        var scores = Tf.Cast(answers["logits"].Single, DType.Float32);
        answers[Probabilities] = isSingle ? Tf.Softmax(scores) : Tf.Sigmoid(scores);
        if (isSingle) answers["labels"] = Tf.Gather(Tf.Constant(HostTensor.From(Labels(config))), Tf.ArgMax(scores, -1, DType.Int32), 0);
    }

    /// <summary>The text of each single token.</summary>
    static Tensor TokensOf(InGraphTokenizer tokenizer, Tensor ids) => Tf.Reshape(tokenizer.detokenize(Tf.Reshape(ids, Tf.Int32(-1, 1))), Tf.ShapeOf(ids));

    /// <summary>Adds the most probable span of the second text.</summary>
    static void AddAnswer(Dictionary<string, Tensors> answers, Tensor start, Tensor end, FromTexts texts)
    {
        var length = ops.shape(texts.Ids)[1].ToTensor();
        var places = Tf.Range(Tf.Int32Scalar(0), length, Tf.Int32Scalar(1));
        var isSecond = Tf.Equal(Tf.Cast(texts.Columns["token_type_ids"].Single, DType.Int32), Tf.Int32Scalar(1));
        // The last token of the second text is [SEP].
        var last = ops.max(ops.where(isSecond, ops.expand_dims(places, 0), -1), 1, keepdims: true);
        var isContext = Tf.LogicalAnd(isSecond, Tf.Less(Tf.ExpandDims(places, 0), last));
        var allowed = Tf.Cast(isContext, DType.Float32);
        // The first token means "no answer": it is never chosen here, but keeps its probability.
        var counted = Tf.Cast(Tf.LogicalOr(isContext, Tf.ExpandDims(Tf.Equal(places, Tf.Int32Scalar(0)), 0)), DType.Float32);
        Tensor Share(Tensor logits) => Tf.Softmax(Tf.Cast(logits, DType.Float32) + ((counted - 1) * 1e9)) * allowed;
        var distance = Tf.ExpandDims(places, 0) - Tf.ExpandDims(places, 1);
        var isSpan = Tf.Cast(Tf.LogicalAnd(Tf.GreaterEqual(distance, Tf.Int32Scalar(0)), Tf.Less(distance, Tf.Int32Scalar(LongestAnswer))), DType.Float32);
        var spans = Tf.ExpandDims(Share(start), 2) * Tf.ExpandDims(Share(end), 1) * Tf.ExpandDims(isSpan, 0);
        var flat = Tf.Reshape(spans, Tf.Stack([Tf.Int32Scalar(-1), length * length], 0));
        var best = Tf.ArgMax(flat, -1, DType.Int32);
        var (from, to) = (Tf.FloorDiv(best, length), Tf.FloorMod(best, length));
        var isAnswer = Tf.LogicalAnd(Tf.GreaterEqual(Tf.ExpandDims(places, 0), Tf.ExpandDims(from, 1)), Tf.LessEqual(Tf.ExpandDims(places, 0), Tf.ExpandDims(to, 1)));
        var score = Tf.Max(flat, [1]);
        var isFound = Tf.ExpandDims(Tf.Greater(score, Tf.ZerosLike(score)), 1);
        var ids = Tf.SelectV2(Tf.LogicalAnd(isAnswer, isFound), texts.Ids, Tf.Cast(Tf.Int32Scalar(-1), texts.Ids.dtype));
        (answers["answer"], answers["score"]) = (texts.Tokenizer.detokenize(ids, skip_special_tokens: true), score);
        (answers["answer_start"], answers["answer_end"]) = (Tf.Cast(from, DType.Int64), Tf.Cast(to, DType.Int64));
    }

    /// <summary>Adds words for the first masked token of each row.</summary>
    static void AddWords(Dictionary<string, Tensors> answers, Tensor logits, int mask, FromTexts texts)
    {
        var isMask = Tf.Cast(Tf.Equal(Tf.Cast(texts.Ids, DType.Int32), Tf.Int32Scalar(mask)), DType.Int32);
        var place = Tf.ArgMax(isMask, -1, DType.Int32);
        var isHidden = Tf.Greater(Tf.Max(isMask, [1], true), Tf.Int32Scalar(0));
        var scores = Tf.Softmax(Tf.Cast(Tf.Gather(logits, place, 1, batch_dims: 1), DType.Float32));
        var (values, words) = Tf.TopK(scores, Tf.Int32Scalar(logits.shape[^1] is > 0 and < Words ? (int)logits.shape[^1] : Words));
        answers["mask_scores"] = values * Tf.Cast(isHidden, DType.Float32);
        answers["mask_tokens"] = Tf.SelectV2(isHidden, TokensOf(texts.Tokenizer, words), Tf.Constant(HostTensor.OfStrings(Shape.Scalar, [[]])));
    }

    /// <summary>The mean of states over the tokens of each text.</summary>
    static Tensor MeanOf(Tensor states, FromTexts texts)
    {
        if (!texts.Columns.Keys.Contains("attention_mask")) return ops.mean(states, 1);
        var mask = Tf.ExpandDims(Tf.Cast(texts.Columns["attention_mask"].Single, states.dtype), 2);
        return Tf.DivNoNan(Tf.Sum(states * mask, [1]), Tf.Sum(mask, [1]));
    }
}
