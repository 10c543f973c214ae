using System.Text.RegularExpressions;
using Keras.Callbacks;
using Keras.Optimizers;
using Keras.Tests.Training;
using static Keras.Api;

namespace Keras.Tests.Callbacks;

/// <summary>What is printed, and callbacks beyond Keras' records.</summary>
public sealed class ProgressTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static readonly (float[,] X, float[,] Y) Data = TinyModel.Data(10);

    static TinyModel Compiled()
    {
        var model = new TinyModel();
        model.compile(new SGD(0.05), "mse", metrics: ["mae"], jit_compile: false);
        return model;
    }

    [Test]
    public void RedirectedOutputGetsALinePerEpoch()
    {
        using var output = new StringWriter();
        var history = Compiled().fit(Data.X, Data.Y, batch_size: 4, epochs: 2, callbacks: [new ProgbarLogger(output)], validation_data: (Data.X, Data.Y)).history;
        var lines = output.ToString().Split(output.NewLine);
        Assert.That(lines, Has.Length.EqualTo(5));
        Assert.That((lines[0], lines[2]), Is.EqualTo(("Epoch 1/2", "Epoch 2/2")));
        Assert.That(lines[1], Does.Match(@"^3/3 - \d+s - \d+(s|ms|us)/step - loss: \d\.\d{4} - mae: \d\.\d{4} - val_loss: \d\.\d{4} - val_mae: \d\.\d{4}$"));
        Assert.That(lines[3], Does.Contain(FormattableString.Invariant($"loss: {history["loss"][1]:F4}")));
    }

    [Test]
    public void TheBarIsKeras()
    {
        using var output = new StringWriter();
        var bar = new ProgressBar(output, 3, showsBar: true);
        bar.Update(1, new Logs { ["loss"] = 0.5 });
        bar.Finish(3, new Logs { ["loss"] = 1e-5 });
        var plain = Regex.Replace(output.ToString(), "\x1b\\[\\d+m", "");
        Assert.That(plain, Does.StartWith("\r1/3 ━━━━━━━━━━━━━━━━━━━━ ").And.Contains(" - loss: 0.5000"));
        Assert.That(plain, Does.EndWith(" - loss: 1.0000e-05" + output.NewLine).Or.Match(@"loss: 1\.0000e-05 *\r?\n$"));
        Assert.That(output.ToString(), Does.Contain("\x1b[32m━━━━━━\x1b[0m\x1b[37m━━━━━━━━━━━━━━\x1b[0m"), "a third of twenty, rounded down");
    }

    /// <summary>As Keras' own prints: figures are averaged over steps but for those that are named, and shown as they are at the end.</summary>
    [Test]
    public void ABarOfOnesOwnAveragesFigures()
    {
        using var output = new StringWriter();
        var bar = new Utils.Progbar(output, isTerminal: false, 10, width: 5, interval: 0, stateful_metrics: ["rate"], unit_name: "file");
        bar.update(2, [("loss", 4), ("rate", 1)]);
        bar.add(6, [("loss", 0), ("rate", 3)]);
        bar.add(2, [("loss", 7), ("rate", 2)]);
        var lines = Regex.Replace(output.ToString(), "\x1b\\[\\d+m", "").Split('\n');
        Assert.That(lines[1], Does.Match(@"^ 2/10 ━━━━━ \d+s \d+(s|ms|us)/file - loss: 4\.0000 - rate: 1\.0000 *$"));
        Assert.That(lines[2], Does.Contain(" 8/10 ━━━━━").And.Contains(" - loss: 1.0000 - rate: 3.0000"));
        Assert.That(lines[3], Does.Contain("10/10 ━━━━━").And.Contains(" - loss: 7.0000 - rate: 2.0000"));
    }

    [TestCase(0, "^$")]
    [TestCase(2, @"^3/3 - \d+s - \d+(s|ms|us)/step - loss: 2\.0000\r?\n$")]
    public void ABarOfOnesOwnPrintsWhatVerboseSays(int verbose, string printed)
    {
        using var output = new StringWriter();
        var bar = new Utils.Progbar(output, isTerminal: true, 3, verbose: verbose);
        for (var i = 1; i <= 3; i++) bar.update(i, [("loss", i - 1)]);
        Assert.That(output.ToString(), Does.Match(printed));
    }

    [Test]
    public void ABarWithoutATargetEndsWhenTold()
    {
        using var output = new StringWriter();
        var bar = new Utils.Progbar(output, isTerminal: true, null, stateless_metrics: ["mean"]);
        bar.update(4, [("mean", 2), ("last", 5)], finalize: true);
        Assert.That(Regex.Replace(output.ToString(), "\x1b\\[\\d+m", ""), Does.Match(@"^\r      4/Unknown \d+s .* - mean: 2\.0000 - last: 5\.0000\r?\n$"));
        Assert.That(() => keras.utils.Progbar(3, verbose: 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => keras.utils.Progbar(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => keras.utils.Progbar(3, stateful_metrics: [], stateless_metrics: []), Throws.ArgumentException);
        Assert.That(() => keras.utils.Progbar(3).add(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Four batches where ten steps are asked for: every epoch says so, and shows what ran.</summary>
    [TestCase(1)]
    [TestCase(3)]
    public void AnEpochWhoseDataRanOutSaysSo(int steps_per_execution)
    {
        var warnings = new List<string>();
        var before = Graphs.Diagnostics.Warn;
        Graphs.Diagnostics.Warn = warnings.Add;
        try
        {
            using var output = new StringWriter();
            var model = new TinyModel();
            model.compile(new SGD(0.05), "mse", jit_compile: false, steps_per_execution: steps_per_execution);
            var (x, y) = TinyModel.Data(2);
            model.fit(Enumerable.Repeat(new Batch(x, y), 4), epochs: 3, steps_per_epoch: 10, callbacks: [new ProgbarLogger(output)]);
            Assert.That(warnings, Has.Count.EqualTo(3).And.All.Contains("after 4 of 10 steps"));
            Assert.That(Regex.Matches(output.ToString(), @"(?m)^ 4/10 - "), Has.Count.EqualTo(3), output.ToString());
        }
        finally
        {
            Graphs.Diagnostics.Warn = before;
        }
    }

    static IEnumerable<TestCaseData> Watchers => new (string Name, Func<string, Callback> Of)[]
    {
        ("EarlyStopping", m => new EarlyStopping(m)), ("ReduceLROnPlateau", m => new ReduceLROnPlateau(m)),
        ("ModelCheckpoint", m => new ModelCheckpoint(Path.Combine(Path.GetTempPath(), "watched.weights.h5"), m, save_best_only: true, save_weights_only: true)),
    }.Select(w => new TestCaseData(w.Of).SetArgDisplayNames(w.Name));

    [TestCaseSource(nameof(Watchers))]
    public void WhatWatchesAnUnknownFigureNamesTheKnown(Func<string, Callback> watcher)
    {
        var warnings = new List<string>();
        var before = Graphs.Diagnostics.Warn;
        Graphs.Diagnostics.Warn = warnings.Add;
        try
        {
            Compiled().fit(Data.X, Data.Y, epochs: 2, verbose: 0, callbacks: [watcher("val_los")], validation_data: (Data.X, Data.Y));
            Assert.That(warnings, Has.Count.EqualTo(2).And.All.Contains("'val_los'").And.All.Contains("val_mae").And.All.EndsWith("Did you mean \"val_loss\"?"));
        }
        finally
        {
            Graphs.Diagnostics.Warn = before;
        }
    }

    [Test]
    public void EvaluateAndPredictPrintOneLine()
    {
        using var output = new StringWriter();
        var model = Compiled();
        model.evaluate(Data.X, Data.Y, batch_size: 4, callbacks: [new ProgbarLogger(output)]);
        model.predict(Data.X, batch_size: 4, callbacks: [new ProgbarLogger(output)]);
        var lines = output.ToString().Split(output.NewLine);
        Assert.That(lines[0], Does.Match(@"^3/3 - .*loss: .* - mae: "));
        Assert.That(lines[1], Does.Match(@"^3/3 - \d+s - \d+(s|ms|us)/step$"));
    }

    [TestCase(0.1, "0.1")]
    [TestCase(1, "1.0")]
    [TestCase(0, "0.0")]
    [TestCase(1e-5, "1e-05")]
    [TestCase(-2.5e-7, "-2.5e-07")]
    [TestCase(1e16, "1e+16")]
    [TestCase(123456789012345.0, "123456789012345.0")]
    [TestCase(0.0001, "0.0001")]
    [TestCase(double.NaN, "nan")]
    public void NumbersAreWrittenAsPythonDoes(double value, string text) => Assert.That(PythonFloat.Text(value), Is.EqualTo(text));

    [Test]
    public void LambdaCallbacksSeeEveryHook()
    {
        var seen = new List<string>();
        var callback = new LambdaCallback((e, _) => seen.Add($"epoch {e}"), (e, l) => seen.Add($"end {e} {l.ContainsKey("loss")}"), _ => seen.Add("begin"), _ => seen.Add("done"),
            (b, _) => seen.Add($"batch {b}"), (b, l) => seen.Add($"batch end {b} {l.ContainsKey("mae")}"));
        Compiled().fit(Data.X, Data.Y, verbose: 0, callbacks: [callback]);
        Assert.That(seen, Is.EqualTo(["begin", "epoch 0", "batch 0", "batch end 0 True", "end 0 True", "done"]));
    }

    [Test]
    public void WhatACallbackCannotDoIsSaid()
    {
        var model = Compiled();
        Assert.That(() => new EarlyStopping(mode: "best"), Throws.ArgumentException);
        Assert.That(() => new ReduceLROnPlateau(factor: 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new EarlyStopping().model, Throws.InvalidOperationException);
        model.fit(Data.X, Data.Y, epochs: 2, verbose: 0, callbacks: [new EarlyStopping("unknown")]);
        Assert.That(model.history!.epoch, Has.Count.EqualTo(2), "a log that is missing only warns");
        Assert.That(() => model.fit(Data.X, Data.Y, epochs: 2, verbose: 0, callbacks: [new LambdaCallback(on_epoch_end: (_, l) => l["strange"] = 1), new EarlyStopping("strange")]),
            Throws.ArgumentException.With.Message.Contains("mode"));
    }

    [Test]
    public void CsvLoggerAppendsWithoutASecondHeader()
    {
        using var folder = new TemporaryFolder();
        var model = Compiled();
        for (var i = 0; i < 2; i++)
        {
            using var logger = new CSVLogger(folder["log.csv"], append: true);
            model.fit(Data.X, Data.Y, epochs: 1, verbose: 0, callbacks: [logger]);
        }
        var lines = File.ReadAllLines(folder["log.csv"]);
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines[0], Is.EqualTo("epoch,loss,mae"));
    }

    [Test]
    public void MissingValidationsAreNotAvailable()
    {
        using var folder = new TemporaryFolder();
        using var logger = new CSVLogger(folder["log.csv"]);
        Compiled().fit(Data.X, Data.Y, epochs: 2, verbose: 0, callbacks: [logger], validation_data: (Data.X, Data.Y), validation_freq: 2);
        var lines = File.ReadAllLines(folder["log.csv"]);
        Assert.That(lines[0], Is.EqualTo("epoch,loss,mae,val_loss,val_mae"));
        Assert.That(lines[1], Does.EndWith(",NA,NA"));
        Assert.That(lines[2], Does.Not.Contain("NA"));
    }
}
