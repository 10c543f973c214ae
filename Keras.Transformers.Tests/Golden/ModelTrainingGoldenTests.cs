using System.Globalization;
using System.Text.Json.Nodes;
using Keras.Callbacks;

namespace Keras.Transformers.Tests.Golden;

/// <summary>Training through compile without a loss and fit: trajectories, histories, evaluate and predict.</summary>
[Category("Golden")]
sealed class ModelTrainingGoldenTests : EngineFixture
{
    const double LossTolerance = 1e-4;
    const double WeightTolerance = 1e-3;
    const double FitTolerance = 1e-4;

    static IEnumerable<TestCaseData> WithTraining => ModelCases.With("training", RunMode.Graph, RunMode.Xla);

    static IEnumerable<TestCaseData> WithFit => ModelCases.With("fit", RunMode.Graph, RunMode.Xla);

    [TestCaseSource(nameof(WithTraining))]
    public void Training_follows_the_golden_trajectory(string name, RunMode mode)
    {
        var golden = ModelCases.Open(name);
        var training = golden.Json["training"]!.AsObject();
        var problems = new List<string>();
        foreach (var run in training["runs"]!.AsArray().Select(r => r!.AsObject()))
        {
            var model = golden.Load();
            var losses = Train(golden, model, training, run, mode);
            // Where gradients of embeddings are clipped, Keras' sparse norm and the dense one are both right.
            var tries = new List<Closeness> { Compared(golden, model, run, losses, "losses", "final_weights") };
            if (run.ContainsKey("final_weights_dense")) tries.Add(Compared(golden, model, run, losses, "losses_pt", "final_weights_dense"));
            if (!tries.Any(t => t.IsClose)) problems.Add($"{run["name"]}: {string.Join(Environment.NewLine, tries.Select(t => t.ToString()))}");
        }
        Assert.That(problems, Is.Empty, string.Join(Environment.NewLine, problems));
    }

    [TestCaseSource(nameof(WithFit))]
    public void Fit_evaluate_and_predict_give_the_golden_figures(string name, RunMode mode)
    {
        var golden = ModelCases.Open(name);
        var fit = golden.Json["fit"]!.AsObject();
        var batchSize = fit["batch_size"]!.GetValue<int>();
        var (x, y) = SplitLabels(golden.Tensors(fit["data"]!));
        var (validationX, validationY) = SplitLabels(golden.Tensors(fit["validation_data"]!));
        var closeness = new Closeness();
        // Where labels are is decided in C#, the same for every mode: once under XLA, which takes long to compile.
        foreach (var labelsInX in mode == RunMode.Xla ? [false] : new[] { false, true })
        {
            var model = golden.Load();
            Compile(model, mode, GoldenOptimizer.Make(fit["optimizer"]!.AsObject(), []), [.. (fit["metrics"]?.AsArray() ?? []).Select(m => (Metrics.MetricsArg)m!.GetValue<string>())]);
            var title = labelsInX ? "labels in x: " : "labels as y: ";
            Tensors Together(Tensors inputs, Tensors labels) => labelsInX ? new Tensors(inputs.Named().Append(new("labels", labels))) : inputs;
            var before = model.evaluate(Together(validationX, validationY), labelsInX ? null : validationY, batch_size: batchSize, verbose: 0);
            closeness.Compare(title + "evaluate before", [.. before], Numbers(fit["evaluate_before"]!), FitTolerance);
            var history = model.fit(Together(x, y), labelsInX ? null : y, batch_size: batchSize, epochs: fit["epochs"]!.GetValue<int>(), shuffle: false, verbose: 0,
                validation_data: new ValidationData(Together(validationX, validationY), labelsInX ? null : validationY)).history;
            // Keras 3 on TensorFlow sorts the names; tf_keras, where the golden figures come from, puts the loss first.
            Assert.That(history.Keys, Is.EquivalentTo(fit["history_keys"]!.AsArray().Select(k => k!.GetValue<string>())));
            foreach (var (key, values) in fit["history"]!.AsObject()) closeness.Compare(title + key, history[key], Numbers(values!), FitTolerance);
            var after = model.evaluate(Together(validationX, validationY), labelsInX ? null : validationY, batch_size: batchSize, verbose: 0, return_dict: true);
            foreach (var (key, value) in fit["evaluate_after"]!.AsObject()) closeness.Compare(title + "evaluate after, " + key, [after[key]], [value!.GetValue<double>()], FitTolerance);
            var predicted = model.predict(validationX, batch_size: batchSize, verbose: 0);
            foreach (var (key, tensor) in fit["predict_after"]!.AsObject()) closeness.Compare(title + "predict, " + key, Host(predicted[key]), golden.Host(tensor!), FitTolerance);
        }
        closeness.Verify();
    }

    /// <summary>Each batch's own loss before its update.</summary>
    static List<double> Train(ModelCase golden, TFPreTrainedModel model, JsonObject training, JsonObject run, RunMode mode)
    {
        var (x, y) = SplitLabels(golden.Tensors(training["data"]!));
        if (run["labels_shape"] is { } dims) y = Api.ops.reshape(y, [.. dims.AsArray().Select(d => d!.GetValue<int>())]);
        Compile(model, mode, GoldenOptimizer.Make(run["optimizer"]!.AsObject(), run["learning_rates"] is { } rates ? Numbers(rates) : []));
        var losses = new List<double>();
        model.fit(x, y, batch_size: training["batch_size"]!.GetValue<int>(), shuffle: false, verbose: 0,
            sample_weight: run["sample_weight"] is { } weight ? golden.Tensors(weight) : null,
            class_weight: run["class_weight"]?.AsObject().ToDictionary(w => int.Parse(w.Key, CultureInfo.InvariantCulture), w => w.Value!.GetValue<double>()),
            callbacks: [new LambdaCallback(on_train_batch_begin: (_, _) => model.reset_metrics(), on_train_batch_end: (_, logs) => losses.Add(logs["loss"]))]);
        return losses;
    }

    static Closeness Compared(ModelCase golden, TFPreTrainedModel model, JsonObject run, List<double> losses, string lossesKey, string weightsKey)
    {
        var closeness = new Closeness();
        closeness.Compare(lossesKey, losses, Numbers(run[lossesKey]!), LossTolerance);
        var noise = run["noise_weights"]?.AsObject() ?? [];
        foreach (var (key, expected) in GoldenFolder.ReadTensors(Path.Combine(golden.Folder, run[weightsKey]!.GetValue<string>())))
        {
            if (noise.TryGetPropertyValue(key, out var slice) && slice is null) continue;
            var (from, to) = slice is null ? (0L, 0L) : (slice[0]!.GetValue<long>(), slice[1]!.GetValue<long>());
            closeness.Compare(key, ModelOutputGoldenTests.InFile(model, key), expected, WeightTolerance, slice is null ? null : p => p[^1] < from || p[^1] >= to);
        }
        return closeness;
    }

    static (Tensors X, Tensors Y) SplitLabels(Tensors data) => (new Tensors(data.Named().Where(d => d.Key != "labels")), data["labels"]);

    static double[] Numbers(JsonNode list) => [.. list.AsArray().Select(n => n!.GetValue<double>())];
}
