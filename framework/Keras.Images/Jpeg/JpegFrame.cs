using System.Runtime.CompilerServices;

namespace Keras.Images;

/// <summary>The picture of a JPEG file: its header's data, and the coefficients from its scans.</summary>
sealed class JpegFrame
{
    /// <summary>Creates a picture without coefficients.</summary>
    /// <param name="isProgressive">Whether each scan holds a part of the coefficients, not all of them.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="components">The components: grey, or three or four colours, each with its own size.</param>
    public JpegFrame(bool isProgressive, int height, int width, JpegComponent[] components)
    {
        (IsProgressive, Height, Width, Components) = (isProgressive, height, width, components);
        (Across, Down) = (components.Max(c => c.Across), components.Max(c => c.Down));
        (UnitColumns, UnitRows) = (Ceiling(width, Across * JpegBlock.Side), Ceiling(height, Down * JpegBlock.Side));
        foreach (var component in components) component.Fit(this);
    }

    public bool IsProgressive { get; }

    public int Height { get; }

    public int Width { get; }

    public JpegComponent[] Components { get; }

    /// <summary>The largest horizontal sampling factor.</summary>
    public int Across { get; }

    /// <summary>The largest vertical sampling factor.</summary>
    public int Down { get; }

    /// <summary>The number of coded units (MCUs) in a row, in a scan of several components.</summary>
    public int UnitColumns { get; }

    /// <summary>The number of rows of such units.</summary>
    public int UnitRows { get; }

    public static int Ceiling(long value, int divisor) => (int)((value + divisor - 1) / divisor);
}

/// <summary>A component of a picture: a grid of blocks of 8 x 8 coefficients.</summary>
/// <param name="id">The number by which scans refer to it.</param>
/// <param name="across">Its horizontal sampling factor: its blocks side by side in a coded unit.</param>
/// <param name="down">Its vertical sampling factor.</param>
/// <param name="table">The number of its quantization table.</param>
sealed class JpegComponent(int id, int across, int down, int table)
{
    public int Id => id;

    public int Across => across;

    public int Down => down;

    public int Table => table;

    /// <summary>The width in samples, without those that pad the last block.</summary>
    public int Width { get; private set; }

    /// <summary>The height in samples.</summary>
    public int Height { get; private set; }

    /// <summary>The number of blocks in a row, without those that only pad.</summary>
    public int BlockColumns { get; private set; }

    /// <summary>The number of rows of blocks, without those that only pad.</summary>
    public int BlockRows { get; private set; }

    /// <summary>The quantization table, row by row, that was in force when the component's first scan began.</summary>
    public ushort[]? Steps { get; set; }

    /// <summary>For each coefficient in coded order, how many low bits are missing in a progressive file; -1 if all are.</summary>
    public sbyte[] MissingBits { get; } = [.. Enumerable.Repeat((sbyte)-1, JpegBlock.Size)];

    /// <summary>Whether any scan has given coefficients.</summary>
    public bool HasCoefficients => _coefficients.Length > 0;

    short[] _coefficients = [];
    int _storedColumns, _storedRows;

    public void Fit(JpegFrame frame)
    {
        (Width, Height) = (JpegFrame.Ceiling((long)frame.Width * across, frame.Across), JpegFrame.Ceiling((long)frame.Height * down, frame.Down));
        (BlockColumns, BlockRows) = (JpegFrame.Ceiling(Width, JpegBlock.Side), JpegFrame.Ceiling(Height, JpegBlock.Side));
        (_storedColumns, _storedRows) = (frame.UnitColumns * across, frame.UnitRows * down);
    }

    /// <summary>Allocates the coefficients, including those of blocks that only pad the last units.</summary>
    public void Allocate(Scratch scratch)
    {
        if (!HasCoefficients) _coefficients = scratch.TakeZeros<short>(_storedColumns * _storedRows * JpegBlock.Size);
    }

    /// <summary>The component's samples, row by row; each row consists of whole blocks. The array may be longer.</summary>
    public byte[] Samples { get; private set; } = [];

    /// <summary>The distance between rows of samples.</summary>
    public int Stride => BlockColumns * JpegBlock.Side;

    /// <summary>Allocates the samples with the middle value, which those without data in the file keep.</summary>
    public void AllocateSamples(Scratch scratch)
    {
        var count = BlockRows * JpegBlock.Side * Stride;
        Samples = scratch.Take<byte>(count);
        Samples.AsSpan(0, count).Fill(JpegTransform.Middle);
    }

    /// <summary>The samples of a block; empty if the block only pads the last unit.</summary>
    public Span<byte> SamplesOf(int row, int column) =>
        row < BlockRows && column < BlockColumns ? Samples.AsSpan((row * JpegBlock.Side * Stride) + (column * JpegBlock.Side)) : default;

    /// <summary>Computes the samples from all coefficients, which are then released.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Transform(bool isAccurate, Scratch scratch)
    {
        if (Samples.Length > 0) return;
        AllocateSamples(scratch);
        if (Steps is null || !HasCoefficients) return;
        var transform = JpegTransform.Of(Steps, isAccurate);
        for (var row = 0; row < BlockRows; row++)
            for (var column = 0; column < BlockColumns; column++) transform.Apply(Block(row, column), SamplesOf(row, column), Stride);
        _coefficients = [];
    }

    public Span<short> Block(int row, int column) => _coefficients.AsSpan(((row * _storedColumns) + column) * JpegBlock.Size, JpegBlock.Size);
}

/// <summary>The order of the 64 coefficients of a block.</summary>
static class JpegBlock
{
    public const int Side = 8;
    public const int Size = 64;

    /// <summary>The zigzag order: each coded coefficient's position in the block. Damaged data may count past the end, which gives the last position.</summary>
    public static ReadOnlySpan<byte> Places =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
        12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
        63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    ];
}
