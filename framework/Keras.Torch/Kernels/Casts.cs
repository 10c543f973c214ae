using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;

namespace Keras.Engines.Torch;

/// <summary>Conversions between all numeric dtypes, as in TensorFlow: floats to integers towards zero, to bool by "is not 0", complex numbers by their real part.</summary>
static unsafe class Casts
{
    static readonly ConcurrentDictionary<(DType, DType), UnaryRow> Known = new();

    /// <summary>The row function that converts one dtype to another.</summary>
    public static UnaryRow Between(DType from, DType to) => Known.GetOrAdd((from, to), static k => Make(k.Item1, k.Item2));

    static UnaryRow Make(DType from, DType to) =>
        from.IsQuantized || to.IsQuantized ? throw new UnsupportedException("Numbers of few bits are converted with the range that they stand for", null, "QuantizeV2 or Dequantize", $"a cast from {from} to {to}")
        : from == DType.Float32 ? To<float>(to) : from == DType.Float64 ? To<double>(to) : from == DType.Int32 ? To<int>(to) : from == DType.Int64 ? To<long>(to)
        : from == DType.UInt8 || from == DType.Bool ? To<byte>(to) : from == DType.Int8 ? To<sbyte>(to) : from == DType.Int16 ? To<short>(to)
        : from == DType.UInt16 ? To<ushort>(to) : from == DType.UInt32 ? To<uint>(to) : from == DType.UInt64 ? To<ulong>(to)
        : from == DType.Complex128 ? Through(DType.Float64, to, 2, (x, d, n) => { for (var i = 0L; i < n; i++) ((double*)d)[i] = ((Complex*)x)[i].Real; }, ComplexTo(from, to))
        : from == DType.Complex64 ? Through(DType.Float32, to, 2, (x, d, n) => { for (var i = 0L; i < n; i++) ((float*)d)[i] = ((float*)x)[2 * i]; }, ComplexTo(from, to))
        : Through(DType.Float32, to, 1, (x, d, n) => Rows.Widen(from, x, (float*)d, (int)n));

    static UnaryRow? ComplexTo(DType from, DType to) => !to.IsComplex ? null : from == to ? throw new InvalidOperationException("A cast to the same dtype.") : (x, d, n) =>
    {
        for (var i = 0L; i < n; i++)
        {
            if (to == DType.Complex64) Rows.Store(d, i, ((Complex*)x)[i]);
            else ((Complex*)d)[i] = Rows.Load(x, i);
        }
    };

    /// <summary>Converts in pieces through a wider real dtype.</summary>
    static UnaryRow Through(DType middle, DType to, int parts, UnaryRow first, UnaryRow? whole = null)
    {
        if (whole is not null) return whole;
        if (middle == to) return first;
        var second = Between(middle, to);
        var size = middle.Size * parts;
        const int Chunk = 512;
        return (x, d, n) =>
        {
            var buffer = stackalloc byte[Chunk * 8];
            for (var start = 0L; start < n; start += Chunk)
            {
                var count = Math.Min(Chunk, n - start);
                first(x + (start * (parts == 1 ? 2 : size)), buffer, count);
                second(buffer, d + (start * to.Size), count);
            }
        };
    }

    static UnaryRow To<TFrom>(DType to) where TFrom : unmanaged, INumber<TFrom> =>
        to == DType.Float32 ? Convert<TFrom, float> : to == DType.Float64 ? Convert<TFrom, double> : to == DType.Int32 ? Convert<TFrom, int>
        : to == DType.Int64 ? Convert<TFrom, long> : to == DType.UInt8 ? Convert<TFrom, byte> : to == DType.Int8 ? Convert<TFrom, sbyte>
        : to == DType.Int16 ? Convert<TFrom, short> : to == DType.UInt16 ? Convert<TFrom, ushort> : to == DType.UInt32 ? Convert<TFrom, uint>
        : to == DType.UInt64 ? Convert<TFrom, ulong> : to == DType.Bool ? ToBool<TFrom> : to == DType.Complex64 ? ToComplex<TFrom, float>
        : to == DType.Complex128 ? ToComplex<TFrom, double> : Narrowed<TFrom>(to);

    static void Convert<TFrom, TTo>(byte* x, byte* d, long n) where TFrom : unmanaged, INumber<TFrom> where TTo : unmanaged, INumber<TTo> =>
        TensorPrimitives.ConvertTruncating(new ReadOnlySpan<TFrom>(x, checked((int)n)), new Span<TTo>(d, (int)n));

    static void ToBool<TFrom>(byte* x, byte* d, long n) where TFrom : unmanaged, INumber<TFrom>
    {
        for (var i = 0L; i < n; i++) d[i] = ((TFrom*)x)[i] != TFrom.Zero ? (byte)1 : (byte)0;
    }

    static void ToComplex<TFrom, TPart>(byte* x, byte* d, long n) where TFrom : unmanaged, INumber<TFrom> where TPart : unmanaged, INumber<TPart>
    {
        for (var i = 0L; i < n; i++) (((TPart*)d)[2 * i], ((TPart*)d)[(2 * i) + 1]) = (TPart.CreateTruncating(((TFrom*)x)[i]), TPart.Zero);
    }

    /// <summary>Converts to 16-bit floats through float32.</summary>
    static UnaryRow Narrowed<TFrom>(DType to) where TFrom : unmanaged, INumber<TFrom>
    {
        const int Chunk = 512;
        return (x, d, n) =>
        {
            var buffer = stackalloc float[Chunk];
            for (var start = 0L; start < n; start += Chunk)
            {
                var count = (int)Math.Min(Chunk, n - start);
                Convert<TFrom, float>((byte*)((TFrom*)x + start), (byte*)buffer, count);
                Rows.Narrow(to, buffer, d + (start * 2), count);
            }
        };
    }
}
