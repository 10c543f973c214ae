using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The perplexity of texts under a causal language model: the lower, the better the model predicts them.</summary>
/// <remarks>Source: evaluate's perplexity.</remarks>
static class Perplexity
{
    public static MetricValue Compute(MetricCall call)
    {
        var id = call.Option<string?>("model_id", null) ?? throw new ArgumentException("model_id is missing. perplexity needs model_id: the folder of a causal language model with its tokenizer, or its name at the hub, such as \"gpt2\".", "model_id");
        var (size, most) = (Require.Count(1, call.Option("batch_size", 16), "batch_size"), call.Options.TryGetValue("max_length", out var length) ? Require.Count(2, (int)length, "max_length") : (int?)null);
        var (model, tokenizer) = (TFAutoModelForCausalLM.from_pretrained(id), AutoTokenizer.from_pretrained(id));
        var start = call.Option("add_start_token", true) ? tokenizer.bos_token_id : null;
        var texts = call.Predictions.Texts("predictions").Select((t, i) => Tokens(t, i, tokenizer, start, most)).ToArray();
        double[] perplexities = [.. texts.Chunk(size).SelectMany(batch => OfBatch(model, batch))];
        return new() { ["perplexities"] = perplexities, ["mean_perplexity"] = perplexities.Average() };
    }

    static int[] Tokens(string text, int number, PreTrainedTokenizerBase tokenizer, int? start, int? most)
    {
        var tokens = tokenizer.encode(text, add_special_tokens: false);
        if (most is { } count && tokens.Length > count - (start is null ? 0 : 1)) tokens = tokens[..(count - (start is null ? 0 : 1))];
        if (start is { } first) tokens = [first, .. tokens];
        return tokens.Length > 1 ? tokens : throw new ArgumentException($"Text {number} is too short: the first token has no probability. {(start is null ? "Expected: two tokens or more, or add_start_token: true with a tokenizer that has a bos_token" : "Expected: one token or more")}. Received: {Known.Say(text)}.", "predictions");
    }

    static IEnumerable<double> OfBatch(TFPreTrainedModel model, int[][] texts)
    {
        var width = texts.Max(t => t.Length);
        var (ids, mask) = (new int[texts.Length, width], new int[texts.Length, width]);
        for (var i = 0; i < texts.Length; i++)
            for (var j = 0; j < texts[i].Length; j++) (ids[i, j], mask[i, j]) = (texts[i][j], 1);
        Tensor input = ids, counted = mask;
        var outputs = model.Apply(new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = input, ["attention_mask"] = counted }));
        var logits = outputs["logits"].Single;
        var scores = ops.log_softmax(logits[.., ..^1], -1);
        var ofTokens = ops.take_along_axis(scores, ops.expand_dims(input[.., 1..], -1), -1).RequireEager().ToHost().ToDouble();
        for (var i = 0; i < texts.Length; i++)
            yield return Math.Exp(-ofTokens.AsSpan(i * (width - 1), texts[i].Length - 1).ToArray().Average());
    }
}
