namespace Keras.Transformers.Tests.Models;

/// <summary>Word vectors: tied, replaced, resized.</summary>
sealed class BertVocabularyTests : EngineFixture
{
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
