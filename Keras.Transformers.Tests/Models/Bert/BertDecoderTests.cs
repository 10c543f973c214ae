namespace Keras.Transformers.Tests.Models;

sealed class BertDecoderTests : EngineFixture
{
    static BertConfig Config(bool cross = false)
    {
        var config = SmallBert.Config();
        (config.is_decoder, config.add_cross_attention) = (true, cross);
        return config;
    }

    [Test]
    public void Steps_with_a_past_give_the_logits_of_one_call([Values] RunMode mode, [Values] bool cross)
    {
        var model = new TFBertLMHeadModel(Config(cross));
        var (ids, mask) = (SmallBert.Ids(2, 7), SmallBert.Mask(2, 7));
        var states = cross ? Graphs.Tf.Cast(SmallBert.Ids(2, 5 * 12), DType.Float32) : null;
        Tensors Context(Tensors x) => states is null ? x : new Tensors(x.Named().Append(new("encoder_hidden_states", Graphs.Tf.Reshape(states, new Shape(2, 5, 12)))));
        Tensors Part(int from, int count) => Context(new Dictionary<string, Tensors>
        {
            ["input_ids"] = Graphs.Tf.Slice(ids, [0, from], [2, count]), ["attention_mask"] = Graphs.Tf.Slice(mask, [0, 0], [2, from + count]),
        });
        var whole = Floats(Run(mode, Part(0, 7), x => model.Apply(x))["logits"].Single).Chunk(SmallBert.Vocabulary).ToArray();
        Tensors? past = null;
        foreach (var (from, count) in new[] { (0, 3), (3, 1), (4, 3) })
        {
            var inputs = past is null ? Part(from, count) : new Tensors(Part(from, count).Named().Append(new("past_key_values", past)));
            var step = Run(mode, inputs, x => model.Apply(x));
            past = step["past_key_values"];
            Assert.That(past[1][0].Single.shape, Is.EqualTo(new Shape(2, 3, from + count, 4)));
            var rows = Floats(step["logits"].Single).Chunk(SmallBert.Vocabulary).ToArray();
            for (var b = 0; b < 2; b++)
                for (var t = 0; t < count; t++) Assert.That(rows[(b * count) + t], Is.EqualTo(whole[(b * 7) + from + t]).Within(2e-5f), $"row {b}, position {from + t}");
        }
    }

    [Test]
    public void Later_words_change_nothing_before_them()
    {
        var model = new TFBertLMHeadModel(Config());
        var ids = SmallBert.Integers(1, 6);
        var before = Floats(model.Apply(Tensor.Of(ids), use_cache: false).logits);
        ids[0, 5] = (ids[0, 5] + 1) % SmallBert.Vocabulary;
        var outputs = model.Apply(Tensor.Of(ids), use_cache: false);
        Assert.That(Floats(outputs.logits)[..(5 * SmallBert.Vocabulary)], Is.EqualTo(before[..(5 * SmallBert.Vocabulary)]));
        Assert.That(Floats(outputs.logits), Is.Not.EqualTo(before));
        Assert.That(outputs.past_key_values, Is.Null);
    }

    [Test]
    public void What_only_a_decoder_can_use_is_refused_by_an_encoder()
    {
        var encoder = new TFBertModel(SmallBert.Config());
        var decoder = new TFBertModel(Config());
        var states = Graphs.Tf.Zeros(new Shape(2, 3, 12), DType.Float32);
        var past = decoder.Apply(SmallBert.Ids(2, 3)).past_key_values!;
        CallArguments Call(string name, Tensors value) => new CallArguments(SmallBert.Ids(2, 3)).With(name, value);
        Assert.That(() => encoder.Apply(Call("past_key_values", past)), Throws.InstanceOf<ConfigException>().With.Message.Contains("is_decoder"));
        Assert.That(() => decoder.Apply(Call("encoder_hidden_states", states)), Throws.InstanceOf<ConfigException>().With.Message.Contains("add_cross_attention"));
        Assert.That(() => decoder.Apply(Call("past_key_values", new Tensors([past[0]]))), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("past_key_values"));
        var config = SmallBert.Config();
        config.add_cross_attention = true;
        Assert.That(() => new TFBertModel(config), Throws.InstanceOf<ConfigException>().With.Message.Contains("is_decoder"));
    }

    [Test]
    public void Weights_of_cross_attention_are_there_before_it_is_used()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertLMHeadModel(Config(cross: true));
        model.Apply(SmallBert.Ids(1, 3));
        model.save_pretrained(folder);
        TFBertLMHeadModel.from_pretrained(folder, out var report);
        Assert.That((report.missing_keys.Count, report.unexpected_keys.Count), Is.EqualTo((0, 0)));
        Assert.That(model.Weights.Keys, Has.Member("bert.encoder.layer.1.crossattention.self.query.weight"));
    }
}
