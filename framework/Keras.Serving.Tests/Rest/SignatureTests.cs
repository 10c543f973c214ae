using System.Text;
using Keras.Graphs;
using Keras.Tests;

namespace Keras.Serving.Tests;

/// <summary>Strings, examples, several inputs and outputs, and a model that fails.</summary>
public sealed class SignatureTests
{
    readonly TemporaryFolder _folder = new();
    ServingHost _host = null!;
    HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var archive = Api.keras.export.ExportArchive();
        var table = new Variable(Tf.Constant(HostTensor.From(new[] { 1f, 2, 3 })), trainable: false, name: "table");
        var texts = new InputSpec(DType.String, new Shape(-1), name: "inputs");
        Tensor Length(Tensor text) => Tf.Cast(Tf.StringLength(text, "BYTE"), DType.Float32);
        archive.add_endpoint("serving_default", s => new Dictionary<string, Tensors> { ["same"] = s, ["same_bytes"] = s, ["length"] = Tf.StringLength(s.Single, "BYTE"), ["long"] = Length(s.Single) > 2 }, texts);
        archive.add_endpoint("classes", s => new Dictionary<string, Tensors> { ["classes"] = Api.keras.ops.stack([s.Single, s.Single], axis: 1), ["scores"] = Api.keras.ops.stack([Length(s.Single), Length(s.Single) / 2], axis: 1) }, texts);
        archive.add_endpoint("number", s => new Dictionary<string, Tensors> { ["outputs"] = Length(s.Single) }, texts);
        archive.add_endpoint("pick", i => new Dictionary<string, Tensors> { ["picked"] = Api.keras.ops.take(table.value, i.Single, 0) }, new InputSpec(DType.Int32, new Shape(-1), name: "i"));
        archive.add_endpoint("total", i => new Dictionary<string, Tensors> { ["sum"] = Tf.Sum(i.Single) }, new InputSpec(DType.Float32, new Shape(-1), name: "x"));
        archive.write_out(_folder["1"], verbose: false);
        _host = await TestModels.StartAsync(new() { ModelName = "m", ModelBasePath = _folder, Batching = new() });
        _client = new() { BaseAddress = _host.RestAddress };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    async Task<string> PostAsync(string verb, string body)
    {
        using var answer = await _client.PostAsync($"/v1/models/m:{verb}", new StringContent(body, Encoding.UTF8));
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }

    [TestCase("""{"instances":["ab","\u00e4\n"]}""", """200 {"predictions":[{"length":2,"long":false,"same":"ab","same_bytes":{"b64":"YWI="}},{"length":3,"long":true,"same":"ä\n","same_bytes":{"b64":"w6QK"}}]}""")]
    [TestCase("""{"instances":[{"b64":"YWI="}]}""", """200 {"predictions":[{"length":2,"long":false,"same":"ab","same_bytes":{"b64":"YWI="}}]}""")]
    [TestCase("""{"inputs":{"inputs":[{"b64":"/w=="}]}}""", """200 {"outputs":{"length":[1],"long":[false],"same":[{"b64":"/w=="}],"same_bytes":[{"b64":"/w=="}]}}""")]
    [TestCase("""{"inputs":["a"],"signature_name":"number"}""", """200 {"outputs":[1.0]}""")]
    public async Task Strings_go_and_come_as_text_or_base64(string body, string expected) => Assert.That(await PostAsync("predict", body), Is.EqualTo(expected));

    [Test]
    public async Task Outputs_without_rows_are_given_by_columns()
    {
        Assert.That(await PostAsync("predict", """{"signature_name":"total","inputs":[1,2.5]}"""), Is.EqualTo("""200 {"outputs":3.5}"""));
        Assert.That(await PostAsync("predict", """{"signature_name":"total","instances":[1,2.5]}"""), Does.StartWith("400").And.Contain("columns"));
    }

    [Test]
    public async Task Examples_are_classified_and_given_numbers()
    {
        const string Examples = """{"examples":[{"a":1},{"a":[1.5,2],"b":"text"}],"context":{"c":{"b64":"AA=="}},""";
        var classes = await PostAsync("classify", Examples + "\"signature_name\":\"classes\"}");
        Assert.That(classes, Does.StartWith("200 {\"results\":[[["), classes);
        var numbers = await PostAsync("regress", Examples + "\"signature_name\":\"number\"}");
        Assert.That(numbers, Does.Match(@"^200 \{""results"":\[\d+\.0,\d+\.0\]\}$"));
        Assert.That(await PostAsync("classify", Examples + "\"signature_name\":\"number\"}"), Does.StartWith("400").And.Contain("gives no classes"));
        Assert.That(await PostAsync("regress", Examples + "\"signature_name\":\"total\"}"), Does.StartWith("400").And.Contain("takes no examples"));
        Assert.That(await PostAsync("regress", """{"examples":[]}"""), Does.StartWith("400").And.Contain("no examples"));
        Assert.That(await PostAsync("regress", """{"examples":[{"a":[1,"x"]}]}"""), Does.StartWith("400").And.Contain("mixes"));
        Assert.That(await PostAsync("regress", """{"examples":[{"a":null}]}"""), Does.StartWith("400").And.Contain("examples[0].a"));
    }

    [Test]
    public async Task A_model_that_fails_says_so_and_goes_on()
    {
        Assert.That(await PostAsync("predict", """{"signature_name":"pick","inputs":[0,7]}"""), Does.StartWith("400").And.Contain("failed at its signature 'pick'"));
        Assert.That(await PostAsync("predict", """{"signature_name":"pick","inputs":[0,2]}"""), Is.EqualTo("""200 {"outputs":[1.0,3.0]}"""));
    }

    [Test]
    public async Task What_a_small_request_would_make_large_is_refused()
    {
        var context = new string('x', 1 << 20);
        var examples = string.Join(',', Enumerable.Repeat("{}", 300));
        Assert.That(await PostAsync("regress", $$$"""{"signature_name":"number","examples":[{{{examples}}}],"context":{"c":"{{{context}}}"}}"""), Does.StartWith("400").And.Contain("too large, each with the context"));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    public async Task A_body_that_is_not_of_its_encoding_is_the_senders_fault(string encoding)
    {
        using var body = new StringContent("no such thing");
        body.Headers.ContentEncoding.Add(encoding);
        using var answer = await _client.PostAsync("/v1/models/m:predict", body);
        Assert.That((int)answer.StatusCode, Is.EqualTo(400), await answer.Content.ReadAsStringAsync());
    }
}
