using Keras.Graphs;

namespace Keras;

/// <summary>The ends of a dtype's range.</summary>
static class Limits
{
    static readonly Dictionary<DType, (double Low, double High)> Ranges = new()
    {
        [DType.UInt8] = (0, byte.MaxValue), [DType.UInt16] = (0, ushort.MaxValue), [DType.UInt32] = (0, uint.MaxValue), [DType.UInt64] = (0, ulong.MaxValue),
        [DType.Int8] = (sbyte.MinValue, sbyte.MaxValue), [DType.Int16] = (short.MinValue, short.MaxValue), [DType.Int32] = (int.MinValue, int.MaxValue),
        [DType.Int64] = (long.MinValue, long.MaxValue), [DType.Bool] = (0, 1),
        [DType.Float16] = (-65504, 65504), [DType.BFloat16] = (-3.3895313892515355e38, 3.3895313892515355e38),
        [DType.Float32] = (float.MinValue, float.MaxValue), [DType.Float64] = (double.MinValue, double.MaxValue),
    };

    /// <summary>The lowest and highest finite values.</summary>
    public static (double Low, double High) Of(DType dtype) => Ranges.TryGetValue(dtype, out var range) ? range
        : throw new DTypeMismatchException("The dtype has no lowest and highest value", null, "a real numeric dtype", dtype.Name);

    /// <summary>The lowest value of a dtype that is not below a limit, which as a double may lie just beyond the range.</summary>
    public static Tensor Lowest(double limit, DType dtype) => limit <= long.MinValue && dtype == DType.Int64 ? Tf.Constant(HostTensor.Scalar(long.MinValue)) : Tf.Constant(limit, dtype);

    /// <summary>The highest value of a dtype that is not above a limit.</summary>
    public static Tensor Highest(double limit, DType dtype)
    {
        if (limit >= long.MaxValue && dtype == DType.Int64) return Tf.Constant(HostTensor.Scalar(long.MaxValue));
        if (limit >= ulong.MaxValue && dtype == DType.UInt64) return Tf.Constant(HostTensor.Scalar(ulong.MaxValue));
        // float32 cannot represent 2147483647: its next lower value is the highest that fits int32.
        return dtype == DType.Float32 && (float)limit > limit ? Tf.Constant(float.BitDecrement((float)limit), dtype)
            : Tf.Constant(dtype == DType.Float64 && limit >= long.MaxValue && limit < 1e20 ? Math.BitDecrement(limit) : limit, dtype);
    }
}
