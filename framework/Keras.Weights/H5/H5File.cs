using Keras.Files;

namespace Keras.Saving;

/// <summary>An HDF5 file opened for reading; contiguous arrays are mapped, not copied.</summary>
/// <remarks>It reads what h5py and Keras write by default (and new headers with compact groups): contiguous, compact and chunked datasets,
/// gzip, shuffle, fletcher32. Soft and external links are rejected. PureHDF was tried as an alternative: of 3,000 mutated real files, four made
/// it allocate 2 GB, and two took 9 and 23 seconds. Source: the HDF5 File Format Specification, version 3.0.</remarks>
sealed class H5File : IDisposable
{
    static ReadOnlySpan<byte> Magic => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    const string What = "The superblock";

    /// <summary>The greatest nesting depth of groups; no model nests deeper.</summary>
    public const int Deepest = 200;

    readonly MappedFile _map;

    H5File(MappedFile map, H5Bytes bytes, long root)
    {
        (_map, Bytes) = (map, bytes);
        Root = new(bytes, root, "");
    }

    public H5Bytes Bytes { get; }

    public H5Object Root { get; }

    /// <exception cref="FileFormatException">The file is damaged or something else.</exception>
    /// <exception cref="UnsupportedException">The file uses an unsupported feature.</exception>
    /// <exception cref="IOException">The file is missing or cannot be mapped.</exception>
    public static H5File Open(string path)
    {
        var map = new MappedFile(path);
        try
        {
            var bytes = new H5Bytes(map, path, 0, map.Length);
            return new(map, bytes, ReadRoot(bytes));
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that is stored uncompressed in an archive.</summary>
    /// <exception cref="FileFormatException">The archive is damaged, or has no such file.</exception>
    /// <exception cref="UnsupportedException">The file is compressed, or uses an unsupported feature.</exception>
    public static H5File OpenInArchive(string path, string name)
    {
        var map = new MappedFile(path);
        try
        {
            if (!ZipDirectory.Read(map, path).TryGetValue(name, out var place))
                throw new FileFormatException("An archive lacks a file", path, name, "none of that name", "The archive was not made by Keras, or is damaged.");
            var bytes = new H5Bytes(map, $"{path}, {name}", place.Start, place.Length);
            return new(map, bytes, ReadRoot(bytes));
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>Describes a dataset as a tensor of a weight file.</summary>
    public WeightEntry Entry(H5Object found, DType dtype, string name)
    {
        var dataset = found.Dataset;
        return new WeightEntry(name, dtype, dataset.Shape, dataset.Address, dataset.Length) { Decode = dataset.Chunks is { } chunks ? chunks.Decode : null }.In(Bytes.Path, _map);
    }

    static unsafe long ReadRoot(H5Bytes file)
    {
        file.Base = FindStart(file);
        var cursor = file.At(0, Math.Min(96, file.End - file.Base), What);
        cursor.Skip(8);
        var version = cursor.Version(What, 0, 3);
        if (version <= 1)
        {
            cursor.Skip(4);
            CheckSizes(ref cursor, file);
            cursor.Skip(1 + 8 + (version == 1 ? 4 : 0));
            CheckBase(ref cursor, file);
            cursor.Skip(24 + 8);
            return cursor.Int64();
        }
        CheckSizes(ref cursor, file);
        cursor.Skip(1);
        CheckBase(ref cursor, file);
        cursor.Skip(16);
        return cursor.Int64();
    }

    static unsafe long FindStart(H5Bytes file)
    {
        var all = new ReadOnlySpan<byte>(file.Map.Address + file.Start, (int)Math.Min(file.End - file.Start, 1 << 20));
        for (var at = 0; at + Magic.Length <= all.Length; at = Math.Max(512, at * 2))
            if (all[at..].StartsWith(Magic)) return file.Start + at;
        ForeignFormats.ThrowIfKnown(all, file.Path, "an HDF5 file");
        throw new FileFormatException("A file is not an HDF5 file", $"{file.Path}, byte 0", "0x89 'HDF'", all.IsEmpty ? "an empty file" : $"0x{Convert.ToHexString(all[..Math.Min(8, all.Length)])}", "The file is something else, or damaged.");
    }

    static void CheckSizes(ref H5Cursor cursor, H5Bytes file)
    {
        var at = cursor.Address;
        var (offsets, lengths) = (cursor.Byte(), cursor.Byte());
        if (offsets != 8 || lengths != 8) throw file.Unsupported("An HDF5 file has addresses of an unusual size", $"byte {at}", "8 and 8 bytes", $"{offsets} and {lengths}");
    }

    static void CheckBase(ref H5Cursor cursor, H5Bytes file)
    {
        var at = cursor.Address;
        var start = cursor.Int64();
        if (start != file.Base - file.Start && start != 0) throw file.Wrong("The addresses of an HDF5 file count from another place", at, $"{file.Base - file.Start}", $"{start}");
        file.Base = file.Start + start;
    }

    public void Dispose() => _map.Dispose();
}
