using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests.Models;

/// <summary>A real trained model, all-MiniLM-L6-v2, against PyTorch: KERAS_TEST_MODELS names the folder that holds it, or its own.</summary>
[Category("RealModels")]
sealed class MiniLmTests : EngineFixture
{
    const string ModelName = "all-MiniLM-L6-v2";
    const double Tolerance = 2e-4;

    static string Folder()
    {
        if (Environment.GetEnvironmentVariable("KERAS_TEST_MODELS") is not { Length: > 0 } given)
            Assert.Ignore($"KERAS_TEST_MODELS is not set: it names a folder that contains {ModelName}.");
        else if (new[] { Path.Combine(given, ModelName), given }.FirstOrDefault(f => File.Exists(Path.Combine(f, "expected.safetensors"))) is { } folder)
            return folder;
        Assert.Ignore($"KERAS_TEST_MODELS holds no {ModelName} with expected.safetensors.");
        throw new InvalidOperationException();
    }

    [Test]
    public void States_and_pooled_output_are_PyTorchs([Values] RunMode mode)
    {
        var folder = Folder();
        var expected = GoldenFolder.ReadTensors(Path.Combine(folder, "expected.safetensors"));
        var model = TFBertModel.from_pretrained(folder, out var report);
        Assert.That(report.missing_keys.Concat(report.unexpected_keys), Is.Empty);
        var inputs = new Tensors(new[] { "input_ids", "attention_mask", "token_type_ids" }.Select(n => KeyValuePair.Create(n, new Tensors(Graphs.Tf.Constant(expected[n])))));
        var outputs = Run(mode, inputs, x => model.Apply(x));
        foreach (var name in new[] { "last_hidden_state", "pooler_output" })
            Assert.That(Floats(outputs[name].Single).Zip(expected[name].As<float>().ToArray(), (a, b) => Math.Abs(a - (double)b)).Max(), Is.LessThanOrEqualTo(Tolerance), name);
    }

    [Test]
    public void Cosines_of_sentence_embeddings_are_PyTorchs()
    {
        var folder = Folder();
        var expected = GoldenFolder.ReadTensors(Path.Combine(folder, "expected.safetensors"))["cosine"];
        var description = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")))!;
        var embeddings = new Examples.SentenceEncoder(folder) { MaxLength = description["max_length"]!.GetValue<int>() }.Encode([.. description["sentences"]!.AsArray().Select(s => s!.GetValue<string>())]);
        var cosines = embeddings.SelectMany(a => embeddings.Select(b => (double)Examples.SentenceEncoder.Cosine(a, b)));
        Assert.That(cosines, Is.EqualTo(expected.ToDouble()).Within(description["tolerance"]!.GetValue<double>()));
    }

    [Test]
    public void Token_ids_are_PyTorchs()
    {
        var folder = Folder();
        var expected = GoldenFolder.ReadTensors(Path.Combine(folder, "expected.safetensors"));
        var description = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")))!;
        var encoded = AutoTokenizer.from_pretrained(folder).Apply(description["sentences"]!.AsArray().Select(s => s!.GetValue<string>()),
            padding: true, truncation: true, max_length: description["max_length"]!.GetValue<int>());
        foreach (var name in new[] { "input_ids", "attention_mask", "token_type_ids" })
            Assert.That((int[])encoded[name].Values, Is.EqualTo(expected[name].As<int>().ToArray()), name);
    }
}
