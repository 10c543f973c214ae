using System.Text;
using Keras.Tests;

namespace Keras.Serving.Tests;

/// <summary>Predict over REST: forms, values, and what is refused.</summary>
public sealed class PredictTests
{
    readonly TemporaryFolder _folder = new();
    ServingHost _host = null!;
    HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        TestModels.WriteVersion(_folder, 3);
        _host = await TestModels.StartAsync(new() { ModelName = "scale", ModelBasePath = _folder, MaxRequestBytes = 1 << 20, MaxElements = 1000 });
        _client = new() { BaseAddress = _host.RestAddress };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    async Task<(int Code, string Body)> PostAsync(string path, string body)
    {
        using var answer = await _client.PostAsync(path, new StringContent(body, Encoding.UTF8));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [TestCase("""{"instances":[[1,2],[3,4.5]]}""", """{"predictions":[[3.0,6.0],[9.0,13.5]]}""")]
    [TestCase("""{"instances":[{"x":[1,2]}]}""", """{"predictions":[[3.0,6.0]]}""")]
    [TestCase("""{"inputs":[[1,2]]}""", """{"outputs":[[3.0,6.0]]}""")]
    [TestCase("""{"inputs":{"x":[[1,2]]},"signature_name":"serving_default"}""", """{"outputs":[[3.0,6.0]]}""")]
    [TestCase("""{"instances":[[NaN,1],[Infinity,-Infinity],[-1e20,0.1]]}""", """{"predictions":[[NaN,NaN],[NaN,NaN],[-3E+20,0.3]]}""")]
    public async Task Answers_have_the_form_of_the_request(string body, string expected)
    {
        var (code, answer) = await PostAsync("/v1/models/scale:predict", body);
        Assert.That(answer, Is.EqualTo(expected));
        Assert.That(code, Is.EqualTo(200));
    }

    [TestCase("", "no valid JSON")]
    [TestCase("{", "no valid JSON")]
    [TestCase("[]", "no JSON object")]
    [TestCase("{}", "\"instances\" or \"inputs\"")]
    [TestCase("""{"instances":[[1,2]],"inputs":[[1,2]]}""", "in no form or in both")]
    [TestCase("""{"instances":[[1,2]],"signature":"x"}""", "unknown field 'signature'")]
    [TestCase("""{"instances":[[1,2]],"instances":[[1,2]]}""", "twice")]
    [TestCase("""{"instances":[[1,2]]} {}""", "no valid JSON")]
    [TestCase("""{"instances":[]}""", "empty")]
    [TestCase("""{"instances":{"x":[1,2]}}""", "no list")]
    [TestCase("""{"instances":[[1,2],[3]]}""", "instances[1].x). Expected: a list of 2, as before. Received: a list of 1")]
    [TestCase("""{"instances":[[1,2,3]]}""", "Expected: a list of 2")]
    [TestCase("""{"instances":[1,2]}""", "Expected: a list, for the shape (None, 2). Received: 1")]
    [TestCase("""{"instances":[[[1],[2]]]}""", "instances[0].x[0]). Expected: a number in the range of float32, NaN or Infinity, for the shape (None, 2). Received: a list")]
    [TestCase("""{"instances":[["1",2]]}""", "Received: the text \"1\"")]
    [TestCase("""{"instances":[[true,2]]}""", "Received: true")]
    [TestCase("""{"instances":[[null,2]]}""", "Received: null")]
    [TestCase("""{"instances":[[1e39,2]]}""", "Received: 1e39")]
    [TestCase("""{"instances":[{"y":[1,2]}]}""", "no such input (instances[0])")]
    [TestCase("""{"instances":[{"x":[1,2],"x":[1,2]}]}""", "twice")]
    [TestCase("""{"instances":[{}]}""", "'x' is missing (instances[0])")]
    [TestCase("""{"inputs":{}}""", "'x' is missing (inputs)")]
    [TestCase("""{"inputs":7}""", "Received: 7")]
    [TestCase("""{"instances":[[1,2]],"signature_name":"other"}""", "no such signature")]
    [TestCase("""{"instances":[[1,2]],"signature_name":7}""", "'signature_name' is no text")]
    [TestCase("""{"instances":[[1,2]],"signature_name":"\ud800"}""", "no valid JSON")]
    public async Task What_does_not_fit_is_refused_and_named(string body, string expected)
    {
        var (code, answer) = await PostAsync("/v1/models/scale:predict", body);
        Assert.That(code, Is.EqualTo(400), answer);
        var error = System.Text.Json.JsonDocument.Parse(answer).RootElement.GetProperty("error").GetString();
        Assert.That(error, Does.Contain(expected));
    }

    [Test]
    public async Task Bodies_and_inputs_have_limits()
    {
        Assert.That((await PostAsync("/v1/models/scale:predict", new string(' ', (1 << 20) + 1))).Code, Is.EqualTo(413));
        var many = $$"""{"instances":[{{string.Join(',', Enumerable.Repeat("[1,2]", 501))}}]}""";
        Assert.That((await PostAsync("/v1/models/scale:predict", many)).Body, Does.Contain("at most 1000"));
        var deep = $$"""{"instances":{{new string('[', 100)}}{{new string(']', 100)}}}""";
        Assert.That((await PostAsync("/v1/models/scale:predict", deep)).Body, Does.Contain("no valid JSON"));
    }

    [TestCase("GET", "/v1/models/scale", 200, "AVAILABLE")]
    [TestCase("GET", "/v1/models/scale/versions/3", 200, "AVAILABLE")]
    [TestCase("GET", "/v1/models/scale/versions/4", 404, "has no version 4")]
    [TestCase("GET", "/v1/models/scale/versions/99999999999999999999", 404, "63 bits")]
    [TestCase("GET", "/v1/models/scale/metadata", 200, "DT_FLOAT")]
    [TestCase("GET", "/v1/models/other", 404, "no model 'other'")]
    [TestCase("GET", "/v1/models/..%2f..%2fetc", 404, "no model")]
    [TestCase("GET", "/v1/models/scale/labels/stable", 404, "no version label")]
    [TestCase("GET", "/v1/models/scale:predict", 400, "Malformed request")]
    [TestCase("POST", "/v1/models/scale", 400, "Malformed request")]
    [TestCase("POST", "/v1/models/scale:explain", 400, "Malformed request")]
    [TestCase("GET", "/elsewhere", 404, "no such path")]
    [TestCase("GET", "/healthz", 200, "ok")]
    [TestCase("GET", "/readyz", 200, "ok")]
    [TestCase("GET", "/monitoring/prometheus/metrics", 200, "model_version_available")]
    public async Task Paths(string method, string path, int code, string expected)
    {
        using var answer = await _client.SendAsync(new(new HttpMethod(method), path));
        Assert.That((int)answer.StatusCode, Is.EqualTo(code));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(expected));
    }

    [Test]
    public async Task Counts_are_given_under_TensorFlow_Servings_names()
    {
        await PostAsync("/v1/models/scale:predict", """{"instances":[[1,2]]}""");
        await PostAsync("/v1/models/scale:predict", "{");
        var text = await _client.GetStringAsync("/monitoring/prometheus/metrics");
        Assert.That(text, Does.Match(""":tensorflow:serving:request_count\{model_name="scale",status="OK"\} [1-9]"""));
        Assert.That(text, Does.Match(""":tensorflow:serving:request_count\{model_name="scale",status="INVALID_ARGUMENT"\} [1-9]"""));
        Assert.That(text, Does.Contain(""":tensorflow:serving:request_latency_bucket{model_name="scale",API="predict",entrypoint="REST",le="10"}"""));
    }
}
