using Keras.Layers;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Models;

/// <summary>BERT with everything at once, and within other models.</summary>
sealed class BertFormsTests : EngineFixture
{
    [SetUp]
    public void DrawTheSame() => Api.keras.utils.set_random_seed(3);

    static void AssertLearns(List<double> losses) => Assert.That(losses[^1], Is.LessThan(losses[0]));

    [TestCase(true)]
    [TestCase(false)]
    public void A_resized_vocabulary_with_a_table_of_its_own_for_scores_is_read_back(bool safe)
    {
        foreach (var count in new[] { SmallBert.Vocabulary - 9, SmallBert.Vocabulary + 9 })
        {
            using var folder = new TemporaryFolder();
            var config = SmallBert.Config();
            (config.tie_word_embeddings, config.is_decoder) = (false, true);
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
