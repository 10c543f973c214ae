using System.Numerics;
using System.Numerics.Tensors;

namespace Keras.Engines.Torch;

static partial class Elementwise
{
    internal struct Sum : INumberBinary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Add(x, y, d);
        public static void Scalar<T>(ReadOnlySpan<T> x, T y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Add(x, y, d);
        public static void Scalar<T>(T x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Add(y, x, d);
    }

    internal struct Difference : INumberBinary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Subtract(x, y, d);
        public static void Scalar<T>(ReadOnlySpan<T> x, T y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Subtract(x, y, d);
        public static void Scalar<T>(T x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Subtract(x, y, d);
    }

    internal struct Product : INumberBinary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Multiply(x, y, d);
        public static void Scalar<T>(ReadOnlySpan<T> x, T y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Multiply(x, y, d);
        public static void Scalar<T>(T x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Multiply(y, x, d);
    }

    internal struct Quotient : INumberBinary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Divide(x, y, d);
        public static void Scalar<T>(ReadOnlySpan<T> x, T y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Divide(x, y, d);
        public static void Scalar<T>(T x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Divide(x, y, d);
    }

    internal struct Maximum : INumberBinary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Max(x, y, d);
        public static void Scalar<T>(ReadOnlySpan<T> x, T y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Max(x, y, d);
        public static void Scalar<T>(T x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Max(y, x, d);
    }

    internal struct Minimum : INumberBinary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Min(x, y, d);
        public static void Scalar<T>(ReadOnlySpan<T> x, T y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Min(x, y, d);
        public static void Scalar<T>(T x, ReadOnlySpan<T> y, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Min(y, x, d);
    }

    struct SquaredDifference : INumberPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, INumber<T> => (x - y) * (x - y);
    }

    struct FloorDivide : INumberPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float)) return T.CreateTruncating(MathF.Floor(float.CreateTruncating(x) / float.CreateTruncating(y)));
            if (typeof(T) == typeof(double)) return T.CreateTruncating(Math.Floor(double.CreateTruncating(x) / double.CreateTruncating(y)));
            if (y == -T.One) return T.Zero - x;
            var quotient = x / y;
            return quotient * y != x && T.IsNegative(x) != T.IsNegative(y) ? quotient - T.One : quotient;
        }
    }

    struct FloorModulo : INumberPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, INumber<T>
        {
            if (y == -T.One && typeof(T) != typeof(float) && typeof(T) != typeof(double)) return T.Zero;
            var rest = x % y;
            return rest != T.Zero && T.IsNegative(rest) != T.IsNegative(y) ? rest + y : rest;
        }
    }

