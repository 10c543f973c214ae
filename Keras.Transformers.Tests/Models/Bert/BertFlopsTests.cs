using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers.Tests.Models.Bert;

/// <summary>The operations that models say they need are those that their traced graphs hold.</summary>
[TestFixture]
public class BertFlopsTests
{
    static readonly BertConfig Config = new()
    {
        vocab_size = 50, hidden_size = 24, num_hidden_layers = 3, num_attention_heads = 4, intermediate_size = 40, max_position_embeddings = 32, num_labels = 5,
    };

    [Test]
    public void A_forward_pass_without_a_pooler_has_the_products_that_the_model_says()
    {
        var model = new TFBertModel(Config, add_pooling_layer: false);
        foreach (var (batch, length) in new[] { (1, 1), (2, 7), (3, 32) })
        {
            var traced = Trace(batch, length, inputs => model.Apply(inputs, training: false).Flatten());
            Assert.That(model.ForwardFlops(batch, length), Is.EqualTo(TracedFlops.Of(traced)), $"batch {batch}, length {length}");
        }
    }

    [Test]
    public void A_training_step_has_three_times_the_products_of_a_forward_pass()
    {
        const int batch = 2, length = 9;
        var model = new TFBertForSequenceClassification(Config);
        model.EnsureBuilt();
        var optimizer = keras.optimizers.Adam();
        var traced = Trace(batch, length, inputs =>
        {
            var labeled = new Tensors(inputs.Named().Append(KeyValuePair.Create("labels", new Tensors(Tf.Int32(1, 3)))));
            using var tape = new GradientTape();
            var loss = Tf.Mean(model.Apply(labeled, training: true).loss!);
            optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights);
            return [loss];
        });
        Assert.That(3 * model.ForwardFlops(batch, length), Is.EqualTo(TracedFlops.Of(traced)));
    }

    [Test]
    public void Bert_base_needs_22_gigaflops_for_128_tokens() =>
        Assert.That(new TFBertForSequenceClassification(new BertConfig()).ForwardFlops(1, 128), Is.EqualTo(22.35e9).Within(0.1).Percent);

    static FunctionGraph Trace(int batch, int length, Func<Tensors, IEnumerable<Tensor>> body)
    {
        string[] names = ["input_ids", "attention_mask", "token_type_ids"];
        return FunctionGraph.Trace("flops", names.Select(n => (DType.Int32, new Shape(batch, length), n)),
            given => body(new Tensors(names.Zip(given, (name, tensor) => KeyValuePair.Create(name, new Tensors(tensor))))));
    }
}
