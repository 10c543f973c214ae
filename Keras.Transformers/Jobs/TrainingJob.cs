using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Keras.Files;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Fine-tunes a model on a table, evaluates it on unseen rows, and writes it with its tokenizer or image processor, a card and metrics.json.</summary>
/// <remarks>
/// <code>
/// var result = new TrainingJob { Task = "text-classification", Model = "models/bert-tiny", Data = "train.csv", Output = "my-model", Epochs = 3, LearningRate = 1e-3 }.Run();
/// Console.WriteLine(result.Evaluation["accuracy"]);
/// </code>
/// The optimizer is AdamW with a weight decay of 0.01; its learning rate falls in a line to 0. The loss is the model's own.
/// </remarks>
public sealed record TrainingJob
{
    /// <summary>The file in the output that holds the <see cref="TrainingResult"/>.</summary>
    public const string MetricsFile = "metrics.json";

    /// <summary>"text-classification", "token-classification", "question-answering", "text-generation" (causal language modelling), "fill-mask" (masked) or "image-classification".</summary>
    public required string Task { get; init; }

    /// <summary>The model to begin with: a folder, or a repository of the hub.</summary>
    public required string Model { get; init; }

    /// <summary>The rows: a file (.csv, .tsv, .jsonl, .json, .parquet, .arrow, .txt), a folder of images or data files, or a data set of the hub, "organisation/name" or "glue:cola".</summary>
    public required string Data { get; init; }

    /// <summary>The output folder, written completely or not at all.</summary>
    public required string Output { get; init; }

    /// <summary>The columns; default the usual names.</summary>
    public JobColumns Columns { get; init; } = new();

    /// <summary>The split to learn from; default "train".</summary>
    public string Split { get; init; } = JobData.Train;

    /// <summary>The rows for evaluation, as <see cref="Data"/>; default a part of the same data.</summary>
    public string? EvalData { get; init; }

    /// <summary>A fraction of the rows to hold out ("0.1"), the name of a split, or "none"; default the split "validation" or "test" if the data has one, otherwise "0.1".</summary>
    public string? EvalSplit { get; init; }

    /// <summary>Whether held-out rows are stratified by class; default if each row has one class, every class has two rows or more, and both parts have room. True rejects rows that cannot be stratified.</summary>
    public bool? Stratify { get; init; }

    /// <summary>For classifiers of texts and images, the kind of labels: "single_label_classification", one class each; "multi_label_classification", lists of classes, or comma-separated texts; "regression", numbers.
    /// Default several classes if the column holds lists, otherwise one.</summary>
    public string? ProblemType { get; init; }

    /// <summary>The number of epochs; default 3.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>The rows of a step; default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The learning rate at the beginning; default 5e-5. Small models need more, such as 1e-3.</summary>
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>The maximum number of tokens in a text, or of a block of a language model; default what the model was made for.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The seed of random numbers, set globally. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>"bfloat16" or "float16": computes in 16 bits and keeps weights in 32; default all in 32.</summary>
    public string? MixedPrecision { get; init; }

    /// <summary>Whether XLA compiles steps; default if the engine benefits.</summary>
    public bool? JitCompile { get; init; }

