using Keras.Graphs;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Layers;

/// <summary>What every layer has from its base class: losses, regularizers, constraints, masks, configs.</summary>
public sealed class LayerTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Tensor Ones(params int[] dims) => ops.ones(dims);

    /// <summary>Leaves its second layer out on demand.</summary>
    sealed class Branching : Model
    {
        readonly ActivityRegularization penalty = new(l1: 1);

        public bool Penalised { get; set; } = true;

        public override Tensors call(Tensors inputs, bool training = false) => Penalised ? penalty.Apply(inputs) : inputs;
    }

    [Test]
    public void LossesAreThoseOfTheLastCall()
    {
        var model = new Branching();
        model.Apply(Ones(2, 3));
        Assert.That(model.losses.Single().ToScalar<float>(), Is.EqualTo(3).Within(1e-6), "the sum of absolute values over the batch size");
        model.Penalised = false;
        model.Apply(Ones(2, 3));
        Assert.That(model.losses, Is.Empty, "the layer was left out");
    }

    [Test]
    public void ALayerAppliedTwiceInOneCallAddsBothLosses()
    {
        var penalty = keras.layers.ActivityRegularization(l1: 1);
        var x = keras.Input(shape: 3);
        var model = keras.Model(inputs: x, outputs: keras.layers.Add().Apply((penalty.Apply(x), penalty.Apply(x))));
        model.Apply(Ones(2, 3));
        Assert.That(model.losses.Select(l => l.ToScalar<float>()), Is.EqualTo(new[] { 3f, 3f }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void RegularizersCountInTraining(bool eager)
    {
        var model = keras.Sequential([keras.Input(shape: 3), keras.layers.Dense(2, use_bias: false, kernel_initializer: "ones", kernel_regularizer: keras.regularizers.L2(0.5))]);
        model.compile(optimizer: keras.optimizers.SGD(0.1), loss: "mse", run_eagerly: eager);
        var logs = model.train_on_batch(ops.zeros([4, 3]), ops.zeros([4, 2]));
        Assert.That(logs["loss"], Is.EqualTo(0.5 * 6).Within(1e-5), "0.5 · Σ kernel², with an error of 0");
        Assert.That(model.weights[0].value.ToArray<float>(), Has.All.EqualTo(1 - (0.1 * 2 * 0.5)).Within(1e-6));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ConstraintsHoldAfterEachStep(bool eager)
    {
        var model = keras.Sequential([keras.Input(shape: 3), keras.layers.Dense(2, kernel_constraint: "non_neg", bias_constraint: keras.constraints.MaxNorm(0.5))]);
        model.compile(optimizer: keras.optimizers.SGD(10), loss: "mse", run_eagerly: eager);
        model.fit(Ones(8, 3), ops.full([8, 2], -3), epochs: 2, verbose: 0);
        Assert.That(model.weights[0].value.ToArray<float>(), Has.All.GreaterThanOrEqualTo(0));
        Assert.That(ops.norm(model.weights[1].value).ToScalar<float>(), Is.LessThanOrEqualTo(0.5f + 1e-5f));
    }

    [Test]
    public void ATrainedKernelStaysWhereLoraIs()
    {
        var layer = keras.layers.Dense(4);
        Tensor x = Ones(2, 3);
        Tensor before = layer.Apply(x);
        layer.enable_lora(2);
        Assert.That(layer.Apply(x).Single.ToArray<float>(), Is.EqualTo(before.ToArray<float>()), "the addition begins at zero");
        layer.trainable = false;
        layer.trainable = true;
        Assert.That(layer.trainable_weights.Select(w => w.name), Is.EqualTo(new[] { "bias", "lora_kernel_a", "lora_kernel_b" }));
    }

    [Test]
    public void AttentionHeedsTheMaskOfItsInputs()
    {
        var attention = keras.layers.MultiHeadAttention(2, 4);
        var embedding = keras.layers.Embedding(10, 6, mask_zero: true);
        Tensor longer = embedding.Apply((Tensor)new[,] { { 3, 5, 0, 0 } });
        var (query, value) = (ops.stop_gradient(longer[.., ..2]), longer);
        value.KerasMask = longer.KerasMask;
        Tensor masked = attention.Apply(query, value);
        Tensor shorter = longer[.., ..2];
        Tensor unpadded = attention.Apply(query, shorter);
        Assert.That(masked.ToArray<float>(), Is.EqualTo(unpadded.ToArray<float>()).Within(1e-5), "padding does not count");
        Assert.That(attention.Apply(query, ops.stop_gradient(longer)).Single.ToArray<float>(), Is.Not.EqualTo(unpadded.ToArray<float>()).Within(1e-5), "without the mask it does");
    }

    [Test]
    public void ScoresOfMaskedStepsAreZero()
    {
        var attention = keras.layers.MultiHeadAttention(2, 4);
        Tensor mask = new[,] { { true, true, false } };
        var scores = attention.Apply(Ones(1, 2, 6), Ones(1, 3, 6), value_mask: mask, return_attention_scores: true)[1].Single;
        Assert.That(scores[.., .., .., 2].ToArray<float>(), Has.All.EqualTo(0));
        Assert.That(ops.sum(scores, axis: -1).ToArray<float>(), Has.All.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void UnknownActivationsAndRegularizersAreRefused()
    {
        Assert.That(() => keras.layers.Dense(3, activation: "nosuch"), Throws.ArgumentException.With.Message.Contains("nosuch"));
        Assert.That(() => keras.layers.Dense(3, kernel_regularizer: "nosuch"), Throws.ArgumentException.With.Message.Contains("nosuch"));
        Assert.That(() => keras.layers.Dense(3, kernel_constraint: "nosuch"), Throws.ArgumentException.With.Message.Contains("nosuch"));
        Assert.That(() => keras.layers.MultiHeadAttention(2, 4, flash_attention: true), Throws.InstanceOf<UnsupportedException>());
    }

    [Test]
    public void ALayerOfYourOwnComesBackFromAConfig()
    {
        var model = keras.Sequential([keras.Input(shape: 3), new Doubling(name: "mine")]);
        var serialized = keras.layers.serialize(model);
        Assert.That(() => keras.layers.deserialize(serialized), Throws.ArgumentException.With.Message.Contains("custom_objects"));
        var again = keras.layers.deserialize(serialized, new Dictionary<string, Type> { ["Doubling"] = typeof(Doubling) });
        Assert.That(again.Apply(Ones(1, 3)).Single.ToArray<float>(), Has.All.EqualTo(2));
    }

    public sealed class Doubling(string? name = null) : Layer(name)
    {
        public override Tensors call(Tensors inputs, bool training = false) => inputs.Single * 2;
    }

    [Test]
    public void EveryLayerIsInTheFacade()
    {
        var made = typeof(LayersApi).GetMethods().Select(m => m.ReturnType).ToHashSet();
        Assert.That(LayerConfigs.Classes.Values.Where(t => t.IsPublic && t != typeof(Sequential) && t != typeof(Functional) && t != typeof(Keras.Utils.FeatureSpace)), Is.SubsetOf(made));
        var classes = typeof(Layer).Assembly.GetTypes().Where(t => t is { IsPublic: true, IsAbstract: false, Namespace: "Keras.Layers" } && t.IsSubclassOf(typeof(Layer)) && t != typeof(TFSMLayer));
        Assert.That(classes, Is.SubsetOf(LayerConfigs.Classes.Values), "a class that no config can name");
    }

    [TestCase(RunMode.Eager)]
    [TestCase(RunMode.Graph)]
    [TestCase(RunMode.Xla)]
    public void DropoutOfWholeChannelsKeepsOrDropsThem(RunMode mode)
    {
        var layer = keras.layers.SpatialDropout1D(0.5, seed: 3);
        var dropped = GoldenList.Run(mode, Ones(4, 6, 16), given => layer.Apply(given, training: true)).Single;
        var perChannel = ops.sum(dropped, axis: 1).ToArray<float>();
        Assert.That(perChannel, Has.All.EqualTo(0).Or.All.EqualTo(12).Or.Some.EqualTo(0));
        Assert.That(perChannel.Distinct().Order(), Is.EqualTo(new[] { 0f, 12f }));
    }

    [Test]
    public void ARecurrentLayerComputesTheSameWhereTheLengthIsUnknown()
    {
        var layer = keras.layers.LSTM(3, return_sequences: true, return_state: true);
        using var function = new TracedFunction("rnn", given => layer.Apply(given), new(Jit: false));
        var random = keras.random.normal([2, 5, 4], seed: 1);
        function.Call(random);
        var unknown = function.Call(keras.random.normal([2, 7, 4], seed: 2));
        Assert.That(unknown[0].Single.shape, Is.EqualTo(new Shape(2, 7, 3)));
        var expected = layer.Apply(keras.random.normal([2, 7, 4], seed: 2)).Flatten();
        foreach (var (a, e) in unknown.Flatten().Zip(expected)) Assert.That(a.ToArray<float>(), Is.EqualTo(e.ToArray<float>()).Within(1e-5));
        Assert.That(function.TraceCount, Is.EqualTo(2));
    }
}
