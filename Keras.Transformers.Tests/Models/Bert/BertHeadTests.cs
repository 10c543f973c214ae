using System.Text.Json.Nodes;
using Keras.Optimizers;
using Keras.Saving;

namespace Keras.Transformers.Tests.Models;

/// <summary>What holds for every head: saving, loading, labels, training, forms of outputs.</summary>
sealed class BertHeadTests : EngineFixture
{
    const int Rows = 4;
    const int Length = 6;

    /// <summary>Each class with labels that it takes.</summary>
    public static readonly (Func<BertConfig, TFPreTrainedModel> Create, Dictionary<string, Tensors> Labels)[] All =
    [
        (c => new TFBertForPreTraining(c), new() { ["labels"] = Words(), ["next_sentence_label"] = SmallBert.Labels(Rows, 2) }),
        (c => new TFBertForMaskedLM(c), new() { ["labels"] = Words() }),
        (c => new TFBertLMHeadModel(Decoder(c)), new() { ["labels"] = Words() }),
        (c => new TFBertForNextSentencePrediction(c), new() { ["next_sentence_label"] = SmallBert.Labels(Rows, 2) }),
        (c => new TFBertForSequenceClassification(c), new() { ["labels"] = SmallBert.Labels(Rows) }),
        (c => new TFBertForMultipleChoice(c), new() { ["labels"] = SmallBert.Labels(Rows, 2) }),
        (c => new TFBertForTokenClassification(c), new() { ["labels"] = SmallBert.Ids(Rows, Length, 3) }),
        (c => new TFBertForQuestionAnswering(WithTwoLabels(c)), new() { ["start_positions"] = SmallBert.Labels(Rows, 2), ["end_positions"] = SmallBert.Labels(Rows, 4) }),
    ];

    public static IEnumerable<TestCaseData> Heads => All.Select((h, i) => new TestCaseData(i).SetArgDisplayNames(h.Create(SmallBert.Config()).GetType().Name));

    static Tensor Words() => Tensor.Of(SmallBert.Integers(Rows, Length));

    static BertConfig Decoder(BertConfig config)
    {
        config.is_decoder = true;
        return config;
    }

    static BertConfig WithTwoLabels(BertConfig config)
    {
        config.num_labels = 2;
        return config;
    }

    public static Tensors InputsOf(TFPreTrainedModel model) => model is not TFBertForMultipleChoice ? SmallBert.Inputs(Rows, Length)
        : SmallBert.Inputs(2 * Rows, Length).Map(t => Graphs.Tf.Reshape(t, new Shape(Rows, 2, Length)));

    public static Tensors With(Tensors inputs, Dictionary<string, Tensors> more) => new(inputs.Named().Concat(more));

    [TestCaseSource(nameof(Heads))]
    public void A_head_that_is_saved_loads_with_the_same_outputs(int head)
    {
        using var folder = new TemporaryFolder();
        var model = All[head].Create(SmallBert.Config());
        var before = model.Apply(InputsOf(model));
        model.save_pretrained(folder, max_shard_size: 5000);
        var loaded = All[head].Create((BertConfig)AutoConfig.from_pretrained(folder));
        var report = loaded.LoadWeights(folder, ignoreMismatched: false);
        Assert.That((report.missing_keys.Count, report.unexpected_keys.Count), Is.EqualTo((0, 0)));
        foreach (var (expected, actual) in before.Flatten().Zip(loaded.Apply(InputsOf(model)).Flatten())) Assert.That(Floats(actual), Is.EqualTo(Floats(expected)));
    }

    [TestCaseSource(nameof(Heads))]
    public void A_head_learns_by_its_own_loss_wherever_labels_are(int head)
    {
        using var folder = new TemporaryFolder();
        var (create, labels) = All[head];
        create(SmallBert.Config()).save_pretrained(folder);
        List<List<double>> histories = [];
        Tensors single = labels.Count == 1 ? labels.Values.Single() : new Tensors(labels.Values);
        foreach (var (x, y) in new (Func<Tensors, Tensors>, Tensors?)[] { (i => With(i, labels), null), (i => i, new Tensors(labels)), (i => i, single) })
        {
            var model = create((BertConfig)AutoConfig.from_pretrained(folder));
            model.LoadWeights(folder, ignoreMismatched: false);
            Compile(model, RunMode.Graph, new Adam(0.01));
            histories.Add(model.fit(x(InputsOf(model)), y, batch_size: Rows, epochs: 4, shuffle: false, verbose: 0).history["loss"]);
        }
        Assert.That(histories[0], Is.Ordered.Descending);
        Assert.That(histories[1], Is.EqualTo(histories[0]));
        Assert.That(histories[2], Is.EqualTo(histories[0]));
    }

    [TestCaseSource(nameof(Heads))]
    public void The_loss_is_in_the_output_only_with_all_labels(int head)
    {
        var (create, labels) = All[head];
        var model = create(SmallBert.Config());
        var outputs = model.Apply(With(InputsOf(model), labels));
        Assert.That(outputs.Keys[0], Is.EqualTo("loss"));
        Assert.That(outputs["loss"].Single.shape, Is.EqualTo(model is TFBertForPreTraining or TFBertForMaskedLM or TFBertLMHeadModel or TFBertForTokenClassification ? new Shape(1) : new Shape(Rows)));
        foreach (var name in labels.Keys)
        {
            var rest = labels.Where(l => l.Key != name).ToDictionary();
            Assert.That(model.Apply(With(InputsOf(model), rest)).Keys, Has.No.Member("loss"));
        }
    }

    [TestCaseSource(nameof(Heads))]
    public void Outputs_come_as_a_list_where_that_is_wanted(int head)
    {
        var (create, labels) = All[head];
        var config = SmallBert.Config();
        var model = create(config);
        var named = model.Apply(With(InputsOf(model), labels));
        var list = model.Apply(With(InputsOf(model), labels), return_dict: false);
        Assert.That((list.IsDictionary, list.Count), Is.EqualTo((false, named.Count)));
        Assert.That(Floats(list[0].Single), Is.EqualTo(Floats(named["loss"].Single)));
        Assert.That(() => model.Apply(new CallArguments(InputsOf(model)).WithOption("return_dict", false)), Throws.ArgumentException.With.Message.Contains("to_tuple"));

        config.return_dict = false;
        Assert.That(model.Apply(InputsOf(model)), Is.InstanceOf<ModelOutput>(), "A typed call has names in any case.");
        Compile(model, RunMode.Graph, "sgd");
        Assert.That(model.predict(InputsOf(model), verbose: 0).IsDictionary, Is.False);
        Assert.That(model.fit(InputsOf(model), new Tensors(labels), verbose: 0).history["loss"], Has.Count.EqualTo(1));
    }

    [TestCaseSource(nameof(Heads))]
    public void Exports_give_what_the_model_gives(int head)
    {
        using var folder = new TemporaryFolder();
        var model = All[head].Create(SmallBert.Config());
        model.export(Path.Combine(folder, "1"));
        using var served = new Layers.TFSMLayer(Path.Combine(folder, "1"));
        var (expected, actual) = (model.Apply(InputsOf(model)), served.Apply(InputsOf(model)));
        foreach (var (name, value) in expected.Named().Where(o => o.Value.IsLeaf)) Assert.That(Floats(actual[name].Single), Is.EqualTo(Floats(value.Single)).Within(1e-5f), name);
    }

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
        if (name == "bert-old-names" || name.Contains("bf16", StringComparison.Ordinal)) Assert.Ignore("The file holds old names or another dtype, which are not written.");
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