    struct TruncateDivide : INumberPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float)) return T.CreateTruncating(MathF.Truncate(float.CreateTruncating(x) / float.CreateTruncating(y)));
            if (typeof(T) == typeof(double)) return T.CreateTruncating(Math.Truncate(double.CreateTruncating(x) / double.CreateTruncating(y)));
            return y == -T.One ? T.Zero - x : x / y;
        }
    }

    struct TruncateModulo : INumberPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, INumber<T> =>
            y == -T.One && typeof(T) != typeof(float) && typeof(T) != typeof(double) ? T.Zero : x % y;
    }

    struct MultiplyNoNan : IFloatPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => y == T.Zero ? T.Zero : x * y;
    }

    struct DivideNoNan : IFloatPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => y == T.Zero ? T.Zero : x / y;
    }

    struct PowerOf : IFloatPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => y == T.One + T.One ? x * x : T.Pow(x, y);
    }

    struct Atan2 : IFloatPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.Atan2(x, y);
    }

    struct Xdivy : IFloatPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x == T.Zero ? T.Zero : x / y;
    }

    struct NextAfter : IFloatPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            T.IsNaN(x) || T.IsNaN(y) ? x + y : x == y ? y : x < y ? T.BitIncrement(x) : T.BitDecrement(x);
    }

    struct EqualTo : IComparison
    {
        public static bool Of<T>(T x, T y) where T : unmanaged, INumber<T> => x == y;
    }

    struct NotEqualTo : IComparison
    {
        public static bool Of<T>(T x, T y) where T : unmanaged, INumber<T> => x != y;
    }

    struct LessThan : IComparison
    {
        public static bool Of<T>(T x, T y) where T : unmanaged, INumber<T> => x < y;
    }

    struct LessOrEqual : IComparison
    {
        public static bool Of<T>(T x, T y) where T : unmanaged, INumber<T> => x <= y;
    }

    struct GreaterThan : IComparison
    {
        public static bool Of<T>(T x, T y) where T : unmanaged, INumber<T> => x > y;
    }

    struct GreaterOrEqual : IComparison
    {
        public static bool Of<T>(T x, T y) where T : unmanaged, INumber<T> => x >= y;
    }

    struct BitAnd : IIntegerPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => x & y;
    }

    internal struct BitOr : IIntegerPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => x | y;
    }

    struct BitXor : IIntegerPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => x ^ y;
    }

    /// <summary>Shifts left; the shift is limited to 0 to width - 1, as in TensorFlow.</summary>
    struct ShiftLeft : IIntegerPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => x << ShiftOf(y);
    }

    struct ShiftRight : IIntegerPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => x >> ShiftOf(y);
    }

    static int ShiftOf<T>(T y) where T : unmanaged, IBinaryInteger<T> => (int)Math.Clamp(long.CreateSaturating(y), 0, (System.Runtime.CompilerServices.Unsafe.SizeOf<T>() * 8) - 1);

    struct IntegerPowerOf : IIntegerPair
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        {
            var result = T.One;
            for (; y > T.Zero; y >>= 1, x *= x)
                if ((y & T.One) != T.Zero) result *= x;
            return result;
        }
    }

    struct Negate : INumberUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Negate(x, d);
    }

    struct Absolute : INumberUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, INumber<T>
        {
            // The lowest integer has no absolute value and stays, as everywhere except in .NET.
            if (typeof(T) == typeof(float) || typeof(T) == typeof(double)) TensorPrimitives.Abs(x, d);
            else for (var i = 0; i < x.Length; i++) d[i] = T.IsNegative(x[i]) ? T.Zero - x[i] : x[i];
        }
    }

    struct SignOf : INumberUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, INumber<T>
        {
            for (var i = 0; i < x.Length; i++) d[i] = T.IsNaN(x[i]) ? x[i] : x[i] > T.Zero ? T.One : x[i] < T.Zero ? T.Zero - T.One : T.Zero;
        }
    }

    struct SquareOf : INumberUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Multiply(x, x, d);
    }

    struct FloorOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Floor(x, d);
    }

    struct CeilingOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Ceiling(x, d);
    }

    struct RoundOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Round(x, d);
    }

    struct ReciprocalOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Reciprocal(x, d);
    }

    struct SqrtOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Sqrt(x, d);
    }

    struct RsqrtOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.ReciprocalSqrt(x, d);
    }

    struct SinOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Sin(x, d);
    }

    struct CosOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Cos(x, d);
    }

    /// <summary>Computes float32 in float64 and rounds once.</summary>
    struct ByDouble<TOp> : IFloatUnary where TOp : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            if (typeof(T) != typeof(float))
            {
                TOp.Spans(x, d);
                return;
            }
            const int Chunk = 256;
            Span<double> wide = stackalloc double[Chunk];
            for (var start = 0; start < x.Length; start += Chunk)
            {
                var part = wide[..Math.Min(Chunk, x.Length - start)];
                TensorPrimitives.ConvertTruncating(x.Slice(start, part.Length), part);
                TOp.Spans(part, part);
                TensorPrimitives.ConvertTruncating<double, T>(part, d.Slice(start, part.Length));
            }
        }
    }

    struct TanOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Tan(x, d);
    }

    struct AsinOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Asin(x, d);
    }

    struct AcosOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Acos(x, d);
    }

    struct AtanOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Atan(x, d);
    }

    struct AsinhOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Asinh(x, d);
    }

    struct AcoshOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Acosh(x, d);
    }

    struct AtanhOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Atanh(x, d);
    }

    struct IsNaNOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (var i = 0; i < x.Length; i++) d[i] = T.IsNaN(x[i]) ? T.One : T.Zero;
        }
    }

    struct IsInfinityOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (var i = 0; i < x.Length; i++) d[i] = T.IsInfinity(x[i]) ? T.One : T.Zero;
        }
    }

    struct IsFiniteOf : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (var i = 0; i < x.Length; i++) d[i] = T.IsFinite(x[i]) ? T.One : T.Zero;
        }
    }
}
