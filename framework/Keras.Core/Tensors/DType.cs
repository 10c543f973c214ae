using System.Collections.Frozen;

namespace Keras;

/// <summary>The element type of a tensor; its name is spelled as in Keras ("float32", "int64", "bool").</summary>
public sealed class DType
{
    /// <summary>IEEE single precision.</summary>
    public static readonly DType Float32 = new("float32", 1, 4, typeof(float));
    /// <summary>IEEE double precision.</summary>
    public static readonly DType Float64 = new("float64", 2, 8, typeof(double));
    /// <summary>Signed 32-bit integer.</summary>
    public static readonly DType Int32 = new("int32", 3, 4, typeof(int));
    /// <summary>Unsigned 8-bit integer.</summary>
    public static readonly DType UInt8 = new("uint8", 4, 1, typeof(byte));
    /// <summary>Signed 16-bit integer.</summary>
    public static readonly DType Int16 = new("int16", 5, 2, typeof(short));
    /// <summary>Signed 8-bit integer.</summary>
    public static readonly DType Int8 = new("int8", 6, 1, typeof(sbyte));
    /// <summary>A byte string of any length; UTF-8 where it is text.</summary>
    public static readonly DType String = new("string", 7, 0, typeof(string));
    /// <summary>A pair of single-precision numbers.</summary>
    public static readonly DType Complex64 = new("complex64", 8, 8, null);
    /// <summary>Signed 64-bit integer.</summary>
    public static readonly DType Int64 = new("int64", 9, 8, typeof(long));
    /// <summary>Boolean, one byte.</summary>
    public static readonly DType Bool = new("bool", 10, 1, typeof(bool));
    /// <summary>The upper half of a float32: 8 exponent bits, 7 stored fraction bits.</summary>
    public static readonly DType BFloat16 = new("bfloat16", 14, 2, typeof(BFloat16));
    /// <summary>Unsigned 16-bit integer.</summary>
    public static readonly DType UInt16 = new("uint16", 17, 2, typeof(ushort));
    /// <summary>A pair of double-precision numbers.</summary>
    public static readonly DType Complex128 = new("complex128", 18, 16, typeof(System.Numerics.Complex));
    /// <summary>IEEE half precision.</summary>
    public static readonly DType Float16 = new("float16", 19, 2, typeof(Half));
    /// <summary>A handle of a variable or a table, never data.</summary>
    public static readonly DType Resource = new("resource", 20, 0, null);
    /// <summary>An opaque value of the engine, such as a list of tensors.</summary>
    public static readonly DType Variant = new("variant", 21, 0, null);
    /// <summary>Unsigned 32-bit integer.</summary>
    public static readonly DType UInt32 = new("uint32", 22, 4, typeof(uint));
    /// <summary>Unsigned 64-bit integer.</summary>
    public static readonly DType UInt64 = new("uint64", 23, 8, typeof(ulong));

    static readonly DType[] All =
    [
        Float32, Float64, Int32, UInt8, Int16, Int8, String, Complex64, Int64, Bool, BFloat16, UInt16, Complex128, Float16, Resource,
        Variant, UInt32, UInt64,
    ];

    /// <summary>Quantized integers, which represent floats. Exported graphs pass them between operations; Keras has no names for them.</summary>
    internal static readonly DType QInt8 = new("qint8", 11, 1, null), QUInt8 = new("quint8", 12, 1, null), QInt32 = new("qint32", 13, 4, null), QInt16 = new("qint16", 15, 2, null), QUInt16 = new("quint16", 16, 2, null);

    static readonly DType[] Quantized = [QInt8, QUInt8, QInt32, QInt16, QUInt16];

    static readonly FrozenDictionary<string, DType> ByName = All.ToFrozenDictionary(d => d.Name);
    static readonly FrozenDictionary<int, DType> ByNumber = All.Concat(Quantized).ToFrozenDictionary(d => d.Number);
    static readonly FrozenDictionary<Type, DType> ByClrType =
        All.Where(d => d.ClrType is not null).ToFrozenDictionary(d => d.ClrType!);

    DType(string name, int number, int size, Type? clrType) => (Name, Number, Size, ClrType) = (name, number, size, clrType);

    /// <summary>The name as Keras spells it.</summary>
    public string Name { get; }

    /// <summary>TensorFlow's number of the type (types.proto).</summary>
    internal int Number { get; }

    /// <summary>Bytes per element; 0 for strings and handles.</summary>
    public int Size { get; }

