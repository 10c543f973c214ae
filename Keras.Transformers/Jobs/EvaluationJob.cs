using System.Diagnostics;

namespace Keras.Transformers;

/// <summary>Evaluates a model on rows of a table.</summary>
/// <remarks><code>
/// var result = new EvaluationJob { Model = "my-model", Data = "test.csv" }.Run();
/// if (result.Figures["accuracy"] &lt; 0.9) throw new InvalidOperationException("The model is not good enough.");
/// </code></remarks>
public sealed record EvaluationJob
{
    /// <summary>The model: a folder, or a repository of the hub.</summary>
    public required string Model { get; init; }

    /// <summary>The rows, as for <see cref="TrainingJob.Data"/>.</summary>
    public required string Data { get; init; }

    /// <summary>The task, as for <see cref="TrainingJob.Task"/>; default the one that the model was saved for.</summary>
    public string? Task { get; init; }

    /// <summary>The columns; default the usual names.</summary>
    public JobColumns Columns { get; init; } = new();

    /// <summary>The split, or a part of one; default "test" or "validation" if there is one, otherwise "train", which is what a single file is called.</summary>
    public string? Split { get; init; }

    /// <summary>The rows that are computed at once; default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The maximum number of tokens in a text; default what the model was made for.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Where tables are cached once read; default as <c>load_dataset</c>.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Does it.</summary>
    /// <param name="progress">Receives progress by batch; default none.</param>
    /// <param name="cancellation_token">Stops between two batches.</param>
    /// <exception cref="JobOptionException">An option cannot be right.</exception>
    /// <exception cref="ConfigException">The model's configuration is missing, damaged, or of a model without a class for the task.</exception>
    /// <exception cref="WeightLoadException">The model's weights are missing or do not fit.</exception>
    /// <exception cref="UnsupportedException">The model has no trained head for the task.</exception>
    /// <exception cref="FileFormatException">A file of the model or of the data is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EvaluationResult Run(IProgress<JobProgress>? progress = null, CancellationToken cancellation_token = default)
    {
        var watch = Stopwatch.StartNew();
        JobOptionException.AtLeast(1, BatchSize, nameof(BatchSize));
        var task = JobTask.Of(Task, Model);
        progress?.Report(JobProgress.Of("reading data"));
        var source = new JobData(Data, nameof(Data));
        var split = Split ?? (File.Exists(Data) ? null : ((string[])["test", "validation"]).FirstOrDefault(source.All(CacheFolder, cancellation_token).ContainsKey)) ?? JobData.Train;
        var data = source.Read(split, CacheFolder, cancellation_token);
        var columns = ColumnRole.Resolve(Columns, task.Columns(withTruth: true), task.Name, data.column_names);
        progress?.Report(JobProgress.Of("loading the model"));
        var model = task.Open(new(Model, columns) { BatchSize = BatchSize, MaxLength = MaxLength, ImageFolder = source.Folder, IsTrained = true });
        var figures = model.Evaluate(data, done => progress?.Report(JobProgress.Of("evaluating", done, data.num_rows)), cancellation_token);
        return new(task.Name, Model, Data, split, data.num_rows, figures, watch.Elapsed.TotalSeconds);
    }
}

/// <summary>How well a model does.</summary>
/// <param name="Task">The task.</param>
/// <param name="Model">The model.</param>
/// <param name="Data">The data.</param>
/// <param name="Split">The split.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Figures">As <see cref="TrainingResult.Evaluation"/>.</param>
/// <param name="Seconds">The duration.</param>
public sealed record EvaluationResult(string Task, string Model, string Data, string Split, int Rows, IReadOnlyDictionary<string, double> Figures, double Seconds);
