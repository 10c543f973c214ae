using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>The inverse cosine transform that TensorFlow has libjpeg-turbo use: the fast one, of Arai, Agui and Nakajima (1988), in 16 bits.</summary>
/// <remarks>It is their flow graph with the scales of its inputs multiplied into the steps of quantization. Sums wrap and products are cut as with
/// the vector instructions that libjpeg-turbo uses, so that every sample is the same, those of damaged files included.</remarks>
sealed class JpegTransform
{
    const int Side = JpegBlock.Side;

    /// <summary>The sample that coefficients of 0 stand for.</summary>
    const byte Middle = 128;

    /// <summary>Bits behind the point of the numbers between the two passes; the second pass adds 3 for its eightfold sums.</summary>
    const int PointBits = 2;

    /// <summary>Factors are whole numbers of 256ths: the root of 2; twice the cosine of pi / 8; twice its difference from the sine, and its sum with it.</summary>
    const int FactorBits = 8;
    const int SquareRoot2 = 362;
    const int TwiceCosine = 473;
    const int CosineDifference = 277;
    const int CosineSumLess1 = 669 - 256;

    readonly short[] _factors = new short[JpegBlock.Size];

    /// <summary>The transform of a component.</summary>
    /// <param name="steps">Its steps of quantization, row by row.</param>
    public JpegTransform(ReadOnlySpan<ushort> steps)
    {
        const int scaleBits = 14;
        for (var i = 0; i < JpegBlock.Size; i++)
        {
            var scale = (long)Math.Round(Scale(i / Side) * Scale(i % Side) * (1 << scaleBits), MidpointRounding.AwayFromZero);
            _factors[i] = (short)(((steps[i] * scale) + (1 << (scaleBits - PointBits - 1))) >> (scaleBits - PointBits));
        }
    }

    static double Scale(int k) => k == 0 ? 1 : Math.Cos(k * Math.PI / 16) * Math.Sqrt(2);

    /// <summary>Computes all samples of a component.</summary>
    public static byte[] Samples(JpegComponent component)
    {
        var stride = component.BlockColumns * Side;
        var samples = GC.AllocateUninitializedArray<byte>(component.BlockRows * Side * stride);
        if (component.Steps is null)
        {
            samples.AsSpan().Fill(Middle);
            return samples;
        }
        var transform = new JpegTransform(component.Steps);
        for (var row = 0; row < component.BlockRows; row++)
            for (var column = 0; column < component.BlockColumns; column++)
                transform.Apply(component.Block(row, column), samples.AsSpan((row * Side * stride) + (column * Side)), stride);
        return samples;
    }

    /// <summary>Computes the samples of a block.</summary>
    /// <param name="block">Its coefficients.</param>
    /// <param name="samples">Where its first row begins.</param>
    /// <param name="stride">From row to row.</param>
    void Apply(ReadOnlySpan<short> block, Span<byte> samples, int stride)
    {
        Rows numbers = default;
        var others = Vector128<short>.Zero;
        for (var i = 0; i < Side; i++)
        {
            var row = Vector128.Create(block.Slice(i * Side, Side));
            others |= i == 0 ? row.WithElement(0, (short)0) : row;
            numbers[i] = row * Vector128.Create(_factors.AsSpan(i * Side, Side));
        }
        if (others == Vector128<short>.Zero)
        {
            var value = (byte)(Math.Clamp(numbers[0][0] >> (PointBits + 3), sbyte.MinValue, sbyte.MaxValue) + Middle);
            for (var i = 0; i < Side; i++) samples.Slice(i * stride, Side).Fill(value);
            return;
        }
        Pass(ref numbers);
        Transpose(ref numbers);
        Pass(ref numbers);
        for (var i = 0; i < Side; i++) numbers[i] >>= PointBits + 3;
        Transpose(ref numbers);
        for (var i = 0; i < Side; i++)
        {
            var row = Vector128.NarrowWithSaturation(numbers[i], numbers[i]).AsByte() + Vector128.Create(Middle);
            MemoryMarshal.Write(samples[(i * stride)..], row.AsUInt64()[0]);
        }
    }

    [InlineArray(Side)]
    struct Rows
    {
        Vector128<short> _first;
    }

    /// <summary>Transforms each column.</summary>
    static void Pass(ref Rows x)
    {
        var (sum04, difference04) = (x[0] + x[4], x[0] - x[4]);
        var sum26 = x[2] + x[6];
        var rest26 = Times(x[2] - x[6], SquareRoot2) - sum26;
        var (even0, even3) = (sum04 + sum26, sum04 - sum26);
        var (even1, even2) = (difference04 + rest26, difference04 - rest26);

        var (sum53, difference53) = (x[5] + x[3], x[5] - x[3]);
        var (sum17, difference17) = (x[1] + x[7], x[1] - x[7]);
        var common = TimesShifted((difference53 << PointBits) + (difference17 << PointBits), TwiceCosine);
        var odd0 = sum17 + sum53;
        var odd1 = TimesShifted(difference53 << PointBits, -CosineSumLess1) - difference53 + common - odd0;
        var odd2 = Times(sum17 - sum53, SquareRoot2) - odd1;
        var odd3 = Times(difference17, CosineDifference) - common + odd2;

        (x[0], x[7]) = (even0 + odd0, even0 - odd0);
        (x[1], x[6]) = (even1 + odd1, even1 - odd1);
        (x[2], x[5]) = (even2 + odd2, even2 - odd2);
        (x[4], x[3]) = (even3 + odd3, even3 - odd3);
    }

    /// <summary>Products with a factor in 256ths, rounded down.</summary>
    static Vector128<short> Times(Vector128<short> x, int factor) => TimesShifted(x << PointBits, factor);

    /// <summary>The high halves of the products; the numbers and the factor come shifted so far that they are what is wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<short> TimesShifted(Vector128<short> x, int factor)
    {
        var shifted = factor << (16 - FactorBits - PointBits);
        if (Sse2.IsSupported) return Sse2.MultiplyHigh(x, Vector128.Create((short)shifted));
        var (lower, upper) = Vector128.Widen(x);
        return Vector128.Narrow((lower * shifted) >> 16, (upper * shifted) >> 16);
    }

    static void Transpose(ref Rows x)
    {
        Span<short> from = MemoryMarshal.Cast<Vector128<short>, short>((Span<Vector128<short>>)x);
        for (var row = 0; row < Side; row++)
            for (var column = row + 1; column < Side; column++)
                (from[(row * Side) + column], from[(column * Side) + row]) = (from[(column * Side) + row], from[(row * Side) + column]);
    }
}
