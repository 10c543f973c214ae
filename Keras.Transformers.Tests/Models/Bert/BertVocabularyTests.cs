using Keras.Optimizers;

namespace Keras.Transformers.Tests.Models;

/// <summary>Word vectors: tied, replaced, resized.</summary>
sealed class BertVocabularyTests : EngineFixture
{
    static Tensors Labeled(int below = SmallBert.Vocabulary) => new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(3, 6, below), ["labels"] = SmallBert.Ids(3, 6, below) };

    [Test]
    public void Scores_and_word_vectors_are_one_variable_that_gets_both_gradients()
    {
        var model = new TFBertForMaskedLM(SmallBert.Config());
        model.Apply(SmallBert.Ids(1, 3));
        Assert.That(model.get_output_embeddings(), Is.SameAs(model.get_input_embeddings()));
        Assert.That(model.weights.Count(w => w.shape == new Shape(SmallBert.Vocabulary, 12)), Is.EqualTo(1));
        var unused = SmallBert.Integers(2, 4).Cast<int>().ToHashSet();
        using var tape = new GradientTape();
        var loss = Graphs.Tf.Mean(model.Apply(SmallBert.Ids(2, 4), labels: SmallBert.Ids(2, 4)).loss!);
        var gradient = Floats(tape.gradient(loss, model.get_input_embeddings())!).Chunk(12).ToArray();
        Assert.That(gradient.Index().Where(r => !unused.Contains(r.Index)).Select(r => r.Item.Max(Math.Abs)), Is.All.GreaterThan(0), "Words that are no input have a gradient through the scores.");
    }

    [Test]
    public void Scores_that_are_not_tied_have_a_table_of_their_own()
    {
        var config = SmallBert.Config();
        config.tie_word_embeddings = false;
        using var folder = new TemporaryFolder();
        var model = new TFBertForMaskedLM(config);
        var before = Floats(model.Apply(SmallBert.Ids(2, 4)).logits);
        Assert.That(model.get_output_embeddings(), Is.Not.SameAs(model.get_input_embeddings()));
        Assert.That(model.Weights.Keys, Has.Member("cls.predictions.decoder.weight"));
        model.save_pretrained(folder);
        Assert.That(Floats(TFBertForMaskedLM.from_pretrained(folder).Apply(SmallBert.Ids(2, 4)).logits), Is.EqualTo(before));
    }

    [TestCase(+10)]
    [TestCase(-10)]
    public void A_resized_vocabulary_keeps_the_old_words_scores_trains_and_is_saved(int change)
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForPreTraining(SmallBert.Config());
        var (count, kept) = (SmallBert.Vocabulary + change, SmallBert.Vocabulary + Math.Min(0, change));
        var ids = SmallBert.Ids(2, 5, kept);
        var before = Floats(model.Apply(ids).prediction_logits).Chunk(SmallBert.Vocabulary).SelectMany(row => row[..kept]);
        Compile(model, RunMode.Graph, "sgd");
        model.predict(ids, verbose: 0);
        Assert.That(model.resize_token_embeddings(count).shape, Is.EqualTo(new Shape(count, 12)));
        Assert.That(model.resize_token_embeddings(), Is.SameAs(model.get_output_embeddings()));
        Assert.That(model.config.vocab_size, Is.EqualTo(count));
        var after = model.Apply(ids).prediction_logits;
        Assert.That(after.shape, Is.EqualTo(new Shape(2, 5, count)));
        Assert.That(Floats(after).Chunk(count).SelectMany(row => row[..kept]), Is.EqualTo(before).Within(1e-6f));
        Assert.That(Floats(model.predict(ids, verbose: 0)["prediction_logits"].Single), Is.EqualTo(Floats(after)).Within(1e-5f), "Functions of the old table are not used again.");
        if (change < 0) Assert.That(() => model.Apply(SmallBert.Ids(2, 5)), Throws.InstanceOf<ValueRangeException>());

        Compile(model, RunMode.Graph, new Adam(0.01));
        var losses = model.fit(new Tensors(Labeled(count).Named().Append(new("next_sentence_label", SmallBert.Labels(3, 2)))), epochs: 4, verbose: 0).history["loss"];
        Assert.That(losses, Is.Ordered.Descending);
        model.save_pretrained(folder);
        var loaded = TFBertForPreTraining.from_pretrained(folder);
        Assert.That(Floats(loaded.Apply(ids).prediction_logits), Is.EqualTo(Floats(model.Apply(ids).prediction_logits)));
    }

    [Test]
    public void Word_vectors_can_be_replaced()
    {
        var model = new TFBertForMaskedLM(SmallBert.Config());
        var vectors = Graphs.Tf.Full(new Shape(7, 12), 0.5, DType.Float32);
        model.set_input_embeddings(vectors);
        Assert.That(Floats(model.get_input_embeddings().value), Is.All.EqualTo(0.5f));
        Assert.That(model.Apply(SmallBert.Ids(1, 4, 7)).logits.shape, Is.EqualTo(new Shape(1, 4, 7)));
        Assert.That(() => model.set_input_embeddings(Graphs.Tf.Zeros(new Shape(7, 11), DType.Float32)), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("12"));
        Assert.That(() => model.resize_token_embeddings(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
