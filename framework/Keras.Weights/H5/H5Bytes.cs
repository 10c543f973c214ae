using System.Buffers.Binary;
using System.Text;
using Keras.Files;

namespace Keras.Saving;

/// <summary>The bytes of an untrusted HDF5 file: every read is checked against the file's end, and the total work of all reads is bounded.</summary>
/// <remarks>Allocations follow what the file holds, never what it claims. Parts of the structure may be read several times, but in total
/// no more than <see cref="Rereads"/> times the file's length, so that cycles end in an error.</remarks>
sealed unsafe class H5Bytes(MappedFile map, string path, long start, long length)
{
    const int Rereads = 8;

    /// <summary>The most bytes of a file's structure, without its arrays; any model needs less.</summary>
    const long MostStructure = 1L << 28;

    long _budget = Math.Min(length * Rereads, MostStructure) + (1 << 15);

    public const string Damaged = "The file is damaged, not downloaded to its end, or was written by a faulty program.";

    /// <summary>An address that means "nowhere".</summary>
    public const long Undefined = -1;

    public string Path => path;

    public MappedFile Map => map;

    /// <summary>The length of the file.</summary>
    public long Length => length;

    /// <summary>The file's position in the mapped file, which may be an archive.</summary>
    public long Start => start;

    /// <summary>The byte after the file's last.</summary>
    public long End => start + length;

    /// <summary>The position that addresses are relative to.</summary>
    public long Base { get; set; }

    /// <summary>The text heaps read so far, by their addresses.</summary>
    public Dictionary<long, H5GlobalHeap> Heaps { get; } = [];

    /// <summary>Gets a part of the file's structure, checked against the file's end.</summary>
    /// <param name="address">The address, relative to <see cref="Base"/>.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="what">What the bytes hold, for messages.</param>
    public H5Cursor At(long address, long length, string what)
    {
        CheckRange(address, length, what);
        Spend(length, address);
        return new(new ReadOnlySpan<byte>(map.Address + Base + address, (int)length), this, address);
    }

    /// <summary>Reads the text at an address, up to its first zero.</summary>
    public string TextAt(long address, long longest, string what)
    {
        CheckRange(address, longest, what);
        var bytes = new ReadOnlySpan<byte>(map.Address + Base + address, (int)longest);
        if (bytes.IndexOf((byte)0) is var end and >= 0) bytes = bytes[..end];
        return At(address, bytes.Length, what).Text(bytes.Length);
    }

    void Spend(long length, long address)
    {
        _budget -= length + 16;
        if (_budget < 0)
            throw new FileFormatException("The parts of an HDF5 file point to each other without end", Where(address), "groups that form a tree", $"more than {Rereads} times the file's {Length} bytes to read, or more than {MostStructure} bytes", Damaged);
    }

    /// <summary>Checks that a range lies in the file.</summary>
    public void CheckRange(long address, long length, string what)
    {
        if (address >= 0 && length >= 0 && address <= End - Base && length <= End - Base - address && (what == Data || length <= int.MaxValue)) return;
        throw new FileFormatException($"{what} of an HDF5 file lies outside of it", path, $"a place within the file's {Length} bytes", $"{length} bytes at {address}", Damaged);
    }

    /// <summary>The name of a dataset's elements in messages of <see cref="CheckRange"/>; they may be longer than a span.</summary>
    public const string Data = "The data";

    public string Where(long address) => $"{path}, byte {Base + address}";

    public FileFormatException Wrong(string what, long address, string expected, string received) => new(what, Where(address), expected, received, Damaged);

    public UnsupportedException Unsupported(string what, string where, string expected, string received) =>
        new(what, $"{path}, {where}", expected, received, "Write the file with h5py's default settings, or convert it to safetensors.");
}

/// <summary>Reads one part of an HDF5 file from start to end.</summary>
ref struct H5Cursor(ReadOnlySpan<byte> bytes, H5Bytes file, long address)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _position;

    public readonly long Address => address + _position;

    public readonly int Left => _bytes.Length - _position;

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Left) throw file.Wrong("A part of an HDF5 file ends too early", Address, $"{count} more bytes", $"{Left}");
        var part = _bytes.Slice(_position, (int)count);
        _position += (int)count;
        return part;
    }

    public void Skip(long count) => Take(count);

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Reads an address or a length; values too large for any file come out negative, like "undefined".</summary>
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>Reads an unsigned number of one, two, four or eight bytes.</summary>
    public long Number(int bytes) => bytes switch { 1 => Byte(), 2 => UInt16(), 4 => UInt32(), _ => Int64() };

    public void Signature(string signature, string what)
    {
        var at = Address;
        var found = Take(4);
        if (!found.SequenceEqual(Encoding.ASCII.GetBytes(signature)))
            throw file.Wrong($"{what} of an HDF5 file does not begin as it must", at, $"'{signature}'", $"0x{Convert.ToHexString(found)}");
    }

    /// <summary>Reads a version number, which must be in a range.</summary>
    public int Version(string what, int lowest, int highest)
    {
        var at = Address;
        var version = Byte();
        return version >= lowest && version <= highest ? version : throw file.Wrong($"{what} of an HDF5 file has an unknown version", at, lowest == highest ? $"{lowest}" : $"{lowest} to {highest}", $"{version}");
    }

    /// <summary>Reads UTF-8 text up to its first zero.</summary>
    public string Text(long count)
    {
        var at = Address;
        var text = Take(count);
        if (text.IndexOf((byte)0) is var end and >= 0) text = text[..end];
        return System.Text.Unicode.Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw file.Wrong("A name in an HDF5 file is not UTF-8", at, "UTF-8 text", $"0x{Convert.ToHexString(text[..Math.Min(text.Length, 40)])}");
    }

    public readonly H5Cursor Part(int start, int length) => new(_bytes.Slice(start, length), file, address + start);

    /// <summary>Takes the next bytes as a separate part.</summary>
    public H5Cursor TakePart(long count)
    {
        var start = _position;
        Take(count);
        return Part(start, (int)count);
    }

    /// <summary>Skips to the next multiple of eight, relative to the start of this part.</summary>
    public void Align() => Skip(Math.Min((8 - (_position & 7)) & 7, Left));
}
