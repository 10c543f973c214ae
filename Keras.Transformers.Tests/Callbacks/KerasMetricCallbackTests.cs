using Keras.Callbacks;
using Keras.Graphs;
using Keras.Optimizers;
using static Keras.Api;
using static Keras.Transformers.Evaluate;

namespace Keras.Transformers.Tests.Callbacks;

/// <summary>Metrics of all predictions after each epoch: of scores, of batches of different lengths, of generated texts.</summary>
sealed class KerasMetricCallbackTests : EngineFixture
{
    static (Tensor Ids, Tensor Labels) Data => (SmallBert.Ids(7, 5), new[] { 0, 1, 2, 0, 1, 2, 0 });

    static TFBertForSequenceClassification Classifier()
    {
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.compile(new Adam(1e-3));
        return model;
    }

    static MetricValue Accuracy((Tensors predictions, Tensors labels) given) => evaluate.load("accuracy").compute(ops.argmax(given.predictions.Single, -1), given.labels);

    [Test]
    public void Results_are_logs_that_the_history_and_later_callbacks_see()
    {
        var model = Classifier();
        var seen = new List<double>();
        var metric = new KerasMetricCallback(Accuracy, (Data.Ids, Data.Labels), batch_size: 3);
        var stop = new EarlyStopping(monitor: "accuracy", mode: "max", patience: 1, baseline: 2);
        var history = model.fit(Data.Ids, Data.Labels, epochs: 5, verbose: 0, callbacks: [metric, new LambdaCallback(on_epoch_end: (_, logs) => seen.Add(logs["accuracy"])), stop]).history;
        Assert.That(history["accuracy"], Is.EqualTo(seen));
        Assert.That(seen, Has.Count.LessThan(5), "the callback behind it stopped training by its figure");
        Assert.That(seen[^1], Is.EqualTo((double)Accuracy((model.predict(Data.Ids, verbose: 0)["logits"], Data.Labels))["accuracy"]));
    }

    [Test]
    public void A_callback_before_it_does_not_see_its_results()
    {
        var before = new List<bool>();
        Classifier().fit(Data.Ids, Data.Labels, verbose: 0, callbacks: [new LambdaCallback(on_epoch_end: (_, logs) => before.Add(logs.ContainsKey("accuracy"))), new KerasMetricCallback(Accuracy, (Data.Ids, Data.Labels), batch_size: 7)]);
        Assert.That(before, Is.EqualTo(new[] { false }));
    }

