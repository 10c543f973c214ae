namespace Keras.Tests.Accuracy;

/// <summary>A format of floating-point numbers: how its values are counted, rounded and compared.</summary>
/// <param name="DType">The dtype.</param>
/// <param name="Digits">Binary digits after the point.</param>
/// <param name="Least">The exponent of the least normal number.</param>
sealed record FloatFormat(DType DType, int Digits, int Least)
{
    public static readonly FloatFormat Single = new(DType.Float32, 23, -126);
    public static readonly FloatFormat Double = new(DType.Float64, 52, -1022);
    public static readonly FloatFormat Half = new(DType.Float16, 10, -14);
    public static readonly FloatFormat Brain = new(DType.BFloat16, 7, -126);

    public double LeastNormal => Math.ScaleB(1, Least);

    /// <summary>The greatest number's neighbour, which would be the next.</summary>
    double Top => Math.ScaleB(1, -Least + 2);

    /// <summary>The nearest number of the format.</summary>
    public double Round(double value) => DType == DType.Float32 ? (float)value
        : DType == DType.Float16 ? (double)(System.Half)value : DType == DType.BFloat16 ? (float)(BFloat16)(float)value : value;

    /// <summary>The number whose bits are the index, of all numbers of the format.</summary>
    public double FromBits(ulong bits) => DType.Size switch
    {
        8 => BitConverter.UInt64BitsToDouble(bits),
        4 => BitConverter.UInt32BitsToSingle((uint)bits),
        _ => DType == DType.Float16 ? (double)BitConverter.UInt16BitsToHalf((ushort)bits) : BitConverter.UInt32BitsToSingle((uint)bits << 16),
    };

    /// <summary>How far a result is from the true value, in units of its last place; infinite where NaN, infinity or the sign of 0 is wrong.</summary>
    public double Error(double actual, double expected)
    {
        if (double.IsNaN(expected) || double.IsNaN(actual)) return double.IsNaN(expected) && double.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if (double.IsInfinity(expected)) return actual == expected ? 0 : double.PositiveInfinity;
        if (expected == 0 && actual == 0) return double.IsNegative(expected) == double.IsNegative(actual) ? 0 : double.PositiveInfinity;
        if (DType == DType.Float64) return double.IsInfinity(actual) ? Math.Abs(expected) > 1.7e308 ? 1 : double.PositiveInfinity : Math.Abs(actual - expected) / Unit(expected);
        return Math.Abs(Bounded(actual) - Bounded(expected)) / Unit(Bounded(expected));
    }

    double Bounded(double value) => Math.Clamp(value, -Top, Top);

    double Unit(double value) => value == 0 ? Math.ScaleB(1, Least - Digits) : Math.ScaleB(1, Math.Max(Math.ILogB(value), Least) - Digits);
}
