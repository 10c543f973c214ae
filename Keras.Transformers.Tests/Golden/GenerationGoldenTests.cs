using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests.Golden;

/// <summary>Every golden text: the tokens exactly, scores within the README's tolerances.</summary>
[Category("Golden")]
sealed class GenerationGoldenTests : EngineFixture
{
    const double ScoreTolerance = 2e-4;
    const double SequenceScoreTolerance = 1e-4;

    static IEnumerable<TestCaseData> Texts => GenerationCases.Of(["greedy", "sample", "beam", "group_beam", "contrastive", "inputs_embeds"], Modes);

    [TestCaseSource(nameof(Texts))]
    public void Texts_are_the_golden_ones(string folder, JsonObject c, RunMode mode)
    {
        var expected = c["expected"]!;
        var output = Generate(folder, c, mode);
        var accepted = new List<JsonNode> { expected["sequences"]! };
        if (c["accept"]?.AsArray().Any(a => a!.GetValue<string>() == "tf") == true && c["tf_eager"]?["value"] is { } other) accepted.Add(other);
        var rows = Text(Host(output.sequences));
        Assert.That(rows, Is.AnyOf([.. accepted.Select(Text)]));
        if (rows != Text(expected["sequences"]!)) return;
        var closeness = new Closeness();
        var tensors = c["tensors"]!.AsObject();
        int[] alive = [.. expected["alive_steps"]!.AsArray().Select(a => a!.GetValue<int>())];
        if (tensors["scores"] is { } scores) CompareScores(closeness, output.scores!, GenerationCases.Tensor(folder, scores), alive);
        if (tensors["sequences_scores"] is { } sums) closeness.Compare("sequences_scores", Host(output.sequences_scores!), GenerationCases.Tensor(folder, sums), SequenceScoreTolerance);
        if (tensors["beam_indices"] is { } beams) CompareBeams(closeness, Host(output.beam_indices!), GenerationCases.Tensor(folder, beams));
        foreach (var (name, normalize) in new[] { ("transition_scores", false), ("transition_scores_normalized", true) })
            if (tensors[name] is { } transitions) CompareTransitions(closeness, name, GenerationCases.Model(folder).compute_transition_scores(output.sequences, output.scores!, output.beam_indices, normalize), GenerationCases.Tensor(folder, transitions), alive);
        closeness.Verify();
    }

    static IEnumerable<TestCaseData> Mistakes => GenerationCases.Of(["error"], RunMode.Graph);

    [TestCaseSource(nameof(Mistakes))]
    public void Golden_mistakes_are_refused(string folder, JsonObject c, RunMode mode)
    {
        // Where the reference accepts, a typed error passes too.
        if (c[c["reference"]!.GetValue<string>() == "tf" ? "tf" : "pt"]!["raises"]!.GetValue<bool>()) Assert.That(() => Generate(folder, c, mode), Throws.InstanceOf<KerasException>().Or.InstanceOf<ArgumentException>());
        else
        {
            try
            {
                Assert.That(Generate(folder, c, mode).sequences.ndim, Is.EqualTo(2));
            }
            catch (KerasException e)
            {
                Assert.That(e.Message, Is.Not.Empty);
            }
        }
    }

    static IEnumerable<TestCaseData> Chunks => GenerationCases.Of(["incremental"], Modes);

    [TestCaseSource(nameof(Chunks))]
    public void Chunks_with_a_cache_give_the_golden_logits(string folder, JsonObject c, RunMode mode)
    {
        var model = (ICausalLanguageModel)GenerationCases.Model(folder);
        var inputs = GenerationCases.Inputs(folder, c);
        Tensor ids = inputs["input_ids"], mask = inputs["attention_mask"], positions = inputs["position_ids"];
        int[] chunks = [.. c["chunks"]!.AsArray().Select(n => n!.GetValue<int>())];
        var seen = Host(mask).ToInt64();
        var golden = GenerationCases.Tensor(folder, c["tensors"]!["logits"]!);
        var closeness = new Closeness();
        var (past, at) = (default(Tensors), 0);
        foreach (var size in chunks)
        {
            var (from, to) = (at, at + size);
            var given = new Dictionary<string, Tensors> { ["ids"] = ids[.., from..to], ["mask"] = mask[.., ..to], ["positions"] = positions[.., from..to] };
            if (past is not null) given["past"] = past;
            var step = Run(mode, new Tensors(given), x =>
            {
                var cache = x.TryGet("past", out var earlier) ? model.CacheOf(earlier) : new GrowingCache(model.CacheForm.Layers);
                var output = model.Decode(new() { input_ids = x["ids"].Single, attention_mask = x["mask"].Single, position_ids = x["positions"].Single, cache = cache, scored = Api.ops.arange(size, dtype: "int32") });
                return new Dictionary<string, Tensors> { ["logits"] = output.logits, ["past"] = model.PastOf(cache) };
            });
            past = step["past"];
            var part = Graphs.Tf.Constant(golden)[.., from..to];
            closeness.Compare($"logits {from} to {to}", Host(step["logits"].Single), Host(part), ScoreTolerance, position => seen[(position[0] * mask.shape[1]) + from + position[1]] != 0);
            if (at == 0) ComparePast(closeness, past, GenerationCases.Tensor(folder, c["tensors"]!["past_after_first_chunk"]!), seen, (int)mask.shape[1]);
            at = to;
        }
        closeness.Verify();
    }