    /// <summary>Whether an output that exists is replaced; default false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Where tables are cached once read; default as <c>load_dataset</c>.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Does it.</summary>
    /// <param name="progress">Receives progress by step; default none.</param>
    /// <param name="cancellation_token">Stops between two steps; nothing is written then.</param>
    /// <exception cref="JobOptionException">An option cannot be right.</exception>
    /// <exception cref="ConfigException">The model's configuration is missing, damaged, or of a model without a class for the task.</exception>
    /// <exception cref="WeightLoadException">The model's weights are missing or do not fit.</exception>
    /// <exception cref="FileFormatException">A file of the model or of the data is damaged.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written; what was there is as it was.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TrainingResult Run(IProgress<JobProgress>? progress = null, CancellationToken cancellation_token = default)
    {
        var watch = Stopwatch.StartNew();
        var task = JobTask.Of(Task);
        Check();
        keras.utils.set_random_seed(Seed);
        progress?.Report(JobProgress.Of("reading data"));
        var (train, eval) = Read(task, cancellation_token);
        var columns = ColumnRole.Resolve(Columns, task.Columns(withTruth: true), task.Name, train.column_names);
        var problem = ProblemOf(task, train, columns);
        foreach (var (_, column) in columns)
            if (eval is not null && !eval.column_names.Contains(column)) throw JobOptionException.Unknown(nameof(EvalData), "The rows to judge by lack a column", column, eval.column_names);

        progress?.Report(JobProgress.Of("loading the model"));
        var learner = task.Open(new(Model, columns)
        {
            Labels = Classes(task, problem, train, eval, columns), Problem = problem, Policy = MixedPrecision is null ? null : $"mixed_{MixedPrecision}",
            BatchSize = BatchSize, MaxLength = MaxLength, Multiple = JitCompile == false ? null : 16, Seed = Seed, ImageFolder = new JobData(Data, nameof(Data)).Folder,
        });
        var model = learner.Model;
        RequireRoom(model);
        var history = Fit(learner, learner.Batches(train, new Random(Seed)), eval is null ? null : learner.Batches(eval, null), progress, cancellation_token);
        var figures = eval is null ? [] : learner.Evaluate(eval, done => progress?.Report(JobProgress.Of("evaluating", done, eval.num_rows)), cancellation_token);

        var epochs = history.Epochs;
        var result = new TrainingResult(Path.GetFullPath(Output), task.Name, Model, train.num_rows, eval?.num_rows ?? 0, learner.Labels, Figures(epochs[^1], e => !e.StartsWith("val_", StringComparison.Ordinal) && e != "epoch"), figures, epochs, watch.Elapsed.TotalSeconds);
        progress?.Report(JobProgress.Of("writing"));
        cancellation_token.ThrowIfCancellationRequested();
        AtomicFolder.Write(Output, folder =>
        {
            model.save_pretrained(folder);
            learner.SaveBeside(folder);
            var data = RepoName.IsId(Data) && !Path.Exists(Data) ? Data : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Data)));
            (TrainingSummary.from_keras(model, Path.GetFileName(result.Output), tasks: task.Name, dataset: data) with { eval_results = figures }).save(folder);
            AtomicFile.WriteAllText(Path.Combine(folder, MetricsFile), JsonSerializer.Serialize(result with { Output = Path.GetFileName(result.Output), Model = Origin() }, JobJson.Default.TrainingResult) + "\n");
        });
        return result;
    }

    /// <summary>The base model's name for the card; a folder gets "./" in front, since its path may look like a hub name.</summary>
    string Origin() => Directory.Exists(Model) ? $"./{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Model)))}" : Model;

    void Check()
    {
        JobOptionException.AtLeast(1, Epochs, nameof(Epochs));
        JobOptionException.AtLeast(1, BatchSize, nameof(BatchSize));
        JobOptionException.AtLeast(0, Seed, nameof(Seed));
        JobOptionException.Positive(LearningRate, nameof(LearningRate));
        if (MaxLength is { } length) JobOptionException.AtLeast(4, length, nameof(MaxLength));
        if (Stratify == true && (EvalData is not null || (EvalSplit is not null && Share(EvalSplit) is null))) throw NothingDrawn(EvalData ?? EvalSplit, "Leave out one of the two.");
        if (MixedPrecision is not (null or "bfloat16" or "float16")) throw JobOptionException.Unknown(nameof(MixedPrecision), "There is no such precision", MixedPrecision, ["bfloat16", "float16"]);
        if (EvalData is not null && EvalSplit is not null && Share(EvalSplit) is not null) throw new JobOptionException(nameof(EvalSplit), "Rows of their own are not held back from others", "the name of a split of EvalData", EvalSplit, "Leave out one of the two.");
        JobOptionException.NewOutput(Output, Overwrite);
    }

    static JobOptionException NothingDrawn(string? received, string remedy) => new(nameof(Stratify), "No rows are drawn to judge by", "a share that is held back, such as EvalSplit \"0.1\"", received, remedy);

    (Dataset Train, Dataset? Eval) Read(JobTask task, CancellationToken cancellation)
    {
        var data = new JobData(Data, nameof(Data));
        if (EvalData is { } other) return (data.Read(Split, CacheFolder, cancellation), new JobData(other, nameof(EvalData)).Read(EvalSplit ?? JobData.Train, CacheFolder, cancellation));
        if (EvalSplit == "none") return (data.Read(Split, CacheFolder, cancellation), null);
        if (EvalSplit is not null && Share(EvalSplit) is null) return (data.Read(Split, CacheFolder, cancellation), data.Read(EvalSplit, CacheFolder, cancellation));
        if (EvalSplit is null && !File.Exists(Data) && data.All(CacheFolder, cancellation) is { Count: > 1 } splits && splits.ContainsKey(Split) && ((string[])["validation", "test"]).FirstOrDefault(s => s != Split && splits.ContainsKey(s)) is { } own)
        {
            if (Stratify == true) throw NothingDrawn($"the split \"{own}\" of the data", "Leave it out, or give the share.");
            return (data.NotEmpty(splits[Split]), data.NotEmpty(splits[own]));
        }
        var all = data.Read(Split, CacheFolder, cancellation);
        if (all.num_rows < 2) throw new JobOptionException(nameof(EvalSplit), "Of one row none can be held back", "two rows or more", $"{all.num_rows}", "Judge by other rows, or by none.");
        var held = Math.Clamp((int)Math.Ceiling(all.num_rows * (Share(EvalSplit ?? "0.1") ?? 0.1)), 1, all.num_rows - 1);
        var columns = ColumnRole.Resolve(Columns, task.Columns(withTruth: true), task.Name, all.column_names);
        return new HeldOut(held, Seed, Stratify).Split(all, ProblemOf(task, all, columns) == JobProblem.OneClass ? columns[task.Truth!.Name] : null);
    }

    /// <summary>The kind of labels, for tasks whose rows have labels.</summary>
    JobProblem? ProblemOf(JobTask task, Dataset data, Dictionary<string, string> columns) => task.HasProblems ? JobProblem.Of(ProblemType, data.features[columns[task.Truth!.Name]])
        : ProblemType is null ? null : throw new JobOptionException(nameof(ProblemType), $"The task \"{task.Name}\" has one kind of labels alone", "nothing", ProblemType, "Leave it out.");

    /// <summary>The classes of the data, including held-out rows. Separate evaluation data must have the same classes, which is checked before training.</summary>
    JobLabels? Classes(JobTask task, JobProblem? problem, Dataset train, Dataset? eval, Dictionary<string, string> columns)
    {
        if ((problem is null ? task.Classes : problem.NamesIn) is not { } read) return null;
        var column = columns[task.Truth!.Name];
        Dataset[] known = EvalData is null && eval is not null ? [train, eval] : [train];
        var labels = problem?.Labels(known, column) ?? JobLabels.In(known, column, read);
        if (EvalData is not null)
            foreach (var name in JobLabels.NamesIn(eval!, column, read)) _ = labels[name];
        return labels;
    }

    static double? Share(string text) => !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? null
        : share is > 0 and < 1 ? share : throw new JobOptionException(nameof(EvalSplit), "A share is out of range", "a number above 0 and below 1, the name of a split, or \"none\"", text);

    Keras.Callbacks.History Fit(JobModel learner, RowBatches train, RowBatches? eval, IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        if (train.Steps == 0) throw new JobOptionException(nameof(Data), "There is nothing to learn from", "texts of two tokens or more", "none");
        var (model, steps) = (learner.Model, Epochs * train.Steps);
        var rate = keras.optimizers.schedules.PolynomialDecay(LearningRate, decay_steps: steps, end_learning_rate: 0);
        var optimizer = keras.optimizers.AdamW(rate, weight_decay: 0.01);
        var metrics = learner.Metrics is { Length: > 0 } names ? (Keras.Metrics.MetricsArg?)names : null;
        if (JitCompile is { } jit) model.compile(optimizer, metrics: metrics, jit_compile: jit);
        else model.compile(optimizer, metrics: metrics);
        var told = new JobCallback((step, logs) => progress?.Report(new("training", step, steps, logs.ToDictionary(l => l.Key, l => l.Value))), cancellation) { StepsOfEpoch = train.Steps };
        return eval is null ? model.fit(train, epochs: Epochs, verbose: 0, callbacks: told) : model.fit(train, eval, epochs: Epochs, verbose: 0, callbacks: told);
    }

    /// <summary>Checks that there is disk space before training.</summary>
    void RequireRoom(TFPreTrainedModel model)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Output)))!;
        try
        {
            Directory.CreateDirectory(parent);
            var probe = Path.Combine(parent, $".{Path.GetRandomFileName()}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The output's folder '{parent}' cannot be written: {e.Message} Give an output in another one.", e);
        }
        var (needed, free) = (model.count_params() * 4L, new DriveInfo(parent).AvailableFreeSpace);
        if (free < needed) throw new IOException($"There is no room for the model in '{parent}'. Expected: {needed:N0} bytes. Received: {free:N0} free. Give an output on another disk.");
    }

    static Dictionary<string, double> Figures(IReadOnlyDictionary<string, double> epoch, Func<string, bool> isWanted) => epoch.Where(e => isWanted(e.Key)).ToDictionary(e => e.Key, e => e.Value);
}

