using Keras.Files;
using Keras.Graphs;
using Keras.Saving;

namespace Keras.Callbacks;

/// <summary>Backs up training as it runs, so that an interrupted <c>fit</c> resumes where it stopped.</summary>
/// <remarks>The model must have its weights before <c>fit</c>. A run that is interrupted within an epoch starts that epoch again, with the weights of the last backup;
/// where the data are a pipeline (<c>keras.data</c>), training resumes after the batch of the last backup, with the metrics and the random draws of dropout as they were, to the same losses.
/// Weights and progress are replaced together. Source: keras/src/callbacks/backup_and_restore.py.</remarks>
public class BackupAndRestore : Callback
{
    const string EpochKey = "epoch", BatchKey = "batch", StepKey = "step", DataKey = "data", StateKey = "state";

    readonly string _weights, _metadata;
    readonly SaveFreq _freq;
    readonly bool _double;
    readonly bool _delete;
    readonly BatchCounter _batches;
    int _epoch;

    /// <summary>Backs up training as it runs, so that an interrupted <c>fit</c> resumes where it stopped.</summary>
    /// <param name="backup_dir">A folder used only by this run.</param>
    /// <param name="save_freq">"epoch", or a number of batches; default "epoch".</param>
    /// <param name="double_checkpoint">Whether to keep the backup before the last too, for when the last cannot be read; default false.</param>
    /// <param name="delete_checkpoint">Whether to delete the backup when training has ended; default true.</param>
    public BackupAndRestore(string backup_dir, SaveFreq save_freq = default, bool double_checkpoint = false, bool delete_checkpoint = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(backup_dir);
        (_weights, _metadata) = (Path.Combine(backup_dir, "latest.weights.h5"), Path.Combine(backup_dir, "training_metadata.json"));
        (_freq, _double, _delete, _batches) = (save_freq, double_checkpoint, delete_checkpoint, new(save_freq));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model has no weights yet.</exception>
    /// <exception cref="FileFormatException">The backup is damaged, or another model's.</exception>
    public override void on_train_begin(Logs logs)
    {
        if (!model.built)
            throw new InvalidOperationException($"BackupAndRestore needs the weights of '{model.name}' before training. Apply the model to data, or build it, before fit.");
        if (!File.Exists(_weights) || !File.Exists(_metadata)) return;
        try
        {
            Restore(_weights, _metadata);
        }
        catch (FileFormatException e) when (_double && File.Exists(Previous(_weights)) && File.Exists(Previous(_metadata)))
        {
            Diagnostics.Warn($"The last backup cannot be read; training resumes from the one before it. {e.Message}");
            Restore(Previous(_weights), Previous(_metadata));
        }
    }

    void Restore(string weights, string metadataFile)
    {
        var metadata = ConfigJson.Read(File.ReadAllBytes(metadataFile), metadataFile);
        if (metadata.GetValueOrDefault(EpochKey) is not (long epoch and >= 0 and <= int.MaxValue))
            throw new FileFormatException("A backup does not say how far training was", metadataFile, $"\"{EpochKey}\": a number", $"{metadata.GetValueOrDefault(EpochKey)}", "Remove the folder to begin anew.");
        KerasWeights.Load(model, weights, skipMismatch: false);
        model.FirstEpoch = (int)epoch;
        if (metadata.GetValueOrDefault(StateKey) is string state) TrainingState.Restore(model, state);
        if (metadata.GetValueOrDefault(DataKey) is not string data || model.TrainingData is not { } pipeline) return;
        pipeline.load_state(data);
        model.FirstStep = metadata.GetValueOrDefault(StepKey) is long step and > 0 and <= int.MaxValue ? (int)step : 0;
    }

    /// <inheritdoc/>
    public override void on_epoch_begin(int epoch, Logs logs)
    {
        _epoch = epoch;
        _batches.NewEpoch();
    }

    /// <inheritdoc/>
    public override void on_train_batch_end(int batch, Logs logs)
    {
        if (!_batches.IsDue(batch)) return;
        // After the last batch, the next epoch begins.
        if (model.TrainingData is not null && @params.StepsRan == @params.steps) Save(_epoch + 1, 0, 0);
        else Save(_epoch, batch, @params.StepsRan);
    }

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        if (_freq.Batches == 0) Save(epoch + 1, 0, 0);
    }

    /// <inheritdoc/>
    public override void on_train_end(Logs logs)
    {
        if (!_delete) return;
        foreach (var file in (string[])[_metadata, _weights, Previous(_metadata), Previous(_weights)])
            if (File.Exists(file)) File.Delete(file);
        if (Path.GetDirectoryName(_weights) is { } folder && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    void Save(int epoch, int batch, int step)
    {
        using var files = new AtomicFileSet();
        if (_double)
            foreach (var file in (string[])[_weights, _metadata]) Keep(files, file);
        KerasWeights.Save(model, files, _weights);
        var values = new Dictionary<string, object?> { [EpochKey] = epoch, [BatchKey] = batch, [StateKey] = TrainingState.Save(model, withMetrics: step > 0 && model.TrainingData is not null) };
        if (model.TrainingData is { } pipeline) (values[StepKey], values[DataKey]) = (step, pipeline.save_state());
        files.WriteAllText(_metadata, ConfigJson.Write(values));
        files.Commit();
    }

    static void Keep(AtomicFileSet files, string file)
    {
        if (!File.Exists(file)) return;
        using var old = File.OpenRead(file);
        files.Write(Previous(file), old.CopyTo);
    }

    static string Previous(string file) => $"{file}.previous";
}
