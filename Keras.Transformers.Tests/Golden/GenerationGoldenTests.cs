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
        closeness.Verify();
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

    static void CompareBeams(Closeness closeness, HostTensor computed, HostTensor golden)
    {
        var (width, goldenWidth, actual, expected) = ((int)computed.Shape[1], (int)golden.Shape[1], computed.ToInt64(), golden.ToInt64());
        for (var row = 0; row < golden.Shape[0]; row++)
            for (var i = 0; i < goldenWidth; i++)
                if (expected[(row * goldenWidth) + i] != (i < width ? actual[(row * width) + i] : -1)) closeness.Fail($"beam_indices, row {row}, step {i}: {(i < width ? actual[(row * width) + i] : -1)}, expected {expected[(row * goldenWidth) + i]}");
    }
}
