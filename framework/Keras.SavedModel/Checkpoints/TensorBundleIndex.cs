using System.Text;
using Google.Protobuf;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Checkpoints;

/// <summary>The checked contents of a bundle's index file.</summary>
sealed class TensorBundleIndex
{
    const string Remedy = "The file is damaged or was not written by TensorFlow; write or download it again.";

    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    readonly string _file;

    TensorBundleIndex(string file, BundleHeaderProto header)
    {
        _file = file;
        if (header.NumShards < 1) throw Damaged("The number of data files is wrong", "at least 1", $"{header.NumShards}");
        if (header.Endianness != BundleHeaderProto.Types.Endianness.Little)
            throw new UnsupportedException("The checkpoint was written on a big-endian machine", file, "little-endian tensors", null,
                "Write it again on another machine.");
        if (header.Version?.MinConsumer > TensorBundle.Version)
            throw new UnsupportedException("The checkpoint has a newer format", file, $"at most version {TensorBundle.Version}",
                $"{header.Version.MinConsumer}", "Write it with an older TensorFlow.");
        ShardCount = header.NumShards;
    }

    public int ShardCount { get; }

    /// <summary>The tensors in bytewise order of their names.</summary>
    public Dictionary<string, BundleEntry> Entries { get; } = [];

    /// <summary>The slices of tensors that are stored in parts, by their keys, with each byte as a character.</summary>
    public Dictionary<string, BundleEntry> Slices { get; } = [];

    /// <summary>The entries that hold a tensor's elements, each with the elements it holds.</summary>
    /// <exception cref="FileFormatException">A slice has no entry, or one with another dtype or shape.</exception>
    /// <exception cref="UnsupportedException">There are too many slices.</exception>
    public IReadOnlyList<(TensorBox Box, BundleEntry Entry)> PiecesOf(BundleEntry tensor)
    {
        if (!tensor.IsSliced) return [(TensorBox.All(tensor.Shape), tensor)];
        if (tensor.Slices.Count > BundleEntry.MaxSlices)
            throw new UnsupportedException($"The tensor '{tensor.Name}' is stored in too many slices", _file, $"at most {BundleEntry.MaxSlices}", $"{tensor.Slices.Count}", "Save it with fewer partitions.");
        var pieces = new (TensorBox Box, BundleEntry Entry)[tensor.Slices.Count];
        for (var i = 0; i < pieces.Length; i++)
        {
            var slice = tensor.Slices[i];
            var box = slice.Within(tensor.Shape) ?? throw Damaged($"A slice of the tensor '{tensor.Name}' lies outside of it", $"{tensor.Shape}", $"{slice}");
            if (!Slices.TryGetValue(Encoding.Latin1.GetString(slice.KeyOf(tensor.Name)), out var entry)) throw Damaged($"A slice of the tensor '{tensor.Name}' is missing", $"{slice}", null);
            if (entry.DType != tensor.DType || entry.Shape != box.Shape || entry.IsSliced)
                throw Damaged($"The slice {slice} of the tensor '{tensor.Name}' does not fit it", $"{tensor.DType} {box.Shape}", $"{entry.DType} {entry.Shape}");
            pieces[i] = (box, entry);
        }
        return pieces;
    }

    public static TensorBundleIndex Read(string file)
    {
        var table = new TableReader(ReadFile(file), file).ReadAll();
        if (table.Count == 0 || table[0].Key.Length != 0)
            throw new FileFormatException("The index has no header", file, "an entry with an empty key", null, Remedy);
        var index = new TensorBundleIndex(file, Parse(BundleHeaderProto.Parser, table[0].Value, file));
        foreach (var (key, value) in table.Skip(1))
        {
            var isSlice = key[0] == 0;
            var name = isSlice ? Encoding.Latin1.GetString(key) : index.NameOf(key);
            (isSlice ? index.Slices : index.Entries).Add(name, index.EntryOf(name, Parse(BundleEntryProto.Parser, value, file)));
        }
        return index;
    }

