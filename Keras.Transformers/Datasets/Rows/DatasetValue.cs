using System.Globalization;

namespace Keras.Transformers;

/// <summary>One value of a row. It converts to the C# type that it is assigned to; until then nothing is boxed or copied.</summary>
public readonly struct DatasetValue : IEquatable<DatasetValue>
{
    readonly ColumnData? _data;
    readonly Feature? _feature;

    internal DatasetValue(ColumnData data, Feature feature, int index) => (_data, _feature, Index) = (data, feature, index);

    internal ColumnData Data => _data ?? throw new InvalidOperationException("This value belongs to no row.");

    internal Feature Feature => _feature ?? throw new InvalidOperationException("This value belongs to no row.");

    internal int Index { get; }

    /// <summary>Whether the value is missing.</summary>
    public bool IsNull => Data.IsNull(Index);

    /// <summary>The number of elements of a list.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a list.</exception>
    public int Count => Feature is Sequence && !IsNull ? Data.Range(Index).Count : throw Mismatch("a list");

    /// <summary>The member of a record by its name.</summary>
    /// <exception cref="KeyNotFoundException">The record has no such member.</exception>
    /// <exception cref="DTypeMismatchException">The value is not a record.</exception>
    public DatasetValue this[string name]
    {
        get
        {
            var record = Feature is Image ? (Features)Feature.Storage : Feature as Features ?? throw Mismatch("a record");
            var i = record.IndexOf(name);
            return new(Data.Children[i], record.At(i), Index);
        }
    }

    /// <summary>The element of a list at an index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The list has no such element.</exception>
    /// <exception cref="DTypeMismatchException">The value is not a list.</exception>
    public DatasetValue this[int index]
    {
        get
        {
            if (Feature is not Sequence list || IsNull) throw Mismatch("a list");
            var (start, count) = Data.Range(Index);
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
            return new(Data.Children[0], list.feature, start + index);
        }
    }

    /// <summary>The value as a text, or null.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a text.</exception>
    public static implicit operator string?(DatasetValue value) => value.IsNull ? null : value.Data.Element?.Kind == ElementKind.Text ? value.Data.Text(value.Index) : throw value.Mismatch("a text");

    /// <summary>The value as a bool.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a bool, or is null.</exception>
    public static implicit operator bool(DatasetValue value) => value.One<bool>();

    /// <summary>The value as an int.</summary>
    /// <exception cref="DTypeMismatchException">The value is not an integer, or is null.</exception>
    /// <exception cref="ValueRangeException">The number does not fit into an int.</exception>
    public static implicit operator int(DatasetValue value) => value.One<int>();

    /// <summary>The value as a long.</summary>
    /// <exception cref="DTypeMismatchException">The value is not an integer, or is null.</exception>
    /// <exception cref="ValueRangeException">The number does not fit into a long.</exception>
    public static implicit operator long(DatasetValue value) => value.One<long>();

    /// <summary>The value as a float.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a number, or is null.</exception>
    public static implicit operator float(DatasetValue value) => value.One<float>();

    /// <summary>The value as a double.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a number, or is null.</exception>
    public static implicit operator double(DatasetValue value) => value.One<double>();

    /// <summary>Converts a list of numbers to an array.</summary>
    /// <exception cref="DTypeMismatchException">The value is not such a list, or is null.</exception>
    public static implicit operator int[](DatasetValue value) => value.List<int>();

    /// <summary>Converts a list of numbers to an array.</summary>
    /// <exception cref="DTypeMismatchException">The value is not such a list, or is null.</exception>
    public static implicit operator long[](DatasetValue value) => value.List<long>();

    /// <summary>Converts a list of numbers to an array.</summary>
    /// <exception cref="DTypeMismatchException">The value is not such a list, or is null.</exception>
    public static implicit operator float[](DatasetValue value) => value.List<float>();

    /// <summary>Converts a list of numbers to an array.</summary>
    /// <exception cref="DTypeMismatchException">The value is not such a list, or is null.</exception>
    public static implicit operator double[](DatasetValue value) => value.List<double>();

    /// <summary>Converts a list of texts to an array.</summary>
    /// <exception cref="DTypeMismatchException">The value is not such a list, or is null.</exception>
    public static explicit operator string?[](DatasetValue value) => value.As<string?[]>();

    /// <summary>Converts to the value's bytes, or null.</summary>
    /// <exception cref="DTypeMismatchException">The value has no bytes.</exception>
    public static explicit operator byte[]?(DatasetValue value) => value.IsNull ? null : value.Data.Element?.HasBytes == true ? value.Data.Bytes(value.Index).ToArray() : throw value.Mismatch("bytes");

    /// <summary>The value as a C# type: a number, decimal, text or time, nullable or not, or an array of these to any depth.</summary>
    /// <exception cref="DTypeMismatchException">The value is of another kind.</exception>
    public T As<T>() => (T)Conversions.To(typeof(T), Data, Index)!;

    /// <summary>The value as an object: a number, decimal, bool, text, byte[], time, array of objects, dictionary, or null.</summary>
    public object? ToObject() => Data.Object(Index);

    /// <summary>The picture of an <see cref="Image"/> column, decoded from its bytes or from the file at its path.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a picture, or is null.</exception>
    /// <exception cref="FileFormatException">There is no such file, or it is damaged.</exception>
    public Picture ToPicture()
    {
        if (Feature is not Image || IsNull) throw Mismatch("a picture");
        return this["bytes"] is { IsNull: false } bytes ? Picture.Open((byte[])bytes!) : Picture.Open((string?)this["path"] ?? throw Mismatch("a picture"));
    }

    /// <summary>The value as text; empty for null.</summary>
    public override string ToString() => ToObject() switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "True" : "False",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => Known.Say(other),
    };

    /// <summary>Whether both have the same content.</summary>
    public bool Equals(DatasetValue other) => Conversions.Same(ToObject(), other.ToObject());

    /// <summary>Whether the other is a value, or a C# object, with the same content.</summary>
    public override bool Equals(object? obj) => Conversions.Same(ToObject(), obj is DatasetValue value ? value.ToObject() : obj);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>Whether both have the same content.</summary>
    public static bool operator ==(DatasetValue left, DatasetValue right) => left.Equals(right);

    /// <summary>Whether they differ in content.</summary>
    public static bool operator !=(DatasetValue left, DatasetValue right) => !left.Equals(right);

    T One<T>() where T : unmanaged
    {
        if (IsNull || Data.Element is not { } element || (typeof(T) == typeof(bool)) != (element.Kind == ElementKind.Bool)) throw Mismatch(typeof(T).Name);
        T result = default;
        Numbers.Read(Data, Index, new Span<T>(ref result), "the value");
        return result;
    }

    T[] List<T>() where T : unmanaged
    {
        if (IsNull || Feature is not Sequence) throw Mismatch($"a list of {typeof(T).Name}");
        var (start, count) = Data.Range(Index);
        var result = new T[count];
        Numbers.Read<T>(Data.Children[0], start, result, "the list");
        return result;
    }

    DTypeMismatchException Mismatch(string expected) => new("A value does not convert", Data.Origin?.Row(Index), expected, IsNull ? $"null of {Feature}" : $"{Feature}", IsNull ? "Ask IsNull first." : null);
}
