using System.Xml.Linq;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Cards;

/// <summary>Cards of real trainings: metadata that the hub takes and nothing can break out of, tables and pictures of the epochs.</summary>
sealed class ModelCardTests : EngineFixture
{
    static TFBertForSequenceClassification Trained(int epochs = 3)
    {
        var model = new TFBertForSequenceClassification(SmallBertConfig());
        model.compile(new Adam(1e-2), metrics: "accuracy");
        var (ids, labels) = (SmallBert.Ids(8, 5), (Tensor)new[] { 0, 1, 2, 0, 1, 2, 0, 1 });
        model.fit(ids, labels, batch_size: 4, epochs: epochs, verbose: 0, validation_data: (ids, labels));
        return model;
    }

    static BertConfig SmallBertConfig() => SmallBert.Config();

    static object? At(object? value, params object[] path) => path.Aggregate(value, (v, key) => key is string name ? ((IReadOnlyDictionary<string, object?>)v!)[name] : ((List<object?>)v!)[(int)key]);

    [Test]
    public void A_card_tells_the_training_and_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var model = Trained();
        model.create_model_card(folder, "tiny", language: "en", license: "apache-2.0", tags: ["bert", "test"], finetuned_from: "org/base", dataset_tags: "org/data", dataset: "Some data", dataset_args: "small");
        var card = ModelCard.load(folder);
        card.validate();
        Assert.That(card.data.Keys, Is.EqualTo(new[] { "library_name", "language", "license", "base_model", "pipeline_tag", "tags", "datasets", "metrics", "model-index" }));
        Assert.That(At(card.data, "tags"), Is.EqualTo(new[] { "bert", "test", "generated_from_keras_callback" }));
        var result = At(card.data, "model-index", 0, "results", 0);
        Assert.That(new[] { At(result, "task", "type"), At(result, "dataset", "type"), At(result, "dataset", "name"), At(result, "dataset", "args"), At(result, "metrics", 0, "type") },
            Is.EqualTo(new object[] { "text-classification", "org/data", "Some data", "small", "accuracy" }));
        Assert.That((double)At(result, "metrics", 0, "value")!, Is.EqualTo(model.history!.history["val_accuracy"][^1]));
        var lines = card.text.Split('\n');
        Assert.That(lines, Has.Some.EqualTo("| Epoch | Train Accuracy | Train Loss | Validation Accuracy | Validation Loss |"));
        Assert.That(lines.Count(l => l.StartsWith("| 1 |", StringComparison.Ordinal) || l.StartsWith("| 2 |", StringComparison.Ordinal) || l.StartsWith("| 3 |", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(card.text, Does.Contain("\"class_name\":\"Adam\"").Or.Contain("\"class_name\": \"Adam\"").And.Contain("training\\_precision: float32").And.Contain("[org/base](https://huggingface.co/org/base)"));
        Assert.That(ModelCard.Parse(card.content).content, Is.EqualTo(card.content));
    }

    [Test]
    public void Learning_curves_are_a_picture_of_all_logs()
    {
        using var folder = new TemporaryFolder();
        Trained().create_model_card(folder, "tiny");
        var picture = XDocument.Parse(File.ReadAllText(folder["learning-curves.svg"]));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.That(picture.Descendants(svg + "polyline").Select(p => p.Attribute("points")!.Value.Split(' ').Length), Is.EqualTo(new[] { 3, 3, 3, 3 }));
        Assert.That(picture.Descendants(svg + "text").Select(t => t.Value), Is.SupersetOf(new[] { "Loss", "Metrics", "epoch", "Validation Loss", "Train Accuracy" }));
        Assert.That(ModelCard.load(folder).text, Does.Contain("![Learning curves](learning-curves.svg)"));
    }

    [Test]
    public void Logs_of_one_title_have_a_curve_each()
    {
        using var folder = new TemporaryFolder();
        static Dictionary<string, double> Line(int epoch) => new() { ["epoch"] = epoch, ["accuracy"] = 0.5 + epoch, ["train_accuracy"] = 0.25 };
        new TrainingSummary { model_name = "tiny", eval_lines = [Line(0), Line(1)], Trained = ["accuracy"] }.save(folder);
        var picture = XDocument.Parse(File.ReadAllText(folder["learning-curves.svg"]));
        Assert.That(picture.Descendants(XName.Get("polyline", "http://www.w3.org/2000/svg")).Count(), Is.EqualTo(2));
        Assert.That(ModelCard.load(folder).text, Does.Contain("| Epoch | Train Accuracy | Train Accuracy |").And.Contain("learning-curves.svg"));
    }

    [Test]
    public void A_model_that_was_not_trained_has_a_card_without_results()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(SmallBertConfig());
        model.create_model_card(folder, "new", sections: new Dictionary<string, string> { ["Model description"] = "A *model*.", ["Limits"] = "Many." });
        var card = ModelCard.load(folder);
        Assert.That(At(card.data, "model-index", 0, "results"), Is.Empty);
        Assert.That(card.text, Does.Contain("## Model description\n\nA *model*.\n").And.Contain("## Limits\n\nMany.\n").And.Contain("More information needed").And.Contain("trained from nothing"));
        Assert.That(folder.Entries(), Is.EqualTo(new[] { "README.md" }));
    }

    [TestCase("x\n---\nlicense: mit\n# y")]
    [TestCase("x\nlicense: mit")]
    [TestCase("a: b # c")]
    [TestCase("*anchor")]
    [TestCase("no")]
    [TestCase("1e5")]
    [TestCase("2024-01-01")]
    [TestCase("\"quoted\" 'and' \\ back")]
    [TestCase("- item")]
    [TestCase("!!python/object:os.system")]
    [TestCase("tab\tand \u2028 line \u0085 ends \u0007")]
    [TestCase("{flow: [1]}")]
    [TestCase(" spaces ")]
    [TestCase("emoji 😀 ß")]
    public void No_text_breaks_out_of_its_field(string text)
    {
        var data = new Dictionary<string, object?> { ["name"] = text, [text] = 1L, ["list"] = new List<object?> { text, 0.5, true, null }, ["after"] = "end" };
        var card = ModelCard.Parse(new ModelCard(data, "# body\n").content);
        Assert.That(card.data.Keys, Is.EqualTo(data.Keys));
        Assert.That(new[] { card.data["name"], card.data[text], card.data["after"], card.text }, Is.EqualTo(new object[] { text, 1L, "end", "# body\n" }));
        Assert.That((List<object?>)card.data["list"]!, Is.EqualTo(new List<object?> { text, 0.5, true, null }));
    }

    [TestCase(1e-5, "1.0e-05")]
    [TestCase(2.5e-7, "2.5e-07")]
    [TestCase(1e20, "1.0e+20")]
    [TestCase(3.0, "3.0")]
    public void Numbers_are_numbers_to_readers_of_older_YAML_too(double number, string text) =>
        Assert.That(new ModelCard(new Dictionary<string, object?> { ["rate"] = number }, "").content, Is.EqualTo($"---\nrate: {text}\n---\n"));

    [Test]
    public void Names_of_others_are_no_markdown()
    {
        var summary = new TrainingSummary { model_name = "a\n# b <script>x</script> | [l](http://x)", finetuned_from = "x](http://evil) y" };
        Assert.That(summary.to_model_card().text, Does.Contain(@"# a \# b &lt;script&gt;x&lt;/script&gt; \| \[l\](http://x)").And.Not.Contain("huggingface.co").And.Not.Contain("<script"));
    }

    static IEnumerable<TestCaseData> Broken()
    {
        static TestCaseData Of(string where, string yaml) => new TestCaseData(where, $"---\n{yaml}\n---\nbody").SetArgDisplayNames(where);
        yield return Of("license", "license: Apache 2");
        yield return Of("license_name", "license: other");
        yield return Of("language", "language: english");
        yield return Of("tags[1]", "tags: [a, 1]");
        yield return Of("datasets", "datasets: [../x]");
        yield return Of("base_model", "base_model: http://x/y/z");
        yield return Of("base_model", "base_model: org/x.git");
        yield return Of("model-index", "model-index: 3");
        yield return Of("model-index[0].name", "model-index: [{results: []}]");
        yield return Of("results[0].task", "model-index: [{name: a, results: [{dataset: {name: d, type: d}, metrics: []}]}]");
        yield return Of("metrics", "model-index: [{name: a, results: [{task: {type: t}, dataset: {name: d, type: d}, metrics: []}]}]");
        yield return Of("metrics[0].value", "model-index: [{name: a, results: [{task: {type: t}, dataset: {name: d, type: d}, metrics: [{type: f1}]}]}]");
    }

    [TestCaseSource(nameof(Broken))]
    public void A_broken_rule_is_named(string where, string content) =>
        Assert.That(() => ModelCard.Parse(content).validate(), Throws.TypeOf<FileFormatException>().With.Message.Contains(where));

    [TestCase("a: [", "line")]
    [TestCase("a: 1\na: 2", "uplicate")]
    [TestCase("- a", "a list")]
    [TestCase("a: &x [1]\nb: *x", "anchor")]
    [TestCase("? [a]\n: b", "key")]
    public void Metadata_that_is_no_dictionary_is_refused(string yaml, string says) =>
        Assert.That(() => ModelCard.Parse($"---\n{yaml}\n---\n"), Throws.TypeOf<FileFormatException>().With.Message.Contains(says).Or.Message.Contains("twice"));

    [Test]
    public void A_field_that_the_hub_refuses_leaves_the_old_card()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["README.md"], "old");
        var model = new TFBertForSequenceClassification(SmallBertConfig());
        Assert.That(() => model.create_model_card(folder, "new", license: "Apache 2.0"), Throws.TypeOf<FileFormatException>().With.Message.Contains("license"));
        Assert.That(File.ReadAllText(folder["README.md"]), Is.EqualTo("old"));
    }

    [Test]
    public void The_cards_in_the_repository_are_made_by_the_command()
    {
        using var folder = new TemporaryFolder();
        var main = System.Reflection.Assembly.Load("ModelCards").EntryPoint!;
        Assert.That(main.Invoke(null, [new[] { folder.Path }]), Is.Zero);
        foreach (var name in (string[])["bert-tiny", "gpt2-tiny", "vit-tiny"])
        {
            ModelCard.load(Repository.PathOf("models", name)).validate();
            Assert.That(File.ReadAllText(folder[$"{name}/README.md"]), Is.EqualTo(File.ReadAllText(Repository.PathOf("models", name, "README.md"))), name);
        }
    }
}
