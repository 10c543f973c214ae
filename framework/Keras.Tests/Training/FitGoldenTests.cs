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
        var dense = GoldenList.Part(golden, "dense_embedding_gradients");
        var (main, eager) = (dense ?? golden, GoldenList.Part(golden, "run_eagerly"));
        if (GoldenList.Part(main, "history") is { } record) GoldenTraining.CompareHistory(history.history, record, name => !IsPartOfLoss(name));
        if ((eager is not null || AreEven(x, GoldenList.Part(golden.GetProperty("fit"), "batch_size")?.GetInt32() ?? 32)) && GoldenList.Part(eager ?? main, "history") is { } parts)
            GoldenTraining.CompareHistory(history.history, parts, IsPartOfLoss);
        if (GoldenList.Part(golden, "epochs") is { } epochs) Assert.That(history.epoch, Is.EqualTo(epochs.EnumerateArray().Select(e => e.GetInt32())));
        if (GoldenList.Part(main, "weights_after") is { } after) GoldenTraining.CompareWeights(List, weights, after);
        if (GoldenList.Part(golden, "metrics_names") is { } names) Assert.That(model.metrics_names, Is.EqualTo(names.EnumerateArray().Select(n => n.GetString())));
        if (dense is not null) return;
        if (GoldenList.Part(golden, "train_batch_end_logs") is { } logs) CompareBatches(recorder.Logs, logs);
        CompareEvaluation(model, golden, eager, x, y);
        if (GoldenList.Part(golden, "predict_batch_3") is { } predicted) CompareOutputs(model.predict(x, batch_size: 3, verbose: 0), predicted);
    }

    /// <summary>Without a record of an eager run, parts of the loss can be compared only where all batches weigh the same.</summary>
    static bool AreEven(Tensors x, int batch) => x.Flatten()[0].shape[0] % batch == 0;

    static bool IsPartOfLoss(string name) => name.EndsWith("_loss", StringComparison.Ordinal) && name != "val_loss";

    /// <summary>Trains; compiled gradient accumulation is skipped as long as optimizers have no conditional updates in traced steps.</summary>
    static bool TryFit(Model model, JsonElement golden, RunMode mode, Tensors x, Tensors y, Callback recorder, [NotNullWhen(true)] out History? history)
    {
        var accumulates = golden.GetProperty("compile").GetProperty("optimizer") is { ValueKind: JsonValueKind.Object } optimizer
            && GoldenList.Kwargs(optimizer).ContainsKey("gradient_accumulation_steps");
        try
        {
            history = GoldenTraining.Fit(model, List, golden, x, y, [recorder]);
            return true;
        }
        catch (UnsupportedException error) when (accumulates && mode != RunMode.Eager)
        {
            history = null;
            Assert.Ignore(error.Message);
            return false;
        }
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

    static void CompareEvaluation(Model model, JsonElement golden, JsonElement? eager, Tensors x, Tensors y)
    {
        var evaluation = model.evaluate(x, y, batch_size: 4, verbose: 0);
        if (GoldenList.Part(golden, "evaluate_batch_4_return_dict") is { } logs)
        {
            GoldenTraining.CompareLogs(evaluation.Logs.Where(l => !IsPartOfLoss(l.Key)), WithoutParts(logs), "evaluate");
            if (eager is not null || AreEven(x, 4)) GoldenTraining.CompareLogs(evaluation.Logs, GoldenList.Part(eager ?? golden, "evaluate_batch_4_return_dict") ?? logs, "evaluate");
        }
        if (GoldenList.Part(golden, "evaluate_batch_4") is not { } list) return;
        if (list.ValueKind != JsonValueKind.Array)
        {
            GoldenTraining.Close((double)evaluation, list, "evaluate");
            return;
        }
        Assert.That(evaluation, Has.Count.EqualTo(list.GetArrayLength()));
        string[] names = [.. model.metrics_names.Where(n => n != "compile_metrics")];
        for (var i = 0; i < evaluation.Count; i++)
            if (!(i < names.Length && IsPartOfLoss(names[i])) || (eager is null && AreEven(x, 4))) GoldenTraining.Close(evaluation[i], list[i], $"evaluate at {i}");
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
