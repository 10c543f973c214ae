using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Keras.Files;

namespace Keras.Transformers;

/// <summary>Predicts for the rows of a table, which is read and processed in parts, so that it may have any size.</summary>
/// <remarks><code>
/// foreach (var row in new PredictionJob { Model = "my-model", Data = "new.csv" }.Rows()) Console.WriteLine(row.Answers[0]["label"]);
/// </code></remarks>
public sealed record PredictionJob
{
    /// <summary>The name of the member that holds a row's answers.</summary>
    internal const string Prediction = "prediction";

    /// <summary>The model: a folder, or a repository of the hub.</summary>
    public required string Model { get; init; }

    /// <summary>The rows, as for <see cref="TrainingJob.Data"/>.</summary>
    public required string Data { get; init; }

    /// <summary>The output file of <see cref="Run"/>, .jsonl or .csv, written completely or not at all.</summary>
    public string? Output { get; init; }

    /// <summary>The task, as for <see cref="TrainingJob.Task"/>; default the one that the model was saved for.</summary>
    public string? Task { get; init; }

    /// <summary>The columns; default the usual names.</summary>
    public JobColumns Columns { get; init; } = new();

    /// <summary>The split; default "train", which is what a single file is called.</summary>
    public string Split { get; init; } = JobData.Train;

    /// <summary>The maximum number of results per row: classes, masked tokens or answers to questions; default 1.</summary>
    public int TopK { get; init; } = 1;

    /// <summary>The rows that are computed at once; default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The maximum number of tokens in a text; default what the model was made for.</summary>
    public int? MaxLength { get; init; }

    /// <summary>How many tokens "text-generation" adds at most; default 32.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>Whether an output that exists is replaced; default false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The rows with their predictions, as they are computed.</summary>
    /// <param name="cancellation_token">Stops between two batches.</param>
    /// <exception cref="JobOptionException">An option cannot be right.</exception>
    /// <exception cref="ConfigException">The model's configuration is missing, damaged, or of a model without a class for the task.</exception>
    /// <exception cref="WeightLoadException">The model's weights are missing or do not fit.</exception>
    /// <exception cref="UnsupportedException">The model has no trained head for the task.</exception>
    /// <exception cref="ValueRangeException">A row leaves nothing to answer, such as an empty question.</exception>
    /// <exception cref="FileFormatException">A file of the model or of the data is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<PredictedRow> Rows(CancellationToken cancellation_token = default)
    {
        JobOptionException.AtLeast(1, TopK, nameof(TopK));
        JobOptionException.AtLeast(1, BatchSize, nameof(BatchSize));
        var task = JobTask.Of(Task, Model);
        var added = JobOptionException.NewTokens(MaxNewTokens, task, nameof(MaxNewTokens));
        if (TopK > 1 && !task.IsRanked) throw new JobOptionException(nameof(TopK), $"The task \"{task.Name}\" gives no ranks of answers", "1", $"{TopK}", "Leave it out.");
        var source = new JobData(Data, nameof(Data));
        var data = source.Stream(Split, cancellation_token);
        var columns = ColumnRole.Resolve(Columns, task.Columns(withTruth: false), task.Name, data.column_names ?? []);
        if (data.column_names?.Contains(Prediction) == true) throw Taken(Prediction);
        var model = task.Open(new(Model, columns) { BatchSize = BatchSize, MaxLength = MaxLength, TopK = TopK, MaxNewTokens = added, ImageFolder = source.Folder, IsTrained = true });
        return Answered(model, data, cancellation_token);
    }

    IEnumerable<PredictedRow> Answered(JobModel model, IterableDataset data, CancellationToken cancellation)
    {
        long number = 0;
        foreach (var part in data.iter(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (row, answers) in model.Predict(part, cancellation).Index())
                yield return new(number++, part[row].Keys.ToDictionary(c => c, c => Shown(part[row][c])), answers);
        }
    }

    /// <summary>A cell as shown in a row; an image is shown as its file path.</summary>
    static object? Shown(DatasetValue cell) => cell.Feature is Image && !cell.IsNull ? (string?)cell["path"] : cell.ToObject();

