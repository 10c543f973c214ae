using System.Diagnostics;
using System.Text.Json.Nodes;
using Keras.Data;
using Keras.Examples;
using Keras.Transformers;
using static Keras.Api;
using static Keras.Transformers.Datasets;

namespace Keras.Benchmarks;

/// <summary>Measures epochs of <c>fit</c> over real texts of a <see cref="Dataset"/>, padded in three ways: the share of padding, texts per second, and the share of processor time that the input
/// takes.</summary>
/// <remarks>The measured time is an epoch of batches of similar length; the other ways alternate with it. The input's share is the processor time for iterating over the same batches without a model,
/// divided by that for an epoch of fit.</remarks>
static class PaddingTask
{
    public static Outcome Run(BenchmarkOptions options)
    {
        disable_progress_bars();
        var family = MeasuredFamily.Of(options);
        var folder = ModelFolder.Of(options);
        var tokenizer = family.Tokenizer(family.Sizes.ContainsKey(options.Size) ? family.OwnTokenizer : folder.Path);
        var model = TFAutoModelForSequenceClassification.from_pretrained(folder.Path, num_labels: 12);
        model.compile(optimizer: keras.optimizers.Adam(TrainTask.LearningRate), run_eagerly: options.Mode == "eager", jit_compile: options.Mode == "xla");

        var texts = load_dataset("csv", split: "train", data_files: Path.Combine(AppContext.BaseDirectory, "definitions.csv"), keep_in_memory: true);
        var rows = Encoded();
        var longest = rows["input_ids"].Max(ids => ids.Count);
        (string Name, DataPipeline Batches)[] ways =
        [
            ("longest text of all", Batches(rows, new DataCollatorWithPadding(tokenizer, PaddingStrategy.MAX_LENGTH, longest), false)),
            ("longest text of the batch", Batches(rows, null, false)),
            ("batches of similar length", Batches(rows, null, true)),
        ];
        var padding = ways.Select(w => Padding(w.Batches)).ToArray();

        var seconds = ways.Select(_ => new List<double>()).ToArray();
        double fitCpu = 0, walkCpu = 0, tokenizeCpu = 0;
        for (var round = 0; round <= options.Repeat; round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var (time, cpu) = Measure(() => model.fit(ways[i].Batches, epochs: 1, verbose: 0));
                seconds[i].Add(time);
                if (i == ways.Length - 1 && round > 0) fitCpu += cpu;
            }
            if (round == 0) continue;
            walkCpu += Measure(() => Padding(ways[^1].Batches)).Cpu;
            tokenizeCpu += Measure(() => Encoded()).Cpu;
        }
        var times = seconds.Select(s => new Timings(s[0], [.. s.Skip(1)])).ToArray();
        var rates = times.Select(t => rows.num_rows / t.Median).ToArray();
        if (options.Picture is { } picture) PaddingBars.Save(picture, [.. ways.Select(w => w.Name)], padding, rates);
        return new(times[^1])
        {
            Compiles = true,
            Tokens = rows["input_ids"].Sum(ids => (double)ids.Count),
            More = new()
            {
                ["texts"] = rows.num_rows,
                ["longest"] = longest,
                ["padding"] = Rounded(padding, 3),
                ["texts_per_s"] = Rounded(rates, 1),
                ["speedup"] = Math.Round(rates[^1] / rates[0], 2),
                ["input_cpu_share"] = Math.Round(walkCpu / fitCpu, 4),
                ["tokenizing_cpu_share"] = Math.Round(tokenizeCpu / fitCpu, 4),
                ["weights"] = folder.Weights,
            },
        };

        Dataset Encoded() => texts.map(batch => tokenizer.Apply(batch["text"]), batched: true, remove_columns: ["text"], keep_in_memory: true);

        DataPipeline Batches(Dataset data, DataCollator? collator, bool grouped) =>
            model.prepare_tf_dataset(data, options.Batch, tokenizer: tokenizer, collate_fn: collator, drop_remainder: false, group_by_length: grouped, seed: 1);
    }

    static JsonArray Rounded(double[] values, int digits) => [.. values.Select(v => (JsonNode)Math.Round(v, digits))];

    /// <summary>The share of positions without a token.</summary>
    static double Padding(DataPipeline batches)
    {
        long places = 0, tokens = 0;
        foreach (var batch in batches.as_numpy_iterator())
        {
            var mask = (batch.IsDictionary ? batch : batch[0])["attention_mask"].Single.ToArray<long>();
            (places, tokens) = (places + mask.Length, tokens + mask.Sum());
        }
        return 1 - ((double)tokens / places);
    }

    static (double Seconds, double Cpu) Measure(Action action)
    {
        using var process = Process.GetCurrentProcess();
        var (start, before) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        action();
        process.Refresh();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (process.TotalProcessorTime - before).TotalSeconds);
    }
}
