using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Keras.Files;

namespace Keras.Saving;

/// <summary>Writes a checkpoint into a folder, in one file or, when it is too large, in shards with an index, named and split as Hugging Face does.</summary>
/// <remarks>
/// All files are complete before the first takes its place, and the index comes last. Unlike Hugging Face, which leaves an older
/// model.safetensors beside new shards and then loads that one, files of an earlier save that would hide the new ones are removed.
/// </remarks>
static partial class SafetensorsShards
{
    /// <summary>Writes <c>model.safetensors</c>, or <c>model-00001-of-0000N.safetensors</c> and <c>model.safetensors.index.json</c>.</summary>
    /// <param name="folder">Made if it is missing.</param>
    /// <param name="tensors">Filled into shards in this order, as a state_dict is.</param>
    /// <param name="metadata">Remarks of every file, such as format: pt.</param>
    /// <param name="maxShardSize">No file's tensors exceed it, but a single tensor that does gets a file of its own.</param>
    /// <param name="stem">The beginning of the names: model, adapter_model.</param>
    /// <param name="totalParameters">Written into the index if given, as transformers 4.57 and later do.</param>
    /// <returns>The names of the files written, the index last.</returns>
    /// <exception cref="ArgumentException">A name is used twice, reserved, or not valid Unicode; or the size is not positive.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written; the old files are as they were.</exception>
    public static IReadOnlyList<string> Write(
        string folder, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata, MaxShardSize maxShardSize, string stem = "model", long? totalParameters = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardSize.Bytes, 1);
        SafetensorsWriter.CheckNames(tensors.Select(tensor => tensor.Name));
        var shards = Split(tensors, maxShardSize.Bytes);
        var names = shards.Count == 1
            ? [$"{stem}.safetensors"]
            : Enumerable.Range(1, shards.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{stem}-{i:00000}-of-{shards.Count:00000}.safetensors")).ToList();

        using var set = new AtomicFileSet();
        for (var i = 0; i < shards.Count; i++) SafetensorsWriter.Add(set, Path.Combine(folder, names[i]), shards[i], metadata);
        if (shards.Count > 1)
        {
            var index = Index(shards, names, totalParameters);
            names.Add($"{stem}.safetensors.index.json");
            set.Write(Path.Combine(folder, names[^1]), stream => stream.Write(index), index.Length);
        }
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => IsOfEarlierSave(Path.GetFileName(path), stem) && !names.Contains(Path.GetFileName(path)))) set.Delete(path);
        set.Commit();
        return names;
    }

    static List<List<SafetensorsTensor>> Split(IReadOnlyList<SafetensorsTensor> tensors, long maxShardSize)
    {
        List<List<SafetensorsTensor>> shards = [];
        List<SafetensorsTensor> current = [];
        var size = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor.Length > maxShardSize)
            {
                shards.Add([tensor]);
                continue;
            }
            if (size + tensor.Length > maxShardSize)
            {
                shards.Add(current);
                (current, size) = ([], 0);
            }
            current.Add(tensor);
            size += tensor.Length;
        }
        if (current.Count > 0 || shards.Count == 0) shards.Add(current);
        return shards;
    }

    /// <summary>As Python's json.dumps(indent=2, sort_keys=True) writes it, with a line break at the end.</summary>
    static byte[] Index(List<List<SafetensorsTensor>> shards, List<string> names, long? totalParameters)
    {
        var json = new StringBuilder("{\n  \"metadata\": {\n");
        if (totalParameters is not null) json.Append(CultureInfo.InvariantCulture, $"    \"total_parameters\": {totalParameters},\n");
        json.Append(CultureInfo.InvariantCulture, $"    \"total_size\": {shards.Sum(shard => shard.Sum(tensor => tensor.Length))}\n  }},\n  \"weight_map\": {{\n");
        var places = shards.SelectMany((shard, i) => shard.Select(tensor => (tensor.Name, File: names[i]))).OrderBy(place => place.Name, JsonText.CodePointOrder);
        json.AppendJoin(",\n", places.Select(place => new StringBuilder("    ").AppendAsciiQuoted(place.Name).Append(": ").AppendAsciiQuoted(place.File)));
        return Encoding.ASCII.GetBytes(json.Append("\n  }\n}\n").ToString());
    }

    static bool IsOfEarlierSave(string name, string stem) =>
        name.StartsWith(stem, StringComparison.Ordinal) && EarlierSave().IsMatch(name[stem.Length..]);

    [GeneratedRegex(@"^(-\d{5}-of-\d{5}\.safetensors|\.safetensors|\.safetensors\.index\.json)\z", RegexOptions.CultureInvariant)]
    private static partial Regex EarlierSave();
}
