using Keras.Training;

namespace Keras;

public abstract partial class Model
{
    /// <summary>Runs one training step on one batch; returns the loss and metrics.</summary>
    /// <param name="x">The inputs, each (B, ...).</param>
    /// <param name="y">The truth, each (B, ...); default none.</param>
    /// <param name="sample_weight">The weight of each sample, (B), or one such tensor for each output; default 1.</param>
    /// <param name="class_weight">The weight of samples of each class; default none.</param>
    /// <param name="return_dict">Whether positions follow the names in the logs instead of Keras' list order; default false.</param>
    /// <returns>The results for this batch alone: metrics are reset first.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled.</exception>
    /// <exception cref="ValueRangeException">An integer input is outside what the model declares.</exception>
    /// <exception cref="ShapeMismatchException">The batch is empty or its tensors differ in the number of samples.</exception>
    public Evaluation train_on_batch(Tensors x, Tensors? y = null, Tensors? sample_weight = null, IReadOnlyDictionary<int, double>? class_weight = null, bool return_dict = false)
    {
        RequireCompiled(nameof(train_on_batch));
        var batch = new Batch(x, y, sample_weight);
        if (class_weight is not null) batch = Weighted(batch, class_weight);
        var step = TrainFunction;
        step.Refresh();
        return Evaluated(OnBatch(step, batch), return_dict);
    }

    /// <summary>Computes the loss and metrics on one batch, without training.</summary>
    /// <inheritdoc cref="train_on_batch(Tensors, Tensors, Tensors, IReadOnlyDictionary{int, double}, bool)"/>
    public Evaluation test_on_batch(Tensors x, Tensors? y = null, Tensors? sample_weight = null, bool return_dict = false)
    {
        RequireCompiled(nameof(test_on_batch));
        return Evaluated(OnBatch(TestFunction, new(x, y, sample_weight)), return_dict);
    }

    /// <summary>Computes the model's outputs for one batch. May be called from many threads at once.</summary>
    /// <param name="x">The inputs, each (B, ...).</param>
    /// <returns>The outputs, each (B, ...).</returns>
    /// <exception cref="ValueRangeException">An integer input is outside what the model declares.</exception>
    /// <exception cref="ShapeMismatchException">The batch is empty or its tensors differ in the number of samples.</exception>
    public Tensors predict_on_batch(Tensors x) => PredictFunction.Run(Checked(new(x)));

    Logs OnBatch(StepFunction step, Batch batch)
    {
        Checked(batch);
        reset_metrics();
        var logs = new Logs(step.Run(batch));
        logs.Read();
        return logs;
    }

    Batch Checked(Batch batch)
    {
        CheckData(batch);
        BatchChecks.SampleCount(batch);
        return batch;
    }
}
