using System.Text.Json;
using System.Text.Json.Nodes;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>The folder that <c>save_to_disk</c> writes: Arrow files, state.json (which files, fingerprint, format) and dataset_info.json (features).</summary>
static class DatasetFolder
{
    public const string DictFile = "dataset_dict.json";
    const string StateFile = "state.json", InfoFile = "dataset_info.json";
    const int RowsOfBatch = 1000;
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes a data set into an empty folder.</summary>
    public static void Write(string folder, Dataset data, MaxShardSize? max_shard_size, int? num_shards, CancellationToken cancellation)
    {
        var count = num_shards is { } given ? Require.Count(1, given, nameof(num_shards)) : ShardCount(data, max_shard_size ?? new(500_000_000));
        var names = new JsonArray();
        using var progress = new DatasetProgress($"Saving the dataset (0/{count} shards)", data.num_rows);
        for (var i = 0; i < count; i++)
        {
            var name = $"data-{i:D5}-of-{count:D5}.arrow";
            var shard = data.shard(count, i);
            using var stream = File.Create(Path.Combine(folder, name));
            ArrowCache.WriteTo(stream, sink => WriteRows(shard, sink, progress, cancellation));
            names.Add((JsonNode)new JsonObject { ["filename"] = name });
            progress.What = $"Saving the dataset ({i + 1}/{count} shards)";
        }
        var (type, columns, all) = data.Format;
        File.WriteAllText(Path.Combine(folder, StateFile), new JsonObject
        {
            ["_data_files"] = names, ["_fingerprint"] = data._fingerprint, ["_format_columns"] = columns is null ? null : new JsonArray([.. columns.Select(c => (JsonNode)c)]), ["_format_kwargs"] = new JsonObject(), ["_format_type"] = type,
            ["_output_all_columns"] = all, ["_split"] = data.split,
        }.ToJsonString(Indented));
        File.WriteAllText(Path.Combine(folder, InfoFile), new JsonObject { ["citation"] = "", ["description"] = "", ["features"] = data.features.ToJson(), ["homepage"] = "", ["license"] = "" }.ToJsonString(Indented));
    }

