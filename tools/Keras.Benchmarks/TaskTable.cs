namespace Keras.Benchmarks;

/// <summary>The table of all tasks.</summary>
static class TaskTable
{
    /// <summary>The tasks by name; names starting with '_' are parts of others.</summary>
    public static readonly IReadOnlyDictionary<string, Func<BenchmarkOptions, Outcome>> All = new Dictionary<string, Func<BenchmarkOptions, Outcome>>
    {
        ["infer"] = InferTask.Run,
        ["decode"] = DecodeTask.Run,
        ["generate"] = GenerateTask.Run,
        ["train"] = TrainTask.Run,
        ["bare"] = BareTask.Run,
        ["fit"] = FitTask.Run,
        ["load"] = LoadTask.Run,
        ["coldstart"] = ColdStartTask.Run,
        [ColdStartTask.Part] = ColdStartTask.RunPart,
        ["tokenize"] = TokenizeTask.Run,
        ["lengths"] = LengthsTask.Run,
        ["export"] = ExportTask.Run,
        ["padding"] = PaddingTask.Run,
        ["stream"] = StreamTask.Run,
    };

    /// <summary>The tasks that users can name.</summary>
    public static IEnumerable<string> Names => All.Keys.Where(t => t[0] != '_');

    public static Outcome Run(BenchmarkOptions options) => All[options.Task](options);
}
