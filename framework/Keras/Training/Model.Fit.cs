using System.Runtime.CompilerServices;
using Keras.Callbacks;
using Keras.Graphs;
using Keras.Layers;
using Keras.Training;

namespace Keras;

public abstract partial class Model
{
    const int DefaultBatchSize = 32;

    /// <summary>Set by a callback: training ends after the current batch and epoch.</summary>
    public bool stop_training { get; set; }

    /// <summary>What the last <c>fit</c> recorded; null before the first.</summary>
    public History? history { get; private set; }

    /// <summary>The optimizer's learning rate, as callbacks read and set it.</summary>
    internal double LearningRate
    {
        get => optimizer.learning_rate.value.ToScalar<float>();
        set => optimizer.learning_rate = value;
    }

    /// <summary>Trains the model on whole arrays, cut into batches, for a number of epochs.</summary>
    /// <param name="x">The inputs, each (N, ...): an array, a tensor, a list or a dictionary by name.</param>
    /// <param name="y">The truth, each (N, ...); default none, for models that find it in the inputs.</param>
    /// <param name="batch_size">Samples per step; default 32.</param>
    /// <param name="epochs">The number of epochs to train; with initial_epoch, the number of the last one. Default 1.</param>
    /// <param name="verbose">How much to print; default "auto", a progress bar.</param>
    /// <param name="callbacks">The callbacks, called in this order; default none.</param>
    /// <param name="validation_split">The fraction at the end of the data to validate on instead of training on it; default 0.</param>
    /// <param name="validation_data">The data to validate on after each epoch: (x, y), (x, y, sample_weight) or batches; default none.</param>
    /// <param name="shuffle">Whether samples are reshuffled in each epoch; default true.</param>
    /// <param name="class_weight">The weight of samples of each class; omitted classes weigh 1. Default none.</param>
    /// <param name="sample_weight">The weight of each sample, (N), or one such tensor for each output; default 1.</param>
    /// <param name="initial_epoch">The number of the first epoch; default 0.</param>
    /// <param name="steps_per_epoch">Steps per epoch; each epoch then starts where the previous one ended. Default all batches.</param>
    /// <param name="validation_steps">Steps per validation; default all batches.</param>
    /// <param name="validation_batch_size">Samples per step of validation; default <paramref name="batch_size"/>.</param>
    /// <param name="validation_freq">Epochs from one validation to the next; default 1.</param>
    /// <returns>The logs of all epochs.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled.</exception>
    /// <exception cref="ValueRangeException">An integer input is outside what the model declares.</exception>
    /// <exception cref="ShapeMismatchException">Data is empty or differs in the number of samples.</exception>
    /// <example>
    /// <code>
    /// var x = new float[,] { { 0 }, { 1 }, { 2 }, { 3 } };
    /// var y = new float[,] { { 1 }, { 3 }, { 5 }, { 7 } };
    /// var model = keras.Sequential([keras.Input(1), keras.layers.Dense(1)]);
    /// model.compile(optimizer: keras.optimizers.Adam(0.1), loss: "mse");
    /// var history = model.fit(x, y, epochs: 100, verbose: 0, callbacks: new EarlyStopping(monitor: "loss", patience: 5));
    /// Console.WriteLine(history.history["loss"][^1]);
    /// </code>
    /// </example>
    public History fit(Tensors x, Tensors? y = null, int? batch_size = null, int epochs = 1, VerboseArg verbose = default, IEnumerable<Callback>? callbacks = null,
        double validation_split = 0, ValidationData? validation_data = null, bool shuffle = true, IReadOnlyDictionary<int, double>? class_weight = null,
        Tensors? sample_weight = null, int initial_epoch = 0, int? steps_per_epoch = null, int? validation_steps = null, int? validation_batch_size = null,
        int validation_freq = 1)
    {
        var data = new Batch(x, y, sample_weight);
        var size = ConfigForms.Positive(batch_size ?? DefaultBatchSize, nameof(batch_size));
        if (validation_split is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(validation_split), validation_split, "The fraction is out of range. Expected: a fraction from 0 to below 1.");
        CheckData(data);
        if (validation_split != 0 && validation_data is null)
        {
            (data, var held) = ArrayAdapter.Split(data, validation_split);
            validation_data = new(held.x, held.y, held.sample_weight);
        }
        if (class_weight is not null) data = Weighted(data, class_weight);
        var adapter = new ArrayAdapter(data, size, shuffle ? Shuffling.NewOrder() : null);
        return Fit(adapter, epochs, verbose, callbacks, ValidationAdapter(validation_data, validation_batch_size, size), initial_epoch, steps_per_epoch,
            validation_steps, validation_freq);
    }

