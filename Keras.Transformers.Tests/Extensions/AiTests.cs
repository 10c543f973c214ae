using System.Net.Http.Json;
using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.Extensions.AI;
using static Keras.Api;

namespace Keras.Transformers.Tests;

/// <summary>Microsoft.Extensions.AI's interfaces over pipelines, and the example that serves them.</summary>
sealed class AiTests : EngineFixture
{
    static readonly string Bert = Repository.PathOf("models", "bert-tiny");

    static FeatureExtractionPipeline Extract => (FeatureExtractionPipeline)Pipelines.pipeline("feature-extraction", Bert, batch_size: 4);

    static TransformersChatClient Chat() => new((TextGenerationPipeline)Pipelines.pipeline("text-generation", Repository.PathOf("models", "gpt2-tiny"), max_new_tokens: 6, do_sample: false), m => m[^1].Text);

    [Test]
    public async Task Embeddings_have_length_1_and_meaning()
    {
        using var generator = new TransformersEmbeddingGenerator(Extract);
        var made = await generator.GenerateAsync(["a large wild cat", "a small wild cat", "the act of singing in public", string.Concat(Enumerable.Repeat("cat ", 300))]);
        Assert.That(made.Select(e => (double)TensorPrimitives.Norm(e.Vector.Span)), Is.All.EqualTo(1).Within(1e-5));
        Assert.That(TensorPrimitives.Dot(made[0].Vector.Span, made[1].Vector.Span), Is.GreaterThan(TensorPrimitives.Dot(made[0].Vector.Span, made[2].Vector.Span)));
        Assert.That(await generator.GenerateAsync([]), Is.Empty);
        Assert.That(generator.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelDimensions, Is.EqualTo(made[0].Vector.Length));
        Assert.That(generator.GetService<PreTrainedTokenizerBase>(), Is.Not.Null);

        var together = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => generator.GenerateAsync(["a large wild cat"])));
        foreach (var one in together) Assert.That(one[0].Vector.ToArray(), Is.EqualTo(made[0].Vector.ToArray()).Within(1e-5f));
    }

    [Test]
    public async Task What_an_embedding_cannot_be_is_refused()
    {
        using var generator = new TransformersEmbeddingGenerator(Extract);
        await Assert.ThrowsAsync<UnsupportedException>(() => generator.GenerateAsync(["a"], new() { Dimensions = 7 }));
        await Assert.ThrowsAsync<UnsupportedException>(() => generator.GenerateAsync(["a"], new() { ModelId = "other" }));
        await Assert.ThrowsAsync<UnsupportedException>(() => generator.GenerateAsync(["a"], new() { AdditionalProperties = new() { ["pooling"] = "cls" } }));
        await Assert.ThrowsAsync<UnsupportedException>(() => generator.GenerateAsync(["a"], new() { RawRepresentationFactory = _ => null }));
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync([null!]));
        await Assert.CatchAsync<OperationCanceledException>(() => generator.GenerateAsync(["a"], cancellationToken: new(canceled: true)));
    }

    [Test]
    public async Task A_conversation_is_continued_as_the_template_says()
    {
        using var chat = Chat();
        var answer = await chat.GetResponseAsync("a large wild");
        Assert.That(answer.Text, Is.EqualTo("ly colored flowers"));
        var parts = new List<string>();
        await foreach (var update in chat.GetStreamingResponseAsync([new(ChatRole.System, "x"), new(ChatRole.User, "a large wild")], new() { MaxOutputTokens = 2 })) parts.Add(update.Text);
        Assert.That(answer.Text, Does.StartWith(string.Concat(parts)));
        Assert.That(parts, Is.Not.Empty);
        var drawn = new ChatOptions { Temperature = 0.8f, TopK = 20, TopP = 0.9f, Seed = 4 };
        Assert.That((await chat.GetResponseAsync("an animal", drawn)).Text, Is.EqualTo((await chat.GetResponseAsync("an animal", drawn)).Text));
        Assert.That((await chat.GetResponseAsync("a large wild", new() { StopSequences = ["colored"] })).Text, Does.EndWith("colored"));
        var penalty = await chat.GetResponseAsync("a large wild", new() { AdditionalProperties = new() { ["suppress_tokens"] = JsonSerializer.SerializeToElement(chat.GetService<PreTrainedTokenizerBase>()!.encode("ly")), ["num_beams"] = 2 } });
        Assert.That(penalty.Text, Is.Not.EqualTo(answer.Text));
        Assert.That((await chat.GetResponseAsync("a large wild", new() { ToolMode = ChatToolMode.Auto, AdditionalProperties = [] })).Text, Is.EqualTo(answer.Text), "without tools there is nothing to choose");
        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => chat.GetResponseAsync("a large wild")));
        Assert.That(together.Select(t => t.Text), Is.All.EqualTo(answer.Text));
    }

    [Test]
    public async Task What_a_conversation_cannot_be_is_refused()
    {
        using var chat = Chat();
        await Assert.ThrowsAsync<UnsupportedException>(() => chat.GetResponseAsync("a", new() { FrequencyPenalty = 1 }));
        await Assert.ThrowsAsync<UnsupportedException>(() => chat.GetResponseAsync("a", new() { ResponseFormat = ChatResponseFormat.Json }));
        var required = await Assert.ThrowsAsync<UnsupportedException>(() => chat.GetResponseAsync("a", new() { ToolMode = ChatToolMode.RequireAny }));
        Assert.That(required!.Message, Does.Contain("ToolMode"));
        await Assert.ThrowsAsync<UnsupportedException>(() => chat.GetResponseAsync("a", new() { ToolMode = ChatToolMode.RequireSpecific("weather") }));
        await Assert.ThrowsAsync<UnsupportedException>(() => chat.GetResponseAsync("a", new() { Reasoning = new() }));
#pragma warning disable MEAI001 // They may still change.
        await Assert.ThrowsAsync<UnsupportedException>(() => chat.GetResponseAsync("a", new() { AllowBackgroundResponses = true }));
        await Assert.ThrowsAsync<UnsupportedException>(() => chat.GetResponseAsync("a", new() { ContinuationToken = ResponseContinuationToken.FromBytes("a"u8.ToArray()) }));
#pragma warning restore MEAI001
        await Assert.ThrowsAsync<UnsupportedException>(() => chat.GetResponseAsync("a", new() { AdditionalProperties = new() { ["num_return_sequences"] = 2 } }));
        var unknown = await Assert.ThrowsAsync<ConfigException>(() => chat.GetResponseAsync("a", new() { AdditionalProperties = new() { ["num_beam"] = 2 } }));
        Assert.That(unknown!.Message, Does.Contain("num_beams"));
        await Assert.ThrowsAsync<ConfigException>(() => chat.GetResponseAsync("a", new() { AdditionalProperties = new() { ["num_beams"] = "two" } }));
        await Assert.ThrowsAsync<ArgumentException>(() => chat.GetResponseAsync("a", new() { MaxOutputTokens = 2, AdditionalProperties = new() { ["max_new_tokens"] = 3 } }));
        await Assert.ThrowsAsync<UnsupportedException>(() => chat.GetResponseAsync([new ChatMessage(ChatRole.User, [new UriContent("https://example.org/a.png", "image/png")])]));
        await Assert.ThrowsAsync<ArgumentException>(() => chat.GetResponseAsync(Array.Empty<ChatMessage>()));
        await Assert.CatchAsync<OperationCanceledException>(() => chat.GetResponseAsync("a", cancellationToken: new(canceled: true)));
    }

    [Test]
    public async Task The_example_serves_pipelines()
    {
        await using var app = Examples.WebApi.Create(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None"]);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        Assert.That((await client.GetFromJsonAsync<JsonElement>("/fill?text=a+tall+%5BMASK%5D+with+green+leaves"))[0].GetProperty("token_str").GetString(), Is.EqualTo("tree"));
        Assert.That(string.Concat((await client.GetFromJsonAsync<string[]>("/write?prompt=a+large+wild"))!), Is.EqualTo("ly colored flowers"));
        using var embedded = await client.PostAsJsonAsync("/embed", new[] { "a wild cat", "a tree" });
        Assert.That((await embedded.Content.ReadFromJsonAsync<float[][]>())!.Select(v => v.Length), Is.All.EqualTo(128));
        using var wrong = await client.GetAsync("/fill?text=a+tall+tree");
        Assert.That((int)wrong.StatusCode, Is.EqualTo(400));
        Assert.That(await wrong.Content.ReadAsStringAsync(), Does.Contain("[MASK]"));
        keras.config.set_logger(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
    }
}
