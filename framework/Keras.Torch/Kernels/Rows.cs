using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>A function of contiguous elements.</summary>
unsafe delegate void UnaryRow(byte* x, byte* result, long count);

/// <summary>A function of pairs of contiguous elements; an operand may be a single element for all.</summary>
unsafe delegate void BinaryRow(byte* x, bool xIsScalar, byte* y, bool yIsScalar, byte* result, long count);

/// <summary>An arithmetic operation on real numbers over spans.</summary>
interface INumberBinary
{
    static abstract void Spans<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) where T : unmanaged, INumber<T>;

    static abstract void Scalar<T>(ReadOnlySpan<T> x, T y, Span<T> result) where T : unmanaged, INumber<T>;

    static abstract void Scalar<T>(T x, ReadOnlySpan<T> y, Span<T> result) where T : unmanaged, INumber<T>;
}

/// <summary>An arithmetic operation on single real numbers.</summary>
interface INumberPair
{
    static abstract T Of<T>(T x, T y) where T : unmanaged, INumber<T>;
}

/// <summary>An arithmetic operation on single floating-point numbers.</summary>
interface IFloatPair
{
    static abstract T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>An arithmetic operation on single integers.</summary>
interface IIntegerPair
{
    static abstract T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>;
}

/// <summary>A comparison of single numbers.</summary>
interface IComparison
{
    static abstract bool Of<T>(T x, T y) where T : unmanaged, INumber<T>;
}

/// <summary>A function of real numbers over spans.</summary>
interface INumberUnary
{
    static abstract void Spans<T>(ReadOnlySpan<T> x, Span<T> result) where T : unmanaged, INumber<T>;
}

/// <summary>A function of floating-point numbers over spans.</summary>
interface IFloatUnary
{
    static abstract void Spans<T>(ReadOnlySpan<T> x, Span<T> result) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Makes row functions for each dtype.</summary>
static unsafe class Rows
{
    public static BinaryRow? Number<TOp>(DType dtype) where TOp : INumberBinary =>
        dtype == DType.Float32 ? NumberRow<TOp, float> : dtype == DType.Float64 ? NumberRow<TOp, double>
        : dtype == DType.Int32 ? NumberRow<TOp, int> : dtype == DType.Int64 ? NumberRow<TOp, long>
        : dtype == DType.UInt8 ? NumberRow<TOp, byte> : dtype == DType.Int8 ? NumberRow<TOp, sbyte>
        : dtype == DType.Int16 ? NumberRow<TOp, short> : dtype == DType.UInt16 ? NumberRow<TOp, ushort>
        : dtype == DType.UInt32 ? NumberRow<TOp, uint> : dtype == DType.UInt64 ? NumberRow<TOp, ulong>
        : Widened(dtype, NumberRow<TOp, float>);

    public static BinaryRow? NumberPair<TOp>(DType dtype) where TOp : INumberPair =>
        dtype == DType.Float32 ? NumberPairRow<TOp, float> : dtype == DType.Float64 ? NumberPairRow<TOp, double>
        : dtype == DType.Int32 ? NumberPairRow<TOp, int> : dtype == DType.Int64 ? NumberPairRow<TOp, long>
        : dtype == DType.UInt8 ? NumberPairRow<TOp, byte> : dtype == DType.Int8 ? NumberPairRow<TOp, sbyte>
        : dtype == DType.Int16 ? NumberPairRow<TOp, short> : dtype == DType.UInt16 ? NumberPairRow<TOp, ushort>
        : dtype == DType.UInt32 ? NumberPairRow<TOp, uint> : dtype == DType.UInt64 ? NumberPairRow<TOp, ulong>
        : Widened(dtype, NumberPairRow<TOp, float>);

    public static BinaryRow? FloatPair<TOp>(DType dtype) where TOp : IFloatPair =>
        dtype == DType.Float32 ? FloatPairRow<TOp, float> : dtype == DType.Float64 ? FloatPairRow<TOp, double> : Widened(dtype, FloatPairRow<TOp, float>);

    public static BinaryRow? IntegerPair<TOp>(DType dtype) where TOp : IIntegerPair =>
        dtype == DType.Int32 ? IntegerPairRow<TOp, int> : dtype == DType.Int64 ? IntegerPairRow<TOp, long>
        : dtype == DType.UInt8 ? IntegerPairRow<TOp, byte> : dtype == DType.Int8 ? IntegerPairRow<TOp, sbyte>
        : dtype == DType.Int16 ? IntegerPairRow<TOp, short> : dtype == DType.UInt16 ? IntegerPairRow<TOp, ushort>
        : dtype == DType.UInt32 ? IntegerPairRow<TOp, uint> : dtype == DType.UInt64 ? IntegerPairRow<TOp, ulong> : null;

