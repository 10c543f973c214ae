using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

/// <summary>Hugging Face itself loads what is saved here. Needs a Python with transformers 4 and TensorFlow, named by KERAS_PEER_PYTHON.</summary>
[Category("Peer")]
sealed class HuggingFacePeerTests : EngineFixture
{
    /// <summary>Each head, with what differs from a small encoder; whether only PyTorch's library has it.</summary>
    static readonly (Func<TFPreTrainedModel> Create, bool IsOnlyPyTorch)[] Heads =
    [
        (() => new TFBertModel(Bert()), false),
        (() => new TFBertForPreTraining(Bert()), false),
        (() => new TFBertForMaskedLM(Bert()), false),
        (() => new TFBertLMHeadModel(Bert(c => c.is_decoder = true)), false),
        (() => new TFBertLMHeadModel(Bert(c => (c.is_decoder, c.add_cross_attention) = (true, true))), false),
        (() => new TFBertForNextSentencePrediction(Bert()), false),
        (() => new TFBertForSequenceClassification(Bert()), false),
        (() => new TFBertForSequenceClassification(Bert(c => c.num_labels = 1)), false),
        (() => new TFBertForMultipleChoice(Bert()), false),
        (() => new TFBertForTokenClassification(Bert(c => c.hidden_act = "gelu_new")), false),
        (() => new TFBertForQuestionAnswering(Bert(c => c.num_labels = 2)), false),
        (() => new TFViTModel(SmallViT.Config()), false),
        (() => new TFViTModel(ViT(c => c.num_channels = 1), add_pooling_layer: true), false),
        (() => new TFViTForImageClassification(SmallViT.Config()), false),
        (() => new TFViTForImageClassification(ViT(c => (c.qkv_bias, c.image_size, c.patch_size) = (false, (8, 9), (4, 3)))), true),
        (() => new TFViTForMaskedImageModeling(SmallViT.Config()), true),
        (() => new TFVisionEncoderDecoderModel(VisionEncoderDecoderConfig.from_encoder_decoder_configs(SmallViT.Config(), Gpt2(18))), false),
        (() => new TFEncoderDecoderModel(EncoderDecoderConfig.from_encoder_decoder_configs(Bert(), Bert())), false),
        (() => new TFEncoderDecoderModel(EncoderDecoderConfig.from_encoder_decoder_configs(Bert(), Gpt2(12))), false),
        (() => new TFVisionTextDualEncoderModel(VisionTextDualEncoderConfig.from_vision_text_configs(SmallViT.Config(), Bert(), new Dictionary<string, object?> { ["projection_dim"] = 10 })), false),
    ];

    static GPT2Config Gpt2(int width) => new() { vocab_size = 41, n_positions = 24, n_embd = width, n_layer = 2, n_head = 3, n_inner = 20, initializer_range = 0.25f, use_cache = false };

    static BertConfig Bert(Action<BertConfig>? change = null)
    {
        var config = SmallBert.Config();
        config.use_cache = false;
        change?.Invoke(config);
        return config;
    }

    static ViTConfig ViT(Action<ViTConfig> change)
    {
        var config = SmallViT.Config();
        change(config);
        return config;
    }

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
        foreach (var (i, (create, _)) in Heads.Where(h => prefix.Length == 0 || !h.IsOnlyPyTorch).Index())
        {
            var (model, path) = (create(), Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture)));
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
            Assert.That(result["outputs"]!.AsObject().Select(o => o.Key), Is.EqualTo(outputs.Named().Where(o => o.Value.IsLeaf).Select(o => o.Key)), name);
            foreach (var (key, value) in outputs.Named().Where(o => o.Value.IsLeaf))
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
        if (model.config is ViTConfig vit)
        {
            var images = SmallViT.Images(2, vit.image_size.Height, vit.image_size.Width, vit.num_channels);
            return new Dictionary<string, Tensors>(model is TFViTForMaskedImageModeling ? [new("bool_masked_pos", SmallBert.Ids(2, vit.Patches, 2))] : []) { ["pixel_values"] = images };
        }
        if (model.config is EncoderDecoderPartsConfig or VisionTextDualEncoderConfig) return Models.ContractClass.Inputs(model);
        if (model is TFBertForMultipleChoice) return SmallBert.Inputs(4, 7).Map(t => Graphs.Tf.Reshape(t, new Shape(2, 2, 7)));
        return SmallBert.Inputs(2, 7);
    }

    static KeyValuePair<string, JsonNode?> Nested(KeyValuePair<string, Tensors> input)
    {
        var tensor = input.Value.Single;
        JsonNode?[] nested = tensor.dtype.IsInteger ? [.. tensor.ToArray<int>().Select(v => JsonValue.Create(v))] : [.. Floats(tensor).Select(v => JsonValue.Create(v))];
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
