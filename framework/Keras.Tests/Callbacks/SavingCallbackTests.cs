using Keras.Callbacks;
using Keras.Layers;

namespace Keras.Tests.Callbacks;

/// <summary>Callbacks that save: names of files, what is the best, training that goes on, averaged weights.</summary>
public sealed class SavingCallbackTests
{
    static readonly float[,] X = { { 1, 2, 3 }, { 0, 1, 0 }, { 2, 0, 1 }, { 1, 1, 1 }, { 0, 2, 1 }, { 3, 1, 0 } };

    static readonly float[,] Y = { { 1 }, { 0 }, { 1 }, { 1 }, { 0 }, { 1 } };

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Sequential New(bool use_ema = false)
    {
        var model = Api.keras.Sequential([Api.keras.Input(new Shape(3)), new Dense(4, activation: "tanh", kernel_initializer: Api.keras.initializers.GlorotUniform(seed: 1)),
            new Dense(1, kernel_initializer: Api.keras.initializers.GlorotUniform(seed: 2))]);
        model.compile(optimizer: Api.keras.optimizers.SGD(learning_rate: 0.1, momentum: 0.9, use_ema: use_ema, ema_momentum: 0.5), loss: "mse", metrics: ["mae"]);
        return model;
    }

    static History Fit(Model model, int epochs, params Callback[] callbacks) => model.fit(X, Y, batch_size: 2, epochs: epochs, verbose: 0, shuffle: false, callbacks: callbacks);

    static double[][] Weights(Model model) => [.. model.get_weights().Select(w => ((EagerTensor)w).ToHost().ToDouble())];

    [TestCase("{epoch:02d}-{loss:.2f}", "07-0.50")]
    [TestCase("{epoch}{{x}}", "7{x}")]
    [TestCase("{loss}", "0.5")]
    [TestCase("{big}", "1e+20")]
    [TestCase("{loss:8.3f}|{loss:<8.3f}|{loss:^8.3f}|{loss:*>8.3f}|{loss:+.1f}|{loss:08.2f}", "   0.500|0.500   | 0.500  |***0.500|+0.5|00000.50")]
    [TestCase("{loss:e}|{loss:.0e}|{loss:g}|{tiny:g}|{big:.3g}|{loss:%}", "5.000000e-01|5e-01|0.5|1e-07|1e+20|50.000000%")]
    [TestCase("{epoch:5d}|{epoch:<3}|{epoch:.1f}|{negative:06.1f}", "    7|7  |7.0|-001.5")]
    public void Names_are_made_as_Python_makes_them(string format, string expected) =>
        Assert.That(PythonFormat.Format(format, new Dictionary<string, object> { ["epoch"] = 7, ["loss"] = 0.5, ["tiny"] = 1e-7, ["big"] = 1e20, ["negative"] = -1.5 }), Is.EqualTo(expected));

    [TestCase("{val_loss:.2f}", "val_loss")]
    [TestCase("{loss:02d}", "d")]
    [TestCase("{loss:zz}", "loss")]
    [TestCase("{loss", "{")]
    public void A_name_that_cannot_be_made_is_an_error(string format, string part)
    {
        var checkpoint = new ModelCheckpoint(format + ".weights.h5", save_weights_only: true);
        Assert.That(() => Fit(New(), 1, checkpoint), Throws.ArgumentException.With.Message.Contains(part));
    }

