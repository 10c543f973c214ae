using Keras.Transformers;

namespace Keras.Serving;

/// <summary>A request for completions.</summary>
sealed record CompletionRequest(IReadOnlyList<int[]> Prompts, int MaxTokens, double Temperature, double TopP, int Count, int? Seed, bool Echo, bool Stream, bool IncludeUsage, IReadOnlyList<string> Stops)
{
    const int MostPrompts = 128, MostTexts = 128;

    /// <summary>Reads all fields except the model's name.</summary>
    /// <exception cref="OpenAiException">A field has an invalid value or is not supported.</exception>
    public static CompletionRequest Read(OpenAiFields fields, LanguageModel model)
    {
        fields.RequireAbsent("logprobs", "probabilities of tokens are not kept.");
        fields.RequireAbsent("suffix", "texts are continued, not filled in.", v => v.ValueKind == System.Text.Json.JsonValueKind.String && v.GetString()?.Length == 0);
        fields.RequireAbsent("logit_bias", "scores are the model's.", v => v.ValueKind == System.Text.Json.JsonValueKind.Object && !v.EnumerateObject().Any());
        foreach (var penalty in new[] { "presence_penalty", "frequency_penalty" }) fields.RequireAbsent(penalty, "scores are the model's.", v => v.ValueKind == System.Text.Json.JsonValueKind.Number && v.TryGetDouble(out var n) && n == 0);
        var count = fields.Whole("n", 1, 1, MostTexts);
        fields.RequireAbsent("best_of", "every text is returned.", v => v.ValueKind == System.Text.Json.JsonValueKind.Number && v.TryGetInt32(out var n) && n == count);
        var stops = fields.Texts("stop", 4);
        if (stops.Any(s => s.Length == 0)) throw OpenAiException.Bad("stop", "A stop text is empty", "texts of at least one character", "\"\"");
        fields.Text("user");
        var prompts = fields.Value("prompt") is null ? [(Text: "", Ids: null)] : fields.Prompts("prompt", MostPrompts);
        if (prompts.Count * count > MostTexts) throw OpenAiException.Bad("n", "The request asks for too many texts", $"at most {MostTexts}: prompts times n", $"{prompts.Count * count}");
        var stream = fields.Truth("stream");
        var usage = fields.Value("stream_options") is { } options && (options.ValueKind == System.Text.Json.JsonValueKind.Object && options.EnumerateObject().All(o => o.Name == "include_usage" && o.Value.ValueKind is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False)
            ? options.EnumerateObject().Any(o => o.Value.GetBoolean()) : throw OpenAiException.Bad("stream_options", "'stream_options' has no such value", "{\"include_usage\": true or false}", options.GetRawText().Length > 64 ? "another" : options.GetRawText()));
        var request = new CompletionRequest([.. prompts.Select(p => model.IdsOf(p.Text, p.Ids, "prompt"))], fields.Whole("max_tokens", 16, 1, int.MaxValue), fields.Number("temperature", 1, 0, 2), fields.Number("top_p", 1, 0, 1), count,
            fields.Value("seed") is null ? null : fields.Whole("seed", 0, int.MinValue, int.MaxValue), fields.Truth("echo"), stream, usage, stops);
        fields.RequireNoOthers();
        foreach (var prompt in request.Prompts) model.RequireRoom(prompt.Length, request.MaxTokens);
        return request;
    }

    /// <summary>The options of a choice; each has its own seed.</summary>
    public GenerationConfig Config(GenerationConfig model, int index)
    {
        var config = model.Clone();
        (config.max_new_tokens, config.do_sample, config.num_return_sequences, config.num_beams) = (MaxTokens, Temperature > 0 && TopP > 0, 1, 1);
        if (!config.do_sample) return config;
        (config.temperature, config.top_p, config.top_k) = (Temperature, TopP, 0);
        config.seed = unchecked((Seed ?? Random.Shared.Next()) + index);
        return config;
    }
}
