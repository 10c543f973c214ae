using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Keras.Callbacks;

namespace Keras.Tests.Training;

/// <summary>fit, evaluate and predict against Keras' records: histories, logs of batches, weights, in every mode.</summary>
public sealed class FitGoldenTests
{
    static GoldenList List => GoldenList.Find("training", "fit")!;

    /// <summary>Every case eagerly and compiled; with XLA, which takes seconds to compile, every fourth.</summary>
    static IEnumerable<TestCaseData> Cases =>
        [.. GoldenList.Cases("training", "fit", RunMode.Eager, RunMode.Graph), .. GoldenList.Cases("training", "fit", RunMode.Xla).Where((_, i) => i % 4 == 0)];

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [TestCaseSource(nameof(Cases))]
    public void HistoryAndWeightsAreKeras(JsonElement golden, RunMode mode)
    {
        var model = GoldenModel.Make(golden.GetProperty("to_json"));
        var x = GoldenTraining.Tensors(List, golden.GetProperty("x"));
        var y = GoldenTraining.Tensors(List, golden.GetProperty("y"));
        var weights = model.Load(List, golden.GetProperty("initial_weights"), x);
        GoldenTraining.Compile(model, golden.GetProperty("compile"), mode);
        var recorder = new BatchRecorder();
        if (!TryFit(model, golden, mode, x, y, recorder, out var history)) return;

        // Parts of the loss weigh batches by their size, as Keras does when it runs eagerly.
        // Of two records the one whose embedding gradients are summed first (the golden README).
        var summed = golden.TryGetProperty("dense_embedding_gradients", out var dense);
        var (main, parts) = ((summed ? dense : golden).GetProperty("history"), golden.TryGetProperty("run_eagerly", out var eager) ? eager.GetProperty("history") : (summed ? dense : golden).GetProperty("history"));
        GoldenTraining.CompareHistory(history.history, main, name => !IsPartOfLoss(name));
        GoldenTraining.CompareHistory(history.history, parts, IsPartOfLoss);
        Assert.That(history.epoch, Is.EqualTo(golden.GetProperty("epochs").EnumerateArray().Select(e => e.GetInt32())));
        GoldenTraining.CompareWeights(List, weights, (summed ? dense : golden).GetProperty("weights_after"));
        Assert.That(model.metrics_names, Is.EqualTo(golden.GetProperty("metrics_names").EnumerateArray().Select(n => n.GetString())));
        if (summed) return;
        CompareBatches(recorder.Logs, golden.GetProperty("train_batch_end_logs"));
        CompareEvaluation(model, golden, x, y);
        CompareOutputs(model.predict(x, batch_size: 3, verbose: 0), golden.GetProperty("predict_batch_3"));
    }

    static bool IsPartOfLoss(string name) => name.EndsWith("_loss", StringComparison.Ordinal) && name != "val_loss";

    /// <summary>Trains; compiled gradient accumulation is skipped as long as optimizers have no conditional updates in traced steps.</summary>
    static bool TryFit(Model model, JsonElement golden, RunMode mode, Tensors x, Tensors y, Callback recorder, [NotNullWhen(true)] out History? history)
    {
        var accumulates = golden.GetProperty("compile").GetProperty("optimizer") is { ValueKind: JsonValueKind.Object } optimizer
            && optimizer.GetProperty("kwargs").TryGetProperty("gradient_accumulation_steps", out _);
        try
        {
            history = Fit(model, golden, x, y, recorder);
            return true;
        }
        catch (UnsupportedException error) when (accumulates && mode != RunMode.Eager)
        {
            history = null;
            Assert.Ignore(error.Message);
            return false;
        }
    }

