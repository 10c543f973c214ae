using System.Globalization;

namespace Keras.Checkpoints;

/// <summary>One tensor of a bundle: what it is and where its bytes lie, or in which slices, which have entries of their own.</summary>
sealed record BundleEntry(string Name, DType DType, Shape Shape, int Shard, long Offset, long Size, uint Checksum, IReadOnlyList<TensorSlice> Slices)
{
    /// <summary>The most slices of one tensor, which are compared pair by pair.</summary>
    public const int MaxSlices = 4096;

    public bool IsSliced => Slices.Count > 0;
}

/// <summary>The file names and versions of a tensor bundle, TensorFlow's checkpoint format.</summary>
static class TensorBundle
{
    /// <summary>The version of the format, in the header.</summary>
    public const int Version = 1;

    /// <summary>The order of names in an index.</summary>
    public static readonly Comparer<byte[]> Bytewise = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    public static string IndexFile(string prefix) => prefix + ".index";

    public static string DataFile(string prefix, int shard, int shards) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}.data-{shard:D5}-of-{shards:D5}");
}
