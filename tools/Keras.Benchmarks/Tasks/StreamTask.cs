using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Keras.Data;
using Keras.Transformers;
using static Keras.Api;
using static Keras.Transformers.Datasets;

namespace Keras.Benchmarks;

/// <summary>Reads more data than memory can hold, as <c>fit</c> does: as a stream (map, filter, shuffle, batch, prefetch) and as a mapped <see cref="Dataset"/> (shuffled rows
/// in batches). Prints the process's memory meanwhile.</summary>
/// <remarks>One Arrow file of 1 GB is read under enough names to reach --gigabytes. The measured times are those of the two passes.</remarks>
static class StreamTask
{
    const int RowsOfFile = 320_000, Tokens = 700, RowsOfBatch = 1000, Letters = 400;

    public static Outcome Run(BenchmarkOptions options)
    {
        disable_progress_bars();
        var folder = Directory.CreateTempSubdirectory("keras-stream-").FullName;
        try
        {
            var first = Path.Combine(folder, "part-00000.arrow");
            Write(first);
            var bytes = new FileInfo(first).Length;
            var files = (int)Math.Ceiling(options.Gigabytes * 1e9 / bytes);
            for (var i = 1; i < files; i++) File.CreateSymbolicLink(Path.Combine(folder, $"part-{i:00000}.arrow"), first);
            Console.Error.WriteLine($"{files} names of a file of {bytes / 1e9:0.00} GB");

            var (memory, rows) = (new MemoryLog(bytes / (double)RowsOfFile), (long)files * RowsOfFile);
            var seconds = new[] { Walk("stream", () => Streamed(folder)), Walk("mapped", () => Mapped(folder, files)) };
            return new(new(seconds[0], seconds))
            {
                More = new()
                {
                    ["gb"] = Math.Round(files * bytes / 1e9, 2),
                    ["rows"] = rows,
                    ["mb_per_s"] = new JsonArray([.. seconds.Select(s => (JsonNode)Math.Round(files * bytes / 1e6 / s, 1))]),
                    ["anonymous_mb"] = memory.Spread("RssAnon"),
                    ["resident_mb"] = memory.Spread("VmRSS"),
                },
            };

            double Walk(string name, Func<DataPipeline> make)
            {
                var (start, count, sum) = (Stopwatch.GetTimestamp(), 0L, 0L);
                memory.Begin(name);
                foreach (var batch in make().as_numpy_iterator())
                {
                    var ids = batch["id"].Single.ToArray<long>();
                    (count, sum) = (count + ids.Length, sum + ids.Sum());
                    memory.Note(count * (name == "stream" ? 2 : 1));
                }
                // The filter of the stream keeps the even rows.
                var expected = name == "stream" ? (rows / 2, (long)files * (RowsOfFile / 2) * ((RowsOfFile / 2) - 1)) : (rows, (long)files * RowsOfFile * (RowsOfFile - 1) / 2);
                return (count, sum) == expected ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException($"Rows were lost. Expected: {expected}. Received: {(count, sum)}.");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static DataPipeline Streamed(string folder)
    {
        var rows = load_dataset("arrow", split: "train", streaming: true, data_files: Path.Combine(folder, "*.arrow"))
            .map(batch => new() { ["length"] = batch["text"].Select(t => ((string)t!).Length).ToArray() }, batched: true, remove_columns: ["text"])
            .filter(row => row["id"] % 2 == 0)
            .shuffle(seed: 1, buffer_size: 2000);
        return keras.data.from_generator(() => rows).batch(64).prefetch(keras.data.AUTOTUNE);
    }

    static DataPipeline Mapped(string folder, int files) =>
        concatenate_datasets(Enumerable.Range(0, files).Select(i => Dataset.from_file(Path.Combine(folder, $"part-{i:00000}.arrow")))).select_columns("id", "tokens")
            .to_tf_dataset(batch_size: 64, shuffle: true, seed: 1);

    static void Write(string path)
    {
        var text = new string('a', Letters);
        var tokens = Enumerable.Range(0, Tokens).ToArray();
        Dataset.from_dict(new Dictionary<string, object> { ["id"] = Enumerable.Range(0, RowsOfFile).Select(i => (long)i).ToArray() }).map(
            batch => new() { ["text"] = Enumerable.Repeat(text, batch.num_rows).ToArray(), ["tokens"] = Enumerable.Repeat(tokens, batch.num_rows).ToArray() }, batched: true, batch_size: RowsOfBatch, cache_file_name: path);
    }

    /// <summary>Prints the memory of this process for every GB read.</summary>
    sealed class MemoryLog(double bytesOfRow)
    {
        const double Step = 1e9;

        readonly Dictionary<string, List<double>> _megabytes = new() { ["VmRSS"] = [], ["RssAnon"] = [], ["RssFile"] = [] };
        double _next;
        string _name = "";

        public void Begin(string name) => (_name, _next) = (name, Step);

        public void Note(long rows)
        {
            if (rows * bytesOfRow < _next) return;
            var now = Kinds();
            foreach (var (kind, value) in now) _megabytes[kind].Add(value);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_name} {_next / Step,3:0} GB: {string.Join(", ", now.Select(k => $"{k.Key} {k.Value:0} MB"))}"));
            _next += Step;
        }

        /// <summary>The minimum and maximum; empty if the system does not report them.</summary>
        public JsonArray Spread(string kind) => _megabytes[kind] is { Count: > 0 } all ? [Math.Round(all.Min(), 1), Math.Round(all.Max(), 1)] : [];

        Dictionary<string, double> Kinds() => !File.Exists("/proc/self/status") ? [] : File.ReadLines("/proc/self/status").Select(l => l.Split(':')).Where(p => _megabytes.ContainsKey(p[0]))
            .ToDictionary(p => p[0], p => double.Parse(p[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture) / 1024);
    }
}
