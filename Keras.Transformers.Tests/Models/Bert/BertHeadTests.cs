using System.Text.Json.Nodes;
using Keras.Saving;

namespace Keras.Transformers.Tests.Models;

/// <summary>Heads: files as PyTorch and Hugging Face TF write them, and what only single heads do.</summary>
sealed class BertHeadTests : EngineFixture
{
    const int Length = 6;

    [Test]
    public void Shards_are_Hugging_Faces_to_the_letter()
    {
        var golden = Golden.ModelCases.Open("bert-masked-lm");
        var source = Path.GetDirectoryName(golden.WeightsFile("sharded_safetensors"))!;
        using var folder = new TemporaryFolder();
        golden.Load().save_pretrained(folder, max_shard_size: "11KB");
        foreach (var file in Directory.GetFiles(source, "model*").Select(Path.GetFileName))
            Assert.That(File.ReadAllBytes(Path.Combine(folder, file!)), Is.EqualTo(File.ReadAllBytes(Path.Combine(source, file!))), file);
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(Directory.GetFiles(source).Select(Path.GetFileName)));
    }

    static IEnumerable<string> GoldenFiles => Golden.ModelCases.NamesWith("pt_safetensors");

    [TestCaseSource(nameof(GoldenFiles))]
    public void A_saved_file_is_PyTorchs_byte_for_byte(string name)
    {
        var golden = Golden.ModelCases.Open(name);
        if (name is "bert-old-names" or "gpt2-lm-head-silu" || name.Contains("bf16", StringComparison.Ordinal) || name.EndsWith("-new-names", StringComparison.Ordinal)) Assert.Ignore("The file holds older or newer names, buffers or another dtype, which are not written.");
        using var folder = new TemporaryFolder();
        golden.Load().save_pretrained(folder);
        Assert.That(File.ReadAllBytes(Path.Combine(folder, SafetensorsFile.FileName)), Is.EqualTo(File.ReadAllBytes(golden.WeightsFile("pt_safetensors"))));
        var (config, expected) = (JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!, JsonNode.Parse(File.ReadAllText(Path.Combine(golden.Folder, "config.json")))!);
        Assert.That(config["architectures"]!.ToJsonString(), Is.EqualTo(expected["architectures"]!.ToJsonString()));
        foreach (var (key, value) in expected.AsObject()) Assert.That(config[key]?.ToJsonString(), Is.EqualTo(value?.ToJsonString()), key);
    }

    [Test]
    public void An_answer_has_two_ends() =>
        Assert.That(() => new TFBertForQuestionAnswering(SmallBert.Config(labels: 3)), Throws.TypeOf<ConfigException>().With.Message.Contains("num_labels: 2"));

    [Test]
    public void Positions_behind_the_sequence_add_nothing_to_the_loss([Values] RunMode mode)
    {
        var model = new TFBertForQuestionAnswering(SmallBert.Config(labels: 2));
        float[] Loss(int[] starts, int[] ends) => Floats(Run(mode, new Tensors([Tensor.Of(starts), Tensor.Of(ends)]), p =>
            model.Apply(SmallBert.Ids(2, Length), start_positions: p[0].Single, end_positions: p[1].Single).loss!).Single);
        var (both, start) = (Loss([1, 2], [3, 4]), Loss([1, 2], [3, Length]));
        Assert.That(start[0], Is.EqualTo(both[0]).Within(1e-6));
        Assert.That(start[1], Is.LessThan(both[1]).And.GreaterThan(0));
        Assert.That(Loss([Length, 0], [Length + 3, 0])[0], Is.Zero);
    }
}
