using System.Text;
using System.Text.Json;
using Keras.Tests;
using Keras.Transformers;

namespace Keras.Serving.Tests;

/// <summary>Completions and embeddings with the small models of the repository.</summary>
public sealed class OpenAiTests
{
    const string Prompt = "animal: a large";

    ServingHost _host = null!;
    HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _host = await TestModels.StartAsync(new() { GenerationModels = new Dictionary<string, string> { ["gpt"] = Repository.PathOf("models", "gpt2-tiny"), ["bert"] = Repository.PathOf("models", "bert-tiny") } });
        _client = new() { BaseAddress = _host.RestAddress };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    async Task<(int Code, JsonElement Body)> PostAsync(string path, object body)
    {
        using var answer = await _client.PostAsync(path, new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8));
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    async Task<string> TextAsync(object body) => (await PostAsync("/v1/completions", body)).Body.GetProperty("choices")[0].GetProperty("text").GetString()!;

    [Test]
    public async Task Greedy_text_is_that_of_generate()
    {
        var folder = Repository.PathOf("models", "gpt2-tiny");
        var (model, tokenizer) = (TFAutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder));
        int[] ids = [.. tokenizer.encode(Prompt)];
        var expected = tokenizer.decode(model.generate(ids, max_new_tokens: 12).sequences[0].ToArray<int>()[ids.Length..], skip_special_tokens: true, clean_up_tokenization_spaces: false);
        Assert.That(await TextAsync(new { model = "gpt", prompt = Prompt, max_tokens = 12, temperature = 0 }), Is.EqualTo(expected));
        Assert.That(await TextAsync(new { model = "gpt", prompt = ids, max_tokens = 12, temperature = 0, echo = true }), Is.EqualTo(Prompt + expected));
        var stopped = await PostAsync("/v1/completions", new { model = "gpt", prompt = Prompt, max_tokens = 12, temperature = 0, stop = new[] { expected[4..7] } });
        Assert.That(stopped.Body.GetProperty("choices")[0].GetProperty("text").GetString(), Is.EqualTo(expected[..expected.IndexOf(expected[4..7], StringComparison.Ordinal)]));
        Assert.That(stopped.Body.GetProperty("choices")[0].GetProperty("finish_reason").GetString(), Is.EqualTo("stop"));
    }

    [Test]
    public async Task A_stream_has_the_parts_of_the_whole_and_the_seed_draws_the_same()
    {
        var request = new { model = "gpt", prompt = new[] { Prompt, "plant: a" }, max_tokens = 8, n = 2, seed = 5, temperature = 0.9, top_p = 0.9 };
        var whole = (await PostAsync("/v1/completions", request)).Body.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("text").GetString()).ToArray();
        Assert.That(whole, Has.Length.EqualTo(4));
        using var answer = await _client.PostAsync("/v1/completions", new StringContent(JsonSerializer.Serialize(request)[..^1] + ",\"stream\":true}"));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..]).ToArray();
        Assert.That(events[^1], Is.EqualTo("[DONE]"));
        var parts = events[..^1].Select(e => JsonDocument.Parse(e).RootElement.GetProperty("choices")[0]).ToLookup(c => c.GetProperty("index").GetInt32(), c => c.GetProperty("text").GetString());
        Assert.That(Enumerable.Range(0, 4).Select(i => string.Concat(parts[i])), Is.EqualTo(whole));
    }

    [Test]
    public async Task A_caller_who_goes_leaves_the_batch()
    {
        using (var going = new CancellationTokenSource())
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = new StringContent("""{"model":"gpt","prompt":"a","max_tokens":90,"n":8,"stream":true}""") };
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, going.Token);
            await going.CancelAsync();
        }
        var scheduler = _host.Languages.Find("gpt")!.Scheduler!;
        Assert.That(SpinWait.SpinUntil(() => scheduler.RunningCount == 0 && scheduler.WaitingCount == 0, TimeSpan.FromSeconds(10)), Is.True);
        Assert.That(await TextAsync(new { model = "gpt", prompt = Prompt, max_tokens = 2 }), Is.Not.Empty);
    }

    [TestCase("/v1/completions", "{", "valid JSON", 400)]
    [TestCase("/v1/completions", "{}", "'model' is missing", 400)]
    [TestCase("/v1/completions", """{"model":"other"}""", "no model 'other'", 404)]
    [TestCase("/v1/completions", """{"model":"bert","prompt":"a"}""", "/v1/embeddings", 400)]
    [TestCase("/v1/completions", """{"model":"gpt","prompt":"a","max_tokens":1000}""", "does not fit", 400)]
    [TestCase("/v1/completions", """{"model":"gpt","prompt":"a","max_tokens":0}""", "max_tokens", 400)]
    [TestCase("/v1/completions", """{"model":"gpt","prompt":"a","temperature":-1}""", "temperature", 400)]
    [TestCase("/v1/completions", """{"model":"gpt","prompt":"a","logprobs":1}""", "not supported", 400)]
    [TestCase("/v1/completions", """{"model":"gpt","prompt":"a","tempratur":1}""", "no such field", 400)]
    [TestCase("/v1/completions", """{"model":"gpt","prompt":[99999999]}""", "vocabulary", 400)]
    [TestCase("/v1/completions", """{"model":"gpt","prompt":[["a"]]}""", "token ids", 400)]
    [TestCase("/v1/completions", """{"model":"gpt","prompt":"a","stop":""}""", "empty", 400)]
    [TestCase("/v1/embeddings", """{"model":"gpt","input":"a"}""", "/v1/completions", 400)]
    [TestCase("/v1/embeddings", """{"model":"bert"}""", "'input' is missing", 400)]
    [TestCase("/v1/embeddings", """{"model":"bert","input":"a","dimensions":3}""", "not supported", 400)]
    public async Task What_cannot_be_done_is_refused_in_OpenAIs_form(string path, string body, string expected, int code)
    {
        var answer = await PostAsync(path, body);
        Assert.That(answer.Code, Is.EqualTo(code));
        Assert.That(answer.Body.GetProperty("error").GetProperty("message").GetString(), Does.Contain(expected));
    }

    [Test]
    public async Task Embeddings_have_length_one_and_do_not_depend_on_what_is_beside_them()
    {
        async Task<float[][]> EmbedAsync(params string[] texts) => [.. (await PostAsync("/v1/embeddings", new { model = "bert", input = texts })).Body.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()).ToArray())];
        var both = await EmbedAsync("a cat", "a much larger wild cat of the desert");
        Assert.That(both.Select(v => v.Sum(x => x * x)), Is.All.EqualTo(1).Within(1e-4));
        Assert.That((await EmbedAsync("a cat"))[0], Is.EqualTo(both[0]).Within(1e-4));
        var base64 = (await PostAsync("/v1/embeddings", new { model = "bert", input = "a cat", encoding_format = "base64" })).Body.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.That(BitConverter.ToSingle(base64), Is.EqualTo(both[0][0]).Within(1e-4));
    }

    [Test]
    public async Task Texts_for_which_there_is_no_place_in_the_line_get_no_vectors()
    {
        await using var model = LanguageModel.Load("bert", Repository.PathOf("models", "bert-tiny"), new() { MaxWaitingTexts = 2 });
        int[][] Texts(int count) => [.. Enumerable.Repeat(Enumerable.Repeat(5, 64).ToArray(), count)];
        // More than are computed at once: the others wait.
        var many = model.EmbedAsync(Texts(500), default);
        Assert.That(async () => await model.EmbedAsync(Texts(1), default), Throws.TypeOf<OpenAiException>().With.Property("Code").EqualTo(429).And.Message.Contains("at most 2, MaxWaitingTexts"));
        Assert.That((await many).Values, Has.Length.EqualTo(500 * (await many).Width));
        Assert.That((await model.EmbedAsync(Texts(1), default)).Values, Has.Length.EqualTo((await many).Width));
        Assert.That(model.WaitingCount, Is.Zero);
    }

    [Test]
    public async Task Models_are_listed_beside_those_of_TensorFlow_Serving()
    {
        Assert.That(await _client.GetStringAsync("/v1/models"), Does.Contain("\"id\":\"bert\"").And.Contain("\"id\":\"gpt\""));
        Assert.That(await _client.GetStringAsync("/v1/models/gpt"), Does.Contain("\"object\":\"model\""));
        Assert.That(await _client.GetStringAsync("/"), Does.Contain("Keras.Serving"));
        Assert.That(await _client.GetStringAsync("/page/models"), Does.Contain("\"generates\":true"));
    }

    [Test]
    public async Task A_request_that_takes_too_long_is_told_so_and_not_given_half()
    {
        await using var host = await TestModels.StartAsync(new() { GenerationModels = new Dictionary<string, string> { ["gpt"] = Repository.PathOf("models", "gpt2-tiny") }, RequestTimeout = TimeSpan.FromMilliseconds(1) });
        using var client = new HttpClient { BaseAddress = host.RestAddress };
        using var answer = await client.PostAsync("/v1/completions", new StringContent(JsonSerializer.Serialize(new { model = "gpt", prompt = Prompt, max_tokens = 90, temperature = 0 })));
        Assert.That((int)answer.StatusCode, Is.EqualTo(504), await answer.Content.ReadAsStringAsync());
    }

    [Test]
    public async Task Many_long_texts_are_computed_in_parts_and_come_in_their_order()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => string.Join(' ', Enumerable.Repeat("cat", 1 + (i * 7 % 60))))];
        async Task<float[][]> VectorsAsync(object input) => [.. (await PostAsync("/v1/embeddings", new { model = "bert", input })).Body.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()).ToArray())];
        var all = await VectorsAsync(texts);
        foreach (var i in new[] { 0, 77, 199 }) Assert.That(all[i], Is.EqualTo((await VectorsAsync(texts[i]))[0]).Within(1e-4f));
    }
}
