using System.Text.Json;

namespace Keras.Tests.Training;

/// <summary>train_on_batch, test_on_batch and predict_on_batch against Keras' records.</summary>
public sealed class OnBatchGoldenTests
{
    static GoldenList List => GoldenList.Find("training", "on_batch")!;

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("training", "on_batch", RunMode.Eager, RunMode.Graph);

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [TestCaseSource(nameof(Cases))]
    public void ResultsAndWeightsAreKeras(JsonElement golden, RunMode mode)
    {
        var model = GoldenModel.Make(golden.GetProperty("to_json"));
        var calls = golden.GetProperty("calls").EnumerateArray().ToArray();
        var weights = model.Load(List, golden.GetProperty("initial_weights"), GoldenTraining.Tensors(List, calls[0].GetProperty("x")));
        GoldenTraining.Compile(model, golden.GetProperty("compile"), mode);
        foreach (var (call, i) in calls.Select((c, i) => (c, i))) Check(model, call, $"call {i}");
        if (GoldenList.Part(golden, "weights_after") is { } after) GoldenTraining.CompareWeights(List, weights, after);
    }

    static void Check(Model model, JsonElement call, string what)
    {
        var (x, y, weight) = (GoldenTraining.Tensors(List, call.GetProperty("x")), GoldenTraining.Tensors(List, call, "y"), GoldenTraining.Tensors(List, call, "sample_weight"));
        if (call.TryGetProperty("reset_metrics_before", out var reset) && reset.GetBoolean()) model.reset_metrics();
        var asDictionary = call.TryGetProperty("return_dict", out var dictionary) && dictionary.GetBoolean();
        switch (call.GetProperty("method").GetString())
        {
            case "predict_on_batch":
                var outputs = model.predict_on_batch(x);
                var expected = call.GetProperty("output");
                if (expected.ValueKind != JsonValueKind.Array) List.Compare(outputs, expected, 2e-4, 1e-5, what);
                else foreach (var (output, i) in expected.EnumerateArray().Select((o, i) => (o, i))) List.Compare(outputs[i], output, 2e-4, 1e-5, $"{what}, output {i}");
                break;
            case "train_on_batch":
                Compare(model.train_on_batch(x, y, weight, GoldenTraining.ClassWeight(call), asDictionary), call.GetProperty("result"), asDictionary, what);
                break;
            case "test_on_batch":
                Compare(model.test_on_batch(x, y, weight, asDictionary), call.GetProperty("result"), asDictionary, what);
                break;
            case var other: throw new InvalidOperationException($"The list has a method that this test does not know: {other}.");
        }
    }

    static void Compare(Evaluation actual, JsonElement expected, bool asDictionary, string what)
    {
        if (asDictionary) GoldenTraining.CompareLogs(actual.Logs, expected, what);
        else if (expected.ValueKind == JsonValueKind.Number) GoldenTraining.Close((double)actual, expected, what);
        else
        {
            Assert.That(actual, Has.Count.EqualTo(expected.GetArrayLength()), what);
            for (var i = 0; i < actual.Count; i++) GoldenTraining.Close(actual[i], expected[i], $"{what}, figure {i}");
        }
    }
}
