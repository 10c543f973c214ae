using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Keras.Files;

namespace Keras.Saving;

/// <summary>Writes safetensors files byte for byte like Hugging Face's library: tensors by descending element size, then by name.</summary>
/// <remarks>Metadata keys are sorted here; that library leaves them in the random order of its hash table.</remarks>
static class SafetensorsWriter
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Replaces a file as a whole; if anything fails, the old one stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors, in any order.</param>
    /// <param name="metadata">Metadata such as format: pt; null for none.</param>
    /// <exception cref="ArgumentException">A name is used twice, reserved, or not valid Unicode.</exception>
    /// <exception cref="ShapeMismatchException">A tensor wrote more or less than its shape needs.</exception>
    /// <exception cref="UnsupportedException">The header would exceed the format's 100 MB.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public static void Write(string path, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var set = new AtomicFileSet();
        Add(set, path, tensors, metadata);
        set.Commit();
    }

    /// <summary>Writes one file of a set that is replaced together.</summary>
    internal static void Add(AtomicFileSet set, string path, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var (sorted, header) = Prepare(tensors, metadata);
        set.Write(path, stream => WriteTo(stream, sorted, header), header.Length + sorted.Sum(tensor => tensor.Length));
    }

    /// <summary>Writes to a stream that need not seek.</summary>
    public static void Write(Stream stream, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (sorted, header) = Prepare(tensors, metadata);
        WriteTo(stream, sorted, header);
    }

    static void WriteTo(Stream stream, List<SafetensorsTensor> sorted, byte[] header)
    {
        stream.Write(header);
        foreach (var tensor in sorted) tensor.WriteTo(stream);
    }

    static (List<SafetensorsTensor> Sorted, byte[] Header) Prepare(IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var sorted = tensors.OrderByDescending(tensor => SafetensorsDTypes.RankOf(tensor.DType)).ThenBy(tensor => tensor.Name, JsonText.CodePointOrder).ToList();
        CheckNames(sorted.Select(tensor => tensor.Name));
        return (sorted, Header(sorted, metadata));
    }

    internal static void CheckNames(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!seen.Add(name)) throw new ArgumentException($"Two tensors are called '{name}'.", nameof(names));
            if (name == SafetensorsHeader.MetadataKey) throw new ArgumentException($"The name '{name}' is reserved by the format.", nameof(names));
        }
    }

    static byte[] Header(List<SafetensorsTensor> sorted, IReadOnlyDictionary<string, string>? metadata)
    {
        var json = new StringBuilder("{");
        if (metadata is not null)
        {
            var pairs = metadata.OrderBy(pair => pair.Key, JsonText.CodePointOrder).Select(pair => new StringBuilder().AppendQuoted(pair.Key).Append(':').AppendQuoted(pair.Value));
            json.AppendQuoted(SafetensorsHeader.MetadataKey).Append(":{").AppendJoin(',', pairs).Append("},");
        }
        var start = 0L;
        foreach (var tensor in sorted)
        {
            var end = checked(start + tensor.Length);
            json.AppendQuoted(tensor.Name).Append(CultureInfo.InvariantCulture, $":{{\"dtype\":\"{SafetensorsDTypes.NameOf(tensor.DType, tensor.Name)}\",\"shape\":[")
                .AppendJoin(',', tensor.Shape.ToArray()).Append(CultureInfo.InvariantCulture, $"],\"data_offsets\":[{start},{end}]}},");
            start = end;
        }
        if (json[^1] == ',') json.Length--;
        return Encode(json.Append('}').ToString());
    }

    /// <summary>Encodes the length, then the text padded with spaces to eight bytes, so that the data is aligned.</summary>
    static byte[] Encode(string json)
    {
        var text = StrictUtf8.GetBytes(json);
        var padded = (text.Length + 7) / 8 * 8;
        if (padded > SafetensorsHeader.LongestJson)
            throw new UnsupportedException("A safetensors header would be too long", expected: $"up to {SafetensorsHeader.LongestJson} bytes", received: $"{padded} bytes", remedy: "Write fewer tensors to a file: use a smaller max_shard_size.");
        var header = new byte[SafetensorsHeader.PrefixLength + padded];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)padded);
        text.CopyTo(header.AsSpan(SafetensorsHeader.PrefixLength));
        return header;
    }
}
