using System.Globalization;

namespace Keras.Saving;

/// <summary>The maximum size of a checkpoint's file: bytes, or text such as "5GB", "500MB", "1.5GiB". A larger checkpoint is split into shards.</summary>
/// <param name="Bytes">The size in bytes.</param>
/// <remarks>KB, MB, GB and TB are powers of 1000 in any letter case, as in Hugging Face's hub library; KiB, MiB and GiB are powers of 1024, as in its transformers.</remarks>
public readonly record struct MaxShardSize(long Bytes)
{
    static readonly (string Unit, double Bytes)[] Units =
        [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)];

    /// <summary>Hugging Face's default, 5GB.</summary>
    public static readonly MaxShardSize Default = new(5_000_000_000);

    /// <summary>Converts a size in bytes.</summary>
    public static implicit operator MaxShardSize(long bytes) => new(bytes);

    /// <summary>The size that a text such as "5GB" stands for.</summary>
    /// <exception cref="ArgumentException">The text is not a size.</exception>
    public static implicit operator MaxShardSize(string text) => Parse(text);

    /// <summary>Parses the size that a text such as "5GB" stands for.</summary>
    /// <exception cref="ArgumentException">The text is not a size.</exception>
    public static MaxShardSize Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        foreach (var (unit, bytes) in Units)
            if (trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(trimmed.AsSpan(0, trimmed.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                && count * bytes is >= 1 and < long.MaxValue)
                return new((long)(count * bytes));
        throw new ArgumentException($"The text is not a size. Expected: a number of bytes, or text such as '500MB', '5GB', '1.5GiB'. Received: '{text}'.", nameof(text));
    }
}
