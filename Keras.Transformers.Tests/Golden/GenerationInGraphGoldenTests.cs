using System.Text.Json.Nodes;
using Keras.Transformers.Tests.Generation;

namespace Keras.Transformers.Tests.Golden;

/// <summary>The golden texts by the loop that is a part of a graph, traced as for an export.</summary>
[Category("Golden")]
sealed class GenerationInGraphGoldenTests : EngineFixture
{
    /// <summary>Each case has a graph of its own: of the copy beside the tests one in so many is run, of a folder that was given each.</summary>
    const int OneIn = 7;

    static IEnumerable<TestCaseData> Texts => GenerationCases.Of(["greedy", "sample", "beam"], RunMode.Graph).Where((_, i) => GoldenFolder.Given is not null || i % OneIn == 0);

    [TestCaseSource(nameof(Texts))]
    public void Texts_are_the_golden_ones(string folder, JsonObject c, RunMode mode)
    {
        var model = GenerationCases.Model(folder);
        var config = model.generation_config.update(c["options"]!.AsObject().ToDictionary(o => o.Key, o => (object?)o.Value));
        var inputs = GenerationCases.Inputs(folder, c);
        if (inputs.Keys.Except(["input_ids", "attention_mask"]).ToArray() is [_, ..] others) Assert.Ignore($"The loop takes no {string.Join(", ", others)}.");
        string[] asked = ["output_scores", "output_logits", "output_attentions", "output_hidden_states", "stop_strings", "guidance_scale", "max_time"];
        var outside = c["options"]!.AsObject().Select(o => o.Key).Intersect(asked.Skip(4)).ToArray();
        if (outside.Length > 0) Assert.Ignore($"{string.Join(", ", outside)}: outside of graphs only.");
        config = config.update(asked.Take(4).ToDictionary(o => o, _ => (object?)false));
        config.return_dict_in_generate = true;
        if (config.do_sample) inputs = new(inputs.Named().Append(new("seed", Tensor.Of((long)config.seed.GetValueOrDefault(3)))));
        var output = FreeFunction.Run(inputs, x => model.GenerateInGraph(x, config));

        var accepted = new List<JsonNode> { c["expected"]!["sequences"]! };
        if (c["accept"]?.AsArray().Any(a => a!.GetValue<string>() == "tf") == true && c["tf_eager"]?["value"] is { } other) accepted.Add(other);
        var rows = Host(output["sequences"].Single);
        Assert.That(string.Join("\n", rows.ToInt64().Chunk((int)rows.Shape[1]).Select(r => string.Join(" ", r))), Is.AnyOf([.. accepted.Select(Text)]));
        if (c["tensors"]?["sequences_scores"] is { } sums) Assert.That(Floats(output["sequences_scores"].Single), Is.EqualTo(GenerationCases.Tensor(folder, sums).ToDouble()).Within(1e-4));
    }

    static string Text(JsonNode rows) => string.Join("\n", rows.AsArray().Select(r => string.Join(" ", r!.AsArray().Select(v => v!.GetValue<int>()))));
}