    public static BinaryRow? Comparison<TOp>(DType dtype) where TOp : IComparison =>
        dtype == DType.Float32 ? ComparisonRow<TOp, float> : dtype == DType.Float64 ? ComparisonRow<TOp, double>
        : dtype == DType.Int32 ? ComparisonRow<TOp, int> : dtype == DType.Int64 ? ComparisonRow<TOp, long>
        : dtype == DType.UInt8 || dtype == DType.Bool ? ComparisonRow<TOp, byte> : dtype == DType.Int8 ? ComparisonRow<TOp, sbyte>
        : dtype == DType.Int16 ? ComparisonRow<TOp, short> : dtype == DType.UInt16 ? ComparisonRow<TOp, ushort>
        : dtype == DType.UInt32 ? ComparisonRow<TOp, uint> : dtype == DType.UInt64 ? ComparisonRow<TOp, ulong>
        : Widened(dtype, ComparisonRow<TOp, float>, toBool: true);

    public static UnaryRow? NumberUnary<TOp>(DType dtype) where TOp : INumberUnary =>
        dtype == DType.Float32 ? NumberUnaryRow<TOp, float> : dtype == DType.Float64 ? NumberUnaryRow<TOp, double>
        : dtype == DType.Int32 ? NumberUnaryRow<TOp, int> : dtype == DType.Int64 ? NumberUnaryRow<TOp, long>
        : dtype == DType.UInt8 ? NumberUnaryRow<TOp, byte> : dtype == DType.Int8 ? NumberUnaryRow<TOp, sbyte>
        : dtype == DType.Int16 ? NumberUnaryRow<TOp, short> : dtype == DType.UInt16 ? NumberUnaryRow<TOp, ushort>
        : dtype == DType.UInt32 ? NumberUnaryRow<TOp, uint> : dtype == DType.UInt64 ? NumberUnaryRow<TOp, ulong>
        : Widened(dtype, NumberUnaryRow<TOp, float>);

    public static UnaryRow? FloatUnary<TOp>(DType dtype) where TOp : IFloatUnary =>
        dtype == DType.Float32 ? FloatUnaryRow<TOp, float> : dtype == DType.Float64 ? FloatUnaryRow<TOp, double> : Widened(dtype, FloatUnaryRow<TOp, float>);

    /// <summary>Makes a row function from one of complex numbers.</summary>
    public static BinaryRow? Complex(DType dtype, Func<Complex, Complex, Complex> of) =>
        dtype == DType.Complex128 ? (x, xs, y, ys, d, n) =>
        {
            for (var i = 0L; i < n; i++) ((Complex*)d)[i] = of(((Complex*)x)[xs ? 0 : i], ((Complex*)y)[ys ? 0 : i]);
        }
    : dtype == DType.Complex64 ? (x, xs, y, ys, d, n) =>
    {
        for (var i = 0L; i < n; i++) Store(d, i, of(Load(x, xs ? 0 : i), Load(y, ys ? 0 : i)));
    }
    : null;

    /// <inheritdoc cref="Complex(DType, Func{System.Numerics.Complex, System.Numerics.Complex, System.Numerics.Complex})"/>
    public static UnaryRow? Complex(DType dtype, Func<Complex, Complex> of) =>
        dtype == DType.Complex128 ? (x, d, n) =>
        {
            for (var i = 0L; i < n; i++) ((Complex*)d)[i] = of(((Complex*)x)[i]);
        }
    : dtype == DType.Complex64 ? (x, d, n) =>
    {
        for (var i = 0L; i < n; i++) Store(d, i, of(Load(x, i)));
    }
    : null;

    public static Complex Load(byte* data, long index) => new(((float*)data)[2 * index], ((float*)data)[(2 * index) + 1]);

    public static void Store(byte* data, long index, Complex value) =>
        (((float*)data)[2 * index], ((float*)data)[(2 * index) + 1]) = ((float)value.Real, (float)value.Imaginary);