    /// <summary>Trains the model on batches: of inputs, (x, y) or (x, y, sample_weight). One enumeration of them is one epoch.</summary>
    /// <inheritdoc cref="fit(Tensors, Tensors, int?, int, VerboseArg, IEnumerable{Callback}, double, ValidationData, bool, IReadOnlyDictionary{int, double}, Tensors, int, int?, int?, int?, int)"/>
    [OverloadResolutionPriority(1)]
    public History fit(IEnumerable<Batch> x, int epochs = 1, VerboseArg verbose = default, IEnumerable<Callback>? callbacks = null,
        ValidationData? validation_data = null, IReadOnlyDictionary<int, double>? class_weight = null, int initial_epoch = 0, int? steps_per_epoch = null,
        int? validation_steps = null, int? validation_batch_size = null, int validation_freq = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Fit(new EnumerableAdapter(x, class_weight is null ? null : batch => Weighted(batch, class_weight)), epochs, verbose, callbacks, ValidationAdapter(validation_data, validation_batch_size, DefaultBatchSize), initial_epoch,
            steps_per_epoch, validation_steps, validation_freq);
    }

    /// <summary>Trains the model on batches and validates it on batches.</summary>
    /// <inheritdoc cref="fit(IEnumerable{Batch}, int, VerboseArg, IEnumerable{Callback}, ValidationData, IReadOnlyDictionary{int, double}, int, int?, int?, int?, int)"/>
    [OverloadResolutionPriority(2)] // before the one that takes a ValidationData, which pipelines convert to as well
    public History fit(IEnumerable<Batch> x, IEnumerable<Batch> validation_data, int epochs = 1, VerboseArg verbose = default,
        IEnumerable<Callback>? callbacks = null, IReadOnlyDictionary<int, double>? class_weight = null, int initial_epoch = 0, int? steps_per_epoch = null,
        int? validation_steps = null, int validation_freq = 1) =>
        fit(x, epochs, verbose, callbacks, new ValidationData(validation_data ?? throw new ArgumentNullException(nameof(validation_data))), class_weight, initial_epoch, steps_per_epoch, validation_steps, null, validation_freq);

    Batch Weighted(Batch batch, IReadOnlyDictionary<int, double> class_weight) => ClassWeights.Apply(batch, class_weight, HoldsIndices);

    /// <summary>Whether a target holds class indices: the loss takes them, or the output has one more axis.</summary>
    bool HoldsIndices(Tensor target) => loss?.TakesIndices == true || (OutputTensors?.Flatten() is [{ shape.HasRank: true } output] && output.ndim == target.ndim + 1);

    IDataAdapter? ValidationAdapter(ValidationData? data, int? validation_batch_size, int otherwise)
    {
        var size = ConfigForms.Positive(validation_batch_size ?? otherwise, nameof(validation_batch_size));
        if (data is null) return null;
        if (data.Batches is { } batches) return new EnumerableAdapter(batches);
        CheckData(data.Arrays!);
        return new ArrayAdapter(data.Arrays!, size, null);
    }

    History Fit(IDataAdapter adapter, int epochs, VerboseArg verbose, IEnumerable<Callback>? callbacks, IDataAdapter? validation, int initial_epoch, int? steps_per_epoch,
        int? validation_steps, int validation_freq)
    {
        ConfigForms.NotNegative(epochs, nameof(epochs));
        ConfigForms.NotNegative(initial_epoch, nameof(initial_epoch));
        ConfigForms.Positive(steps_per_epoch ?? 1, nameof(steps_per_epoch));
        ConfigForms.Positive(validation_steps ?? 1, nameof(validation_steps));
        ConfigForms.Positive(validation_freq, nameof(validation_freq));
        var state = RequireCompiled(nameof(fit));
        using var batches = Iterate(adapter, steps_per_epoch, state, trains: true);
        using var validationBatches = validation is null ? null : Iterate(validation, validation_steps, state);
        var list = new CallbackList(callbacks, add_history: true, add_progbar: verbose.Level != 0, this,
            new(verbose.Level, epochs, batches.Steps) { Validates = validation is not null, IsFit = true });
        history = list.History!;
        stop_training = false;
        (FirstEpoch, FirstStep, RestoredMetrics, TrainingData) = (initial_epoch, 0, null, (adapter as EnumerableAdapter)?.Resumable);
        list.TrainBegin();
        if (initial_epoch > epochs)
            Diagnostics.Warn($"fit trains nothing: initial_epoch is {initial_epoch}, epochs is {epochs}. epochs is the number of the last epoch, not how many are added; give a larger one.");
        initial_epoch = FirstEpoch;
        var logs = new Logs();
        for (var (epoch, firstStep) = (initial_epoch, FirstStep); epoch < epochs && !stop_training; epoch++, firstStep = 0)
        {
            if (firstStep == 0) reset_metrics();
            list.EpochBegin(epoch);
            logs = TrainEpoch(batches, list, firstStep);
            if (validationBatches is not null && (epoch + 1) % validation_freq == 0)
                foreach (var (name, value) in TestEpoch(validationBatches, list)) logs[$"val_{name}"] = value;
            list.EpochEnd(epoch, new(logs)); // as in Keras, on_train_end does not see logs that callbacks add here
        }
        if (epochs > initial_epoch) state.Optimizer.finalize_variable_values(trainable_weights);
        list.TrainEnd(logs);
        return history;
    }