    /// <summary>[layer, key or value, batch, head, position, size], where the mask is 1.</summary>
    static void ComparePast(Closeness closeness, Tensors past, HostTensor golden, long[] seen, int width)
    {
        var layers = past.Select(layer => layer.IsLeaf ? layer.Single : Api.ops.stack([layer[0].Single, layer[1].Single], 0));
        closeness.Compare("past", Host(Api.ops.stack([.. layers], 0)), golden, ScoreTolerance, position => seen[(position[2] * width) + position[4]] != 0);
    }

    static GenerateOutput Generate(string folder, JsonObject c, RunMode mode)
    {
        var model = GenerationCases.Model(folder);
        var config = model.generation_config.update(c["options"]!.AsObject().ToDictionary(o => o.Key, o => (object?)o.Value));
        config.output_scores = true;
        return new Generator(model, GenerationCases.Inputs(folder, c), config, new() { Jit = mode == RunMode.Xla, Eager = mode == RunMode.Eager }).Run();
    }

    static string Text(HostTensor rows) => string.Join("\n", rows.ToInt64().Chunk((int)rows.Shape[1]).Select(r => string.Join(" ", r)));

    static string Text(JsonNode rows) => string.Join("\n", rows.AsArray().Select(r => string.Join(" ", r!.AsArray().Select(v => v!.GetValue<int>()))));

    /// <summary>Of rows that are not finished; of beams that is a text's matter.</summary>
    static void CompareScores(Closeness closeness, Tensors computed, HostTensor golden, int[] alive)
    {
        if (computed.Count != golden.Shape[0])
        {
            closeness.Fail($"scores of {computed.Count} steps, expected {golden.Shape[0]}");
            return;
        }
        var (rows, vocabulary, expected) = ((int)golden.Shape[1], (int)golden.Shape[2], golden.ToDouble());
        var perText = rows / alive.Length;
        for (var step = 0; step < computed.Count; step++)
        {
            var (actual, from) = (Host(computed[step].Single).ToDouble(), step * rows * vocabulary);
            for (var i = 0; i < rows * vocabulary; i++)
            {
                if (step >= alive[i / vocabulary / perText]) continue;
                var (got, wanted) = (actual[i], expected[from + i]);
                var isOut = wanted <= -1e30;
                if (isOut ? got <= -1e30 : Math.Abs(got - wanted) <= ScoreTolerance * (1 + Math.Abs(wanted))) continue;
                closeness.Fail($"scores, step {step}, row {i / vocabulary}, token {i % vocabulary}: {got:R}, expected {wanted:R}");
                return;
            }
        }
    }

    /// <summary>Of rows that are not finished; of a text that is, beams have 0.</summary>
    static void CompareTransitions(Closeness closeness, string name, Tensor computed, HostTensor golden, int[] alive)
    {
        var (perText, width) = ((int)golden.Shape[0] / alive.Length, (int)golden.Shape[1]);
        closeness.Compare(name, Host(computed), golden, ScoreTolerance, position => position[1] < Math.Min(width, alive[position[0] / perText]));
    }

    static void CompareBeams(Closeness closeness, HostTensor computed, HostTensor golden)
    {
        var (width, goldenWidth, actual, expected) = ((int)computed.Shape[1], (int)golden.Shape[1], computed.ToInt64(), golden.ToInt64());
        for (var row = 0; row < golden.Shape[0]; row++)
            for (var i = 0; i < goldenWidth; i++)
                if (expected[(row * goldenWidth) + i] != (i < width ? actual[(row * width) + i] : -1)) closeness.Fail($"beam_indices, row {row}, step {i}: {(i < width ? actual[(row * width) + i] : -1)}, expected {expected[(row * goldenWidth) + i]}");
    }
}
