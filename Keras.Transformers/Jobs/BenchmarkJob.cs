using System.Diagnostics;
using Keras.Backend;

namespace Keras.Transformers;

/// <summary>Measures how long a model takes for a batch, on inputs drawn at random; for a generating model also the tokens per second.</summary>
/// <remarks><code>
/// var result = new BenchmarkJob { Model = "my-model", BatchSize = 8, Length = 64 }.Run();
/// Console.WriteLine($"{result.MedianMilliseconds:0.0} ms");
/// </code>
/// It is short, and for comparing two machines or two models; tools/Keras.Benchmarks measures with peers.</remarks>
public sealed record BenchmarkJob
{
    /// <summary>The model: a folder, or a repository of the hub.</summary>
    public required string Model { get; init; }

    /// <summary>The task, as for <see cref="TrainingJob.Task"/>; default the one that the model was saved for.</summary>
    public string? Task { get; init; }

    /// <summary>The rows of a batch; default 1.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>The number of tokens in a row; default 128, or the model's maximum.</summary>
    public int? Length { get; init; }

    /// <summary>How many batches are measured; default 20.</summary>
    public int Repeat { get; init; } = 20;

    /// <summary>How many tokens are generated; default 32.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>Whether XLA compiles the model; default if the engine benefits.</summary>
    public bool? JitCompile { get; init; }

    /// <summary>Does it.</summary>
    /// <param name="progress">Receives progress by batch; default none.</param>
    /// <param name="cancellation_token">Stops between two batches.</param>
    /// <exception cref="JobOptionException">An option cannot be right.</exception>
    /// <exception cref="ConfigException">The model's configuration is missing, damaged, or of a model without a class for the task.</exception>
    /// <exception cref="WeightLoadException">The model's weights are missing or do not fit.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BenchmarkResult Run(IProgress<JobProgress>? progress = null, CancellationToken cancellation_token = default)
    {
        foreach (var (value, option) in ((int, string)[])[(BatchSize, nameof(BatchSize)), (Length ?? 1, nameof(Length)), (Repeat, nameof(Repeat))]) JobOptionException.AtLeast(1, value, option);
        var task = JobTask.Of(Task, Model);
        var added = JobOptionException.NewTokens(MaxNewTokens, task, nameof(MaxNewTokens));
        progress?.Report(JobProgress.Of("loading the model"));
        var watch = Stopwatch.StartNew();
        var learner = task.Open(new(Model, new Dictionary<string, string>()));
        var model = learner.Model;
        if (JitCompile is { } jit) model.compile(jit_compile: jit);
        else model.compile();
        var loaded = watch.Elapsed.TotalSeconds;

        var most = (learner as TextJobModel)?.MaxLength ?? int.MaxValue;
        if (Length is { } tokens && learner is not TextJobModel) throw new JobOptionException(nameof(Length), "Images have no tokens", "nothing", $"{tokens}", "Leave it out.");
        if (Length > most) throw new JobOptionException(nameof(Length), "The model takes no texts as long", $"at most {most}", $"{Length}");
        var length = Math.Min(Length ?? 128, most);
        var inputs = Inputs(model, length);
        var first = Time(() => model.predict(inputs, verbose: 0));
        var times = Repeated(() => model.predict(inputs, verbose: 0), progress, cancellation_token);
        return new(task.Name, EngineSelection.Current.Name, EngineSelection.Current.Version, BatchSize, learner is TextJobModel ? length : null, loaded, first / 1000, times[times.Length / 2], times[0], times[(int)(times.Length * 0.9)], BatchSize * 1000 / times[times.Length / 2],
            Generated(model, length, added, progress, cancellation_token), Environment.WorkingSet);
    }

    double[] Repeated(Action work, IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        var times = new double[Repeat];
        work();
        for (var i = 0; i < Repeat; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            times[i] = Time(work);
            progress?.Report(JobProgress.Of("measuring", i + 1, Repeat));
        }
        Array.Sort(times);
        return times;
    }

    /// <summary>Tokens per second; null for a model that does not generate.</summary>
    double? Generated(TFPreTrainedModel model, int length, int added, IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        if (model is not ICausalLanguageModel || !model.InputRanges.TryGetValue("input_ids", out var ids)) return null;
        var room = Math.Min(added, TextJobModel.Positions(model.config) - 1);
        var prompt = Random(BatchSize, Math.Max(1, Math.Min(length, TextJobModel.Positions(model.config) - room)), ids);
        var options = model.generation_config.update(new Dictionary<string, object?> { ["max_new_tokens"] = room, ["eos_token_id"] = null, ["do_sample"] = false });
        progress?.Report(JobProgress.Of("generating"));
        model.generate(prompt, options, cancellationToken: cancellation);
        return BatchSize * room * 1000 / Time(() => model.generate(prompt, options, cancellationToken: cancellation));
    }

    static double Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    Tensors Inputs(TFPreTrainedModel model, int length) => new(model.input_signature.Select(i => KeyValuePair.Create(i.Key, (Tensors)Input(model, i.Key, i.Value.DType, i.Value.Shape, length))));

    Tensor Input(TFPreTrainedModel model, string name, DType dtype, Shape shape, int length)
    {
        int[] sizes = [.. shape.ToArray().Select((d, axis) => axis == 0 ? BatchSize : d < 0 ? length : (int)d)];
        if (!dtype.IsInteger) return Api.keras.random.uniform(new Shape([.. sizes.Select(s => (long)s)]), seed: 1);
        var range = name.EndsWith("mask", StringComparison.Ordinal) ? new InputRange(1, 1) : model.InputRanges.GetValueOrDefault(name, new(0, 0));
        return Random(sizes[0], sizes[^1], range);
    }

    static int[,] Random(int rows, int length, InputRange range)
    {
        var (random, numbers) = (new Random(1), new int[rows, length]);
        for (var row = 0; row < rows; row++)
            for (var i = 0; i < length; i++) numbers[row, i] = (int)random.NextInt64(range.Min, range.Max + 1);
        return numbers;
    }
}

/// <summary>The times that a model takes.</summary>
/// <param name="Task">The task.</param>
/// <param name="Engine">The engine.</param>
/// <param name="EngineVersion">Its version.</param>
/// <param name="BatchSize">The rows of a batch.</param>
/// <param name="Length">The tokens of a row; null of images.</param>
/// <param name="LoadSeconds">The time of loading.</param>
/// <param name="FirstSeconds">The time of the first batch, which compiles.</param>
/// <param name="MedianMilliseconds">The median time of the others.</param>
/// <param name="MinMilliseconds">The time of the fastest.</param>
/// <param name="P90Milliseconds">The 90th percentile of the times.</param>
/// <param name="RowsPerSecond">Rows a second, by the median.</param>
/// <param name="GeneratedTokensPerSecond">Tokens a second of a model that generates; null of others.</param>
/// <param name="MemoryBytes">The memory of the process at the end.</param>
public sealed record BenchmarkResult(string Task, string Engine, string EngineVersion, int BatchSize, int? Length, double LoadSeconds, double FirstSeconds, double MedianMilliseconds, double MinMilliseconds, double P90Milliseconds,
    double RowsPerSecond, double? GeneratedTokensPerSecond, long MemoryBytes);
