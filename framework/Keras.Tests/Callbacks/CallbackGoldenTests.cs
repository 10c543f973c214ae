using System.Text.Json;
using Keras.Callbacks;
using Keras.Tests.Training;

namespace Keras.Tests.Callbacks;

/// <summary>Callbacks against Keras' records: the order of their calls, what they see, do and write.</summary>
public sealed class CallbackGoldenTests
{
    static GoldenList List => GoldenList.Find("training", "callbacks")!;

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("training", "callbacks", RunMode.Graph);

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    /// <summary>Records every call as [callback, method, index?, logs].</summary>
    sealed class Tracer(string name, List<object[]> trace) : Callback
    {
        void Add(string method, Logs logs) => trace.Add([name, method, Copy(logs)]);

        void Add(string method, int index, Logs logs) => trace.Add([name, method, index, Copy(logs)]);

        static KeyValuePair<string, double>[] Copy(Logs logs) => logs.outputs is null ? [.. logs] : [new("outputs", 0)];

        public override void on_train_begin(Logs logs) => Add(nameof(on_train_begin), logs);

        public override void on_train_end(Logs logs) => Add(nameof(on_train_end), logs);

        public override void on_epoch_begin(int epoch, Logs logs) => Add(nameof(on_epoch_begin), epoch, logs);

        public override void on_epoch_end(int epoch, Logs logs) => Add(nameof(on_epoch_end), epoch, logs);

        public override void on_train_batch_begin(int batch, Logs logs) => Add(nameof(on_train_batch_begin), batch, logs);

        public override void on_train_batch_end(int batch, Logs logs) => Add(nameof(on_train_batch_end), batch, logs);

        public override void on_test_begin(Logs logs) => Add(nameof(on_test_begin), logs);

        public override void on_test_end(Logs logs) => Add(nameof(on_test_end), logs);

        public override void on_test_batch_begin(int batch, Logs logs) => Add(nameof(on_test_batch_begin), batch, logs);

        public override void on_test_batch_end(int batch, Logs logs) => Add(nameof(on_test_batch_end), batch, logs);

        public override void on_predict_begin(Logs logs) => Add(nameof(on_predict_begin), logs);

        public override void on_predict_end(Logs logs) => Add(nameof(on_predict_end), logs);

        public override void on_predict_batch_begin(int batch, Logs logs) => Add(nameof(on_predict_batch_begin), batch, logs);

        public override void on_predict_batch_end(int batch, Logs logs) => Add(nameof(on_predict_batch_end), batch, logs);
    }

