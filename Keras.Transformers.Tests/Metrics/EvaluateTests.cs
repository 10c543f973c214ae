using static Keras.Transformers.Evaluate;

namespace Keras.Transformers.Tests;

/// <summary>How metrics are loaded, fed, combined, and what they refuse.</summary>
[TestFixture]
public sealed class EvaluateTests
{
    [Test]
    public void Samples_may_be_added_one_by_one_in_batches_and_at_the_end()
    {
        var accuracy = evaluate.load("accuracy");
        accuracy.add(prediction: 1, reference: 1);
        accuracy.add_batch(predictions: new[] { 0, 1 }, references: [1, 1]);
        Assert.That((double)accuracy.compute(predictions: [2], references: [2])["accuracy"], Is.EqualTo(0.75));
        Assert.That((double)accuracy.compute(predictions: [2], references: [3])["accuracy"], Is.EqualTo(0), "what was computed is forgotten");
    }

    [Test]
    public void Lists_texts_records_arrays_and_columns_are_inputs()
    {
        var data = Dataset.from_dict(new Dictionary<string, object> { ["label"] = new[] { 0, 1, 1 }, ["guess"] = new long[] { 0, 1, 0 } });
        Assert.That((double)evaluate.load("f1").compute(predictions: data["guess"], references: data["label"])["f1"], Is.EqualTo(2.0 / 3).Within(1e-15));
        var squad = evaluate.load("squad").compute(
            predictions: [new() { ["id"] = "q", ["prediction_text"] = "in 1976" }],
            references: [new() { ["id"] = "q", ["answers"] = new() { ["text"] = ["1976"], ["answer_start"] = [97] } }]);
        Assert.That(squad.ToString(), Is.EqualTo("{'exact_match': 0.0, 'f1': 66.66666666666666}"));
        double[] precisions = evaluate.load("bleu").compute(predictions: ["a b"], references: [["a b", "a"]], max_order: 2)["precisions"];
        Assert.That(precisions, Is.EqualTo(new[] { 1.0, 1 }));
        Assert.That((double)evaluate.load("mse").compute(predictions: (Tensor)new[] { 1f, 2f }, references: new[] { 1.0, 4 })["mse"], Is.EqualTo(2));
    }

    [Test]
    public void Arrays_of_unsigned_numbers_keep_their_values()
    {
        Assert.That((double)MetricValue.From(new uint[] { 4_000_000_000 })[0], Is.EqualTo(4e9));
        Assert.That((double[])MetricValue.From(new[] { 3UL, 1UL << 40 }), Is.EqualTo(new[] { 3, Math.Pow(2, 40) }));
        Assert.That(() => MetricValue.From(new[] { ulong.MaxValue }), Throws.TypeOf<DTypeMismatchException>());
    }

    [Test]
    public void Combined_metrics_give_all_results_and_tell_equal_names_apart()
    {
        var both = evaluate.combine(["accuracy", "f1"]);
        both.add_batch(predictions: [0, 1, 0], references: [0, 1, 1]);
        var result = both.compute();
        Assert.That(result.Keys, Is.EqualTo(new[] { "accuracy", "f1" }));
        Assert.That((double)result["f1"], Is.EqualTo(2.0 / 3).Within(1e-15));
        Assert.That(evaluate.combine(["f1", "recall"], force_prefix: true).compute([1], [1]).Keys, Is.EqualTo(new[] { "f1_f1", "recall_recall" }));
        Assert.That(evaluate.combine([evaluate.load("glue", "sst2"), evaluate.load("accuracy"), evaluate.load("accuracy")]).compute([1], [1]).Keys,
            Is.EqualTo(new[] { "glue_accuracy", "accuracy_0_accuracy", "accuracy_1_accuracy" }));
    }

    [Test]
    public void Combined_metrics_forget_their_samples_where_one_of_them_fails()
    {
        var both = evaluate.combine(["f1", "accuracy"]);
        both.add_batch(predictions: [0, 1, 2], references: [0, 1, 1]);
        Assert.That(() => both.compute(), Throws.ArgumentException.With.Message.Contains("binary"));
        Assert.That((double)both.compute([1], [1])["accuracy"], Is.EqualTo(1));
    }

