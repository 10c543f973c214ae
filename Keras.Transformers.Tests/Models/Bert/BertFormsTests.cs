using Keras.Layers;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Models;

/// <summary>What every head takes and gives, in each of the forms that a caller may choose.</summary>
sealed class BertFormsTests : EngineFixture
{
    [SetUp]
    public void DrawTheSame() => Api.keras.utils.set_random_seed(3);

    static void AssertLearns(List<double> losses) => Assert.That(losses[^1], Is.LessThan(losses[0]));

    static IEnumerable<TestCaseData> Heads => BertHeadTests.Heads;

    static (TFPreTrainedModel Model, Tensors Inputs) Head(int head, BertConfig? config = null)
    {
        var model = BertHeadTests.All[head].Create(config ?? SmallBert.Config());
        return (model, BertHeadTests.InputsOf(model));
    }

    static float[] Scores(Tensors outputs) => [.. outputs.Named().Where(o => o.Key.Contains("logits", StringComparison.Ordinal)).SelectMany(o => Floats(o.Value.Single))];

    [TestCaseSource(nameof(Heads))]
    public void Inputs_come_in_a_dictionary_a_list_or_by_keyword(int head)
    {
        var (model, inputs) = Head(head);
        var expected = Scores(model.Apply(inputs));
        Tensors list = new([inputs["input_ids"], inputs["attention_mask"], inputs["token_type_ids"]]);
        var keywords = new CallArguments(inputs["input_ids"]).With("attention_mask", inputs["attention_mask"]).With("token_type_ids", inputs["token_type_ids"]);
        Assert.That(Scores(model.Apply(list)), Is.EqualTo(expected));
        Assert.That(Scores(model.Apply(keywords)), Is.EqualTo(expected));
        Assert.That(Scores(model.Apply(inputs.Map(t => Graphs.Tf.Cast(t, DType.Int64)))), Is.EqualTo(expected));
        Compile(model, RunMode.Graph, "sgd");
        Assert.That(Scores(model.predict(list, batch_size: 3, verbose: 0)), Is.EqualTo(expected).Within(1e-5f));
    }

    [TestCaseSource(nameof(Heads))]
    public void Embeddings_and_masks_of_heads_are_inputs_of_every_head(int head)
    {
        var (model, inputs) = Head(head);
        var expected = Scores(model.Apply(inputs));
        var embedded = Graphs.Tf.Gather(model.get_input_embeddings().value, inputs["input_ids"].Single, 0);
        Tensors without = new(inputs.Named().Where(i => i.Key != "input_ids").Append(new("inputs_embeds", embedded)));
        Assert.That(Scores(model.Apply(without)), Is.EqualTo(expected).Within(1e-6f));
        Assert.That(() => model.Apply(BertHeadTests.With(inputs, new() { ["inputs_embeds"] = embedded })), Throws.ArgumentException);
        float[] Masked(Array mask) => Scores(model.Apply(BertHeadTests.With(inputs, new() { ["head_mask"] = Tensor.Of(mask) })));
        Assert.That(Masked(new float[] { 1, 1, 1 }), Is.EqualTo(expected));
        Assert.That(Masked(new[,] { { 1, 0, 1 }, { 1, 1, 1 } }), Is.Not.EqualTo(expected));
    }

    [TestCaseSource(nameof(Heads))]
    public void States_and_attentions_come_by_call_or_by_configuration_and_do_not_disturb_training(int head)
    {
        var config = SmallBert.Config();
        var (model, inputs) = Head(head, config);
        var asked = model.Apply(new CallArguments(inputs).WithOption("output_hidden_states", true).WithOption("output_attentions", true));
        (config.output_hidden_states, config.output_attentions) = (true, true);
        var configured = model.Apply(inputs);
        Assert.That(configured.Keys, Is.EqualTo(asked.Keys));
        Assert.That((configured["hidden_states"].Count, configured["attentions"].Count), Is.EqualTo((3, 2)));
        Assert.That(configured.Flatten().Select(t => Floats(t).Sum()), Is.EqualTo(asked.Flatten().Select(t => Floats(t).Sum())).Within(1e-3f));
        Assert.That(model.Apply(new CallArguments(inputs).WithOption("output_hidden_states", false).WithOption("output_attentions", false)).Keys, Has.No.Member("hidden_states").And.No.Member("attentions"));
        Compile(model, RunMode.Graph, new Adam(0.01));
        AssertLearns(model.fit(BertHeadTests.With(inputs, BertHeadTests.All[head].Labels), epochs: 3, verbose: 0).history["loss"]);
        Assert.That(model.predict(inputs, batch_size: 3, verbose: 0)["hidden_states"].Count, Is.EqualTo(3));
    }

