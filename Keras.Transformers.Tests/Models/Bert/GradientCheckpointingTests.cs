using Keras.Graphs;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Models;

sealed class GradientCheckpointingTests : EngineFixture
{
    static BertConfig Config(double dropout = 0.3) => new()
    {
        vocab_size = SmallBert.Vocabulary, hidden_size = 12, num_hidden_layers = 2, num_attention_heads = 3, intermediate_size = 20, max_position_embeddings = 16,
        hidden_dropout_prob = (float)dropout, attention_probs_dropout_prob = (float)dropout, initializer_range = 0.25f, num_labels = 3,
    };

    [Test]
    public void Training_goes_as_without_it_dropout_included([Values] RunMode mode)
    {
        using var folder = new TemporaryFolder();
        new TFBertForSequenceClassification(Config()).save_pretrained(folder);
        List<double> Losses(bool checkpointing)
        {
            Api.keras.utils.set_random_seed(7);
            var model = TFBertForSequenceClassification.from_pretrained(folder);
            if (checkpointing) model.gradient_checkpointing_enable();
            Assert.That(model.is_gradient_checkpointing, Is.EqualTo(checkpointing));
            Compile(model, mode, new SGD(0.1));
            return model.fit(SmallBert.Inputs(6, 5), SmallBert.Labels(6), batch_size: 3, epochs: 3, shuffle: false, verbose: 0).history["loss"];
        }
        Assert.That(Losses(true), Is.EqualTo(Losses(false)).Within(1e-5));
    }

    [Test]
    public void It_can_be_turned_off_and_changes_no_prediction()
    {
        var model = new TFBertForSequenceClassification(Config());
        var before = Floats(model.Apply(SmallBert.Inputs(2, 5)).logits);
        model.gradient_checkpointing_enable();
        Assert.That(Floats(model.Apply(SmallBert.Inputs(2, 5)).logits), Is.EqualTo(before));
        model.gradient_checkpointing_disable();
        Assert.That(model.is_gradient_checkpointing, Is.False);
    }

    /// <summary>The most bytes that tensors of a training step hold at once, when its nodes run in their order and nothing is kept longer than it is used.</summary>
    static double PeakOfStep(bool checkpointing)
    {
        var model = new TFBertForSequenceClassification(new()
        {
            vocab_size = 50, hidden_size = 32, num_hidden_layers = 8, num_attention_heads = 4, intermediate_size = 128, max_position_embeddings = 64, num_labels = 2,
        });
        if (checkpointing) model.gradient_checkpointing_enable();
        model.EnsureBuilt();
        var function = FunctionGraph.Trace("step", [(DType.Int32, new Shape(16, 64), "ids"), (DType.Int32, new Shape(16), "labels")], inputs =>
        {
            using var tape = new GradientTape();
            var loss = Tf.Mean(model.Apply(inputs[0], labels: inputs[1], training: true).loss!);
            return tape.gradient(loss, model.trainable_weights).OfType<Tensor>();
        });
        var nodes = Lowering.Lower(function, static _ => false).LiveNodes().ToList();
        var lastUse = nodes.SelectMany((node, i) => node.Inputs.Select(input => (input, i))).GroupBy(u => u.input, ReferenceEqualityComparer.Instance).ToDictionary(g => g.Key!, g => g.Max(u => u.i), ReferenceEqualityComparer.Instance);
        var freed = new long[nodes.Count];
        var (live, peak) = (0L, 0L);
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var output in nodes[i].Outputs.Where(o => lastUse.ContainsKey(o)))
            {
                var bytes = output.shape.ElementCount * output.dtype.Size;
                (live, freed[lastUse[output]]) = (live + bytes, freed[lastUse[output]] + bytes);
            }
            peak = Math.Max(peak, live);
            live -= freed[i];
        }
        return peak / 1e6;
    }

    [Test]
    public void A_training_step_of_eight_layers_needs_less_than_half_of_the_memory()
    {
        var (plain, checkpointed) = (PeakOfStep(false), PeakOfStep(true));
        TestContext.Out.WriteLine($"{plain:0.0} MB without, {checkpointed:0.0} MB with gradient checkpointing");
        Assert.That(checkpointed, Is.LessThan(plain / 2));
    }
}
