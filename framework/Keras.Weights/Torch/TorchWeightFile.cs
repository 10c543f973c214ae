using System.Buffers.Binary;
using Keras.Files;

namespace Keras.Saving;

/// <summary>A state dictionary pickled by torch.save, in PyTorch 1.6's archive or the older format; read without running anything.</summary>
/// <remarks>Contiguous tensors are mapped; others (transposed, sliced) are assembled when requested.</remarks>
sealed unsafe class TorchWeightFile : WeightSource
{
    /// <summary>The file name of a checkpoint in one file.</summary>
    public const string FileName = "pytorch_model.bin";

    /// <summary>The file name of the index of a checkpoint in several files.</summary>
    public const string IndexName = "pytorch_model.bin.index.json";

    /// <summary>The hexadecimal digits of the integer at the start of the old format.</summary>
    const string OldMagic = "6CFC9C46F9206AA85019";

    const string PickleName = "data.pkl", ByteOrderName = "byteorder";
    const string Damaged = "The file is damaged, or was written by something other than torch.save.";

    readonly MappedFile _map;
    readonly Dictionary<string, WeightEntry> _entries = new(StringComparer.Ordinal);

    TorchWeightFile(string path, MappedFile map)
    {
        (Location, _map) = (path, map);
        var isArchive = map.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(map.Address, 4)) == 0x04034B50;
        var (content, storages) = isArchive ? ReadArchive() : ReadOld();
        if (content is not PickleDictionary dictionary)
            throw new FileFormatException("A pickle holds something other than a state dictionary", path, "tensors by name", content?.GetType().Name ?? "None", "Save model.state_dict() instead.");
        foreach (var (key, value) in dictionary.Items)
        {
            if (key is not string name || value is not TorchTensor tensor)
                throw new FileFormatException("A state dictionary holds something other than tensors", $"{path}, {(key is string text ? JsonText.Show(text) : "a key that is not a text")}", "tensors by name", value?.GetType().Name ?? "None", "Save model.state_dict() instead.");
            _entries[name] = Entry(name, tensor, storages);
        }
    }

    /// <summary>Maps a file and reads its pickle, without reading tensors.</summary>
    /// <exception cref="FileFormatException">The file is damaged or something else.</exception>
    /// <exception cref="UnsupportedException">The file's pickle refers to more than tensors.</exception>
    /// <exception cref="IOException">The file is missing or cannot be mapped.</exception>
    public static TorchWeightFile Open(string path)
    {
        var map = new MappedFile(path);
        try
        {
            return new(path, map);
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override WeightNaming Naming => WeightNaming.PyTorch;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, WeightEntry> Entries => _entries;

    /// <inheritdoc/>
    public override void Dispose() => _map.Dispose();

    (object? Content, Func<TorchStorage, long> PlaceOf) ReadArchive()
    {
        var files = ZipDirectory.Read(_map, Location);
        var pickles = files.Keys.Where(name => name == PickleName || name.EndsWith("/" + PickleName, StringComparison.Ordinal)).ToList();
        if (pickles.Count != 1) throw Wrong("one data.pkl in the archive", $"{pickles.Count}");
        var root = pickles[0][..^PickleName.Length];
        if (files.TryGetValue(root + ByteOrderName, out var order) && !Bytes(order.Start, order.Length).SequenceEqual("little"u8))
            throw new UnsupportedException("A PyTorch archive was written on another kind of machine", Location, "little-endian", "other", "Save it again on a common computer.");
        var (start, length) = files[pickles[0]];
        return (new TorchPickle(Bytes(start, length), Location, start).Read(), storage =>
        {
            if (!files.TryGetValue($"{root}data/{storage.Key}", out var file)) throw Wrong("every storage in the archive", $"no {JsonText.Show(storage.Key)}");
            return file.Length == storage.Count * storage.DType.Size ? file.Start : throw Wrong($"{storage.Count * storage.DType.Size} bytes of the storage {JsonText.Show(storage.Key)}", $"{file.Length}");
        }
        );
    }

    /// <summary>Reads the old format: four pickles, the names of the storages, then each storage's length and elements.</summary>
    (object? Content, Func<TorchStorage, long> PlaceOf) ReadOld()
    {
        var at = 0L;
        if (Next(ref at) is not OldMagic)
            throw Wrong("what torch.save writes", "another pickle");
        Next(ref at);
        Next(ref at);
        var content = Next(ref at);
        if (Next(ref at) is not List<object?> keys) throw Wrong("the names of the storages", "another value");
        var elementSizes = Storages(content).GroupBy(s => s.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var places = new Dictionary<string, (long Start, TorchStorage Storage)>(StringComparer.Ordinal);
        foreach (var item in keys)
        {
            if (item is not string key || !elementSizes.TryGetValue(key, out var storage)) throw Wrong("a storage that a tensor uses", item is string unknown ? JsonText.Show(unknown) : "a name that is not a text");
            var count = BinaryPrimitives.ReadInt64LittleEndian(Bytes(at, 8));
            if (count != storage.Count) throw Wrong($"{storage.Count} elements of the storage {JsonText.Show(key)}", $"{count}");
            at += 8;
            if (count * storage.DType.Size > _map.Length - at) throw Wrong($"{count} elements of the storage {JsonText.Show(key)}", "the end of the file");
            if (!places.TryAdd(key, (at, storage))) throw Wrong("every storage once", $"{JsonText.Show(key)} twice");
            at += count * storage.DType.Size;
        }
        return (content, storage => places.TryGetValue(storage.Key, out var place) && place.Storage == storage ? place.Start : throw Wrong("every storage in the file", $"no {JsonText.Show(storage.Key)} of this type and length"));
    }

    static IEnumerable<TorchStorage> Storages(object? content) => content is PickleDictionary dictionary ? dictionary.Items.Select(i => i.Value).OfType<TorchTensor>().Select(t => t.Storage) : [];

    object? Next(ref long at)
    {
        var bytes = new ReadOnlySpan<byte>(_map.Address + at, (int)Math.Min(_map.Length - at, TorchPickle.Longest));
        if (at == 0 && (bytes.Length < 2 || bytes[0] != 0x80))
        {
            ForeignFormats.ThrowIfKnown(bytes, Location, "weights of torch.save");
            throw Wrong("what torch.save writes, a zip archive or a pickle", bytes.IsEmpty ? "an empty file" : $"0x{Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])}");
        }
        var pickle = new TorchPickle(bytes, Location, at);
        var value = pickle.Read();
        at += pickle.Position;
        return value;
    }

    WeightEntry Entry(string name, TorchTensor tensor, Func<TorchStorage, long> placeOf)
    {
        var size = tensor.Storage.DType.Size;
        var length = tensor.Shape.ElementCount * size;
        var start = placeOf(tensor.Storage) + (tensor.Offset * size);
        var entry = new WeightEntry(name, tensor.Storage.DType, tensor.Shape, length == 0 ? 0 : start, length);
        return (IsRowMajor(tensor) ? entry : entry with { Decode = () => Gather(tensor, start) }).In(Location, _map);
    }

    static bool IsRowMajor(TorchTensor tensor)
    {
        var step = 1L;
        for (var i = tensor.Strides.Count - 1; i >= 0; i--)
        {
            if (tensor.Shape[i] != 1 && tensor.Strides[i] != step) return tensor.Shape.ElementCount == 0;
            step *= tensor.Shape[i];
        }
        return true;
    }

    AlignedMemory Gather(TorchTensor tensor, long start)
    {
        var size = tensor.Storage.DType.Size;
        var count = tensor.Shape.ElementCount;
        var memory = new AlignedMemory(count * size);
        var index = new long[tensor.Strides.Count];
        var at = start;
        for (var i = 0L; i < count; i++)
        {
            new ReadOnlySpan<byte>(_map.Address + at, size).CopyTo(new Span<byte>(memory.Address + (i * size), size));
            for (var d = index.Length - 1; d >= 0; d--)
            {
                at += tensor.Strides[d] * size;
                if (++index[d] < tensor.Shape[d]) break;
                at -= tensor.Shape[d] * tensor.Strides[d] * size;
                index[d] = 0;
            }
        }
        return memory;
    }

    ReadOnlySpan<byte> Bytes(long start, long length)
    {
        if (length > TorchPickle.Longest || start < 0 || length < 0 || length > _map.Length - start) throw Wrong($"up to {TorchPickle.Longest} bytes of description within the file", $"{length} at {start}");
        return new(_map.Address + start, (int)length);
    }

    FileFormatException Wrong(string expected, string received) => new("A file of PyTorch weights is malformed", Location, expected, received, Damaged);
}
