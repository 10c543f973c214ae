using Keras.Callbacks;
using Keras.Losses;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Models;

sealed class BertTrainingTests : EngineFixture
{
    const int Rows = 6;

    static readonly Tensors X = SmallBert.Inputs(Rows, 5);

    static readonly Tensor Y = SmallBert.Labels(Rows);

    /// <summary>Models with the same weights.</summary>
    static TFBertForSequenceClassification[] Twins(int count)
    {
        using var folder = new TemporaryFolder();
        new TFBertForSequenceClassification(SmallBert.Config()).save_pretrained(folder);
        return [.. Enumerable.Range(0, count).Select(_ => TFBertForSequenceClassification.from_pretrained(folder))];
    }

    static List<double> Losses(Model model, Tensors x, Tensors? y) => model.fit(x, y, batch_size: 3, epochs: 3, shuffle: false, verbose: 0).history["loss"];

    [Test]
    public void Labels_in_x_labels_as_y_and_an_equal_external_loss_give_one_history([Values(RunMode.Eager, RunMode.Graph)] RunMode mode)
    {
        var models = Twins(3);
        foreach (var model in models.Take(2)) Compile(model, mode, new Adam(0.01));
        models[2].compile(new Adam(0.01), loss: new SparseCategoricalCrossentropy(from_logits: true), run_eagerly: mode == RunMode.Eager);
        var asY = Losses(models[0], X, Y);
        var inX = Losses(models[1], new Tensors(X.Named().Append(new("labels", Y))), null);
        var external = Losses(models[2], X, Y);
        Assert.That(inX, Is.EqualTo(asY));
        Assert.That(external, Is.EqualTo(asY).Within(1e-5));
        Assert.That(asY, Is.Ordered.Descending);
    }

    [Test]
    public void Without_labels_or_with_a_loss_of_null_training_says_what_is_missing()
    {
        var model = Twins(1)[0];
        Compile(model, RunMode.Eager, "sgd");
        Assert.That(() => model.fit(X, verbose: 0), Throws.ArgumentException.With.Message.Contains("labels"));
        model.compile(optimizer: "sgd", loss: null, run_eagerly: true);
        Assert.That(() => model.fit(X, Y, verbose: 0), Throws.InvalidOperationException.With.Message.Contains("loss"));
    }

    [Test]
    public void A_loss_that_is_no_number_ends_training([Values(RunMode.Eager, RunMode.Graph)] RunMode mode)
    {
        var model = Twins(1)[0];
        Compile(model, mode, new SGD(float.MaxValue));
        var batches = 0;
        var history = model.fit(X, Y, batch_size: 1, epochs: 5, shuffle: false, verbose: 0, callbacks: [new TerminateOnNaN(), new LambdaCallback(on_train_batch_end: (_, _) => batches++)]);
        Assert.That(batches, Is.EqualTo(2), "The first step breaks the weights, the second one shows it.");
        Assert.That(history.history["loss"], Is.EqualTo(new[] { double.NaN }));
    }

    /// <summary>Two towers, one of them pretrained, and a step of its own.</summary>
    sealed class TwoTowers(TFBertModel text) : Model
    {
        readonly TFBertModel text = text;
        readonly Keras.Layers.Dense numbers = new(units: 4);
        readonly Keras.Layers.Dense head = new(units: 1);

        public int Steps { get; private set; }

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var t = text.Apply(inputs["text"], training: training).pooler_output;
            var n = numbers.Apply(inputs["numbers"], training: training);
            return head.Apply(Api.ops.concatenate([t, n], axis: -1));
        }

        public override Tensors train_step(Batch data)
        {
            Steps++;
            var (x, y) = data;
            using var tape = new GradientTape();
            Tensor predicted = Apply(x, training: true);
            var loss = Graphs.Tf.Mean(Graphs.Tf.SquaredDifference(predicted, y!.Single));
            optimizer.apply(tape.gradient(loss, trainable_weights), trainable_weights);
            return new Dictionary<string, Tensors> { ["loss"] = loss };
        }
    }

    [Test]
    public void A_model_that_holds_a_pretrained_one_trains_with_its_own_step([Values] RunMode mode)
    {
        using var folder = new TemporaryFolder();
        new TFBertModel(SmallBert.Config()).save_pretrained(folder);
        var text = TFBertModel.from_pretrained(folder);
        var model = new TwoTowers(text);
        Compile(model, mode, new Adam(0.01));
        Tensors x = new Dictionary<string, Tensors> { ["text"] = X, ["numbers"] = Tensor.Of(new float[Rows, 2]) };
        var before = Floats(text.Weights.VariableOf("encoder.layer.0.intermediate.dense.weight").value);
        var losses = model.fit(x, Tensor.Of(new float[,] { { 1 }, { -1 }, { 1 }, { 0 }, { 2 }, { 1 } }), batch_size: Rows, epochs: 12, shuffle: false, verbose: 0).history["loss"];
        Assert.That(losses[^1], Is.LessThan(losses[0] / 2));
        Assert.That(model.Steps, Is.EqualTo(mode == RunMode.Eager ? 12 : 1), "A step is traced once.");
        Assert.That(model.trainable_weights, Has.Count.EqualTo(text.trainable_weights.Count + 4));
        Assert.That(Floats(text.Weights.VariableOf("encoder.layer.0.intermediate.dense.weight").value), Is.Not.EqualTo(before));
    }
}
