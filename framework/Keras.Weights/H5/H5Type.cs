namespace Keras.Saving;

/// <summary>The element type of a dataset or attribute: one that tensors have, or text.</summary>
/// <param name="Size">The number of bytes of an element in the file.</param>
/// <param name="DType">The dtype, if tensors have one for it.</param>
/// <param name="Text">Whether the elements are text.</param>
/// <param name="VariableLength">Whether elements are in a heap, to which these bytes point.</param>
/// <param name="Opaque">Whether the elements are opaque bytes, as h5py stores bfloat16.</param>
/// <param name="Description">What it is, for messages.</param>
sealed record H5Type(int Size, DType? DType, bool Text, bool VariableLength, bool Opaque, string Description)
{
    const int FixedPoint = 0, FloatingPoint = 1, FixedText = 3, OpaqueBytes = 5, Enumeration = 8, Variable = 9;

    /// <summary>The greatest depth of nested types (an enumeration of integers, a sequence of sequences).</summary>
    const int Deepest = 4;

    public static H5Type Read(ref H5Cursor cursor, H5Bytes file, int depth = 0)
    {
        var at = cursor.Address;
        var head = cursor.Byte();
        var (kind, version) = (head & 0xF, head >> 4);
        if (version is < 1 or > 5) throw file.Wrong("An element type of an HDF5 file has an unknown version", at, "1 to 5", $"{version}");
        int bits = cursor.Byte(), bits2 = cursor.Byte();
        cursor.Skip(1);
        var size = (int)Math.Min(cursor.UInt32(), int.MaxValue);
        if (size == 0) throw file.Wrong("An element type of an HDF5 file has no bytes", at, "at least 1 byte", "0");
        return kind switch
        {
            FixedPoint => Integer(size, (bits & 1) != 0, (bits & 8) != 0),
            FloatingPoint => Float(ref cursor, size, bits),
            FixedText => new(size, null, Text: true, VariableLength: false, Opaque: false, $"text of {size} bytes"),
            OpaqueBytes => new(size, null, Text: false, VariableLength: false, Opaque: true, $"{size} opaque bytes"),
            Enumeration when depth < Deepest => Enumerated(ref cursor, file, bits | (bits2 << 8), depth),
            Variable when (bits & 0xF) == 1 => new(size, null, Text: true, VariableLength: true, Opaque: false, "text"),
            _ => Other(size, $"HDF5 class {kind}"),
        };
    }

    static H5Type Integer(int size, bool bigEndian, bool signed)
    {
        var dtype = (size, signed) switch
        {
            (1, true) => DType.Int8,
            (1, false) => DType.UInt8,
            (2, true) => DType.Int16,
            (2, false) => DType.UInt16,
            (4, true) => DType.Int32,
            (4, false) => DType.UInt32,
            (8, true) => DType.Int64,
            (8, false) => DType.UInt64,
            _ => null,
        };
        return dtype is null || (bigEndian && size > 1)
            ? Other(size, $"{(bigEndian ? "big-endian " : "")}integers of {size} bytes")
            : new(size, dtype, Text: false, VariableLength: false, Opaque: false, dtype.Name);
    }

    static H5Type Float(ref H5Cursor cursor, int size, int bits)
    {
        cursor.Skip(5);
        var exponent = cursor.Byte();
        cursor.Skip(1);
        var mantissa = cursor.Byte();
        var bigEndian = (bits & 0x41) != 0;
        var dtype = (size, exponent, mantissa) switch { (2, 5, 10) => DType.Float16, (2, 8, 7) => DType.BFloat16, (4, 8, 23) => DType.Float32, (8, 11, 52) => DType.Float64, _ => null };
        return dtype is null || bigEndian
            ? Other(size, $"{(bigEndian ? "big-endian " : "")}floats of {size} bytes, {exponent} of their bits exponent")
            : new(size, dtype, Text: false, VariableLength: false, Opaque: false, dtype.Name);
    }

    /// <summary>Reads an enumeration; h5py stores booleans as a two-member enumeration of bytes.</summary>
    static H5Type Enumerated(ref H5Cursor cursor, H5Bytes file, int members, int depth)
    {
        var parent = Read(ref cursor, file, depth + 1);
        return members == 2 && parent.Size == 1 && parent.DType is not null
            ? parent with { DType = Keras.DType.Bool, Description = "bool" }
            : parent with { DType = null, Description = $"an enumeration of {members}" };
    }

    static H5Type Other(int size, string description) => new(size, null, Text: false, VariableLength: false, Opaque: false, description);
}
