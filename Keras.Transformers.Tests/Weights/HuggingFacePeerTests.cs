using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

/// <summary>Hugging Face itself loads what is saved here. Needs a Python with transformers 4 and TensorFlow, named by KERAS_PEER_PYTHON.</summary>
[Category("Peer")]
sealed class HuggingFacePeerTests : EngineFixture
{
    /// <summary>Each head, and what differs from a small encoder.</summary>
    static readonly (Func<BertConfig, TFPreTrainedModel> Create, Action<BertConfig> Change)[] Heads =
    [
        (c => new TFBertModel(c), _ => { }),
        (c => new TFBertForPreTraining(c), _ => { }),
        (c => new TFBertForMaskedLM(c), _ => { }),
        (c => new TFBertLMHeadModel(c), c => c.is_decoder = true),
        (c => new TFBertLMHeadModel(c), c => (c.is_decoder, c.add_cross_attention) = (true, true)),
        (c => new TFBertForNextSentencePrediction(c), _ => { }),
        (c => new TFBertForSequenceClassification(c), _ => { }),
        (c => new TFBertForSequenceClassification(c), c => c.num_labels = 1),
        (c => new TFBertForMultipleChoice(c), _ => { }),
        (c => new TFBertForTokenClassification(c), c => c.hidden_act = "gelu_new"),
        (c => new TFBertForQuestionAnswering(c), c => c.num_labels = 2),
    ];

    [TestCase("TF", WeightFormat.TensorFlowH5, "5GB")]
    [TestCase("TF", WeightFormat.TensorFlowH5, "4kB")]
    [TestCase("TF", WeightFormat.TensorFlowSafetensors, "5GB")]
    [TestCase("TF", WeightFormat.TensorFlowSafetensors, "4kB")]
    [TestCase("TF", WeightFormat.Safetensors, "5GB")]
    [TestCase("", WeightFormat.Safetensors, "5GB")]
    [TestCase("", WeightFormat.Safetensors, "4kB")]
    public void Every_head_gives_the_same_outputs_in_Hugging_Face(string prefix, WeightFormat format, string maxShardSize)
    {
        var python = Environment.GetEnvironmentVariable("KERAS_PEER_PYTHON");
        if (string.IsNullOrEmpty(python)) Assert.Ignore("KERAS_PEER_PYTHON names no Python with transformers.");
        using var folder = new TemporaryFolder();
        var (jobs, expected) = (new JsonArray(), new List<(string Name, Tensors Outputs)>());
        foreach (var (i, (create, change)) in Heads.Index())
        {
            var config = SmallBert.Config();
            change(config);
            config.use_cache = false;
            var (model, path) = (create(config), Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture)));
            model.EnsureBuilt();
            foreach (var weight in model.trainable_weights.Where(w => w.shape.Rank == 1)) weight.assign(Spread(weight.shape));
            model.save_pretrained(path);
            File.Delete(Path.Combine(path, "model.safetensors"));
            WeightFormats.Save(model, path, format, maxShardSize);
            var inputs = Inputs(model);
            expected.Add((model.GetType().Name, model.Apply(inputs)));
            var kwargs = new JsonObject { ["use_safetensors"] = format != WeightFormat.TensorFlowH5 };
            jobs.Add(new JsonObject { ["folder"] = path, ["class"] = prefix + model.GetType().Name[2..], ["kwargs"] = kwargs, ["inputs"] = new JsonObject(inputs.Named().Select(Nested)) });
        }
        var results = Run(python!, jobs);
        var closeness = new Closeness();
        foreach (var ((name, outputs), result) in expected.Zip(results))
        {
            Assert.That(result!["missing"]!.AsArray(), Is.Empty, name);
            Assert.That(result["unexpected"]!.AsArray(), Is.Empty, name);
            Assert.That(result["outputs"]!.AsObject().Select(o => o.Key), Is.EqualTo(outputs.Keys), name);
            foreach (var (key, value) in outputs.Named())
            {
                var found = result["outputs"]![key]!;
                var shape = new Shape([.. found["shape"]!.AsArray().Select(d => d!.GetValue<long>())]);
                closeness.Compare($"{name} {key}", Host(value), HostTensor.Of(found["data"]!.AsArray().Select(v => v!.GetValue<float>()).ToArray(), shape), 2e-5);
            }
        }
        closeness.Verify();
    }

    /// <summary>Biases and norms that differ from each other, so that no two can be taken for one.</summary>
    static Tensor Spread(Shape shape) => Tensor.Of(Enumerable.Range(0, (int)shape.ElementCount).Select(i => 0.5f + (0.3f * MathF.Sin(i + shape.ElementCount))).ToArray());

    static Tensors Inputs(TFPreTrainedModel model)
    {
        if (model is TFBertForMultipleChoice) return SmallBert.Inputs(4, 7).Map(t => Graphs.Tf.Reshape(t, new Shape(2, 2, 7)));
        return SmallBert.Inputs(2, 7);
    }

    static KeyValuePair<string, JsonNode?> Nested(KeyValuePair<string, Tensors> input)
    {
        var tensor = input.Value.Single;
        var nested = tensor.ToArray<int>().Select(v => (JsonNode?)JsonValue.Create(v)).ToArray();
        foreach (var size in tensor.shape.ToArray().Skip(1).Reverse()) nested = [.. nested.Chunk((int)size).Select(row => (JsonNode?)new JsonArray(row))];
        return KeyValuePair.Create(input.Key, (JsonNode?)new JsonArray(nested));
    }

    static JsonArray Run(string python, JsonArray jobs)
    {
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Weights", "load_in_hugging_face.py")])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(jobs.ToJsonString());
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (error.Result.Contains("requires the PyTorch library", StringComparison.Ordinal)) Assert.Ignore("The Python that KERAS_PEER_PYTHON names has no PyTorch.");
        var line = output.Split('\n').LastOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new AssertionException(string.Create(CultureInfo.InvariantCulture, $"Hugging Face did not load the models: {error.Result}"));
        return JsonNode.Parse(line["RESULT ".Length..])!.AsArray();
    }
}
