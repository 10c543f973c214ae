namespace Keras.Images;

/// <summary>A decoded image file: samples of 8 bits, or 16 if the file has them, (frames, height, width, channels), row-major.</summary>
sealed class Raster
{
    /// <summary>The most samples of an image: TensorFlow's limit for PNG.</summary>
    const long MaxSamples = 1 << 29;

    /// <summary>Creates an image of zeros, or of undefined content if its array is rented.</summary>
    /// <exception cref="FileFormatException">A side is 0, or the image would be unreasonably large.</exception>
    public Raster(string kind, int frames, long height, long width, int channels, bool isWide = false, Scratch? scratch = null)
    {
        Check(kind, frames, height, width, channels);
        (Frames, Height, Width, Channels, IsWide) = (frames, (int)height, (int)width, channels, isWide);
        if (isWide) Wide = new ushort[Count];
        else Bytes = scratch?.Take<byte>(Count) ?? new byte[Count];
    }

    public int Frames { get; }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    /// <summary>Whether samples range to 65535, not 255.</summary>
    public bool IsWide { get; }

    /// <summary>The samples if they have 8 bits or fewer; a rented array may be longer.</summary>
    public byte[] Bytes { get; } = [];

    /// <summary>The samples if they have 16 bits.</summary>
    public ushort[] Wide { get; } = [];

    /// <summary>The number of samples.</summary>
    public int Count => Frames * Height * Width * Channels;

    public int this[int sample]
    {
        get => IsWide ? Wide[sample] : Bytes[sample];
        set
        {
            if (IsWide) Wide[sample] = (ushort)value;
            else Bytes[sample] = (byte)value;
        }
    }

    /// <summary>Rejects impossible sizes before anything is allocated.</summary>
    /// <exception cref="FileFormatException">A side is 0, or the image would be unreasonably large.</exception>
    public static void Check(string kind, int frames, long height, long width, int channels)
    {
        if (height < 1 || width < 1 || height > int.MaxValue || width > int.MaxValue || (Int128)frames * height * width * channels > MaxSamples)
            throw Damaged(kind, "its size is impossible", $"1 to {MaxSamples} samples", $"{frames} x {height} x {width} x {channels}");
    }

    /// <summary>Rejects an image of more pixels than a caller accepts: a small file can expand to a very large image.</summary>
    /// <exception cref="FileFormatException">The image has more pixels.</exception>
    public static void CheckPixels(string kind, long width, long height, long most)
    {
        if ((Int128)width * height > most)
            throw new FileFormatException($"A {kind} image has more pixels than are allowed", null, $"at most {most} pixels", $"{width} x {height}", "Raise Picture.MaxPixels if the file can be trusted.");
    }

    /// <summary>Creates the error for a damaged file.</summary>
    public static FileFormatException Damaged(string kind, string what, string? expected = null, string? received = null, Exception? inner = null) =>
        new($"A {kind} image is damaged: {what}", null, expected, received, "Save or download the file again.", inner);
}

/// <summary>Reads big-endian and little-endian fields of an image file; every read is checked against the end.</summary>
ref struct ImageCursor(ReadOnlySpan<byte> bytes, string kind)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Remaining) throw Raster.Damaged(kind, "it ends too early", $"{count} bytes at byte {Position}", $"{Remaining} bytes");
        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    public byte Byte() => Take(1)[0];

    public int Little16() => System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Little32() => System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public int Big16() => System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint Big32() => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(Take(4));
}
