using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Keras.Files;

namespace Keras.Saving;

/// <summary>The way files of one format are named, filled and written.</summary>
/// <param name="Stem">The beginning of the names: model, tf_model.</param>
/// <param name="Ending">The end of the names: .safetensors, .h5.</param>
/// <param name="AddFile">Writes the tensors of one file.</param>
sealed record ShardFormat(string Stem, string Ending, Action<AtomicFileSet, string, IReadOnlyList<SafetensorsTensor>> AddFile)
{
    /// <summary>Whether a tensor larger than the size limit closes the file before it, as in Hugging Face's TensorFlow models; otherwise that file is filled further.</summary>
    public bool KeepsOrder { get; init; }

    /// <summary>Gives a tensor's name in the index.</summary>
    public Func<string, string> IndexKey { get; init; } = name => name;

    /// <summary>The text between a name and its extension, so that a folder can hold several versions of the weights: fp16; null for none.</summary>
    public string? Variant { get; init; }

    /// <summary>A name with the variant before its last extension: model.fp16.safetensors, model.safetensors.index.fp16.json.</summary>
    public static string WithVariant(string name, string? variant) => variant is null ? name : $"{Path.GetFileNameWithoutExtension(name)}.{variant}{Path.GetExtension(name)}";

    /// <summary>Stems and endings of files that readers would prefer over these.</summary>
    public IReadOnlyList<(string Stem, string Ending)> PreferredByReaders { get; init; } = [];
}

/// <summary>Writes a checkpoint into a folder, in one file or, when it is too large, in shards with an index, named and split as Hugging Face does.</summary>
/// <remarks>
/// All files are complete before the first is put in place, and the index comes last. Unlike Hugging Face, which leaves an older
/// checkpoint beside the new one and then loads the old, this removes files of an earlier save that would hide the new ones.
/// </remarks>
static class WeightShards
{
    /// <summary>Writes <c>stem.ending</c> (with a variant <c>stem.variant.ending</c>), or <c>stem-00001-of-0000N.ending</c> and <c>stem.ending.index.json</c>.</summary>
    /// <param name="folder">The folder; created if missing.</param>
    /// <param name="tensors">The tensors, put into shards in this order, as with a state_dict.</param>
    /// <param name="format">The format.</param>
    /// <param name="maxShardSize">The limit for the tensors of one file; a larger tensor gets a file of its own.</param>
    /// <param name="totalParameters">Written into the index if given, as transformers 4.57 and later do.</param>
    /// <returns>The names of the files written, the index last.</returns>
    /// <exception cref="ArgumentException">A name is used twice, or the size is not positive.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written; the old files are as they were.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<SafetensorsTensor> tensors, ShardFormat format, MaxShardSize maxShardSize, long? totalParameters = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardSize.Bytes, 1);
        SafetensorsWriter.CheckNames(tensors.Select(tensor => tensor.Name));
        var shards = Split(tensors, maxShardSize.Bytes, format.KeepsOrder);
        var whole = ShardFormat.WithVariant(format.Stem + format.Ending, format.Variant);
        var names = shards.Count == 1
            ? [whole]
            : Enumerable.Range(1, shards.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{whole[..^format.Ending.Length]}-{i:00000}-of-{shards.Count:00000}{format.Ending}")).ToList();

        using var set = new AtomicFileSet();
        for (var i = 0; i < shards.Count; i++) format.AddFile(set, Path.Combine(folder, names[i]), shards[i]);
        if (shards.Count > 1)
        {
            var index = Index(shards, names, format, totalParameters);
            names.Add(ShardFormat.WithVariant($"{format.Stem}{format.Ending}.index.json", format.Variant));
            set.Write(Path.Combine(folder, names[^1]), stream => stream.Write(index), index.Length);
        }
        (string, string)[] families = [(format.Stem, format.Ending), .. format.PreferredByReaders];
        foreach (var path in Directory.EnumerateFiles(folder))
            if (Path.GetFileName(path) is var name && !names.Contains(name) && families.Any(f => IsOf(f, format.Variant, name))) set.Delete(path);
        set.Commit();
        return names;
    }

    static List<List<SafetensorsTensor>> Split(IReadOnlyList<SafetensorsTensor> tensors, long maxShardSize, bool keepsOrder)
    {
        List<List<SafetensorsTensor>> shards = [];
        List<SafetensorsTensor> current = [];
        var size = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor.Length > maxShardSize && !keepsOrder)
            {
                shards.Add([tensor]);
                continue;
            }
            if (size + tensor.Length > maxShardSize && current.Count > 0)
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

    /// <summary>Writes the index like Python's json.dumps(indent=2, sort_keys=True), with a line break at the end.</summary>
    static byte[] Index(List<List<SafetensorsTensor>> shards, List<string> names, ShardFormat format, long? totalParameters)
    {
        var json = new StringBuilder("{\n  \"metadata\": {\n");
        if (totalParameters is not null) json.Append(CultureInfo.InvariantCulture, $"    \"total_parameters\": {totalParameters},\n");
        json.Append(CultureInfo.InvariantCulture, $"    \"total_size\": {shards.Sum(shard => shard.Sum(tensor => tensor.Length))}\n  }},\n  \"weight_map\": {{\n");
        var places = shards.SelectMany((shard, i) => shard.Select(tensor => (Name: format.IndexKey(tensor.Name), File: names[i]))).OrderBy(place => place.Name, JsonText.CodePointOrder);
        json.AppendJoin(",\n", places.Select(place => new StringBuilder("    ").AppendAsciiQuoted(place.Name).Append(": ").AppendAsciiQuoted(place.File)));
        return Encoding.ASCII.GetBytes(json.Append("\n  }\n}\n").ToString());
    }

    static bool IsOf((string Stem, string Ending) family, string? variant, string name)
    {
        var (stem, ending, middle) = (Regex.Escape(family.Stem), Regex.Escape(family.Ending), variant is null ? "" : Regex.Escape("." + variant));
        return Regex.IsMatch(name, $@"^{stem}({middle}(-\d{{5}}-of-\d{{5}})?{ending}|{ending}\.index{middle}\.json)\z", RegexOptions.CultureInvariant);
    }
}
