using System.Globalization;

namespace Keras.Checkpoints;

/// <summary>A tensor's entry in a bundle: its dtype and shape, and where its bytes lie, or its slices, which have their own entries.</summary>
sealed record BundleEntry(string Name, DType DType, Shape Shape, int Shard, long Offset, long Size, uint Checksum, IReadOnlyList<TensorSlice> Slices)
{
    /// <summary>The most slices of one tensor; limited, since they are compared pairwise.</summary>
    public const int MaxSlices = 4096;

    public bool IsSliced => Slices.Count > 0;
}

/// <summary>File names and versions of tensor bundles, TensorFlow's checkpoint format.</summary>
static class TensorBundle
{
    /// <summary>The format version in the header.</summary>
    public const int Version = 1;

    /// <summary>The order of names in an index.</summary>
    public static readonly Comparer<byte[]> Bytewise = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    public static string IndexFile(string prefix) => prefix + ".index";

    public static string DataFile(string prefix, int shard, int shards) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}.data-{shard:D5}-of-{shards:D5}");
}
