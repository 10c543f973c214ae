using Keras.Transformers;

namespace Keras.Benchmarks;

/// <summary>Measures <c>predict</c> on real texts: batches of similar length against batches padded to --seq.</summary>
/// <remarks>The measured time is for all texts sorted by length; the time for padded batches, measured alternately, is among the further figures.</remarks>
static class LengthsTask
{
    /// <summary>The multiple to which lengths are rounded up: few shapes, little padding.</summary>
    const int Multiple = 8;

    public static Outcome Run(BenchmarkOptions options)
    {
        var family = MeasuredFamily.Of(options);
        var folder = ModelFolder.Of(options);
        var tokenizer = family.Tokenizer(family.Sizes.ContainsKey(options.Size) ? family.OwnTokenizer : folder.Path);
        var model = family.Load(folder.Path);
        model.compile(run_eagerly: options.Mode == "eager", jit_compile: options.Mode == "xla");

        var texts = Texts();
        var lengths = tokenizer.Apply(texts, truncation: true, max_length: options.Sequence)["input_ids"];
        int[] byLength = [.. Enumerable.Range(0, texts.Length).OrderBy(i => lengths.Row(i).Length)];
        var sorted = Batches(byLength, PaddingStrategy.LONGEST, Multiple);
        var padded = Batches([.. Enumerable.Range(0, texts.Length)], PaddingStrategy.MAX_LENGTH, null);

        var paddedSeconds = new List<double>();
        Predict(padded);
        var times = Timings.Of(() => Predict(sorted), options.Repeat, before: () => paddedSeconds.Add(Timings.Of(() => Predict(padded), 0, 0).First));
        var paddedTimes = new Timings(paddedSeconds[0], [.. paddedSeconds.TakeLast(options.Repeat)]);
        return new(times)
        {
            Compiles = true,
            Tokens = Enumerable.Range(0, texts.Length).Sum(i => lengths.Row(i).Length),
            More = new()
            {
                ["texts"] = texts.Length,
                ["texts_per_s"] = Math.Round(texts.Length / times.Median, 1),
                ["padded_texts_per_s"] = Math.Round(texts.Length / paddedTimes.Median, 1),
                ["speedup"] = Math.Round(paddedTimes.Median / times.Median, 2),
                ["shapes"] = sorted.Select(b => b.x["input_ids"].Single.shape.ToString()).Distinct().Count(),
                ["traces"] = model.TraceCounts.Predict,
                ["weights"] = folder.Weights,
            },
        };

        void Predict(List<Batch> batches) => model.predict(batches, verbose: 0);

        List<Batch> Batches(int[] order, PaddingStrategy padding, int? multiple) => [.. order.Chunk(options.Batch).Select(rows => new Batch(
            tokenizer.Apply(rows.Select(i => texts[i]), padding: padding, truncation: true, max_length: options.Sequence, pad_to_multiple_of: multiple)))];
    }

    static string[] Texts() => Datasets.load_dataset("csv", split: "train", data_files: Path.Combine(AppContext.BaseDirectory, "texts.csv"), keep_in_memory: true)["text"];
}
