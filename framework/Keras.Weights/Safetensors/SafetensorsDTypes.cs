namespace Keras.Saving;

/// <summary>The format's names of element types, in the ascending order of size by which its reference writer sorts.</summary>
static class SafetensorsDTypes
{
    static readonly (string Name, DType DType)[] Table =
    [
        ("BOOL", DType.Bool), ("U8", DType.UInt8), ("I8", DType.Int8),
        ("I16", DType.Int16), ("U16", DType.UInt16), ("F16", DType.Float16), ("BF16", DType.BFloat16),
        ("I32", DType.Int32), ("U32", DType.UInt32), ("F32", DType.Float32),
        ("C64", DType.Complex64), ("F64", DType.Float64), ("I64", DType.Int64), ("U64", DType.UInt64),
    ];

    /// <summary>The format's types that tensors here cannot hold.</summary>
    static readonly string[] Unsupported =
        ["F4", "F6_E2M3", "F6_E3M2", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"];

    public static string SupportedNames { get; } = string.Join(", ", Table.Select(row => row.Name));

    public static bool TryParse(string name, out DType dtype)
    {
        var row = Array.FindIndex(Table, r => r.Name == name);
        dtype = row < 0 ? DType.Float32 : Table[row].DType;
        return row >= 0;
    }

    public static bool IsKnownButUnsupported(string name) => Unsupported.Contains(name);

    /// <summary>The format's name for a type.</summary>
    /// <exception cref="UnsupportedException">The format has no such type.</exception>
    public static string NameOf(DType dtype, string tensor) => RankOf(dtype) is var row and >= 0
        ? Table[row].Name
        : throw new UnsupportedException("A safetensors file cannot hold this element type", $"tensor '{tensor}'",
            string.Join(", ", Table.Select(r => r.DType.Name)), dtype.Name, "Cast the tensor before saving.");

    /// <summary>A type's position in the format's order, or -1.</summary>
    public static int RankOf(DType dtype) => Array.FindIndex(Table, r => r.DType == dtype);
}
