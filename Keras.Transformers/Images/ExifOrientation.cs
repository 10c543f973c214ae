using System.Buffers.Binary;

namespace Keras.Transformers;

/// <summary>Finds the Exif tag that says how the camera was held. Damaged Exif data is ignored: the picture does not depend on it.</summary>
static class ExifOrientation
{
    const int Upright = 1;
    const int Tag = 0x112;

    public static int OfJpeg(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF && file[at + 1] is not (0xDA or 0xD9);)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length) break;
            var content = file.Slice(at + 4, length - 2);
            if (file[at + 1] == 0xE1 && content.StartsWith("Exif\0\0"u8)) return OfTiff(content[6..]);
            at += 2 + length;
        }
        return Upright;
    }

    public static int OfPng(ReadOnlySpan<byte> file)
    {
        for (var at = 8L; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]);
            if (at + 12 + length > file.Length) break;
            if (file[((int)at + 4)..].StartsWith("eXIf"u8)) return OfTiff(file.Slice((int)at + 8, (int)length));
            at += 12 + length;
        }
        return Upright;
    }

    /// <summary>Reads the tag from the first directory of a TIFF header.</summary>
    public static int OfTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return Upright;
        var isLittle = tiff.StartsWith("II"u8);
        var start = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (start + 2L > tiff.Length) return Upright;
        var count = Number(tiff[(int)start..], isLittle);
        for (var at = start + 2L; count > 0 && at + 12 <= tiff.Length; count--, at += 12)
            if (Number(tiff[(int)at..], isLittle) == Tag) return Number(tiff[((int)at + 8)..], isLittle) is >= 1 and <= 8 and var orientation ? orientation : Upright;
        return Upright;
    }

    static int Number(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