    /// <summary>The .NET type of one element; null where there is none.</summary>
    public Type? ClrType { get; }

    /// <summary>Whether this is float16, bfloat16, float32 or float64.</summary>
    public bool IsFloating => this == Float32 || this == Float64 || this == Float16 || this == BFloat16;

    /// <summary>Whether this is a signed or unsigned integer (bool is not).</summary>
    public bool IsInteger => IsSignedInteger || IsUnsignedInteger;

    /// <summary>Whether this is complex64 or complex128.</summary>
    public bool IsComplex => this == Complex64 || this == Complex128;

    internal bool IsSignedInteger => this == Int32 || this == Int64 || this == Int16 || this == Int8;

    internal bool IsUnsignedInteger => this == UInt8 || this == UInt16 || this == UInt32 || this == UInt64;

    /// <summary>Whether elements are quantized integers, which no arithmetic takes.</summary>
    internal bool IsQuantized => Array.IndexOf(Quantized, this) >= 0;

    /// <summary>Throws for quantised integers: the floats that they stand for depend on a range that is not in them.</summary>
    /// <exception cref="UnsupportedException">The dtype is a quantised one.</exception>
    internal void RequirePlain(string? where)
    {
        if (IsQuantized)
            throw new UnsupportedException("Quantised numbers cannot be read as numbers: the floats that they stand for depend on a range beside them", where, "a dtype of plain numbers, such as float32", Name,
                "Make them floats first, where the range is known: Dequantize (in Python tf.quantization.dequantize).");
    }

    /// <summary>Whether elements are plain numbers or bools of a fixed size.</summary>
    public bool IsNumeric => Size > 0;

    /// <summary>The type with this name.</summary>
    /// <exception cref="ArgumentException">No type has this name.</exception>
    public static DType Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryParse(name, out var dtype)
            ? dtype
            : throw Known.Unknown("Unknown dtype", name, nameof(name), Names);
    }

    /// <summary>The names of all types.</summary>
    internal static IEnumerable<string> Names => All.Select(d => d.Name);

    /// <summary>Looks a type up by its Keras name.</summary>
    public static bool TryParse(string name, out DType dtype) => ByName.TryGetValue(name, out dtype!);

    /// <summary>The type of elements of the .NET type <typeparamref name="T"/>.</summary>
    /// <exception cref="ArgumentException">No tensor can hold such elements.</exception>
    public static DType Of<T>() => Of(typeof(T));

    /// <summary>The type of elements of the .NET type <paramref name="type"/>.</summary>
    /// <exception cref="ArgumentException">No tensor can hold such elements.</exception>
    public static DType Of(Type type) => ByClrType.TryGetValue(type, out var dtype)
        ? dtype
        : throw new ArgumentException($"No tensor holds elements of the .NET type {type}. Expected: one of {string.Join(", ", ByClrType.Keys.Select(t => t.Name).Order())}.", nameof(type));

    /// <summary>The type with this name in TensorFlow's registry.</summary>
    internal static DType OfRegistry(string name) => Array.Find(Quantized, d => d.Name == name) ?? Parse(name);

    /// <summary>The type with TensorFlow's number; null if tensors here have no such type.</summary>
    internal static DType? FromNumberOrNull(int number) => ByNumber.GetValueOrDefault(number);

    internal static DType FromNumber(int number) => FromNumberOrNull(number)
        ?? throw new ArgumentException($"TensorFlow's data type number {number} is not supported.", nameof(number));

    /// <summary>The type with this name.</summary>
    public static implicit operator DType(string name) => Parse(name);

    /// <summary>Whether two types are the same.</summary>
    public static bool operator ==(DType? left, DType? right) => ReferenceEquals(left, right);

    /// <summary>Whether two types differ.</summary>
    public static bool operator !=(DType? left, DType? right) => !(left == right);

    /// <summary>Whether this is the type with that Keras name: <c>x.dtype == "float32"</c>. False for a text that names no type.</summary>
    public static bool operator ==(DType? left, string? right) => left?.Name == right;

    /// <summary>Whether this is not the type with that Keras name.</summary>
    public static bool operator !=(DType? left, string? right) => !(left == right);

    /// <summary>Whether this is the type with that Keras name: <c>"float32" == x.dtype</c>.</summary>
    public static bool operator ==(string? left, DType? right) => right == left;

    /// <summary>Whether this is not the type with that Keras name.</summary>
    public static bool operator !=(string? left, DType? right) => !(right == left);

    /// <summary>Whether another object is the same type; false for a text.</summary>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
