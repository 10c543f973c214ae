using System.Diagnostics;
using Keras.Events;
using Keras.Graphs;

namespace Keras.Callbacks;

/// <summary>Writes logs for TensorBoard: loss and metrics, the graph, histograms and pictures of weights, and embeddings.</summary>
/// <remarks>Training is written to the folder train, validation to validation. An epoch has epoch_loss, epoch_learning_rate and so on; batches have batch_loss; an evaluation has evaluation_loss_vs_iterations.
/// Embeddings are written as text (keras_embedding.NAME.tsv), which TensorBoard's projector reads; Keras writes a file of weights that it cannot read. Source: keras/src/callbacks/tensorboard.py.</remarks>
/// <example>
/// <code>
/// Tensor x = keras.random.normal((64, 4)), y = ops.sum(x, axis: 1, keepdims: true);
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: "adam", loss: "mse");
/// model.fit(x, y, epochs: 5, callbacks: new TensorBoard("logs/first", histogram_freq: 1));   // then: tensorboard --logdir logs
/// </code>
/// </example>
public class TensorBoard : Callback, IDisposable
{
    readonly string _folder;
    readonly int _histogramFreq, _embeddingsFreq;
    readonly bool _writesGraph, _writesImages, _writesSpeed;
    readonly UpdateFreq _update;
    readonly EmbeddingsMetadata? _metadata;
    EventFileWriter? _train, _validation;
    long _batch, _iterations, _batchStart, _epochStart;
    int _seen;
    bool _graphIsWritten;

    /// <summary>Writes logs for TensorBoard: loss and metrics, the graph, histograms and pictures of weights, and embeddings.</summary>
    /// <param name="log_dir">The folder; default "logs". Give each run its own, or its curves are drawn as one.</param>
    /// <param name="histogram_freq">The number of epochs between histograms of weights; default 0 (never).</param>
    /// <param name="write_graph">Whether the model's config and the operations of a training step are written; default true.</param>
    /// <param name="write_images">Whether weights are also written as images, together with histograms; default false.</param>
    /// <param name="write_steps_per_second">Whether the speed is written, for epochs, and for batches if <paramref name="update_freq"/> includes them; default false.</param>
    /// <param name="update_freq">"epoch" (default), "batch", or a number of batches, after which loss and metrics are written too.</param>
    /// <param name="profile_batch">0: there is no profiler here.</param>
    /// <param name="embeddings_freq">The number of epochs between writings of embeddings; default 0 (never).</param>
    /// <param name="embeddings_metadata">Files with labels of their rows, relative to <paramref name="log_dir"/>; default none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="UnsupportedException">profile_batch is not 0.</exception>
    public TensorBoard(string log_dir = "logs", int histogram_freq = 0, bool write_graph = true, bool write_images = false, bool write_steps_per_second = false, UpdateFreq update_freq = default,
        int profile_batch = 0, int embeddings_freq = 0, EmbeddingsMetadata? embeddings_metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(log_dir);
        if (profile_batch < 0) throw new ArgumentOutOfRangeException(nameof(profile_batch), profile_batch, "The batch to profile is out of range. Expected: 0.");
        if (profile_batch > 0) throw new UnsupportedException("Profiling of steps is not supported", nameof(TensorBoard), "profile_batch: 0", $"{profile_batch}", "Use dotnet-trace for the program, or write_steps_per_second for the speed.");
        (_folder, _histogramFreq, _embeddingsFreq) = (log_dir, Require.Count(0, histogram_freq), Require.Count(0, embeddings_freq));
        (_writesGraph, _writesImages, _writesSpeed, _update, _metadata) = (write_graph, write_images, write_steps_per_second, update_freq, embeddings_metadata);
    }

    EventFileWriter Train => _train ??= new(Path.Combine(_folder, "train"));

    EventFileWriter Validation => _validation ??= new(Path.Combine(_folder, "validation"));

    /// <inheritdoc/>
    public override void on_train_begin(Logs logs)
    {
        Dispose();
        (_batch, _graphIsWritten) = (0, !_writesGraph);
        if (_writesGraph && model is Functional or Sequential) Draw("config", () => Train.KerasModel("keras", model.to_json(), 0));
        if (_embeddingsFreq > 0) EmbeddingFiles.WriteConfig(_folder, model, _metadata);
    }

    /// <summary>Writes a part of the model's graph; as in Keras, training goes on if that fails.</summary>
    static void Draw(string what, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is not (OutOfMemoryException or IOException))
        {
            Diagnostics.Warn($"TensorBoard shows no {what} of the model. {e.Message}");
        }
    }

    /// <inheritdoc/>
    public override void on_epoch_begin(int epoch, Logs logs) => (_seen, _epochStart, _iterations) = (0, Stopwatch.GetTimestamp(), Iterations);

    long Iterations => model.optimizer.iterations.value.ToScalar<long>();

    /// <inheritdoc/>
    public override void on_train_batch_begin(int batch, Logs logs) => _batchStart = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override void on_train_batch_end(int batch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        // With steps_per_execution, several batches end at once.
        var steps = batch + 1 - _seen;
        var isDue = _update.Batches > 0 && (_batch + steps) / _update.Batches > _batch / _update.Batches;
        (_seen, _batch) = (batch + 1, _batch + steps);
        if (!_graphIsWritten && model.TrainGraph is { } graph) Draw("graph", () => Train.Graph(FunctionGraphDef.Of(graph, "train_step")));
        _graphIsWritten = true;
        if (!isDue) return;
        if (_writesSpeed) Train.Scalar("batch_steps_per_second", steps / Stopwatch.GetElapsedTime(_batchStart).TotalSeconds, _batch);
        foreach (var (name, value) in logs) Train.Scalar($"batch_{name}", value, _batch);
        Train.Flush();
    }

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        WriteEpoch(epoch, logs);
        if (_histogramFreq > 0 && epoch % _histogramFreq == 0) WeightSummaries.Write(Train, model, _writesImages, epoch);
        if (_embeddingsFreq > 0 && epoch % _embeddingsFreq == 0) EmbeddingFiles.WriteRows(_folder, model);
        _train?.Flush();
        _validation?.Flush();
    }

    void WriteEpoch(int epoch, Logs logs)
    {
        const string prefix = "val_";
        foreach (var (name, value) in logs)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) Validation.Scalar($"epoch_{name[prefix.Length..]}", value, epoch);
            else Train.Scalar($"epoch_{name}", value, epoch);
        var optimizer = model.optimizer is Optimizers.LossScaleOptimizer scaled ? scaled.inner_optimizer : model.optimizer;
        Train.Scalar("epoch_learning_rate", Convert.ToDouble(((Tensor)optimizer.learning_rate).ToScalar<float>()), epoch);
        if (_writesSpeed) Train.Scalar("epoch_steps_per_second", (Iterations - _iterations) / Stopwatch.GetElapsedTime(_epochStart).TotalSeconds, epoch);
    }

    /// <inheritdoc/>
    public override void on_test_end(Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        foreach (var (name, value) in logs) Validation.Scalar($"evaluation_{name}_vs_iterations", value, Iterations);
        Validation.Flush();
        if (!@params.IsFit) Dispose();
    }

    /// <inheritdoc/>
    public override void on_train_end(Logs logs) => Dispose();

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _train?.Dispose();
        _validation?.Dispose();
        (_train, _validation) = (null, null);
        GC.SuppressFinalize(this);
    }
}
