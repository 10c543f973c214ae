namespace Keras.Transformers.Tests.Models;

sealed class BertInputTests : EngineFixture
{
    TFBertForSequenceClassification _model = null!;

    [OneTimeSetUp]
    public void MakeModel() => _model = new(SmallBert.Config());

    static Tensors Replaced(Tensors inputs, string name, Tensors value) => new(inputs.Named().Where(i => i.Key != name).Append(new(name, value)));

    static Tensor WithOne(int rows, int length, int below, int value)
    {
        var ids = SmallBert.Integers(rows, length, below);
        ids[rows - 1, length - 2] = value;
        return Tensor.Of(ids);
    }

    [Test]
    public void Integers_out_of_range_are_found_in_every_mode([Values] RunMode mode)
    {
        Compile(_model, mode, "sgd");
        var good = SmallBert.Inputs(3, 6);
        foreach (var bad in new[] { SmallBert.Vocabulary, -1 })
        {
            var ids = WithOne(3, 6, SmallBert.Vocabulary, bad);
            foreach (var x in new Tensors[] { ids, Replaced(good, "input_ids", ids), new Tensors([ids, good["attention_mask"]]), Replaced(good, "token_type_ids", WithOne(3, 6, 2, bad)), Replaced(good, "position_ids", WithOne(3, 6, SmallBert.Longest, bad)) })
            {
                Assert.That(() => _model.Apply(x), Throws.InstanceOf<ValueRangeException>().With.Message.Contains($"{bad}"), $"Apply, {x.Structure}");
                Assert.That(() => _model.predict(x, verbose: 0), Throws.InstanceOf<ValueRangeException>(), $"predict, {x.Structure}");
                Assert.That(() => _model.predict_on_batch(x), Throws.InstanceOf<ValueRangeException>(), $"predict_on_batch, {x.Structure}");
                Assert.That(() => _model.fit(x, SmallBert.Labels(3), verbose: 0), Throws.InstanceOf<ValueRangeException>(), $"fit, {x.Structure}");
                Assert.That(() => _model.fit([new Batch(x, SmallBert.Labels(3))], verbose: 0), Throws.InstanceOf<ValueRangeException>(), $"fit on batches, {x.Structure}");
            }
        }
        foreach (var bad in new[] { 3, -1 })
        {
            Tensor labels = Tensor.Of(new[] { 0, 1, bad });
            Assert.That(() => _model.fit(good, labels, verbose: 0), Throws.InstanceOf<ValueRangeException>().With.Message.Contains($"{bad}"));
            Assert.That(() => _model.evaluate(good, labels, verbose: 0), Throws.InstanceOf<ValueRangeException>());
            Assert.That(() => _model.fit(Replaced(good, "labels", labels), verbose: 0), Throws.InstanceOf<ValueRangeException>());
            Assert.That(() => _model.Apply(Replaced(good, "labels", labels)), Throws.InstanceOf<ValueRangeException>());
        }
    }

    [Test]
    public void A_sequence_that_is_too_long_is_an_error_that_says_how_long_it_may_be([Values] RunMode mode)
    {
        Compile(_model, mode, "sgd");
        var ids = SmallBert.Ids(2, SmallBert.Longest + 1);
        Assert.That(() => _model.Apply(ids), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("16").And.Message.Contains("17"));
        Assert.That(() => _model.predict(ids, verbose: 0), Throws.InstanceOf<ValueRangeException>());
        Assert.That(_model.Apply(SmallBert.Ids(1, SmallBert.Longest)).logits.shape, Is.EqualTo(new Shape(1, 3)));
    }

    [Test]
    public void An_empty_batch_is_refused_by_predict_and_fit()
    {
        Compile(_model, RunMode.Eager, "sgd");
        Tensors none = Tensor.Of(new int[0, 6]);
        Assert.That(() => _model.predict(none, verbose: 0), Throws.InstanceOf<ShapeMismatchException>());
        Assert.That(() => _model.fit(none, Tensor.Of(Array.Empty<int>()), verbose: 0), Throws.InstanceOf<ShapeMismatchException>());
        Assert.That(_model.Apply(none).logits.shape, Is.EqualTo(new Shape(0, 3)));
    }

    [Test]
    public void Hidden_states_and_attentions_come_one_per_layer_and_sum_to_one()
    {
        var model = new TFBertModel(SmallBert.Config());
        var outputs = model.Apply(SmallBert.Ids(2, 5), attention_mask: SmallBert.Mask(2, 5), output_attentions: true, output_hidden_states: true);
        Assert.That(outputs.hidden_states!.Select(s => s.Single.shape), Is.EqualTo(Enumerable.Repeat(new Shape(2, 5, 12), 3)));
        Assert.That(outputs.attentions!.Select(a => a.Single.shape), Is.EqualTo(Enumerable.Repeat(new Shape(2, 3, 5, 5), 2)));
        Assert.That(Floats(outputs.hidden_states![2].Single), Is.EqualTo(Floats(outputs.last_hidden_state)));
        foreach (var row in Floats(outputs.attentions![1].Single).Chunk(5))
        {
            Assert.That(row.Sum(), Is.EqualTo(1).Within(1e-5));
            Assert.That(row[4], Is.Zero, "The last position is padding.");
        }
        var without = model.Apply(SmallBert.Ids(2, 5));
        Assert.That((without.hidden_states, without.attentions), Is.EqualTo(((Tensors?)null, (Tensors?)null)));
        Assert.That(without.Keys, Is.EqualTo(new[] { "last_hidden_state", "pooler_output" }));
        var config = SmallBert.Config();
        (config.output_hidden_states, config.output_attentions) = (true, true);
        Assert.That(new TFBertModel(config).Apply(SmallBert.Ids(1, 3)).to_tuple().Count, Is.EqualTo(4));
    }

    [Test]
    public void A_masked_head_attends_to_nothing()
    {
        var attentions = new TFBertModel(SmallBert.Config()).Apply(SmallBert.Ids(2, 5), head_mask: Tensor.Of(new float[] { 1, 0, 1 }), output_attentions: true).attentions!;
        Assert.That(Floats(attentions[0].Single).Chunk(25).Where((_, head) => head % 3 == 1).SelectMany(p => p), Is.All.Zero);
    }

    [Test]
    public void Inputs_by_keyword_are_those_of_a_dictionary()
    {
        var inputs = SmallBert.Inputs(2, 5);
        Assert.That(Floats(_model.Apply(inputs["input_ids"], attention_mask: inputs["attention_mask"], token_type_ids: inputs["token_type_ids"]).logits), Is.EqualTo(Floats(_model.Apply(inputs).logits)));
        Assert.That(Floats(_model.Apply(inputs["input_ids"]).logits), Is.Not.EqualTo(Floats(_model.Apply(inputs).logits)));
    }
}