    /// <summary>Writes all rows with their predictions to <see cref="Output"/>. A line of .jsonl is the row with the extra member "prediction": the result, or a list of them. A .csv has extra columns,
    /// "predicted_label" and so on, or, if a row has several results, "prediction", JSON.</summary>
    /// <param name="progress">Receives progress by rows; default none.</param>
    /// <param name="cancellation_token">Stops between two batches; nothing is written then.</param>
    /// <exception cref="IOException">The disk is full or cannot be written; what was there is as it was.</exception>
    /// <inheritdoc cref="Rows" path="/exception"/>
    public PredictionResult Run(IProgress<JobProgress>? progress = null, CancellationToken cancellation_token = default)
    {
        var output = JobOptionException.NewOutput(Output, Overwrite);
        var isTable = Path.GetExtension(output).ToLowerInvariant() switch
        {
            ".csv" => true,
            ".jsonl" or ".ndjson" => false,
            var other => throw JobOptionException.Unknown(nameof(Output), "Answers are not written in this format", other, [".jsonl", ".csv"]),
        };
        var (watch, rows) = (Stopwatch.StartNew(), 0L);
        AtomicFile.Write(output, stream => rows = Write(stream, isTable, progress, cancellation_token));
        return new(Model, Data, Path.GetFullPath(output), rows, watch.Elapsed.TotalSeconds);
    }

    /// <summary>Writes all rows with their predictions to a stream, as <see cref="Run"/> does, each batch as it is computed.</summary>
    /// <param name="output">The stream; it stays open.</param>
    /// <param name="as_csv">Whether a table is written; default lines of JSON.</param>
    /// <param name="progress">Receives progress by rows; default none.</param>
    /// <param name="cancellation_token">Stops between two batches.</param>
    /// <returns>How many rows there were.</returns>
    /// <inheritdoc cref="Rows" path="/exception"/>
    public long Write(Stream output, bool as_csv = false, IProgress<JobProgress>? progress = null, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        progress?.Report(JobProgress.Of("loading the model"));
        using var text = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        var isList = TopK > 1 || JobTask.Of(Task, Model).Name == "token-classification";
        long rows = 0;
        foreach (var row in Rows(cancellation_token))
        {
            object? answer = isList ? row.Answers : row.Answers[0];
            if (as_csv)
            {
                KeyValuePair<string, object?>[] cells = [.. row.Input, .. isList ? [KeyValuePair.Create<string, object?>(Prediction, answer)] : row.Answers[0].Select(a => KeyValuePair.Create($"predicted_{a.Key}", a.Value))];
                if (rows == 0)
                {
                    if (cells.CountBy(c => c.Key).FirstOrDefault(c => c.Value > 1).Key is { } twice) throw Taken(twice);
                    text.Write(string.Join(',', cells.Select(c => Cell(c.Key))) + "\n");
                }
                text.Write(string.Join(',', cells.Select(c => Cell(c.Value))) + "\n");
            }
            else text.Write(JobJson.Line(row.Input.Append(KeyValuePair.Create<string, object?>(Prediction, answer))) + "\n");
            if (++rows % BatchSize != 0) continue;
            text.Flush();
            progress?.Report(JobProgress.Of("predicting", rows));
        }
        progress?.Report(JobProgress.Of("predicting", rows, rows));
        return rows;
    }

    static JobOptionException Taken(string column) => new(nameof(Data), "The table has a column already that the answers are written to", $"no column \"{column}\"", column, "Rename it, or take it out.");

    static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            string given => given,
            bool or IFormattable => Convert.ToString(value, CultureInfo.InvariantCulture)!,
            _ => JobJson.Line(value),
        };
        return text.AsSpan().ContainsAny(',', '"', '\n') || text.Contains('\r', StringComparison.Ordinal) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}

/// <summary>A row with its answers.</summary>
/// <param name="Row">Its number, from 0.</param>
/// <param name="Input">Its columns; of an image the path of its file, null where it has none.</param>
/// <param name="Answers">The answers, the best first, by the names of Hugging Face's pipelines: label and score; entity_group, score, word, start and end of each span; score, start, end and answer; generated_text; score, token, token_str and sequence.</param>
public sealed record PredictedRow(long Row, IReadOnlyDictionary<string, object?> Input, IReadOnlyList<IReadOnlyDictionary<string, object?>> Answers)
{
    /// <summary>Writes the row as a JSON object: its columns, and "prediction", the list of its answers.</summary>
    /// <param name="json">The writer; it is not flushed.</param>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        JobJson.Write(json, Input.Append(KeyValuePair.Create(PredictionJob.Prediction, (object?)Answers)));
    }
}

/// <summary>What was answered.</summary>
/// <param name="Model">The model.</param>
/// <param name="Data">The data.</param>
/// <param name="Output">The file.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Seconds">The duration.</param>
public sealed record PredictionResult(string Model, string Data, string Output, long Rows, double Seconds);