    [TestCaseSource(nameof(Heads))]
    public void A_head_trains_in_half_precision(int head)
    {
        using var folder = new TemporaryFolder();
        var (model, inputs) = Head(head);
        model.save_pretrained(folder);
        var expected = Scores(model.Apply(inputs));
        var config = (BertConfig)AutoConfig.from_pretrained(folder);
        var before = Api.keras.config.dtype_policy();
        try
        {
            Api.keras.config.set_dtype_policy("mixed_bfloat16");
            model = BertHeadTests.All[head].Create(config);
            model.LoadWeights(folder, ignoreMismatched: false);
        }
        finally
        {
            Api.keras.config.set_dtype_policy(before);
        }
        Assert.That(model.weights.Where(w => w.dtype.IsFloating).Select(w => w.dtype), Is.All.EqualTo(DType.Float32));
        var scores = model.Apply(inputs).Named().First(o => o.Key.Contains("logits", StringComparison.Ordinal)).Value.Single;
        Assert.That(Graphs.Tf.Cast(scores, DType.Float32).ToArray<float>(), Is.EqualTo(expected[..(int)scores.shape.ElementCount]).Within(0.15f));
        Compile(model, RunMode.Graph, new Adam(0.01));
        AssertLearns(model.fit(BertHeadTests.With(inputs, BertHeadTests.All[head].Labels), epochs: 4, verbose: 0).history["loss"]);
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(false, false)]
    public void A_resized_vocabulary_is_read_back_from_every_format(bool tied, bool safe)
    {
        foreach (var count in new[] { SmallBert.Vocabulary - 9, SmallBert.Vocabulary + 9 })
        {
            using var folder = new TemporaryFolder();
            var config = SmallBert.Config();
            (config.tie_word_embeddings, config.is_decoder) = (tied, true);
            var model = new TFBertLMHeadModel(config);
            model.Apply(SmallBert.Ids(1, 3));
            model.resize_token_embeddings(count);
            model.save_pretrained(folder, safe_serialization: safe);
            var loaded = TFBertLMHeadModel.from_pretrained(folder, out var report);
            Assert.That((report.missing_keys.Count, report.unexpected_keys.Count, loaded.config.vocab_size), Is.EqualTo((0, 0, count)));
            Assert.That(loaded.get_output_embeddings()!.shape[0], Is.EqualTo(count));
            Assert.That(Floats(loaded.Apply(SmallBert.Ids(2, 5, 20)).logits), Is.EqualTo(Floats(model.Apply(SmallBert.Ids(2, 5, 20)).logits)));
        }
    }

    [Test]
    public void A_decoder_with_everything_gives_the_same_gradients_with_checkpointing([Values(RunMode.Eager, RunMode.Graph)] RunMode mode)
    {
        var config = SmallBert.Config();
        (config.is_decoder, config.add_cross_attention) = (true, true);
        var model = new TFBertLMHeadModel(config);
        var encoder = Graphs.Tf.Reshape(Graphs.Tf.Cast(SmallBert.Ids(2, 60), DType.Float32) * 0.05, new Shape(2, 5, 12));
        var past = model.Apply(SmallBert.Ids(2, 3), encoder_hidden_states: encoder).past_key_values!;
        float[][] Gradients() => [.. Run(mode, encoder, states =>
        {
            using var tape = new GradientTape();
            var loss = Graphs.Tf.Mean(model.Apply(SmallBert.Ids(2, 4), encoder_hidden_states: states.Single, encoder_attention_mask: SmallBert.Mask(2, 5),
                head_mask: Tensor.Of(new float[] { 1, 0, 1 }), past_key_values: past, labels: SmallBert.Ids(2, 4)).loss!);
            return new Tensors([.. tape.gradient(loss, model.trainable_weights).OfType<Tensor>(), loss]);
        }).Flatten().Select(Floats)];
        var expected = Gradients();
        model.gradient_checkpointing_enable();
        var got = Gradients();
        Assert.That(got, Has.Length.EqualTo(expected.Length));
        for (var i = 0; i < got.Length; i++) Assert.That(got[i], Is.EqualTo(expected[i]).Within(1e-5f));
    }