    /// <summary>Rejects an entry whose bytes exceed its data file or do not fit its shape, before anything is allocated.</summary>
    public void CheckBounds(BundleEntry entry, IReadOnlyList<long> shardLengths)
    {
        if (entry.IsSliced) return;
        var length = shardLengths[entry.Shard];
        if (entry.Offset < 0 || entry.Size < 0 || entry.Offset > length || entry.Size > length - entry.Offset)
            throw Damaged($"The tensor '{entry.Name}' lies outside of its data file", $"0 to {length}", $"{entry.Size} bytes at {entry.Offset}");
        // Each string takes at least one byte, for its length.
        if (entry.DType == DType.String && entry.Size < entry.Shape.ElementCount)
            throw Damaged($"The tensor '{entry.Name}' has more strings than bytes", $"at most {entry.Size} strings", $"{entry.Shape.ElementCount}");
    }

    string NameOf(byte[] key)
    {
        try
        {
            return StrictUtf8.GetString(key);
        }
        catch (DecoderFallbackException e)
        {
            throw new FileFormatException("A tensor's name is not UTF-8", _file, null, Convert.ToHexString(key), Remedy, e);
        }
    }

    BundleEntry EntryOf(string name, BundleEntryProto proto)
    {
        var dtype = DTypeOf(name, proto.Dtype);
        if (proto.ShardId < 0 || proto.ShardId >= ShardCount)
            throw Damaged($"The tensor '{name}' lies in a data file that there is not", $"0 to {ShardCount - 1}", $"{proto.ShardId}");
        var (shape, count) = ShapeOf(name, proto.Shape);
        var entry = new BundleEntry(name, dtype, shape, proto.ShardId, proto.Offset, proto.Size, proto.Crc32C, [.. proto.Slices.Select(s => new TensorSlice(s))]);
        if (dtype.IsNumeric && !entry.IsSliced && (Int128)count * dtype.Size != proto.Size)
            throw Damaged($"The tensor '{name}' has another size than its shape", $"{(Int128)count * dtype.Size} bytes for {shape} of {dtype}", $"{proto.Size} bytes");
        return entry;
    }

    DType DTypeOf(string name, DataType number)
    {
        var dtype = ShapeProtos.DTypeOf(number, $"{_file}, tensor '{name}'");
        return dtype.IsNumeric || dtype == DType.String ? dtype
            : throw new UnsupportedException($"The tensor '{name}' has a dtype without data", _file, null, dtype.Name,
                "Save the checkpoint without this tensor.");
    }

    (Shape Shape, long Count) ShapeOf(string name, TensorShapeProto? proto)
    {
        if (proto is null) return (Shape.Scalar, 1);
        var (dims, count) = (new long[proto.Dim.Count], (Int128)1);
        for (var i = 0; i < dims.Length; i++)
        {
            dims[i] = proto.Dim[i].Size;
            count *= dims[i];
            if (dims[i] < 0 || count > long.MaxValue) throw Damaged($"The tensor '{name}' has an impossible shape", null, proto.ToString());
        }
        return proto.UnknownRank ? throw Damaged($"The tensor '{name}' has an unknown rank", null, null) : (new Shape(dims), (long)count);
    }

    static byte[] ReadFile(string file)
    {
        var length = new FileInfo(file).Length;
        if (length > Array.MaxLength) throw new FileFormatException("The index is too large", file, $"at most {Array.MaxLength} bytes", $"{length} bytes", Remedy);
        return File.ReadAllBytes(file);
    }

    static T Parse<T>(MessageParser<T> parser, ReadOnlyMemory<byte> bytes, string file) where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FileFormatException($"The index holds an entry that is no {typeof(T).Name}", file, null, null, Remedy, e);
        }
    }

    FileFormatException Damaged(string what, string? expected, string? received) => new(what, _file, expected, received, Remedy);
}
