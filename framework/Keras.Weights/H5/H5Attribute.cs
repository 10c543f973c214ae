namespace Keras.Saving;

/// <summary>An attribute: a small array in an object's header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">The path of the object it belongs to.</param>
/// <param name="Type">The element type.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Address">The first byte of the elements.</param>
/// <param name="Length">The number of bytes from there to the end of the message.</param>
sealed record H5Attribute(string Name, string Owner, H5Type Type, long Count, long Address, int Length)
{
    const string What = "An attribute";

    /// <summary>The bytes of an element that points into a heap: length, address, index.</summary>
    const int PointerSize = 16;

    public static H5Attribute Read(H5Bytes file, H5Message message, string owner)
    {
        if (message.IsShared) throw file.Unsupported("An attribute of an HDF5 file is shared by several objects", $"'{owner}'", "attributes of their own", "a shared message");
        var cursor = file.At(message.Address, message.Length, What);
        var version = cursor.Version(What, 1, 3);
        var flags = cursor.Byte();
        if (version > 1 && flags != 0) throw file.Unsupported("An attribute's type of an HDF5 file has a name of its own", $"'{owner}'", "the type itself", "a committed type");
        var (nameSize, typeSize, spaceSize) = (cursor.UInt16(), cursor.UInt16(), cursor.UInt16());
        if (version == 3) cursor.Skip(1);
        var name = cursor.Text(nameSize);
        if (version == 1) cursor.Align();
        var typePart = cursor.TakePart(typeSize);
        if (version == 1) cursor.Align();
        var spacePart = cursor.TakePart(spaceSize);
        if (version == 1) cursor.Align();
        var type = H5Type.Read(ref typePart, file);
        var count = H5Dataspace.Read(ref spacePart, file).Count;
        return new(name, owner, type, count, cursor.Address, cursor.Left);
    }

    /// <summary>Reads the elements, which must be text; h5py writes an empty list as numbers.</summary>
    public List<string> Texts(H5Bytes file)
    {
        if (Count == 0) return [];
        var size = Type.VariableLength ? PointerSize : Type.Size;
        if (!Type.Text) throw file.Wrong($"The attribute {JsonText.Show(Name)} of '{Owner}' in an HDF5 file is of another type", Address, "text", Type.Description);
        if (Count > Length / size) throw file.Wrong($"The attribute {JsonText.Show(Name)} of '{Owner}' in an HDF5 file is too short", Address, $"{Count} texts of {size} bytes", $"{Length} bytes");
        var cursor = file.At(Address, Count * size, What);
        var texts = new List<string>((int)Count);
        for (var i = 0; i < Count; i++)
            texts.Add(Type.VariableLength ? H5GlobalHeap.Text(file, cursor.UInt32(), cursor.Int64(), cursor.UInt32()) : cursor.Text(size));
        return texts;
    }
}

/// <summary>A heap of variable-length texts: the position of each by its index.</summary>
sealed class H5GlobalHeap
{
    const string What = "A heap of texts";

    readonly Dictionary<uint, (long Address, long Length)> _objects = [];
    readonly long _address;

    H5GlobalHeap(H5Bytes file, long address)
    {
        _address = address;
        var head = file.At(address, 16, What);
        head.Signature("GCOL", What);
        head.Version(What, 1, 1);
        head.Skip(3);
        var size = head.Int64();
        file.CheckRange(address, size, What);
        for (var at = 16L; at + 16 <= size;)
        {
            var entry = file.At(address + at, 16, What);
            var (index, _, _, bytes) = (entry.UInt16(), entry.UInt16(), entry.UInt32(), entry.Int64());
            if (index == 0 || bytes < 0 || bytes > size - at - 16) break;
            _objects.TryAdd((uint)index, (address + at + 16, bytes));
            at += 16 + ((bytes + 7) & ~7L);
        }
    }

    /// <summary>Reads the text that an element points to.</summary>
    public static string Text(H5Bytes file, long length, long address, uint index)
    {
        if (length == 0) return "";
        if (!file.Heaps.TryGetValue(address, out var heap)) file.Heaps.Add(address, heap = new(file, address));
        if (!heap._objects.TryGetValue(index, out var found)) throw file.Wrong("A text of an HDF5 file is not in its heap", heap._address, $"one of {heap._objects.Count} objects", $"number {index}");
        return length <= found.Length ? file.At(found.Address, length, What).Text(length) : throw file.Wrong("A text of an HDF5 file is longer than its place", found.Address, $"up to {found.Length} bytes", $"{length}");
    }
}
