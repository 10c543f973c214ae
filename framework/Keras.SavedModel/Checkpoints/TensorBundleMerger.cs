using System.Text;
using Keras.Files;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Checkpoints;

/// <summary>Makes one bundle of several: their data files get new names, nothing is copied, and one index lists all tensors.</summary>
static class TensorBundleMerger
{
    sealed record Part(string Prefix, TensorBundleIndex Index, int FirstShard);

    /// <summary>Merges bundles; everything is checked before the first file moves, and a move that fails is taken back.</summary>
    /// <param name="prefixes">The bundles.</param>
    /// <param name="destination">The prefix of the result; missing folders are made.</param>
    /// <param name="deletesFolders">Whether folders of the bundles that are empty then are removed, but for the result's own.</param>
    /// <param name="allowsMissing">Whether a prefix without a bundle is passed over.</param>
    /// <exception cref="FileNotFoundException">A bundle is missing.</exception>
    /// <exception cref="FileFormatException">A bundle is damaged, two hold a tensor of the same name, or there is none at all.</exception>
    /// <exception cref="UnsupportedException">A tensor is stored in slices.</exception>
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
            // Opening it checks that all data files are there and long enough.
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
            foreach (var entry in part.Index.Entries.Values)
            {
                if (entry.IsSliced)
                    throw new UnsupportedException("The tensor is stored in slices (a partitioned variable)", $"{part.Prefix}, tensor '{entry.Name}'", "a whole tensor", null,
                        "Load the checkpoint with TensorFlow and save it without a partitioner.");
                var merged = new BundleEntryProto
                {
                    Dtype = ShapeProtos.ToProto(entry.DType), Shape = ShapeProtos.ToProto(entry.Shape), ShardId = part.FirstShard + entry.Shard,
                    Offset = entry.Offset, Size = entry.Size, Crc32C = entry.Checksum,
                };
                if (!all.TryAdd(Encoding.UTF8.GetBytes(entry.Name), merged))
                    throw new FileFormatException("Two checkpoints that are merged hold a tensor of the same name", $"{part.Prefix}, tensor '{entry.Name}', into {destination}",
                        "each name once", entry.Name, "Merge checkpoints that hold different tensors.");
            }
        return all;
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
