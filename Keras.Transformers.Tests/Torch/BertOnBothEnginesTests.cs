using Keras.Engines;
using static Keras.Api;

namespace Keras.Transformers.Tests.Torch;

/// <summary>A small BERT forward, backward and in training: the Torch engine gives what the TensorFlow engine gives, in every mode.</summary>
sealed class BertOnBothEnginesTests
{
    const string TensorFlow = "tensorflow", Torch = "torch";

    [SetUp]
    public void NeedBoth()
    {
        if (TestEngines.Find(TensorFlow) is null || TestEngines.Find(Torch) is null) Assert.Ignore("both engines are needed: run ./build.sh provision and restore the NuGet package libtorch-cpu of this system");
    }

    [Test]
    public void Outputs_and_gradients_are_equal([Values] RunMode mode) =>
        AssertClose(On(Torch, () => OutputsAndGradients(mode)), On(TensorFlow, () => OutputsAndGradients(RunMode.Graph)), 1e-5f);

    [TestCase(0.0)]
    [TestCase(0.3)]
    public void Losses_and_weights_of_training_are_equal(double dropout) =>
        AssertClose(On(Torch, () => Trained(dropout)), On(TensorFlow, () => Trained(dropout)), 1e-4f);

    static List<float[]> On(string engine, Func<List<float[]>> run)
    {
        using var use = Engine.Use(TestEngines.Find(engine)!);
        return run();
    }

    static List<float[]> OutputsAndGradients(RunMode mode)
    {
        keras.utils.set_random_seed(3);
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        var inputs = SmallBert.Inputs(2, 7);
        model.Apply(inputs);
        var function = (Tensors given) =>
        {
            using var tape = new GradientTape();
            var output = model.Apply(given);
            var loss = ops.sum(output.logits! * output.logits!);
            return new Tensors([new Tensors(output.logits!), .. tape.gradient(loss, [.. model.trainable_weights]).Select(g => new Tensors(g!))]);
        };
        if (mode == RunMode.Eager) return Values(function(inputs));
        using var traced = new Graphs.TracedFunction("test", function, new CompileOptions(mode == RunMode.Xla));
        return Values(traced.Call(inputs));
    }

    static List<float[]> Trained(double dropout)
    {
        keras.utils.set_random_seed(5);
        var config = SmallBert.Config();
        config.hidden_dropout_prob = (float)dropout;
        var model = new TFBertForSequenceClassification(config);
        model.Apply(SmallBert.Inputs(4, 7));
        model.compile(optimizer: keras.optimizers.Adam(1e-3), jit_compile: false);
        var losses = Enumerable.Range(0, 5).Select(_ => (float)model.train_on_batch(SmallBert.Inputs(4, 7), SmallBert.Labels(4))[0]).ToArray();
        return [losses, .. model.trainable_weights.Select(w => w.value.ToArray<float>())];
    }

    static List<float[]> Values(Tensors tensors) => [.. tensors.Flatten().Select(t => t.ToArray<float>())];

    static void AssertClose(List<float[]> actual, List<float[]> expected, float tolerance)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        for (var i = 0; i < actual.Count; i++)
        {
            var scale = 1 + expected[i].Max(Math.Abs);
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(tolerance * scale), $"tensor {i}");
        }
    }
}
