using Keras.Graphs;

namespace Keras.Transformers.Tests.Models;

sealed class RelativePositionTests : EngineFixture
{
    const string Queries = "relative_key", QueriesAndKeys = "relative_key_query";
    const int Heads = 3, Width = 12, Size = Width / Heads;

    static BertConfig Config(string type, bool decoder = false)
    {
        var config = SmallBert.Config(heads: Heads);
        (config.position_embedding_type, config.is_decoder) = (type, decoder);
        return config;
    }

    [Test]
    public void Attention_is_that_of_a_direct_computation([Values(Queries, QueriesAndKeys)] string type, [Values] RunMode mode)
    {
        var model = new TFBertModel(Config(type));
        var inputs = new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(2, 7) });
        var outputs = Run(mode, inputs, x => model.Apply(new CallArguments(x).WithOption("output_attentions", true).WithOption("output_hidden_states", true)));
        var states = Floats(outputs["hidden_states"][0].Single);
        var actual = Floats(outputs["attentions"][0].Single);
        float[] Weight(string part) => Floats(model.Weights.VariableOf($"encoder.layer.0.attention.self.{part}").value);
        float[] Project(string part) => Direct.Dense(states, Weight($"{part}.weight"), Weight($"{part}.bias"), Width);
        var expected = Direct.Attention(Project("query"), Project("key"), Weight("distance_embedding.weight"), 2, 7, type == QueriesAndKeys);
        Assert.That(actual, Is.EqualTo(expected).Within(1e-5f));
    }

    /// <summary>In double precision, from the formulas.</summary>
    static class Direct
    {
        public static float[] Dense(float[] x, float[] kernel, float[] bias, int width)
        {
            var result = new float[x.Length];
            for (var row = 0; row < x.Length / width; row++)
                for (var o = 0; o < width; o++)
                    result[(row * width) + o] = (float)(bias[o] + Enumerable.Range(0, width).Sum(i => (double)x[(row * width) + i] * kernel[(i * width) + o]));
            return result;
        }

        public static float[] Attention(float[] query, float[] key, float[] distances, int batch, int length, bool ofKeys)
        {
            var result = new List<float>();
            for (var b = 0; b < batch; b++)
                for (var h = 0; h < Heads; h++)
                    for (var left = 0; left < length; left++)
                    {
                        var scores = Enumerable.Range(0, length).Select(right => Math.Exp(Score(b, h, left, right) / Math.Sqrt(Size))).ToArray();
                        result.AddRange(scores.Select(s => (float)(s / scores.Sum())));
                    }
            return [.. result];

            double Score(int b, int h, int left, int right)
            {
                var (q, k, d) = ((((b * length) + left) * Width) + (h * Size), (((b * length) + right) * Width) + (h * Size), (left - right + SmallBert.Longest - 1) * Size);
                return Enumerable.Range(0, Size).Sum(i => ((double)query[q + i] * key[k + i]) + ((double)query[q + i] * distances[d + i]) + (ofKeys ? (double)key[k + i] * distances[d + i] : 0));
            }
        }
    }

    [Test]
    public void Gradients_of_distances_are_finite_differences([Values(Queries, QueriesAndKeys)] string type)
    {
        var model = new TFBertModel(Config(type));
        var ids = SmallBert.Ids(2, 4);
        var factors = Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, 2 * 4 * Width).Select(i => (float)Math.Sin(i))], (2, 4, Width)));
        Tensor Value() => Tf.Sum(model.Apply(ids).last_hidden_state * factors);
        Value();
        var table = model.Weights.VariableOf("encoder.layer.0.attention.self.distance_embedding.weight");
        using var tape = new GradientTape();
        var gradient = Floats(tape.gradient(Value(), [table])[0]!);
        var values = Floats(table.value);
        const float Step = 1e-2f;
        // Four tokens are at most three apart.
        for (var i = (SmallBert.Longest - 4) * Size; i < (SmallBert.Longest + 3) * Size; i += 3)
            Assert.That(gradient[i], Is.EqualTo((Shifted(i, Step) - Shifted(i, -Step)) / (2 * Step)).Within(2e-3), $"{i}");
        Assert.That(gradient[..((SmallBert.Longest - 4) * Size)], Is.All.Zero);

        float Shifted(int at, float by)
        {
            var changed = (float[])values.Clone();
            changed[at] += by;
            table.assign(Tf.Reshape(Tensor.Of(changed), table.shape));
            var value = Floats(Value())[0];
            table.assign(Tf.Reshape(Tensor.Of(values), table.shape));
            return value;
        }
    }

    [Test]
    public void Steps_with_a_past_give_the_states_of_one_call([Values(Queries, QueriesAndKeys)] string type)
    {
        var model = new TFBertModel(Config(type, decoder: true));
        var ids = SmallBert.Ids(2, 7);
        var whole = Floats(model.Apply(ids).last_hidden_state).Chunk(Width).ToArray();
        var first = model.Apply(Tf.Slice(ids, [0, 0], [2, 4]));
        var rest = model.Apply(new CallArguments(Tf.Slice(ids, [0, 4], [2, 3])).With("past_key_values", first.past_key_values));
        var rows = Floats(rest.last_hidden_state).Chunk(Width).ToArray();
        for (var b = 0; b < 2; b++)
            for (var t = 0; t < 3; t++) Assert.That(rows[(b * 3) + t], Is.EqualTo(whole[(b * 7) + 4 + t]).Within(2e-5f));
    }

    [Test]
    public void Saved_weights_have_PyTorchs_names_and_read_back([Values] bool safe)
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertModel(Config(QueriesAndKeys));
        var expected = Floats(model.Apply(SmallBert.Inputs(2, 7)).last_hidden_state);
        model.save_pretrained(folder, safe_serialization: safe);
        if (safe)
        {
            using var file = Saving.WeightSource.OpenFile(Path.Combine(folder, "model.safetensors"));
            Assert.That(file.Entries["encoder.layer.1.attention.self.distance_embedding.weight"].Shape, Is.EqualTo(new Shape((2 * SmallBert.Longest) - 1, Size)));
            Assert.That(file.Entries.Keys, Does.Contain("embeddings.position_embeddings.weight"));
        }
        var loaded = TFBertModel.from_pretrained(folder, out var report);
        Assert.That(report.missing_keys.Concat(report.unexpected_keys), Is.Empty);
        Assert.That(loaded.config.position_embedding_type, Is.EqualTo(QueriesAndKeys));
        Assert.That(Floats(loaded.Apply(SmallBert.Inputs(2, 7)).last_hidden_state), Is.EqualTo(expected));
    }

    [Test]
    public void Another_kind_is_refused_with_those_that_there_are() =>
        Assert.That(() => new TFBertModel(Config("rotary")), Throws.InstanceOf<ConfigException>().With.Message.Contains("relative_key_query"));
}