    static History Fit(Model model, JsonElement golden, Tensors x, Tensors y, Callback recorder)
    {
        var fit = golden.GetProperty("fit");
        int? Whole(string key) => fit.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
        return model.fit(x, y, Whole("batch_size"), Whole("epochs") ?? 1, verbose: 0, callbacks: [recorder],
            validation_split: fit.TryGetProperty("validation_split", out var split) ? split.GetDouble() : 0, validation_data: GoldenTraining.Validation(List, golden),
            shuffle: fit.GetProperty("shuffle").GetBoolean(), class_weight: GoldenTraining.ClassWeight(fit), sample_weight: GoldenTraining.Tensors(List, golden, "sample_weight"),
            initial_epoch: Whole("initial_epoch") ?? 0, steps_per_epoch: Whole("steps_per_epoch"), validation_steps: Whole("validation_steps"),
            validation_batch_size: Whole("validation_batch_size"), validation_freq: Whole("validation_freq") ?? 1);
    }

    static void CompareBatches(List<(int Batch, KeyValuePair<string, double>[] Logs)> actual, JsonElement expected)
    {
        Assert.That(actual.Select(l => l.Batch), Is.EqualTo(expected.EnumerateArray().Select(l => l[0].GetInt32())));
        for (var i = 0; i < actual.Count; i++)
        {
            var logs = expected[i][1].EnumerateArray().ToArray();
            Assert.That(actual[i].Logs.Select(l => l.Key), Is.EqualTo(logs.Select(l => l[0].GetString())), $"names and order in batch {i}");
            foreach (var (own, log) in actual[i].Logs.Zip(logs))
                if (!IsPartOfLoss(own.Key)) GoldenTraining.Close(own.Value, log[1], $"{own.Key} of batch {i}");
        }
    }

    static void CompareEvaluation(Model model, JsonElement golden, Tensors x, Tensors y)
    {
        var evaluation = model.evaluate(x, y, batch_size: 4, verbose: 0);
        var parts = golden.TryGetProperty("run_eagerly", out var eager) ? eager.GetProperty("evaluate_batch_4_return_dict") : golden.GetProperty("evaluate_batch_4_return_dict");
        GoldenTraining.CompareLogs(evaluation.Logs.Where(l => !IsPartOfLoss(l.Key)), WithoutParts(golden.GetProperty("evaluate_batch_4_return_dict")), "evaluate");
        GoldenTraining.CompareLogs(evaluation.Logs, parts, "evaluate");
        var list = golden.GetProperty("evaluate_batch_4");
        if (list.ValueKind != JsonValueKind.Array)
        {
            GoldenTraining.Close((double)evaluation, list, "evaluate");
            return;
        }
        Assert.That(evaluation, Has.Count.EqualTo(list.GetArrayLength()));
        var names = golden.GetProperty("metrics_names").EnumerateArray().Select(n => n.GetString()!).Where(n => n != "compile_metrics").ToArray();
        for (var i = 0; i < evaluation.Count; i++)
            if (!(i < names.Length && IsPartOfLoss(names[i])) || eager.ValueKind == JsonValueKind.Undefined) GoldenTraining.Close(evaluation[i], list[i], $"evaluate at {i}");
        Assert.That(model.evaluate(x, y, batch_size: 4, verbose: 0, return_dict: true), Is.EqualTo(evaluation.Logs.Select(l => l.Value)));
    }

    static JsonElement WithoutParts(JsonElement logs) => JsonSerializer.SerializeToElement(logs.EnumerateArray().Where(l => !IsPartOfLoss(l[0].GetString()!)));

    static void CompareOutputs(Tensors actual, JsonElement expected)
    {
        if (expected.ValueKind == JsonValueKind.Array)
            foreach (var (output, i) in expected.EnumerateArray().Select((o, i) => (o, i))) List.Compare(actual[i], output, 2e-4, 1e-5, $"output {i}");
        else if (!expected.TryGetProperty("shape", out _))
            foreach (var output in expected.EnumerateObject()) List.Compare(actual[output.Name], output.Value, 2e-4, 1e-5, output.Name);
        else List.Compare(actual, expected, 2e-4, 1e-5, "predict");
    }
}

/// <summary>Keeps the logs of each batch.</summary>
sealed class BatchRecorder : Callback
{
    public List<(int Batch, KeyValuePair<string, double>[] Logs)> Logs { get; } = [];

    public override void on_train_batch_end(int batch, Logs logs) => Logs.Add((batch, [.. logs]));
}