    [Test]
    public void Perplexity_is_that_of_the_models_own_loss()
    {
        var folder = Repository.PathOf("models", "gpt2-tiny");
        string[] texts = ["animal: large moth of temperate forests", "plant: a tall lily", "act: to"];
        var result = evaluate.load("perplexity").compute(predictions: texts, model_id: folder, batch_size: 2);
        var (model, tokenizer) = (TFAutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder));
        foreach (var (i, text) in texts.Index())
        {
            int[] tokens = [tokenizer.bos_token_id!.Value, .. tokenizer.encode(text, add_special_tokens: false)];
            var ids = Api.ops.expand_dims((Tensor)tokens, 0);
            var loss = model.Apply(new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = ids, ["labels"] = ids }))["loss"].Single;
            Assert.That((double)result["perplexities"][i], Is.EqualTo(Math.Exp(loss.ToArray<float>()[0])).Within(1e-3).Percent, text);
        }
        Assert.That((double)result["mean_perplexity"], Is.EqualTo(((double[])result["perplexities"]).Average()).Within(1e-12));
        var cut = evaluate.load("perplexity").compute(predictions: [texts[0]], model_id: folder, max_length: 4);
        Assert.That((double)cut["mean_perplexity"], Is.Not.EqualTo((double)result["perplexities"][0]));
        Assert.That(() => evaluate.load("perplexity").compute(predictions: ["", "a"], model_id: folder), Throws.ArgumentException.With.Message.Contains("Text 0"));
    }

    [Test]
    public void Every_name_loads_and_says_what_it_takes()
    {
        foreach (var name in evaluate.list_evaluation_modules(module_type: "metric"))
        {
            var metric = evaluate.load(name, name == "glue" ? "cola" : null);
            Assert.That((metric.name, metric.InputNames.Count > 0, metric.description.Length > 0), Is.EqualTo((name, true, true)));
        }
        Assert.That(evaluate.list_evaluation_modules(), Is.SupersetOf(new[] { "accuracy", "f1", "seqeval", "squad_v2", "rouge", "sacrebleu", "chrf", "perplexity", "roc_auc" }));
    }

    static IEnumerable<TestCaseData> Mistakes()
    {
        static TestCaseData Of(string says, Action act) => new TestCaseData(says, act).SetArgDisplayNames(says);
        yield return Of("Did you mean \"f1\"", () => evaluate.load("f2"));
        yield return Of("\"glue\" needs a form", () => evaluate.load("glue"));
        yield return Of("takes no such argument", () => evaluate.load("accuracy").compute([1], [1], average: "macro"));
        yield return Of("There are no references", () => evaluate.load("accuracy").compute(predictions: [1]));
        yield return Of("takes no predictions", () => evaluate.load("roc_auc").compute(predictions: [1], references: [1]));
        yield return Of("no samples to be computed on", () => evaluate.load("accuracy").compute());
        yield return Of("differ in number", () => evaluate.load("accuracy").compute([1, 2], [1]));
        yield return Of("a list of predictions", () => evaluate.load("accuracy").compute(1, 1));
        yield return Of("Scores become classes by argmax", () => evaluate.load("accuracy").compute([0.3], [1]));
        yield return Of("average \"binary\"", () => evaluate.load("f1").compute([0, 1, 2], [0, 1, 1]));
        yield return Of("Did you mean \"macro\"", () => evaluate.load("f1").compute([0, 1], [0, 1], average: "macr"));
        yield return Of("No sample is or was called 7", () => evaluate.load("f1").compute([0, 1], [0, 1], pos_label: 7));
        yield return Of("a list of texts", () => evaluate.load("bleu").compute([1], [1]));
        yield return Of("different numbers of references", () => evaluate.load("sacrebleu").compute(["a", "b"], [["a"], ["b", "c"]]));
        yield return Of("Tags of a text differ", () => evaluate.load("seqeval").compute([["O", "O"]], [["O"]]));
        yield return Of("(Parameter 'predictions')", () => evaluate.load("seqeval").compute([[""]], [["O"]]));
        yield return Of("(Parameter 'predictions')", () => evaluate.load("seqeval").compute([["X"]], [["B-X"]], mode: "strict", scheme: "IOB2"));
        yield return Of("does not belong to the scheme IOB2", () => evaluate.load("seqeval").compute([["S-X"]], [["B-X"]], mode: "strict", scheme: "IOB2"));
        yield return Of("scheme is unknown", () => evaluate.load("seqeval").compute([["O"]], [["O"]], scheme: "IOB3"));
        yield return Of("only one class", () => evaluate.load("roc_auc").compute(references: [1, 1], prediction_scores: [0.1, 0.2]));
        yield return Of("rouge_types", () => evaluate.load("rouge").compute(["a"], ["b"], rouge_types: "rouge_1"));
        yield return Of("not a regular expression", () => evaluate.load("exact_match").compute(["a"], ["b"], regexes_to_ignore: ["("]));
        yield return Of("Rows differ in length", () => evaluate.load("accuracy", "multilabel").compute([[1, 0]], [[1, 0, 1]]));
        yield return Of("(multioutput)", () => evaluate.load("mse", "multilist").compute([[1, 0]], [[1, 1]], multioutput: [0, 0]));
        yield return Of("(sample_weight)", () => evaluate.load("accuracy").compute([1, 0], [1, 1], sample_weight: [0, 0]));
        yield return Of("\"accuracy\" draws nothing", () => evaluate.load("accuracy", seed: 3));
        yield return Of("average has no meaning", () => evaluate.load("roc_auc").compute(references: [0, 1], prediction_scores: [0.1, 0.2], average: "micro"));
        yield return Of("multi_class has no meaning", () => evaluate.load("roc_auc").compute(references: [0, 1], prediction_scores: [0.1, 0.2], multi_class: "ovr"));
        yield return Of("labels has no meaning", () => evaluate.load("roc_auc", "multilabel").compute(references: [[0], [1]], prediction_scores: [[0.1], [0.2]], labels: [0]));
        yield return Of("Weights and samples", () => evaluate.load("mse").compute([1], [1], sample_weight: [1, 2]));
        yield return Of("\"id\"", () => evaluate.load("squad").compute([new() { ["prediction_text"] = "x" }], [new() { ["id"] = "1", ["answers"] = new() { ["text"] = ["x"] } }]));
        yield return Of("model_id", () => evaluate.load("perplexity").compute(["a"]));
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_named(string says, Action act) =>
        Assert.That(() => act(), Throws.InstanceOf<Exception>().With.Matches<Exception>(e => e is KerasException or ArgumentException or KeyNotFoundException).And.Message.Contains(says));
}
