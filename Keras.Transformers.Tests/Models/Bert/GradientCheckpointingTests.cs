using System.Runtime.InteropServices;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Models;

sealed class GradientCheckpointingTests : EngineFixture
{
    static BertConfig Config(double dropout = 0.3) => new()
    {
        vocab_size = SmallBert.Vocabulary, hidden_size = 12, num_hidden_layers = 3, num_attention_heads = 3, intermediate_size = 20, max_position_embeddings = 16,
        hidden_dropout_prob = (float)dropout, attention_probs_dropout_prob = (float)dropout, initializer_range = 0.25f, num_labels = 3,
    };

    [Test]
    public void Training_goes_as_without_it_dropout_included([Values] RunMode mode)
    {
        using var folder = new ModelFolder();
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

    /// <summary>Gives free memory back, which would hide what the next step needs.</summary>
    [DllImport("libc")]
    static extern int malloc_trim(nint keep);

    /// <summary>The peak of a training step above what is held before it, in MB, by the kernel's own count.</summary>
    static double PeakOfStep(RunMode mode, bool checkpointing)
    {
        var config = new BertConfig { vocab_size = 50, hidden_size = 64, num_hidden_layers = 8, num_attention_heads = 4, intermediate_size = 256, max_position_embeddings = 128, num_labels = 2 };
        var model = new TFBertForSequenceClassification(config);
        if (checkpointing) model.gradient_checkpointing_enable();
        Compile(model, mode, new SGD(0.01));
        Tensors x = Tensor.Of(new int[24, 128]);
        Tensor y = Tensor.Of(new int[24]);
        model.train_on_batch(x, y);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TestContext.Out.WriteLine($"rss {StatusOf("VmRSS")} hwm {StatusOf("VmHWM")}");
        _ = malloc_trim(0);
        TestContext.Out.WriteLine($"rss {StatusOf("VmRSS")} hwm {StatusOf("VmHWM")}");
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = StatusOf("VmRSS");
        model.train_on_batch(x, y);
        return (StatusOf("VmHWM") - before) / 1024.0;
    }

    static double StatusOf(string field) => double.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal)).Split([' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);

    [Test]
    [Platform("Linux")]
    public void A_training_step_needs_less_than_half_of_the_memory([Values(RunMode.Graph, RunMode.Xla)] RunMode mode)
    {
        var (plain, checkpointed) = (PeakOfStep(mode, false), PeakOfStep(mode, true));
        TestContext.Out.WriteLine($"{mode}: {plain:0.0} MB without, {checkpointed:0.0} MB with gradient checkpointing");
        Assert.That(checkpointed, Is.LessThan(plain / 2));
    }
}