    [Test]
    public void Batches_of_different_lengths_are_filled_up()
    {
        var model = new TFBertForTokenClassification(SmallBert.Config());
        model.compile(new Adam(1e-3));
        Batch[] batches = [(new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(2, 3), ["labels"] = Tensor.Of(new[,] { { 0, 1, 2 }, { 1, -100, 0 } }) }), null),
            (new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(1, 5), ["labels"] = Tensor.Of(new[,] { { 2, 2, 2, 1, 0 } }) }), null)];
        (Tensors predictions, Tensors labels) given = (null!, null!);
        var metric = new KerasMetricCallback(g => { given = g; return new() { ["entities"] = new() { ["f1"] = 0.5, ["counts"] = [1, 2] } }; }, batches, output_cols: ["logits"], label_cols: ["labels"]);
        var history = model.fit(batches, verbose: 0, callbacks: metric).history;
        Assert.That(given.labels.Single.ToArray<int>(), Is.EqualTo(new[] { 0, 1, 2, -100, -100, 1, -100, 0, -100, -100, 2, 2, 2, 1, 0 }));
        var scores = given.predictions.Single;
        Assert.That(scores.shape, Is.EqualTo(new Shape(3, 5, 3)));
        var alone = model.predict_on_batch(batches[0].x)["logits"].Single;
        Assert.That(scores[..2, ..3].ToArray<float>(), Is.EqualTo(alone.ToArray<float>()).Within(1e-6f));
        Assert.That(scores[..2, 3..].ToArray<float>(), Is.All.EqualTo(-100f));
        Assert.That(history.Keys, Is.SupersetOf(new[] { "entities_f1", "entities_counts_0", "entities_counts_1" }));
    }

    [Test]
    public void Several_outputs_and_labels_keep_their_names()
    {
        var model = new TFBertForQuestionAnswering(SmallBert.Config(labels: 2));
        model.compile(new Adam(1e-3));
        Tensor starts = new[] { 0, 1, 2 }, ends = new[] { 2, 3, 4 };
        var inputs = new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(3, 5), ["start_positions"] = starts, ["end_positions"] = ends });
        (Tensors predictions, Tensors labels) given = (null!, null!);
        model.fit(inputs, verbose: 0, callbacks: new KerasMetricCallback(g => { given = g; return new() { ["x"] = 1 }; }, inputs, batch_size: 2));
        Assert.That(given.predictions.Keys, Is.EqualTo(new[] { "start_logits", "end_logits" }));
        Assert.That(given.labels.Keys, Is.EqualTo(new[] { "start_positions", "end_positions" }));
    }

    [Test]
    public void Generated_texts_are_predictions()
    {
        var config = new GPT2Config { vocab_size = 29, n_positions = 16, n_embd = 12, n_layer = 1, n_head = 3, initializer_range = 0.25f, bos_token_id = 1, eos_token_id = 2 };
        var model = new TFGPT2LMHeadModel(config);
        model.compile(new Adam(1e-3));
        Tensor ids = Tensor.Of(new[,] { { 3, 4, 5 }, { 6, 7, 8 }, { 9, 10, 11 } });
        var inputs = new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = ids, ["attention_mask"] = ops.ones_like(ids), ["labels"] = ids });
        (Tensors predictions, Tensors labels) given = (null!, null!);
        var metric = new KerasMetricCallback(g => { given = g; return evaluate.load("exact_match").compute(["a"], ["a"]); }, inputs, batch_size: 2, predict_with_generate: true, generate_kwargs: new Dictionary<string, object?> { ["max_new_tokens"] = 4 });
        var history = model.fit(inputs, verbose: 0, callbacks: metric).history;
        Assert.That(history["exact_match"], Is.EqualTo(new[] { 1.0 }));
        var expected = model.generate(ids, max_new_tokens: 4).sequences;
        var texts = given.predictions.Single;
        Assert.That(texts[.., ..(int)expected.shape[1]].ToArray<int>(), Is.EqualTo(expected.ToArray<int>()));
        Assert.That(given.labels.Single.ToArray<int>(), Is.EqualTo(ids.ToArray<int>()));
    }

    [TestCase("greedy")]
    [TestCase("sampling")]
    [TestCase("beams")]
    public void Generation_that_XLA_compiles_gives_the_same_texts_while_training_goes_on(string way)
    {
        var config = new GPT2Config { vocab_size = 29, n_positions = 16, n_embd = 12, n_layer = 1, n_head = 3, initializer_range = 0.25f, bos_token_id = 1, eos_token_id = 2 };
        var model = new TFGPT2LMHeadModel(config);
        model.compile(new Adam(1e-2));
        Tensor ids = Tensor.Of(new[,] { { 3, 4, 5 }, { 6, 7, 8 }, { 9, 10, 11 } });
        var inputs = new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = ids, ["attention_mask"] = ops.ones_like(ids), ["labels"] = ids });
        var options = new Dictionary<string, object?> { ["max_new_tokens"] = 4 };
        if (way == "sampling") (options["do_sample"], options["seed"]) = (true, 7);
        if (way == "beams") options["num_beams"] = 3;
        var texts = new Dictionary<bool, List<int[]>> { [false] = [], [true] = [] };
        KerasMetricCallback Metric(bool xla) => new(g => { texts[xla].Add(g.predictions.Single.ToArray<int>()); return new() { [$"n{xla}"] = 1 }; }, inputs, batch_size: 2, predict_with_generate: true, use_xla_generation: xla, generate_kwargs: options);
        model.fit(inputs, epochs: 2, verbose: 0, callbacks: [Metric(false), Metric(true)]);
        Assert.That(texts[true], Is.EqualTo(texts[false]).And.Count.EqualTo(2));
    }

    [Test]
    public void An_encoder_and_a_decoder_generate_from_the_encoders_input()
    {
        var begins = new Dictionary<string, object?> { ["decoder_start_token_id"] = 1, ["pad_token_id"] = 0, ["eos_token_id"] = 2 };
        var model = new TFEncoderDecoderModel(EncoderDecoderConfig.from_encoder_decoder_configs(SmallBert.Config(), SmallBert.Config(), begins));
        model.compile(new Adam(1e-3));
        var ids = SmallBert.Ids(2, 4);
        var inputs = new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = ids, ["labels"] = SmallBert.Ids(2, 5) });
        (Tensors predictions, Tensors labels) given = (null!, null!);
        model.fit(inputs, verbose: 0, callbacks: new KerasMetricCallback(g => { given = g; return new() { ["n"] = g.predictions.Single.shape[0] }; }, inputs, batch_size: 2, predict_with_generate: true,
            generate_kwargs: new Dictionary<string, object?> { ["max_length"] = 6, ["num_beams"] = 2 }));
        Assert.That(given.predictions.Single.ToArray<int>(), Is.EqualTo(model.generate(ids, max_length: 6, num_beams: 2).sequences.ToArray<int>()));
    }

    [Test]
    public void Rows_that_are_together_larger_than_an_array_are_refused()
    {
        var rows = new RowCollector("predictions");
        rows.Add(Tf.Constant(HostTensor.OfBytes(DType.Int8, new Shape(1, 1 << 20), new byte[1 << 20])));
        rows.Add(Tf.Constant(HostTensor.OfBytes(DType.Int8, new Shape(1 << 12, 1), new byte[1 << 12])));
        Assert.That(() => rows.All(), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("4097 rows of 1048576"));
    }

    static IEnumerable<TestCaseData> Mistakes()
    {
        static TestCaseData Of(string says, Func<Callback> make) => new TestCaseData(says, make).SetArgDisplayNames(says);
        yield return Of("batch_size is missing", () => new KerasMetricCallback(Accuracy, (Data.Ids, Data.Labels)));
        yield return Of("predict_with_generate: true", () => new KerasMetricCallback(Accuracy, (Data.Ids, Data.Labels), batch_size: 2, use_xla_generation: true));
        yield return Of("a model that generates", () => new KerasMetricCallback(Accuracy, (Data.Ids, Data.Labels), batch_size: 2, predict_with_generate: true));
        yield return Of("Did you mean \"logits\"", () => new KerasMetricCallback(Accuracy, (Data.Ids, Data.Labels), batch_size: 2, output_cols: ["logit"]));
        yield return Of("no such label", () => new KerasMetricCallback(Accuracy, (Data.Ids, Data.Labels), batch_size: 2, label_cols: ["labels"]));
        yield return Of("Give label_cols", () => new KerasMetricCallback(Accuracy, (Tensors)Data.Ids, batch_size: 2));
        yield return Of("numbers by name", () => new KerasMetricCallback(_ => 0.5, (Data.Ids, Data.Labels), batch_size: 2));
        yield return Of("numbers by name", () => new KerasMetricCallback(_ => new() { ["x"] = "text" }, (Data.Ids, Data.Labels), batch_size: 2));
        yield return Of("at least one batch", () => new KerasMetricCallback(Accuracy, Array.Empty<Batch>()));
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_named(string says, Func<Callback> make) =>
        Assert.That(() => Classifier().fit(Data.Ids, Data.Labels, verbose: 0, callbacks: make()), Throws.InstanceOf<Exception>().With.Matches<Exception>(e => e is KerasException or ArgumentException).And.Message.Contains(says));
}
