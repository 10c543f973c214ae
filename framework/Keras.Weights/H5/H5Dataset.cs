namespace Keras.Saving;

/// <summary>An array of an HDF5 file: its type, its shape and where its elements are.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Address">The offset of the first byte in the file, if the elements are contiguous.</param>
/// <param name="Length">The number of bytes of all elements.</param>
/// <param name="Chunks">Assembles the elements if they are not contiguous.</param>
sealed record H5Dataset(H5Type Type, Shape Shape, long Address, long Length, H5Chunks? Chunks)
{
    const int Compact = 0, Contiguous = 1, Chunked = 2;

    public static H5Dataset Read(H5Bytes file, IReadOnlyList<H5Message> messages, string path)
    {
        var typePart = Open(file, messages, H5Message.Datatype, "an element type", path);
        var type = H5Type.Read(ref typePart, file);
        var spacePart = Open(file, messages, H5Message.Dataspace, "a shape", path);
        var space = H5Dataspace.Read(ref spacePart, file);
        if (messages.Any(m => m.Kind == H5Message.ExternalFiles))
            throw file.Unsupported("A dataset of an HDF5 file keeps its elements in other files", $"'{path}'", "elements in the file itself", "a list of files, which may be anywhere");
        var layout = Open(file, messages, H5Message.Layout, "a layout", path);
        var at = layout.Address;
        var version = layout.Byte();
        var kind = layout.Byte();
        if (version is not (3 or 4)) throw file.Unsupported("A dataset of an HDF5 file is stored in an older way that is not read", $"'{path}'", "layout version 3 or 4", $"{version}");
        if ((Int128)space.Count * type.Size > long.MaxValue)
            throw file.Wrong($"The dataset '{path}' of an HDF5 file is larger than any file can be", at, $"up to {long.MaxValue} bytes", $"{type.Description} {space.Shape}");
        var length = space.Count * type.Size;
        var (address, stored) = kind switch
        {
            Compact => (layout.Address + 2, layout.UInt16()),
            Contiguous => (layout.Int64(), layout.Int64()),
            Chunked => (0L, length),
            _ => throw file.Unsupported("A dataset of an HDF5 file is put together from others", $"'{path}'", "elements in the file itself", $"layout class {kind}"),
        };
        if (kind == Chunked) return new(type, space.Shape, 0, length, H5Chunks.Read(ref layout, version, file, messages, new(type, space.Shape, 0, length, null), path));
        if (length == 0) return new(type, space.Shape, 0, 0, null);
        if (address == H5Bytes.Undefined) throw file.Wrong($"The dataset '{path}' of an HDF5 file has no elements", at, $"{length} bytes", "none were ever written");
        if (stored < length) throw file.Wrong($"The dataset '{path}' of an HDF5 file is too short", at, $"{length} bytes for {type.Description} {space.Shape}", $"{stored}");
        file.CheckRange(address, length, H5Bytes.Data);
        return new(type, space.Shape, file.Base + address, length, null);
    }

    static H5Cursor Open(H5Bytes file, IReadOnlyList<H5Message> messages, int kind, string what, string path)
    {
        foreach (var message in messages)
            if (message.Kind == kind)
                return message.IsShared
                    ? throw file.Unsupported("A dataset of an HDF5 file shares parts with others", $"'{path}'", $"{what} of its own", "a committed one")
                    : file.At(message.Address, message.Length, "A message");
        throw new FileFormatException("A dataset of an HDF5 file is not complete", $"{file.Path}, '{path}'", what, "none", H5Bytes.Damaged);
    }
}
