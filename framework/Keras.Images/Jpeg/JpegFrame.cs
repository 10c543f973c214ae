using System.Runtime.CompilerServices;

namespace Keras.Images;

/// <summary>What the header of a JPEG file says about its picture, and the coefficients from its scans.</summary>
sealed class JpegFrame
{
    /// <summary>Creates a picture without coefficients.</summary>
    /// <param name="isProgressive">Whether scans bring parts of the coefficients, not all of them at once.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="components">Grey; or three or four colours, each with its own size.</param>
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

    /// <summary>The largest of the components' factors, across.</summary>
    public int Across { get; }

    /// <summary>The largest of the components' factors, down.</summary>
    public int Down { get; }

    /// <summary>How many coded units a scan of several components has in a row of units.</summary>
    public int UnitColumns { get; }

    /// <summary>How many rows of such units there are.</summary>
    public int UnitRows { get; }

    public static int Ceiling(long value, int divisor) => (int)((value + divisor - 1) / divisor);
}

/// <summary>One colour of a picture: a grid of blocks of 8 x 8 coefficients.</summary>
/// <param name="id">The number that scans call it by.</param>
/// <param name="across">How many of its blocks stand side by side in a coded unit; its width is this part of the largest.</param>
/// <param name="down">How many stand one above the other.</param>
/// <param name="table">The number of its table of quantization.</param>
sealed class JpegComponent(int id, int across, int down, int table)
{
    public int Id => id;

    public int Across => across;

    public int Down => down;

    public int Table => table;

    /// <summary>The component's columns of samples, without those that pad the last block.</summary>
    public int Width { get; private set; }

    /// <summary>The component's rows of samples.</summary>
    public int Height { get; private set; }

    /// <summary>Blocks in a row of blocks, those without a sample of the picture left out.</summary>
    public int BlockColumns { get; private set; }

    /// <summary>Rows of such blocks.</summary>
    public int BlockRows { get; private set; }

    /// <summary>The steps that coefficients are multiples of, row by row; those in force when its first scan began.</summary>
    public ushort[]? Steps { get; set; }

    /// <summary>For each coefficient in coded order, how many low bits no scan of a progressive file has brought; -1 where none brought any.</summary>
    public sbyte[] MissingBits { get; } = [.. Enumerable.Repeat((sbyte)-1, JpegBlock.Size)];

    /// <summary>Whether a scan brought coefficients.</summary>
    public bool HasCoefficients => _coefficients.Length > 0;

    short[] _coefficients = [];
    int _storedColumns, _storedRows;

    public void Fit(JpegFrame frame)
    {
        (Width, Height) = (JpegFrame.Ceiling((long)frame.Width * across, frame.Across), JpegFrame.Ceiling((long)frame.Height * down, frame.Down));
        (BlockColumns, BlockRows) = (JpegFrame.Ceiling(Width, JpegBlock.Side), JpegFrame.Ceiling(Height, JpegBlock.Side));
        (_storedColumns, _storedRows) = (frame.UnitColumns * across, frame.UnitRows * down);
    }

    /// <summary>Makes room for the coefficients, those of blocks that only fill up the last units included.</summary>
    public void Allocate(Scratch scratch)
    {
        if (!HasCoefficients) _coefficients = scratch.TakeZeros<short>(_storedColumns * _storedRows * JpegBlock.Size);
    }

    /// <summary>The component's samples, row by row, each row of whole blocks; other bytes may follow.</summary>
    public byte[] Samples { get; private set; } = [];

    /// <summary>The distance from a row of samples to the next.</summary>
    public int Stride => BlockColumns * JpegBlock.Side;

    /// <summary>Makes room for the samples, all of them in the middle: so are those that the file's data do not reach.</summary>
    public void AllocateSamples(Scratch scratch)
    {
        Samples = scratch.Take<byte>(BlockRows * JpegBlock.Side * Stride);
        Samples.AsSpan().Fill(JpegTransform.Middle);
    }

    /// <summary>The samples of a block; empty if the block only pads the last unit.</summary>
    public Span<byte> SamplesOf(int row, int column) =>
        row < BlockRows && column < BlockColumns ? Samples.AsSpan((row * JpegBlock.Side * Stride) + (column * JpegBlock.Side)) : default;

    /// <summary>Computes the samples of all coefficients, which are given up.</summary>
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

/// <summary>The 64 coefficients of a block.</summary>
static class JpegBlock
{
    public const int Side = 8;
    public const int Size = 64;

    /// <summary>The place of a coefficient in its block, by its place in the coded order: diagonal by diagonal. Damaged data may count past the end; that is the last place.</summary>
    public static ReadOnlySpan<byte> Places =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
        12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
        63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    ];
}