    [TestCaseSource(nameof(Cases))]
    public void CallsAndEffectsAreKeras(JsonElement golden, RunMode mode)
    {
        using var folder = new TemporaryFolder();
        var trace = new List<object[]>();
        var callbacks = golden.GetProperty("callbacks").EnumerateArray().Select(c => Make(c, trace, folder.Path)).OfType<Callback>().ToArray();
        var model = GoldenModel.Make(golden.GetProperty("to_json"));
        var (x, y) = (GoldenTraining.Tensors(List, golden.GetProperty("x")), GoldenTraining.Tensors(List, golden.GetProperty("y")));
        var weights = model.Load(List, golden.GetProperty("initial_weights"), x);
        GoldenTraining.Compile(model, golden.GetProperty("compile"), mode);
        var rates = new List<double>();
        var history = GoldenTraining.Fit(model, List, golden, x, y, [.. callbacks, new LambdaCallback(on_epoch_end: (_, _) => rates.Add(model.LearningRate))]);

        if (GoldenList.Part(golden, "history") is { } record) GoldenTraining.CompareHistory(history.history, record);
        if (GoldenList.Part(golden, "epochs") is { } epochs) Assert.That(history.epoch, Is.EqualTo(epochs.EnumerateArray().Select(e => e.GetInt32())));
        if (GoldenList.Part(golden, "stop_training") is { } stop) Assert.That(model.stop_training, Is.EqualTo(stop.GetBoolean()));
        if (GoldenList.Part(golden, "learning_rate_at_epoch_end") is { } goldenRates)
            foreach (var (rate, expected) in rates.Zip(goldenRates.EnumerateArray())) GoldenTraining.Close(rate, expected, "learning rate");
        if (GoldenList.Part(golden, "weights_after") is { } after) GoldenTraining.CompareWeights(List, weights, after);
        if (golden.TryGetProperty("trace", out var expectedTrace)) CompareTrace(trace, expectedTrace);
        CompareStopping(callbacks, golden);
        CompareCsv(folder.Path, golden);
        if (golden.TryGetProperty("files_written", out var files))
            Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(files.EnumerateArray().Select(f => f.GetString())));
        CompareOthers(model, golden, x, y);
    }

    /// <summary>The callbacks that only need their arguments, which have Keras' names.</summary>
    static readonly Type[] Plain = [typeof(TerminateOnNaN), typeof(CSVLogger), typeof(EarlyStopping), typeof(ReduceLROnPlateau), typeof(ModelCheckpoint), typeof(SwapEMAWeights), typeof(BackupAndRestore)];

    static Callback? Make(JsonElement golden, List<object[]> trace, string folder)
    {
        var (name, kwargs) = (golden.GetProperty("class").GetString(), GoldenList.Kwargs(golden));
        foreach (var path in (string[])["filename", "filepath", "backup_dir"])
            if (kwargs.TryGetValue(path, out var file)) kwargs[path] = Path.Combine(folder, (string)file!);
        switch (name, kwargs.GetValueOrDefault("schedule"))
        {
            case ("Tracer", _): return new Tracer((string?)kwargs.GetValueOrDefault("name") ?? "", trace);
            case ("LearningRateScheduler", "halve"): return new LearningRateScheduler((_, rate) => rate * 0.5);
            case ("LearningRateScheduler", "table"): return new LearningRateScheduler(epoch => new[] { 0.1, 0.05, 0.2, 0.2 }[epoch]);
        }
        if (Array.Find(Plain, t => t.Name == name) is { } type) return SerializedObject.Construct<Callback>(type, kwargs);
        Assert.Ignore($"The test does not know the callback {name} ({string.Join(", ", kwargs)}).");
        return null;
    }

    static void CompareTrace(List<object[]> actual, JsonElement expected, bool compareValues = true)
    {
        var calls = expected.EnumerateArray().ToArray();
        Assert.That(actual.Select(c => string.Join(' ', c[..^1])), Is.EqualTo(calls.Select(c => string.Join(' ', c.EnumerateArray().SkipLast(1)))));
        for (var i = 0; i < calls.Length; i++)
        {
            var logs = calls[i].EnumerateArray().Last().EnumerateArray().ToArray();
            var own = (KeyValuePair<string, double>[])actual[i][^1];
            Assert.That(own.Select(l => l.Key), Is.EqualTo(logs.Select(l => l.ValueKind == JsonValueKind.Array ? l[0].GetString() : l.GetString())), $"logs of call {i}");
            foreach (var (value, log) in own.Zip(logs))
                if (compareValues && log.ValueKind == JsonValueKind.Array) GoldenTraining.Close(value.Value, log[1], $"{value.Key} of call {i}");
        }
    }

    static void CompareStopping(Callback[] callbacks, JsonElement golden)
    {
        if (!golden.TryGetProperty("early_stopping", out var expected)) return;
        var stopping = callbacks.OfType<EarlyStopping>().Single();
        Assert.That((stopping.stopped_epoch, stopping.best_epoch, stopping.wait),
            Is.EqualTo((expected.GetProperty("stopped_epoch").GetInt32(), expected.GetProperty("best_epoch").GetInt32(), expected.GetProperty("wait").GetInt32())));
        GoldenTraining.Close(stopping.best!.Value, expected.GetProperty("best"), "best");
    }

    /// <summary>Exact text, but for the numbers' last digits.</summary>
    static void CompareCsv(string folder, JsonElement golden)
    {
        if (!golden.TryGetProperty("csv", out var expected)) return;
        var (own, keras) = (File.ReadAllText(Directory.GetFiles(folder, "*.csv").Single()), expected.EnumerateArray().Last().GetString()!);
        char[] breaks = [',', ';', '\r', '\n'];
        Assert.That(own.Where(breaks.Contains), Is.EqualTo(keras.Where(breaks.Contains)), "separators");
        foreach (var (a, b) in own.Split(breaks).Zip(keras.Split(breaks)))
        {
            if (double.TryParse(b, System.Globalization.CultureInfo.InvariantCulture, out var number) && b.Contains('.', StringComparison.Ordinal))
            {
                Assert.That(a, Does.Match(@"^-?\d+\.\d+(e[-+]\d\d)?$"), "a number as Python prints it");
                Assert.That(double.Parse(a, System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(number).Within(1e-5 + (2e-4 * Math.Abs(number))));
            }
            else
            {
                Assert.That(a, Is.EqualTo(b));
            }
        }
    }

    static void CompareOthers(Model model, JsonElement golden, Tensors x, Tensors y)
    {
        if (golden.TryGetProperty("evaluate_trace", out var evaluateTrace))
        {
            var trace = new List<object[]>();
            model.evaluate(x, y, batch_size: 4, verbose: 0, callbacks: [new Tracer("E", trace)]);
            // The list does not say which data was evaluated, so only calls and names are compared.
            CompareTrace(trace, evaluateTrace, compareValues: false);
        }
        if (golden.TryGetProperty("predict_trace", out var predictTrace))
        {
            var trace = new List<object[]>();
            model.predict(x, batch_size: 4, verbose: 0, callbacks: [new Tracer("P", trace)]);
            CompareTrace(trace, predictTrace);
        }
    }
}