    [Test]
    public void A_whole_model_is_saved_each_epoch_and_loads()
    {
        using var folder = new TemporaryFolder();
        var model = New();
        Fit(model, 2, new ModelCheckpoint(folder["m{epoch}.keras"]));
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "m1.keras", "m2.keras" }));
        Assert.That(Weights(Api.keras.models.load_model(folder["m2.keras"])), Is.EqualTo(Weights(model)));
    }

    [Test]
    public void Only_the_best_is_saved_and_said()
    {
        using var folder = new TemporaryFolder();
        var values = new Queue<double>([0.5, 0.7, 0.4]);
        var printed = new StringWriter();
        var before = Console.Out;
        Console.SetOut(printed);
        try
        {
            Fit(New(), 3, new LambdaCallback(on_epoch_end: (_, logs) => logs["score"] = values.Dequeue()),
                new ModelCheckpoint(folder["{epoch}.weights.h5"], monitor: "score", mode: "min", save_best_only: true, save_weights_only: true, verbose: 1, initial_value_threshold: 0.6));
        }
        finally
        {
            Console.SetOut(before);
        }
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "1.weights.h5", "3.weights.h5" }));
        Assert.That(printed.ToString(), Does.Contain("Epoch 1: score improved from 0.60000 to 0.50000, saving model to").And.Contain("Epoch 2: score did not improve from 0.50000"));
    }

    [Test]
    public void Wrong_endings_and_frequencies_are_refused()
    {
        Assert.That(() => new ModelCheckpoint("x.txt"), Throws.ArgumentException.With.Message.Contains(".keras"));
        Assert.That(() => new ModelCheckpoint("x.h5", save_weights_only: true), Throws.ArgumentException.With.Message.Contains(".weights.h5"));
        Assert.That(() => new BackupAndRestore("x", save_freq: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new BackupAndRestore("x", save_freq: "batch"), Throws.ArgumentException);
    }

    sealed class Breaks(int epoch) : Callback
    {
        public override void on_epoch_begin(int epoch_now, Logs logs)
        {
            if (epoch_now == epoch) throw new OperationCanceledException();
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_run_that_was_broken_off_goes_on_as_if_it_had_not_been(bool double_checkpoint)
    {
        using var folder = new TemporaryFolder();
        var whole = New();
        Fit(whole, 4);

        BackupAndRestore Backup() => new(folder["backup"], double_checkpoint: double_checkpoint);
        Assert.That(() => Fit(New(), 4, Backup(), new Breaks(2)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(folder["backup"]), Has.Length.EqualTo(double_checkpoint ? 4 : 2));
        var second = New();
        var history = Fit(second, 4, Backup());
        Assert.That(history.epoch, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(Weights(second), Is.EqualTo(Weights(whole)));
        Assert.That(Directory.Exists(folder["backup"]), Is.False, "the backup goes when training has ended");
    }

    [Test]
    public void Backups_by_batches_begin_the_epoch_again()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Fit(New(), 4, new BackupAndRestore(folder["b"], save_freq: 2), new Breaks(1)), Throws.InstanceOf<OperationCanceledException>());
        var history = Fit(New(), 2, new BackupAndRestore(folder["b"], save_freq: 2, delete_checkpoint: false));
        Assert.That(history.epoch, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(Directory.GetFiles(folder["b"]).Select(Path.GetFileName), Is.EquivalentTo(new[] { "latest.weights.h5", "training_metadata.json" }));
    }

    [TestCase("latest.weights.h5")]
    [TestCase("training_metadata.json")]
    public void A_damaged_backup_falls_back_to_the_one_before(string damaged)
    {
        using var folder = new TemporaryFolder();
        var whole = New();
        Fit(whole, 4);
        Assert.That(() => Fit(New(), 4, new BackupAndRestore(folder["b"], double_checkpoint: true), new Breaks(3)), Throws.InstanceOf<OperationCanceledException>());
        File.WriteAllText(Path.Combine(folder["b"], damaged), "damaged");
        var second = New();
        var history = Fit(second, 4, new BackupAndRestore(folder["b"], double_checkpoint: true));
        Assert.That(history.epoch, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(Weights(second), Is.EqualTo(Weights(whole)));
    }

    [Test]
    public void A_damaged_backup_is_a_typed_error()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Fit(New(), 4, new BackupAndRestore(folder["b"]), new Breaks(1)), Throws.InstanceOf<OperationCanceledException>());
        File.WriteAllText(Path.Combine(folder["b"], "training_metadata.json"), """{"epoch": "x"}""");
        Assert.That(() => Fit(New(), 4, new BackupAndRestore(folder["b"])), Throws.InstanceOf<FileFormatException>().With.Message.Contains("training_metadata.json"));
    }

    [Test]
    public void Averages_are_in_the_model_while_it_is_evaluated()
    {
        var (plain, swapped) = (New(use_ema: true), New(use_ema: true));
        var seen = new List<double[][]>();
        Fit(plain, 2);
        swapped.fit(X, Y, batch_size: 2, epochs: 2, verbose: 0, shuffle: false, validation_data: new(X, Y),
            callbacks: [new SwapEMAWeights(), new LambdaCallback(on_epoch_end: (_, _) => seen.Add(Weights(swapped))), new TestProbe(() => seen.Add(Weights(swapped)))]);
        Assert.That(Weights(swapped), Is.EqualTo(Weights(plain)), "training is not touched, and ends with the averages");
        Assert.That(seen[2], Is.EqualTo(Weights(plain)), "the last validation saw the averages");
        Assert.That(seen[3], Is.Not.EqualTo(seen[2]), "after it the weights are back");
    }

    [Test]
    public void Averages_stay_between_epochs_for_what_saves_the_model_then()
    {
        using var folder = new TemporaryFolder();
        var (plain, swapped) = (New(use_ema: true), New(use_ema: true));
        Fit(plain, 3);
        Fit(swapped, 3, new SwapEMAWeights(swap_on_epoch: true), new ModelCheckpoint(folder["{epoch}.keras"]));
        Assert.That(Weights(swapped), Is.EqualTo(Weights(plain)));
        Assert.That(Weights(Api.keras.models.load_model(folder["3.keras"])), Is.EqualTo(Weights(plain)));
        Assert.That(() => Fit(New(), 1, new SwapEMAWeights(true)), Throws.InvalidOperationException.With.Message.Contains("use_ema"));
    }

    sealed class TestProbe(Action probe) : Callback
    {
        public override void on_test_begin(Logs logs) => probe();
    }
}