    static void NumberRow<TOp, T>(byte* x, bool xs, byte* y, bool ys, byte* d, long n) where TOp : INumberBinary where T : unmanaged, INumber<T>
    {
        var result = new Span<T>(d, checked((int)n));
        if (xs && !ys) TOp.Scalar(*(T*)x, new ReadOnlySpan<T>(y, (int)n), result);
        else if (ys && !xs) TOp.Scalar(new ReadOnlySpan<T>(x, (int)n), *(T*)y, result);
        else if (!xs) TOp.Spans(new ReadOnlySpan<T>(x, (int)n), new ReadOnlySpan<T>(y, (int)n), result);
        else
        {
            TOp.Scalar(new ReadOnlySpan<T>(x, 1), *(T*)y, result[..1]);
            result.Fill(result[0]);
        }
    }

    static void NumberPairRow<TOp, T>(byte* x, bool xs, byte* y, bool ys, byte* d, long n) where TOp : INumberPair where T : unmanaged, INumber<T>
    {
        for (var i = 0L; i < n; i++) ((T*)d)[i] = TOp.Of(((T*)x)[xs ? 0 : i], ((T*)y)[ys ? 0 : i]);
    }

    static void FloatPairRow<TOp, T>(byte* x, bool xs, byte* y, bool ys, byte* d, long n) where TOp : IFloatPair where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0L; i < n; i++) ((T*)d)[i] = TOp.Of(((T*)x)[xs ? 0 : i], ((T*)y)[ys ? 0 : i]);
    }

    static void IntegerPairRow<TOp, T>(byte* x, bool xs, byte* y, bool ys, byte* d, long n) where TOp : IIntegerPair where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        for (var i = 0L; i < n; i++) ((T*)d)[i] = TOp.Of(((T*)x)[xs ? 0 : i], ((T*)y)[ys ? 0 : i]);
    }

    static void ComparisonRow<TOp, T>(byte* x, bool xs, byte* y, bool ys, byte* d, long n) where TOp : IComparison where T : unmanaged, INumber<T>
    {
        for (var i = 0L; i < n; i++) d[i] = TOp.Of(((T*)x)[xs ? 0 : i], ((T*)y)[ys ? 0 : i]) ? (byte)1 : (byte)0;
    }

    static void NumberUnaryRow<TOp, T>(byte* x, byte* d, long n) where TOp : INumberUnary where T : unmanaged, INumber<T> =>
        TOp.Spans(new ReadOnlySpan<T>(x, checked((int)n)), new Span<T>(d, (int)n));

    static void FloatUnaryRow<TOp, T>(byte* x, byte* d, long n) where TOp : IFloatUnary where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TOp.Spans(new ReadOnlySpan<T>(x, checked((int)n)), new Span<T>(d, (int)n));

    const int Chunk = 512;

    /// <summary>Extends a float32 row function to 16-bit floats: computes in float32 and rounds each result.</summary>
    public static UnaryRow? Widened(DType dtype, UnaryRow row, bool toBool = false) => dtype.Size != 2 || !dtype.IsFloating ? null : (x, d, n) =>
    {
        float* w = stackalloc float[Chunk], r = stackalloc float[Chunk];
        for (var start = 0L; start < n; start += Chunk)
        {
            var count = (int)Math.Min(Chunk, n - start);
            Widen(dtype, x + (start * 2), w, count);
            row((byte*)w, toBool ? d + start : (byte*)r, count);
            if (!toBool) Narrow(dtype, r, d + (start * 2), count);
        }
    };

    /// <inheritdoc cref="Widened(DType, UnaryRow, bool)"/>
    public static BinaryRow? Widened(DType dtype, BinaryRow row, bool toBool = false) => dtype.Size != 2 || !dtype.IsFloating ? null : (x, xs, y, ys, d, n) =>
    {
        float* a = stackalloc float[Chunk], b = stackalloc float[Chunk], r = stackalloc float[Chunk];
        for (var start = 0L; start < n; start += Chunk)
        {
            var count = (int)Math.Min(Chunk, n - start);
            Widen(dtype, xs ? x : x + (start * 2), a, xs ? 1 : count);
            Widen(dtype, ys ? y : y + (start * 2), b, ys ? 1 : count);
            row((byte*)a, xs, (byte*)b, ys, toBool ? d + start : (byte*)r, count);
            if (!toBool) Narrow(dtype, r, d + (start * 2), count);
        }
    };

    public static void Widen(DType dtype, byte* source, float* target, int count)
    {
        if (dtype == DType.Float16) System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(source, count), new Span<float>(target, count));
        else BFloats.Widen((BFloat16*)source, target, count);
    }

    public static void Narrow(DType dtype, float* source, byte* target, int count)
    {
        if (dtype == DType.Float16) System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(new ReadOnlySpan<float>(source, count), new Span<Half>(target, count));
        else BFloats.Narrow(source, (BFloat16*)target, count);
    }
}
