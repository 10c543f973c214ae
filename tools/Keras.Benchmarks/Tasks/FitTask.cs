using System.Diagnostics;
using Keras.Callbacks;
using static Keras.Api;

namespace Keras.Benchmarks;

/// <summary>Measures <c>compile</c> and <c>fit</c> with the model's own loss and Adam: the time from the end of one batch to the end of the next.</summary>
/// <remarks>The difference to <c>train</c>, the same step as a bare function, is the cost of the training loop.</remarks>
static class FitTask
{
    public static Outcome Run(BenchmarkOptions options)
    {
        var (family, folder) = (MeasuredFamily.Of(options), ModelFolder.Of(options));
        var model = family.Load(folder.Path);
        var length = family.Length(model, options);
        model.compile(optimizer: keras.optimizers.Adam(TrainTask.LearningRate), run_eagerly: options.Mode == "eager", jit_compile: options.Mode == "xla");
        var inputs = MeasuredFamily.Inputs(model, options.Batch, options.Sequence);
        var batch = new Batch(inputs, family.Benchmark.Labels(inputs));

        var clock = new BatchClock();
        var start = Stopwatch.GetTimestamp();
        var history = model.fit(Enumerable.Repeat(batch, options.Repeat + Unmeasured), verbose: 0, callbacks: [clock]);
        return new(new(Stopwatch.GetElapsedTime(start, clock.Ends[0]).TotalSeconds, clock.Seconds(Unmeasured)))
        {
            Compiles = true,
            Tokens = options.Batch * length,
            Flops = 3 * model.ForwardFlops(options.Batch, length),
            More = new() { ["loss"] = Math.Round(history.history["loss"][^1], 5), ["seq"] = length, ["weights"] = folder.Weights },
        };
    }

    /// <summary>The number of unmeasured batches: the first compiles, one more warms up.</summary>
    const int Unmeasured = 2;

    sealed class BatchClock : Callback
    {
        public List<long> Ends { get; } = [];

        public double[] Seconds(int skipped) => [.. Ends.Skip(skipped).Zip(Ends.Skip(skipped - 1), (end, before) => Stopwatch.GetElapsedTime(before, end).TotalSeconds)];

        public override void on_train_batch_end(int batch, Logs logs) => Ends.Add(Stopwatch.GetTimestamp());
    }
}
