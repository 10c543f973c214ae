using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Keras.Transformers.Tests.Golden;

namespace Keras.Transformers.Tests;

/// <summary>Hugging Face itself loads what is saved here. Needs a Python with transformers 4 and TensorFlow, named by KERAS_PEER_PYTHON.</summary>
[Category("Peer")]
sealed class HuggingFacePeerTests : EngineFixture
{
    static readonly int[,] Ids = SmallBert.Integers(2, 7);

    [TestCase("""{"use_safetensors": false}""", "TFBertForSequenceClassification", false, "5GB")]
    [TestCase("""{"use_safetensors": false}""", "TFBertForSequenceClassification", false, "4kB")]
    [TestCase("{}", "TFBertForSequenceClassification", true, "5GB")]
    [TestCase("{}", "BertForSequenceClassification", true, "5GB")]
    [TestCase("{}", "BertForSequenceClassification", true, "4kB")]
    public void Saved_models_give_the_same_logits_in_Hugging_Face(string kwargs, string className, bool safetensors, string maxShardSize)
    {
        var python = Environment.GetEnvironmentVariable("KERAS_PEER_PYTHON");
        if (string.IsNullOrEmpty(python)) Assert.Ignore("KERAS_PEER_PYTHON names no Python with transformers.");
        using var folder = new ModelFolder();
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.save_pretrained(folder, safe_serialization: safetensors, max_shard_size: maxShardSize);
        var result = Load(python!, folder, className, kwargs);
        Assert.That(result["missing"]!.AsArray(), Is.Empty);
        Assert.That(result["unexpected"]!.AsArray(), Is.Empty);
        var closeness = new Closeness();
        var logits = result["logits"]!.AsArray().SelectMany(r => r!.AsArray().Select(v => v!.GetValue<float>())).ToArray();
        closeness.Compare("logits", Host(model.Apply(new CallArguments(Tensor.Of(Ids), training: false))["logits"]), HostTensor.Of(logits, new Shape(2, 3)), 2e-5);
        closeness.Verify();
    }

    static JsonNode Load(string python, string folder, string className, string kwargs)
    {
        var rows = Enumerable.Range(0, Ids.GetLength(0)).Select(r => Enumerable.Range(0, Ids.GetLength(1)).Select(c => Ids[r, c]));
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Weights", "load_in_hugging_face.py"), folder, className, kwargs, JsonSerializer.Serialize(rows)])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (error.Result.Contains("requires the PyTorch library", StringComparison.Ordinal)) Assert.Ignore("The Python that KERAS_PEER_PYTHON names has no PyTorch.");
        var line = output.Split('\n').LastOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new AssertionException(string.Create(CultureInfo.InvariantCulture, $"Hugging Face did not load the model: {error.Result}"));
        return JsonNode.Parse(line["RESULT ".Length..])!;
    }
}
