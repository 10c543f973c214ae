using System.Text.Json;
using Keras.Graphs;
using Keras.Layers;
using Keras.Metrics;

namespace Keras.Tests.Training;

/// <summary>A model that overrides train_step, against Keras' records.</summary>
public sealed class CustomTrainStepTests
{
    static GoldenList List => GoldenList.Find("training", "custom_train_step")!;

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("training", "custom_train_step", RunMode.Eager, RunMode.Graph, RunMode.Xla);

    /// <summary>As the golden list describes it: a penalty on the outputs, and a loss metric that weighs batches alike.</summary>
    sealed class PenalizedModel : Model
    {
        public readonly Dense d1 = new(4, Tf.Tanh, name: "d1");
        public readonly Dense d2 = new(1, name: "d2");

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var outputs = d2.Apply(d1.Apply(inputs));
            add_loss(Tf.Sum(Tf.Square(d2.kernel.value)) * 0.01);
            return outputs;
        }

        public override Tensors train_step(Batch data)
        {
            var (x, y, sample_weight) = data;
            using var tape = new GradientTape();
            var y_pred = Apply(x, training: true);
            var loss = compute_loss(x, y, y_pred, sample_weight) + (Tf.Mean(Tf.Square(y_pred.Single)) * 0.1);
            var gradients = tape.gradient(loss, trainable_variables);
            optimizer.apply(gradients, trainable_variables);
            foreach (var metric in metrics)
                if (metric is Mean { name: "loss" } mean) mean.update_state(loss);
            return compute_metrics(x, y, y_pred, sample_weight);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void HistoryAndWeightsAreKeras(JsonElement golden, RunMode mode)
    {
        GoldenList.UseEngine();
        var (x, y, weight) = (GoldenTraining.Tensors(List, golden.GetProperty("x")), GoldenTraining.Tensors(List, golden.GetProperty("y")), GoldenTraining.Tensors(List, golden, "sample_weight"));
        var model = new PenalizedModel();
        model.Apply(x);
        Variable[] weights = [model.d1.kernel, model.d1.bias!, model.d2.kernel, model.d2.bias!];
        foreach (var (variable, value) in weights.Zip(golden.GetProperty("initial_weights").EnumerateArray())) variable.Load(List.Tensor(value));
        GoldenTraining.Compile(model, golden.GetProperty("compile"), mode);
        if (GoldenList.Part(golden, "compute_loss_initial_all_rows") is { } loss) GoldenTraining.Close(model.compute_loss(x, y, model.Apply(x), weight).ToScalar<float>(), loss, "compute_loss");

        var history = GoldenTraining.Fit(model, List, golden, x, y, []);

        if (GoldenList.Part(golden, "history") is { } record) GoldenTraining.CompareHistory(history.history, record);
        if (GoldenList.Part(golden, "weights_after") is { } after) GoldenTraining.CompareWeights(List, weights, after);
    }
}
