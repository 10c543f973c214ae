using Keras.Graphs;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Models;

/// <content>Labels, losses and training.</content>
sealed partial class FamilyContractTests
{
    static List<double> Losses(TFPreTrainedModel model, Tensors x, Tensors? y = null, int epochs = 4) =>
        model.fit(x, y, batch_size: ContractClass.Rows, epochs: epochs, shuffle: false, verbose: 0).history["loss"];

    [TestCaseSource(nameof(Heads))]
    public void A_head_learns_by_its_own_loss_wherever_labels_are(ContractClass c)
    {
        List<List<double>> histories = [];
        foreach (var (i, model) in c.Twins(3).Index())
        {
            var inputs = ContractClass.Inputs(model);
            var labels = ContractClass.Labels(model, inputs);
            Compile(model, RunMode.Eager, new Adam(0.01));
            histories.Add(i switch
            {
                0 => Losses(model, ContractClass.With(inputs, labels)),
                1 => Losses(model, inputs, new Tensors(labels)),
                _ => Losses(model, inputs, labels.Count == 1 ? labels.Values.Single() : new Tensors(labels.Values)),
            });
        }
        Assert.That(histories[0], Is.Ordered.Descending);
        Assert.That(histories[1], Is.EqualTo(histories[0]));
        Assert.That(histories[2], Is.EqualTo(histories[0]));
    }

    [TestCaseSource(nameof(Heads))]
    public void The_loss_is_in_the_output_only_with_all_labels(ContractClass c)
    {
        var model = c.New();
        var inputs = ContractClass.Inputs(model);
        var labels = ContractClass.Labels(model, inputs);
        var outputs = model.Apply(ContractClass.With(inputs, labels));
        Assert.That(outputs.Keys[0], Is.EqualTo("loss"));
        Assert.That(outputs["loss"].Single.shape, Is.EqualTo(new Shape(1)).Or.EqualTo(new Shape(ContractClass.Rows)));
        Assert.That(Values(ContractClass.ApplyRecord(model, ContractClass.With(inputs, labels))), Is.EqualTo(Values(outputs)));
        foreach (var name in labels.Keys)
            Assert.That(model.Apply(ContractClass.With(inputs, labels.Where(l => l.Key != name))).Keys.Contains("loss"), Is.EqualTo(model.HasLabels(labels.Keys.Where(k => k != name))), $"without {name}");
        Assert.That(model.Apply(inputs).Keys, Has.No.Member("loss"));
        Compile(model, RunMode.Eager, "sgd");
        Assert.That(() => model.fit(inputs, verbose: 0), Throws.ArgumentException.With.Message.Contains(model.LabelNames[0]));
    }

    [TestCaseSource(nameof(Heads))]
    public void A_head_trains_in_half_precision(ContractClass c)
    {
        var full = c.New();
        using var folder = new TemporaryFolder();
        full.save_pretrained(folder);
        var model = c.Load(folder, "mixed_bfloat16");
        var inputs = ContractClass.Inputs(model);
        var (expected, scores) = (full.Apply(inputs)[0], model.Apply(inputs)[0]);
        Assert.That(model.weights.Where(w => w.dtype.IsFloating).Select(w => w.dtype), Is.All.EqualTo(DType.Float32));
        Assert.That(scores.Single.dtype, Is.EqualTo(DType.BFloat16));
        Assert.That(Values(scores), Is.EqualTo(Values(expected)).Within(0.15f));
        Compile(model, RunMode.Graph, new Adam(0.01));
        var losses = Losses(model, ContractClass.With(inputs, ContractClass.Labels(model, inputs)));
        Assert.That(losses[^1], Is.LessThan(losses[0]));
    }

    [TestCaseSource(nameof(WithCheckpointing))]
    public void Gradients_are_the_same_with_checkpointing(ContractClass c)
    {
        var model = c.New();
        var inputs = ContractClass.Inputs(model);
        var labels = ContractClass.Labels(model, inputs);
        var given = ContractClass.With(inputs, labels);
        float[][] Gradients()
        {
            using var tape = new GradientTape();
            var first = model.Apply(given, training: true)[0].Single;
            var loss = Tf.Mean(labels.Count > 0 ? first : first * first);
            return [.. tape.gradient(loss, model.trainable_weights).Select(g => g is null ? [] : Floats(g)), Floats(loss)];
        }
        var expected = Gradients();
        model.gradient_checkpointing_enable();
        Assert.That(model.is_gradient_checkpointing, Is.True);
        var got = Gradients();
        Assert.That(got, Has.Length.EqualTo(expected.Length));
        for (var i = 0; i < got.Length; i++) Assert.That(got[i], Is.EqualTo(expected[i]).Within(1e-5f));
        model.gradient_checkpointing_disable();
        Assert.That(model.is_gradient_checkpointing, Is.False);
    }

    static IEnumerable<TestCaseData> Trained => Where(m => m.LabelNames.Count > 0 || m is TFVisionTextDualEncoderModel);

    /// <summary>Where XLA compiles for seconds, these stand for all.</summary>
    static readonly string[] CompiledByXla = [nameof(TFBertForSequenceClassification), nameof(TFBertForTokenClassification), nameof(TFGPT2LMHeadModel)];

    [TestCaseSource(nameof(Trained))]
    public void A_last_batch_of_fewer_rows_is_no_other_where_it_is_filled_up(ContractClass c)
    {
        if (Engines.Engine.Current.Name == "tensorflow" && !CompiledByXla.Contains(c.Name)) Assert.Ignore("Tried on the Torch engine, where nothing is compiled.");
        List<(List<double> Losses, double Loss, float[] Predicted)> results = [];
        foreach (var (i, model) in c.Twins(2).Index())
        {
            var inputs = ContractClass.Inputs(model, rows: 5);
            var data = ContractClass.With(inputs, ContractClass.Labels(model, inputs));
            model.compile(optimizer: new SGD(0.05), jit_compile: i == 1);
            var losses = model.fit(data, batch_size: 2, epochs: 2, shuffle: false, verbose: 0).history["loss"];
            results.Add((losses, model.evaluate(data, batch_size: 2, verbose: 0)["loss"], Values(model.predict(inputs, batch_size: 2, verbose: 0))));
        }
        Assert.That(results[1].Losses, Is.EqualTo(results[0].Losses).Within(1e-4));
        Assert.That(results[1].Loss, Is.EqualTo(results[0].Loss).Within(1e-4));
        Assert.That(results[1].Predicted, Is.EqualTo(results[0].Predicted).Within(1e-3f));
    }
}
