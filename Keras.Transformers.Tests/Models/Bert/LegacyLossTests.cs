namespace Keras.Transformers.Tests.Models;

/// <summary>With tf_legacy_loss a loss is one of each label instead of their mean.</summary>
sealed class LegacyLossTests : EngineFixture
{
    const int None = -100;

    static BertConfig Config(bool legacy)
    {
        var config = SmallBert.Config();
        config.tf_legacy_loss = legacy;
        return config;
    }

    static Tensor Words => Tensor.Of(new[,] { { 3, None, 5, 7 }, { None, 2, 1, None } });

    static float[] CrossEntropies(Tensor logits, int[] labels, int classes, int shift = 0)
    {
        var rows = Floats(logits).Chunk(classes).ToArray();
        return [.. labels.Index().Where(l => l.Item >= 0).Select(l => rows[l.Index - shift]).Zip(labels.Where(l => l >= 0), (row, label) => (float)(Math.Log(row.Sum(s => Math.Exp(s))) - row[label]))];
    }

    [Test]
    public void Words_have_their_own_losses([Values(RunMode.Eager, RunMode.Graph)] RunMode mode)
    {
        var model = new TFBertForMaskedLM(Config(true));
        var outputs = Run(mode, new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(2, 4), ["labels"] = Words }), x => model.Apply(x));
        Assert.That(Floats(outputs["loss"].Single), Is.EqualTo(CrossEntropies(outputs["logits"].Single, Words.ToArray<int>(), SmallBert.Vocabulary)).Within(1e-5f));
    }

    [Test]
    public void Causal_words_are_scored_by_the_word_before()
    {
        var config = Config(true);
        config.is_decoder = true;
        var outputs = new TFBertLMHeadModel(config).Apply(SmallBert.Ids(2, 4), labels: Words);
        int[] following = [None, None, 5, 7, None, 2, 1, None]; // the first word of a row has no word before it
        Assert.That(Floats(outputs.loss!), Is.EqualTo(CrossEntropies(outputs.logits, following, SmallBert.Vocabulary, shift: 1)).Within(1e-5f));
    }

    [Test]
    public void Tokens_and_sentences_without_a_label_have_no_loss()
    {
        var tokens = new TFBertForTokenClassification(Config(true)).Apply(SmallBert.Ids(2, 3), labels: Tensor.Of(new[,] { { 0, None, 2 }, { 1, None, None } }));
        Assert.That(Floats(tokens.loss!), Is.EqualTo(CrossEntropies(tokens.logits, [0, None, 2, 1, None, None], 3)).Within(1e-5f));
        var sentences = new TFBertForNextSentencePrediction(Config(true)).Apply(SmallBert.Ids(3, 4), next_sentence_label: Tensor.Of(new[] { 1, None, 0 }));
        Assert.That(Floats(sentences.loss!), Is.EqualTo(CrossEntropies(sentences.logits, [1, None, 0], 2)).Within(1e-5f));
    }

    [Test]
    public void Training_minimises_the_mean_of_all([Values(RunMode.Eager, RunMode.Graph)] RunMode mode)
    {
        using var folder = new TemporaryFolder();
        new TFBertForMaskedLM(Config(false)).save_pretrained(folder);
        double Loss(bool legacy)
        {
            var model = TFBertForMaskedLM.from_pretrained(folder, config: new Dictionary<string, object?> { ["tf_legacy_loss"] = legacy });
            Compile(model, mode, new Optimizers.SGD(0.1));
            model.train_on_batch(SmallBert.Ids(2, 4), Words);
            return model.train_on_batch(SmallBert.Ids(2, 4), Words)[0];
        }
        Assert.That(Loss(true), Is.EqualTo(Loss(false)).Within(1e-5));
    }
}
