using System.Text;
using Keras.Files;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Checkpoints;

/// <summary>Merges several bundles into one: renames their data files without copying, and writes one index of all tensors.</summary>
static class TensorBundleMerger
{
    sealed record Part(string Prefix, TensorBundleIndex Index, int FirstShard);

    /// <summary>Merges bundles; everything is checked before the first file moves, and failed moves are undone.</summary>
    /// <param name="prefixes">The bundles.</param>
    /// <param name="destination">The prefix of the result; missing folders are made.</param>
    /// <param name="deletesFolders">Whether to remove the bundles' folders that are then empty, except the result's own.</param>
    /// <param name="allowsMissing">Whether a prefix without a bundle is skipped.</param>
    /// <exception cref="FileNotFoundException">A bundle is missing.</exception>
    /// <exception cref="FileFormatException">A bundle is damaged, two hold a tensor of the same name, or there is none at all.</exception>
    public static void Merge(IEnumerable<string> prefixes, string destination, bool deletesFolders, bool allowsMissing)
    {
        var (parts, shards) = Open(prefixes, destination, allowsMissing);
        var entries = Entries(parts, destination);
        var moves = Moves(parts, destination, shards);
        Directory.CreateDirectory(FolderOf(destination));
        var done = 0;
        try
        {
            for (; done < moves.Count; done++) File.Move(moves[done].From, moves[done].To, overwrite: true);
            AtomicFile.Write(TensorBundle.IndexFile(destination), stream => TensorBundleWriter.WriteIndex(stream, entries, shards));
        }
        catch
        {
            while (--done >= 0) File.Move(moves[done].To, moves[done].From);
            throw;
        }
        foreach (var part in parts.Where(p => !Same(p.Prefix, destination))) File.Delete(TensorBundle.IndexFile(part.Prefix));
        if (deletesFolders) DeleteEmptyFolders(parts, destination);
    }

    static (List<Part> Parts, int Shards) Open(IEnumerable<string> prefixes, string destination, bool allowsMissing)
    {
        var (parts, shards) = (new List<Part>(), 0);
        foreach (var prefix in prefixes)
        {
            if (allowsMissing && !File.Exists(TensorBundle.IndexFile(prefix))) continue;
            // Opening checks that all data files exist and are long enough.
            using (TensorBundleReader.Open(prefix)) { }
            var index = TensorBundleIndex.Read(TensorBundle.IndexFile(prefix));
            parts.Add(new(prefix, index, shards));
            shards = checked(shards + index.ShardCount);
        }
        return parts.Count > 0 ? (parts, shards)
            : throw new FileFormatException("There is no checkpoint to merge", destination, "at least one", "none", "Name the prefixes that SaveV2 wrote.");
    }

    static SortedDictionary<byte[], BundleEntryProto> Entries(List<Part> parts, string destination)
    {
        var all = new SortedDictionary<byte[], BundleEntryProto>(TensorBundle.Bytewise);
        foreach (var part in parts)
        {
            foreach (var entry in part.Index.Entries.Values) Add(Encoding.UTF8.GetBytes(entry.Name), entry, part);
            foreach (var (key, entry) in part.Index.Slices) Add(Encoding.Latin1.GetBytes(key), entry, part);
        }
        return all;

        void Add(byte[] key, BundleEntry entry, Part part)
        {
            var merged = new BundleEntryProto
            {
                Dtype = ShapeProtos.ToProto(entry.DType), Shape = ShapeProtos.ToProto(entry.Shape), ShardId = entry.IsSliced ? 0 : part.FirstShard + entry.Shard,
                Offset = entry.Offset, Size = entry.Size, Crc32C = entry.Checksum, Slices = { entry.Slices.Select(s => s.ToProto()) },
            };
            if (all.TryAdd(key, merged)) return;
            // Parts of one tensor may lie in several bundles.
            if (all[key] is { Slices.Count: > 0 } known && entry.IsSliced && known.Dtype == merged.Dtype && known.Shape.Equals(merged.Shape)) known.Slices.Add(merged.Slices);
            else throw new FileFormatException("Two checkpoints that are merged hold a tensor of the same name", $"{part.Prefix}, tensor '{entry.Name}', into {destination}",
                "each name once", entry.Name, "Merge checkpoints that hold different tensors.");
        }
    }

    static List<(string From, string To)> Moves(List<Part> parts, string destination, int shards) =>
    [
        .. from part in parts
           from shard in Enumerable.Range(0, part.Index.ShardCount)
           let move = (From: TensorBundle.DataFile(part.Prefix, shard, part.Index.ShardCount), To: TensorBundle.DataFile(destination, part.FirstShard + shard, shards))
           where !Same(move.From, move.To)
           select move,
    ];

    static void DeleteEmptyFolders(List<Part> parts, string destination)
    {
        foreach (var folder in parts.Select(p => FolderOf(p.Prefix)).Distinct().Where(f => f != FolderOf(destination) && Directory.Exists(f)))
            if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    static string FolderOf(string prefix) => Path.GetDirectoryName(Path.GetFullPath(prefix))!;

    static bool Same(string a, string b) => Path.GetFullPath(a) == Path.GetFullPath(b);
}