    [Test]
    public void The_past_counts_where_positions_end([Values] RunMode mode)
    {
        var config = SmallBert.Config();
        config.is_decoder = true;
        var model = new TFBertLMHeadModel(config);
        var past = model.Apply(SmallBert.Ids(1, SmallBert.Longest - 1)).past_key_values!;
        Tensors Step(int count) => Run(mode, new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(1, count), ["past_key_values"] = past }, x => model.Apply(x));
        Assert.That(Step(1)["logits"].Single.shape, Is.EqualTo(new Shape(1, 1, SmallBert.Vocabulary)));
        Assert.That(() => Step(2), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("16").And.Message.Contains("15"));
    }

    [Test]
    public void Floats_for_each_class_are_several_labels_as_in_PyTorch([Values(RunMode.Eager, RunMode.Graph)] RunMode mode)
    {
        float[,] labels = { { 1, 0, 1 }, { 0, 0, 1 } };
        var config = SmallBert.Config();
        config.problem_type = "multi_label_classification";
        using var folder = new TemporaryFolder();
        var told = new TFBertForSequenceClassification(config);
        told.save_pretrained(folder);
        var guessed = TFBertForSequenceClassification.from_pretrained(folder, config: new Dictionary<string, object?> { ["problem_type"] = null });
        Assert.That(guessed.config.problem_type, Is.Null);
        float[] Loss(TFBertForSequenceClassification model) => Floats(Run(mode, Tensor.Of(labels), y => model.Apply(SmallBert.Ids(2, 5), labels: y.Single).loss!).Single);
        Assert.That(Loss(guessed), Is.EqualTo(Loss(told)).Within(1e-6f));
        Compile(guessed, mode, new Adam(0.01));
        AssertLearns(guessed.fit(SmallBert.Ids(2, 5), labels, epochs: 3, verbose: 0).history["loss"]);
    }

    [Test]
    public void The_backbone_and_a_model_are_layers_of_a_functional_model([Values(RunMode.Eager, RunMode.Graph)] RunMode mode)
    {
        Functional Make(string form)
        {
            var (ids, mask) = (Api.keras.Input(shape: 5, dtype: "int32", name: "input_ids"), Api.keras.Input(shape: 5, dtype: "int32", name: "attention_mask"));
            Tensors inputs = new Dictionary<string, Tensors> { ["input_ids"] = ids, ["attention_mask"] = mask };
            Tensor states = form switch
            {
                "dictionary" => new TFBertMainLayer(SmallBert.Config()).Apply(inputs).pooler_output,
                "list" => new TFBertMainLayer(SmallBert.Config()).Apply(new Tensors([ids, mask])).pooler_output,
                _ => new TFBertModel(SmallBert.Config()).Apply(ids, attention_mask: mask).pooler_output,
            };
            return Api.keras.Model(inputs, new Dense(1, name: "head").Apply(states));
        }
        foreach (var form in new[] { "dictionary", "list", "model" })
        {
            using var folder = new TemporaryFolder();
            var model = Make(form);
            model.compile(optimizer: new Adam(0.002), loss: "mse", run_eagerly: mode == RunMode.Eager);
            Tensors x = new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(4, 5), ["attention_mask"] = SmallBert.Mask(4, 5) };
            AssertLearns(model.fit(x, new float[,] { { 1 }, { 0 }, { 2 }, { 1 } }, epochs: 4, verbose: 0).history["loss"]);
            var path = Path.Combine(folder, "model.weights.h5");
            model.save_weights(path);
            var other = Make(form);
            other.load_weights(path);
            Assert.That(Floats(other.predict(x, verbose: 0).Single), Is.EqualTo(Floats(model.predict(x, verbose: 0).Single)).Within(1e-6f), form);
        }
    }
}
