namespace Keras.Saving;

/// <summary>Writes descriptions of element types for HDF5 files.</summary>
static class H5TypeWriter
{
    const int FixedPoint = 0x10, FloatingPoint = 0x11, FixedText = 0x13, Opaque = 0x15, Enumeration = 0x18, Variable = 0x19;

    /// <summary>The number of bytes of an element that points into a heap.</summary>
    public const int PointerSize = 16;

    /// <summary>Describes a tensor's elements; bfloat16 is two opaque bytes, as in h5py.</summary>
    public static byte[] Of(DType dtype, string tensor)
    {
        if (dtype == DType.Float16) return Float(2, 10, 5, 15);
        if (dtype == DType.Float32) return Float(4, 23, 8, 127);
        if (dtype == DType.Float64) return Float(8, 52, 11, 1023);
        if (dtype == DType.BFloat16) return new H5Part().Bytes(Opaque, 0, 0, 0).UInt32(2).ToArray();
        if (dtype == DType.Bool) return Boolean();
        if (dtype == DType.UInt8 || dtype == DType.UInt16 || dtype == DType.UInt32 || dtype == DType.UInt64) return Integer(dtype.Size, signed: false);
        if (dtype == DType.Int8 || dtype == DType.Int16 || dtype == DType.Int32 || dtype == DType.Int64) return Integer(dtype.Size, signed: true);
        throw new UnsupportedException("An HDF5 file cannot hold this element type", $"tensor '{tensor}'", "floats, integers or booleans", dtype.Name, "Cast the tensor before saving.");
    }

    /// <summary>Describes text of a fixed width or of any length.</summary>
    public static byte[] Text(int width, bool utf8)
    {
        var set = utf8 ? 1 : 0;
        return width > 0
            ? new H5Part().Bytes(FixedText, (byte)(1 | (set << 4)), 0, 0).UInt32(width).ToArray()
            : new H5Part().Bytes(Variable, 1, (byte)set, 0).UInt32(PointerSize).Bytes(FixedText, (byte)(set << 4), 0, 0).UInt32(1).ToArray();
    }

    static byte[] Float(int size, int mantissa, int exponent, int bias) => new H5Part()
        .Bytes(FloatingPoint, 0x20, (byte)((size * 8) - 1), 0).UInt32(size).UInt16(0).UInt16(size * 8)
        .Bytes((byte)mantissa, (byte)exponent, 0, (byte)mantissa).UInt32(bias).ToArray();

    static byte[] Integer(int size, bool signed) => new H5Part().Bytes(FixedPoint, (byte)(signed ? 8 : 0), 0, 0).UInt32(size).UInt16(0).UInt16(size * 8).ToArray();

    static byte[] Boolean() => new H5Part().Bytes(Enumeration, 2, 0, 0).UInt32(1).Bytes(Integer(1, signed: true)).Text("FALSE", 8).Text("TRUE", 8).Bytes(0, 1).ToArray();
}