/// <summary>The result of a training; metrics.json holds the same, but only the folder's name.</summary>
/// <param name="Output">The folder of the model.</param>
/// <param name="Task">The task.</param>
/// <param name="Model">The model that it began with.</param>
/// <param name="TrainRows">The number of rows it was trained on.</param>
/// <param name="EvalRows">The number of rows it was evaluated on.</param>
/// <param name="Labels">The classes by number; empty if there are none.</param>
/// <param name="Training">The figures of the last epoch: loss, accuracy.</param>
/// <param name="Evaluation">The figures on rows that it has not seen: of classes loss, accuracy and F1 (the mean of all classes; of marked spans as seqeval counts); of several classes each loss, accuracy (rows of which all is right), micro_f1 and macro_f1; of numbers loss, mse, mae and pearsonr; of answers exact_match and f1; of language models loss and perplexity. Empty where none were held back.</param>
/// <param name="Epochs">The figures of each epoch.</param>
/// <param name="Seconds">The duration.</param>
public sealed record TrainingResult(string Output, string Task, string Model, int TrainRows, int EvalRows, IReadOnlyList<string> Labels, IReadOnlyDictionary<string, double> Training, IReadOnlyDictionary<string, double> Evaluation,
    IReadOnlyList<IReadOnlyDictionary<string, double>> Epochs, double Seconds);