    static Features WriteRows(Dataset data, RowSink sink, DatasetProgress progress, CancellationToken cancellation)
    {
        for (var start = 0; start < data.num_rows; start += RowsOfBatch)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = data.GatherAll(start, Math.Min(RowsOfBatch, data.num_rows - start));
            sink(data.features, batch.Data, batch.num_rows);
            progress.Add(batch.num_rows);
        }
        return data.features;
    }

    /// <summary>The number of files of at most this size, estimated from the first rows.</summary>
    static int ShardCount(Dataset data, MaxShardSize most)
    {
        if (data.num_rows == 0) return 1;
        var sample = data.GatherAll(0, Math.Min(RowsOfBatch, data.num_rows));
        var bytes = (double)sample.Data.Sum(Size) / sample.num_rows * data.num_rows;
        return (int)Math.Clamp(Math.Ceiling(bytes / most.Bytes), 1, data.num_rows);
    }

    static long Size(ColumnData column) => column.Values.Length + column.Offsets.Length + column.Validity.Length + column.Children.Sum(Size);

    /// <summary>Reads a data set.</summary>
    public static Dataset Read(string folder)
    {
        Exists(folder);
        if (File.Exists(Path.Combine(folder, DictFile))) throw new FileFormatException("The folder holds several splits", folder, "one data set", DictFile, $"Use DatasetDict.load_from_disk, or load_from_disk of one of its folders.");
        var state = Json(folder, StateFile);
        using var info = Document(Path.Combine(folder, InfoFile));
        string[] files = [.. Files(state, Path.Combine(folder, StateFile))];
        var features = info.RootElement.TryGetProperty("features", out var described) && described.ValueKind == JsonValueKind.Object ? FeatureJson.Read(described, Path.Combine(folder, InfoFile)) : null;
        var table = Tables(files.Select(f => Path.Combine(folder, f)), features);
        var format = FormatOf(state, table.Features, Path.Combine(folder, StateFile));
        var fingerprint = Text(state, "_fingerprint") ?? Fingerprints.OfFiles("arrow", files.Select(f => Path.Combine(folder, f)));
        return new(table, RowMap.All(table.Rows), fingerprint, Path.GetFullPath(folder), Text(state, "_split"), format);
    }

    /// <summary>Reads splits.</summary>
    public static DatasetDict ReadDict(string folder)
    {
        Exists(folder);
        var path = Path.Combine(folder, DictFile);
        if (!File.Exists(path)) throw new FileFormatException("The folder holds no splits", folder, DictFile, File.Exists(Path.Combine(folder, StateFile)) ? "one data set" : "no data set", "Use load_from_disk.");
        var splits = Json(folder, DictFile)["splits"] as JsonArray ?? throw new FileFormatException("The list of splits is malformed", path, "\"splits\" as a list of names");
        return new(splits.Select(s => s is JsonValue value && value.TryGetValue<string>(out var name) && IsPlain(name)
            ? KeyValuePair.Create(name, Read(Path.Combine(folder, name)))
            : throw new FileFormatException("A name of a split is malformed", path, "the name of a folder", s?.ToJsonString())));
    }

    /// <summary>Whether a folder holds splits written by <c>save_to_disk</c>.</summary>
    public static bool IsDict(string folder) => File.Exists(Path.Combine(folder, DictFile));

    /// <summary>Joins files with the same columns into one table.</summary>
    /// <exception cref="FileFormatException">A file's columns differ from the first's.</exception>
    public static Table Tables(IEnumerable<string> paths, Features? described)
    {
        var chunks = new List<TableChunk>();
        Features? features = null;
        string? first = null;
        foreach (var path in paths)
        {
            var table = ArrowFile.Open(path);
            var own = described is null ? table.Features : FeatureFit.Fit(described, table.Features.Storage as Features ?? [], path);
            if (features is not null && !features.Equals(own)) throw new FileFormatException("A file has other columns than the first", path, $"the columns of {first}: {features}", $"{own}", "Write all files of a data set with the same columns.");
            (features, first) = (features ?? own, first ?? path);
            chunks.AddRange(table.Chunks);
        }
        return new(features ?? described ?? [], chunks);
    }

    static void Exists(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
    }

    static IEnumerable<string> Files(JsonObject state, string path)
    {
        if (state["_data_files"] is not JsonArray files) throw new FileFormatException("The list of files is malformed", path, "\"_data_files\" as a list");
        foreach (var file in files)
            yield return file is JsonObject entry && Text(entry, "filename") is { } name && IsPlain(name) ? name : throw new FileFormatException("The name of a file is malformed", path, "\"filename\" of a file beside it", file?.ToJsonString());
    }

    /// <summary>Whether a name cannot lead out of its folder.</summary>
    static bool IsPlain(string name) => name.Length > 0 && name is not "." and not ".." && name.IndexOfAny(['/', '\\', '\0']) < 0;

    static DatasetFormat FormatOf(JsonObject state, Features features, string path)
    {
        var columns = (state["_format_columns"] as JsonArray)?.Select(c => c is JsonValue v && v.TryGetValue<string>(out var name) ? name : throw new FileFormatException("The format's columns are malformed", path, "names", c?.ToJsonString())).ToArray();
        foreach (var column in columns ?? [])
            if (!features.ContainsKey(column)) throw new FileFormatException("The format names a column that is not there", path, Known.List(features.Keys), column);
        var all = state["_output_all_columns"] is JsonValue flag && flag.TryGetValue<bool>(out var given) && given;
        return new(DatasetFormat.OfFile(Text(state, "_format_type")), columns, all);
    }

    static string? Text(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    static JsonObject Json(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path)) throw new FileFormatException("The folder is not one of save_to_disk", folder, name, "no such file", "Use load_dataset for data files.");
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new FileFormatException("A description is malformed", path, "an object");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FileFormatException($"A description is malformed: {e.Message}", path, "JSON", null, null, e);
        }
    }

    static JsonDocument Document(string path)
    {
        if (!File.Exists(path)) return JsonDocument.Parse("{}");
        try
        {
            var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new FileFormatException("A description is malformed", path, "an object");
        }
        catch (JsonException e)
        {
            throw new FileFormatException($"A description is malformed: {e.Message}", path, "JSON", null, null, e);
        }
    }
}
