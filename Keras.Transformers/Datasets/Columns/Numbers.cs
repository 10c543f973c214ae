using System.Numerics;
using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>Converts elements of one number type to another without boxing.</summary>
static class Numbers
{
    /// <summary>Converts elements from one type to another.</summary>
    /// <exception cref="DTypeMismatchException">Floats would become integers.</exception>
    /// <exception cref="ValueRangeException">A number does not fit.</exception>
    public static void Convert(ElementType from, ReadOnlySpan<byte> source, ElementType to, Span<byte> target, string where)
    {
        if (from.Name == to.Name)
        {
            source.CopyTo(target);
            return;
        }
        if (!from.IsNumber || !to.IsNumber || (from.Kind == ElementKind.Float && to.Kind != ElementKind.Float))
            throw new DTypeMismatchException("The elements do not convert", where, to.Name, from.Name, "Cast the column first (cast_column), or ask for its own type.");
        try
        {
            switch (from.Name)
            {
                case "int8": From<sbyte>(source, to, target); break;
                case "int16": From<short>(source, to, target); break;
                case "int32": From<int>(source, to, target); break;
                case "int64": From<long>(source, to, target); break;
                case "uint8": From<byte>(source, to, target); break;
                case "uint16": From<ushort>(source, to, target); break;
                case "uint32": From<uint>(source, to, target); break;
                case "uint64": From<ulong>(source, to, target); break;
                case "float16": From<Half>(source, to, target); break;
                case "float32": From<float>(source, to, target); break;
                default: From<double>(source, to, target); break;
            }
        }
        catch (OverflowException)
        {
            throw new ValueRangeException("A number does not fit", where, $"numbers that {to.Name} can hold", $"a larger one of {from.Name}");
        }
    }

    static void From<T>(ReadOnlySpan<byte> source, ElementType to, Span<byte> target) where T : unmanaged, INumber<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(source);
        switch (to.Name)
        {
            case "int8": Each<T, sbyte>(values, target); break;
            case "int16": Each<T, short>(values, target); break;
            case "int32": Each<T, int>(values, target); break;
            case "int64": Each<T, long>(values, target); break;
            case "uint8": Each<T, byte>(values, target); break;
            case "uint16": Each<T, ushort>(values, target); break;
            case "uint32": Each<T, uint>(values, target); break;
            case "uint64": Each<T, ulong>(values, target); break;
            case "float16": Each<T, Half>(values, target); break;
            case "float32": Each<T, float>(values, target); break;
            default: Each<T, double>(values, target); break;
        }
    }

    static void Each<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<byte> target) where TFrom : INumber<TFrom> where TTo : unmanaged, INumber<TTo>
    {
        var to = MemoryMarshal.Cast<byte, TTo>(target);
        for (var i = 0; i < source.Length; i++) to[i] = TTo.CreateChecked(source[i]);
    }

    /// <summary>Reads rows of numbers or bools as a C# type.</summary>
    /// <exception cref="DTypeMismatchException">There are nulls, or elements of another kind.</exception>
    public static void Read<T>(ColumnData column, int start, Span<T> target, string where) where T : unmanaged
    {
        if (column.Element is not { } from || ElementType.ForType<T>() is not { } to || to.HasBytes)
            throw new DTypeMismatchException("The elements do not convert", where, $"elements of {typeof(T).Name}", $"{column.Type}");
        if (column.Nulls != 0)
            for (var i = 0; i < target.Length; i++)
                if (column.IsNull(start + i))
                    throw new DTypeMismatchException("There is a null where a number was asked for", $"{where}, row {i}", to.Name, "null", $"Filter such rows out, or ask for nullable numbers (As<{typeof(T).Name}?[]>).");
        var bytes = MemoryMarshal.AsBytes(target);
        if (from.Kind == ElementKind.Bool) ReadFlags(column, start, target, to, bytes);
        else if (from.Width == 0) throw new DTypeMismatchException("The elements do not convert", where, to.Name, from.Name);
        else Convert(from.IsNumber ? from : Whole(from), column.Values.Span.Slice(start * from.Width, target.Length * from.Width), to.IsNumber ? to : Whole(to), bytes, where);
        GC.KeepAlive(column);
    }

    /// <summary>The integer type that stores a time, for reading times as numbers.</summary>
    static ElementType Whole(ElementType time) => time.Width == 4 ? ElementType.Find("int32")! : time.Width == 8 ? ElementType.Find("int64")! : time;

    static void ReadFlags<T>(ColumnData column, int start, Span<T> target, ElementType to, Span<byte> bytes) where T : unmanaged
    {
        Span<byte> one = stackalloc byte[8];
        if (to.Kind == ElementKind.Bool) one[0] = 1;
        else Convert(ElementType.Find("uint8")!, [1], to, one[..to.Width], to.Name);
        var value = MemoryMarshal.Read<T>(one);
        var flags = column.Values.Span;
        bytes.Clear();
        for (var i = 0; i < target.Length; i++)
            if (Bits.Get(flags, start + i)) target[i] = value;
    }
}