    /// <summary>The epoch that <c>fit</c> starts with; a callback may set it in on_train_begin.</summary>
    internal int FirstEpoch { get; set; }

    /// <summary>The number of steps already done in the first epoch; a callback may set it in on_train_begin, together with the metrics' state.</summary>
    internal int FirstStep { get; set; }

    /// <summary>The training data if it knows its position; otherwise null.</summary>
    internal IResumableData? TrainingData { get; private set; }

    Logs TrainEpoch(EpochIterator batches, CallbackList callbacks, int firstStep)
    {
        var step = TrainFunction;
        step.Refresh();
        Logs? logs = null;
        foreach (var execution in batches.Epoch(firstStep))
        {
            callbacks.TrainBatchBegin(execution.Begin);
            logs = RunSteps(step, RestoredMetrics is null ? execution : execution.Select(b => WithMetrics(step, b)), logs);
            callbacks.TrainBatchEnd(execution, logs);
            if (stop_training) break;
        }
        if (logs is null && firstStep > 0)
        {
            RestoreMetrics();
            logs = new(get_metrics_result());
        }
        return Finished(logs, nameof(fit));
    }

    /// <summary>Restores the metrics of an interrupted run, which exist only after a step has been traced; null if there is nothing to restore.</summary>
    internal Action? RestoredMetrics { get; set; }

    Batch WithMetrics(StepFunction step, Batch batch)
    {
        if (RestoredMetrics is null) return batch;
        if (!step.Prepare(batch)) test_step(batch);
        RestoreMetrics();
        return batch;
    }

    void RestoreMetrics()
    {
        RestoredMetrics?.Invoke();
        RestoredMetrics = null;
    }

    /// <summary>Runs the steps of one execution; frees the logs of earlier steps and returns those of the last.</summary>
    static Logs RunSteps(StepFunction step, IEnumerable<Batch> execution, Logs? logs)
    {
        foreach (var batch in execution)
        {
            logs?.Release();
            try
            {
                logs = new(step.Run(batch));
            }
            finally
            {
                batch.Release();
            }
        }
        return logs!;
    }

    /// <summary>Reads the logs of the last step.</summary>
    static Logs Finished(Logs? logs, string method)
    {
        if (logs is null) throw new ShapeMismatchException("The data are empty", method, "at least one batch", "none", "Give more data, or data that can be enumerated more than once.");
        return new(logs.Read());
    }

    EpochIterator Iterate(IDataAdapter adapter, int? steps, CompiledState? state, bool trains = false)
    {
        if (steps is null && adapter is EnumerableAdapter { Resumable.IsInfinite: true })
            throw new UnsupportedException("The data never end, so it is unknown how many batches make an epoch", null, "a finite number of batches, or how many make an epoch", "an infinite pipeline", "Give steps_per_epoch (validation_steps, steps), or use take or repeat with a count.");
        Action<Batch> check = adapter is ArrayAdapter ? _ => { } : CheckData;
        return new(adapter, steps, state?.StepsPerExecution ?? 1, check, adapter.BatchSize is not null && CanFillBatches(state, trains) ? new(FillerOf) : null);
    }

    /// <summary>Checks data on the host before any step.</summary>
    internal virtual void CheckData(Batch data) => BatchChecks.Check(data, InputRanges);
}
