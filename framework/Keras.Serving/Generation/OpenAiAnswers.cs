using System.Buffers.Binary;

namespace Keras.Serving;

/// <summary>Writes the response bodies of OpenAI's API.</summary>
static class OpenAiAnswers
{
    /// <summary>The tokens that a request has used.</summary>
    public readonly record struct Usage(int Prompt, int Completion);

    /// <summary>Writes a completion's header and choices.</summary>
    public static JsonText Completion(string id, LanguageModel model, IEnumerable<CompletionPart> choices, Usage? usage, bool saysUsage = true)
    {
        var text = new JsonText().Raw("{\"id\":"u8).String(id).Raw(",\"object\":\"text_completion\",\"created\":"u8);
        text.Whole(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        text.Raw(",\"model\":"u8).String(model.Name).Raw(",\"choices\":["u8);
        foreach (var (i, choice) in choices.Index())
        {
            text.Raw(i > 0 ? ",{\"text\":"u8 : "{\"text\":"u8).String(choice.Text).Raw(",\"index\":"u8);
            text.Whole(choice.Index);
            text.Raw(",\"logprobs\":null,\"finish_reason\":"u8);
            if (choice.FinishReason is { } reason) text.String(reason);
            else text.Raw("null"u8);
            text.Raw("}"u8);
        }
        text.Raw("]"u8);
        if (usage is { } used) Write(text.Raw(",\"usage\":"u8), used);
        else if (saysUsage) text.Raw(",\"usage\":null"u8);
        return text.Raw("}"u8);
    }

    /// <summary>Writes embeddings, as numbers or as base64 of float32.</summary>
    public static JsonText Embeddings(LanguageModel model, float[] values, int width, bool asBase64, int tokens)
    {
        var text = new JsonText().Raw("{\"object\":\"list\",\"data\":["u8);
        for (var row = 0; row < values.Length / width; row++)
        {
            text.Raw(row > 0 ? ",{\"object\":\"embedding\",\"index\":"u8 : "{\"object\":\"embedding\",\"index\":"u8);
            text.Whole(row);
            text.Raw(",\"embedding\":"u8);
            var vector = values.AsSpan(row * width, width);
            if (asBase64) text.String(Base64(vector));
            else
            {
                for (var i = 0; i < width; i++)
                {
                    text.Raw(i == 0 ? "["u8 : ","u8);
                    text.Float(vector[i]);
                }
                text.Raw("]"u8);
            }
            text.Raw("}"u8);
        }
        text.Raw("],\"model\":"u8).String(model.Name).Raw(",\"usage\":{\"prompt_tokens\":"u8);
        text.Whole(tokens);
        text.Raw(",\"total_tokens\":"u8);
        text.Whole(tokens);
        return text.Raw("}}"u8);
    }

    /// <summary>Writes the description of a model.</summary>
    public static JsonText Model(LanguageModel model) => Write(new(), model.Name, model.Created);

    /// <summary>Writes the list of models.</summary>
    public static JsonText Models(IEnumerable<LanguageModel> models)
    {
        var text = new JsonText().Raw("{\"object\":\"list\",\"data\":["u8);
        foreach (var (i, model) in models.Index()) Write(i > 0 ? text.Raw(","u8) : text, model.Name, model.Created);
        return text.Raw("]}"u8);
    }

    static JsonText Write(JsonText text, string name, long created)
    {
        text.Raw("{\"id\":"u8).String(name).Raw(",\"object\":\"model\",\"created\":"u8);
        text.Whole(created);
        return text.Raw(",\"owned_by\":\"keras\"}"u8);
    }

    static void Write(JsonText text, Usage usage)
    {
        text.Raw("{\"prompt_tokens\":"u8);
        text.Whole(usage.Prompt);
        text.Raw(",\"completion_tokens\":"u8);
        text.Whole(usage.Completion);
        text.Raw(",\"total_tokens\":"u8);
        text.Whole(usage.Prompt + usage.Completion);
        text.Raw("}"u8);
    }

    static string Base64(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return Convert.ToBase64String(bytes);
    }
}
