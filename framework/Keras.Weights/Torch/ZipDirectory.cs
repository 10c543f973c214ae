using System.Buffers.Binary;
using System.Text;
using Keras.Files;

namespace Keras.Saving;

/// <summary>Locates the files in an archive that stores them uncompressed, as torch.save does.</summary>
static unsafe class ZipDirectory
{
    const uint EndMark = 0x06054B50, WideEndMark = 0x06064B50, WideLocatorMark = 0x07064B50, EntryMark = 0x02014B50, LocalMark = 0x04034B50;
    const int EndLength = 22, LocatorLength = 20, WideEndLength = 56, EntryLength = 46, LocalLength = 30, LongestComment = ushort.MaxValue;
    const string Damaged = "The file is damaged, or not downloaded to its end.";

    /// <summary>Reads each file's name, first byte and length.</summary>
    /// <exception cref="FileFormatException">The archive is damaged.</exception>
    /// <exception cref="UnsupportedException">A file in it is compressed.</exception>
    public static Dictionary<string, (long Start, long Length)> Read(MappedFile map, string path)
    {
        var files = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        var (start, length, count) = FindDirectory(map, path);
        var end = start + length;
        for (var at = start; at < end;)
        {
            var entry = At(map, at, EntryLength, path);
            Require(entry, EntryMark, at, path);
            var method = BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]);
            long stored = U32(entry, 20), plain = U32(entry, 24), local = U32(entry, 42);
            int nameLength = U16(entry, 28), extraLength = U16(entry, 30), commentLength = U16(entry, 32);
            var name = Encoding.UTF8.GetString(At(map, at + EntryLength, nameLength, path));
            Widen(At(map, at + EntryLength + nameLength, extraLength, path), ref plain, ref stored, ref local);
            if (method != 0) throw new UnsupportedException("A file in a PyTorch archive is compressed", $"{path}, {JsonText.Show(name)}", "files stored as they are, as torch.save writes them", $"compression method {method}", "Save it again with torch.save.");
            if (stored != plain) throw Wrong(path, at, "equal lengths of a file stored as it is", $"{stored} and {plain}");
            var header = At(map, local, LocalLength, path);
            Require(header, LocalMark, local, path);
            var data = local + LocalLength + U16(header, 26) + U16(header, 28);
            if (stored < 0 || data > map.Length || stored > map.Length - data) throw Wrong(path, at, $"a file within the archive's {map.Length} bytes", $"{JsonText.Show(name)}, {stored} bytes at {data}");
            if (!files.TryAdd(name, (data, stored))) throw Wrong(path, at, "every name once", $"{JsonText.Show(name)} twice");
            at += EntryLength + nameLength + extraLength + commentLength;
        }
        return files.Count == count ? files : throw Wrong(path, start, $"{count} files", $"{files.Count}");
    }

    static (long Start, long Length, long Count) FindDirectory(MappedFile map, string path)
    {
        for (var at = map.Length - EndLength; at >= Math.Max(0, map.Length - EndLength - LongestComment); at--)
        {
            var end = At(map, at, EndLength, path);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndMark || U16(end, 20) != map.Length - at - EndLength) continue;
            long count = U16(end, 10), length = U32(end, 12), start = U32(end, 16);
            if (count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue)
            {
                var locator = At(map, at - LocatorLength, LocatorLength, path);
                Require(locator, WideLocatorMark, at - LocatorLength, path);
                var wideAt = I64(locator, 8);
                var wide = At(map, wideAt, WideEndLength, path);
                Require(wide, WideEndMark, wideAt, path);
                (count, length, start) = (I64(wide, 32), I64(wide, 40), I64(wide, 48));
            }
            return start >= 0 && length >= 0 && start <= at && length <= at - start ? (start, length, count) : throw Wrong(path, at, $"a directory within {at} bytes", $"{length} bytes at {start}");
        }
        throw Wrong(path, map.Length, "the end of a zip archive", "none");
    }

    /// <summary>Reads lengths and offsets beyond four bytes from an extra field, which holds only those, in this order.</summary>
    static void Widen(ReadOnlySpan<byte> extra, ref long plain, ref long stored, ref long local)
    {
        while (extra.Length >= 4)
        {
            var length = Math.Min(U16(extra, 2), extra.Length - 4);
            var field = extra.Slice(4, length);
            if (U16(extra, 0) == 1)
            {
                if (plain == uint.MaxValue) plain = TakeWide(ref field);
                if (stored == uint.MaxValue) stored = TakeWide(ref field);
                if (local == uint.MaxValue) local = TakeWide(ref field);
            }
            extra = extra[(4 + length)..];
        }
    }

    static long TakeWide(ref ReadOnlySpan<byte> field)
    {
        if (field.Length < 8) return -1;
        var value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[8..];
        return value;
    }

    static ReadOnlySpan<byte> At(MappedFile map, long start, int length, string path) =>
        start >= 0 && start <= map.Length && length <= map.Length - start ? new(map.Address + start, length) : throw Wrong(path, start, $"{length} bytes within the archive's {map.Length}", "a place outside of it");

    static void Require(ReadOnlySpan<byte> bytes, uint mark, long at, string path)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != mark) throw Wrong(path, at, $"the mark 0x{mark:X8}", $"0x{BinaryPrimitives.ReadUInt32LittleEndian(bytes):X8}");
    }

    static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    static FileFormatException Wrong(string path, long at, string expected, string received) => new("A zip archive is malformed", $"{path}, byte {at}", expected, received, Damaged);
}
