using System.Text.Json;
using Keras.Files;

namespace Keras.Saving;

/// <summary>A checkpoint in several files with an index of the tensors in each, opened as if it were one file.</summary>
/// <remarks>
/// The index decides: tensors in a shard that the index does not list there are ignored. Hugging Face's TensorFlow models put
/// the model's name before each name in the index but not in the shards (tf_bert_for_masked_lm/bert/...); the shards' names are used,
/// as in a checkpoint in one file.
/// </remarks>
sealed class WeightIndex : WeightSource
{
    /// <summary>The maximum length of an index, equal to that of a header; a model of a million tensors needs less.</summary>
    const int LongestIndex = SafetensorsHeader.LongestJson;

    const int MostNamed = 20;
    const string What = "An index of shards";
    const string WeightMap = "weight_map";

    readonly List<WeightSource> _shards = [];

    WeightIndex(string path) => Location = path;

    /// <summary>Opens an index and maps every shard that it names.</summary>
    /// <exception cref="FileFormatException">The index or a shard is damaged, a shard is missing, lies elsewhere or lacks tensors; the message names them all.</exception>
    /// <exception cref="UnsupportedException">A tensor's type is not supported.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static WeightIndex Open(string path)
    {
        var weightMap = ReadWeightMap(path);
        var index = new WeightIndex(path);
        try
        {
            index.OpenShards(weightMap);
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override WeightNaming Naming => _shards.Count > 0 ? _shards[0].Naming : WeightNaming.PyTorch;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => _metadata;

    readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, WeightEntry> Entries => _entries;

    readonly Dictionary<string, WeightEntry> _entries = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var shard in _shards) shard.Dispose();
    }

    void OpenShards(Dictionary<string, string> weightMap)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(Location))!;
        var byShard = weightMap.GroupBy(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        ThrowIfAny("An index names files that are not beside it", byShard.Select(group => group.Key).Where(shard => !File.Exists(Path.Combine(folder, shard))),
            "every shard in the folder of the index", "missing", "Download the missing files, or all of them again.");

        List<string> absent = [], twice = [];
        foreach (var group in byShard)
        {
            var shard = OpenFile(Path.Combine(folder, group.Key));
            _shards.Add(shard);
            foreach (var (key, value) in shard.Metadata) _metadata.TryAdd(key, value);
            foreach (var name in group)
                if (Find(shard, name) is not { } entry) absent.Add($"{JsonText.Show(name)} in {group.Key}");
                else if (!_entries.TryAdd(entry.Name, entry)) twice.Add($"{JsonText.Show(name)} in {group.Key}");
        }
        ThrowIfAny("An index places tensors in shards that do not hold them", absent, "every tensor in its shard", "absent", "The files are of different checkpoints; download all of them again.");
        ThrowIfAny("An index names a tensor in two ways", twice, "every tensor once", "again", "The index was put together from several.");
    }

    static WeightEntry? Find(WeightSource shard, string name)
    {
        if (shard.Entries.TryGetValue(name, out var entry)) return entry;
        return shard.Naming == WeightNaming.TensorFlow ? shard.Entries.GetValueOrDefault(name[(name.IndexOf('/') + 1)..]) : null;
    }

    void ThrowIfAny(string what, IEnumerable<string> items, string expected, string verb, string remedy)
    {
        var all = items.ToList();
        if (all.Count == 0) return;
        var more = all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : "";
        throw new FileFormatException(what, Location, expected, $"{verb}: {string.Join(", ", all.Take(MostNamed))}{more}", remedy);
    }

    static unsafe Dictionary<string, string> ReadWeightMap(string path)
    {
        using var file = new MappedFile(path);
        if (file.Length > LongestIndex) throw new FileFormatException($"{What} is too long", path, $"up to {LongestIndex} bytes", $"{file.Length} bytes", "The file is something else.");
        var text = new ReadOnlySpan<byte>(file.Address, (int)file.Length);
        ForeignFormats.ThrowIfKnown(text, path, "an index of shards");
        StrictJsonReader.CheckUtf8(text, path, 0, What);
        return ReadWeightMap(new StrictJsonReader(text, path, 0, What), path);
    }

    static Dictionary<string, string> ReadWeightMap(StrictJsonReader json, string path)
    {
        Dictionary<string, string>? map = null;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        json.Advance();
        json.Require(JsonTokenType.StartObject, "the start");
        while (json.Advance() != JsonTokenType.EndObject)
        {
            var key = json.ReadKey(keys);
            json.Advance();
            if (key == WeightMap) map = ReadShardNames(ref json, path);
            else json.Skip();
        }
        json.Advance();
        return map ?? throw json.Wrong("keys", WeightMap, keys.Count == 0 ? "none" : string.Join(", ", keys.Take(10).Select(JsonText.Show)));
    }

    static Dictionary<string, string> ReadShardNames(ref StrictJsonReader json, string path)
    {
        json.Require(JsonTokenType.StartObject, WeightMap);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (json.Advance() != JsonTokenType.EndObject)
        {
            var name = json.ReadKey(names);
            json.Advance();
            json.Subject = name;
            json.Require(JsonTokenType.String, WeightMap);
            map.Add(name, CheckShardName(json.ReadText(), name, path));
        }
        return map;
    }

    /// <summary>Checks that a shard is a file in the same folder, whatever the index says.</summary>
    static string CheckShardName(string shard, string tensor, string path) =>
        shard is not ("" or "." or "..") && !shard.AsSpan().ContainsAny("/\\:\0") && !shard.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? shard
            : throw new FileFormatException("An index points out of its folder", $"{path}, tensor {JsonText.Show(tensor)}", "the name of a file beside the index",
                JsonText.Show(shard), "Do not use this checkpoint, unless you know who made it and why.");
}
