using System.Buffers.Binary;
using Keras.Files;

namespace Keras.Saving;

/// <summary>The checked header of a safetensors file: its length in eight bytes, then JSON; the tensors follow without gaps to the end of the file.</summary>
/// <param name="Metadata">The file's metadata.</param>
/// <param name="Tensors">The tensors in the order of their bytes.</param>
sealed record SafetensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<WeightEntry> Tensors)
{
    /// <summary>The number of bytes before the JSON.</summary>
    public const int PrefixLength = 8;

    /// <summary>The format's limit for the JSON, in bytes.</summary>
    public const int LongestJson = 100_000_000;

    /// <summary>The key of the metadata, which is not a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    internal const string What = "A safetensors header";

    /// <summary>Reads and checks a header. Allocations follow what the file holds, never what it claims.</summary>
    /// <exception cref="FileFormatException">The file is damaged or something else.</exception>
    /// <exception cref="UnsupportedException">A tensor's type is not supported.</exception>
    public static unsafe SafetensorsHeader Read(MappedFile file, string path)
    {
        var start = new ReadOnlySpan<byte>(file.Address, (int)Math.Min(file.Length, PrefixLength + LongestJson));
        var json = start.Slice(PrefixLength, ReadJsonLength(start, file.Length, path));
        CheckText(json, path);
        return new SafetensorsHeaderReader(json, path).Read(dataStart: PrefixLength + json.Length, file.Length);
    }

    static int ReadJsonLength(ReadOnlySpan<byte> start, long fileLength, string path)
    {
        if (fileLength < PrefixLength)
            throw new FileFormatException("A file is too short", $"{path}, byte 0", "at least 8 bytes with the length of the header", $"{fileLength} bytes", "The file was not written or not downloaded to its end.");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length is > 0 and <= LongestJson && length <= (ulong)(fileLength - PrefixLength)) return (int)length;

        ForeignFormats.ThrowIfKnown(start, path, "a safetensors file");
        var remedy = length > 0 && length <= LongestJson ? "The file was not written or not downloaded to its end." : "The file is not a safetensors file, or damaged.";
        throw new FileFormatException("The length of a safetensors header is wrong", $"{path}, byte 0",
            $"1 to {Math.Min(LongestJson, fileLength - PrefixLength)}", $"{length}", remedy);
    }

    static void CheckText(ReadOnlySpan<byte> json, string path)
    {
        if (json[0] != (byte)'{')
            throw new FileFormatException($"{What} is not a JSON object", $"{path}, byte {PrefixLength}", "'{'", $"0x{json[0]:X2}", "The file is not a safetensors file, or damaged.");
        StrictJsonReader.CheckUtf8(json, path, PrefixLength, What);
    }
}
