using System.Text;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The type of a column of a <see cref="Dataset"/>: <see cref="Value"/>, <see cref="ClassLabel"/>, <see cref="Sequence"/>, <see cref="Image"/>, or <see cref="Features"/> for a nested record.</summary>
public abstract class Feature : IEquatable<Feature>
{
    private protected Feature() { }

    /// <summary>The feature as it is stored in files: made of values, sequences and records alone.</summary>
    internal abstract Feature Storage { get; }

    /// <summary>The feature as written in dataset_info.json.</summary>
    internal abstract JsonNode ToJson();

    /// <summary>Whether both are the same type.</summary>
    public bool Equals(Feature? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Feature);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString()!);

    /// <summary>A value of this dtype: "int64", "string", ...</summary>
    /// <exception cref="ArgumentException">There is no such dtype.</exception>
    public static implicit operator Feature(string dtype) => new Value(dtype);

    internal static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}

/// <summary>A single value of a dtype: "int64", "float32", "bool", "string", "binary", "timestamp[us]", "date32", "decimal128(10, 2)", ...</summary>
public sealed class Value : Feature
{
    /// <summary>Creates a value of a dtype.</summary>
    /// <exception cref="ArgumentException">There is no such dtype.</exception>
    public Value(string dtype)
    {
        ArgumentNullException.ThrowIfNull(dtype);
        Element = ElementType.Find(dtype) ?? throw new ArgumentException($"There is no dtype of this name. Expected: one of {ElementType.Names}. Received: {Known.Say(dtype)}.", nameof(dtype));
    }

    internal Value(ElementType element) => Element = element;

    internal ElementType Element { get; }

    /// <summary>The name of the dtype.</summary>
    public string dtype => Element.Name;

    internal override Feature Storage => this;

    internal override JsonNode ToJson() => new JsonObject { ["dtype"] = dtype, ["_type"] = "Value" };

    /// <inheritdoc/>
    public override string ToString() => $"Value(dtype='{dtype}', id=None)";
}

/// <summary>A list of values of one feature: of any length, or of a fixed one.</summary>
public sealed class Sequence : Feature
{
    /// <summary>Creates a list of values of one feature: of any length, or of a fixed one.</summary>
    /// <param name="feature">The feature of the elements.</param>
    /// <param name="length">The number of elements of every list; -1, the default, for any.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below -1.</exception>
    public Sequence(Feature feature, int length = -1)
    {
        ArgumentNullException.ThrowIfNull(feature);
        (this.feature, this.length) = (feature, Require.Count(-1, length));
    }

    /// <summary>The feature of the elements.</summary>
    public Feature feature { get; }

    /// <summary>The number of elements of every list, or -1.</summary>
    public int length { get; }

    internal override Feature Storage => feature.Storage is var inner && ReferenceEquals(inner, feature) ? this : new Sequence(inner, length);

    /// <summary>Uses the short form for a list of records, because <c>datasets</c> reads a Sequence of a record as a record of sequences.</summary>
    internal override JsonNode ToJson()
    {
        if (feature is Features && length < 0) return new JsonArray(feature.ToJson());
        var json = new JsonObject { ["feature"] = feature.ToJson() };
        if (length >= 0) json["length"] = length;
        json["_type"] = "Sequence";
        return json;
    }

    /// <inheritdoc/>
    public override string ToString() => feature is Features && length < 0 ? $"[{feature}]" : $"Sequence(feature={feature}, length={length}, id=None)";
}

/// <summary>A class label: a number from 0 with a name, stored as int64; -1 means no label.</summary>
public sealed class ClassLabel : Feature
{
    readonly string[] _names;
    readonly Dictionary<string, int> _numbers = [];

    /// <summary>Creates classes from their names, or from their number alone ("0", "1", ...).</summary>
    /// <param name="num_classes">The number of classes; default: that of the names.</param>
    /// <param name="names">The names in the order of their numbers.</param>
    /// <exception cref="ArgumentException">Neither argument is given, they disagree, or a name comes twice.</exception>
    public ClassLabel(int? num_classes = null, IEnumerable<string>? names = null)
    {
        if (num_classes is null && names is null) throw new ArgumentException("Neither num_classes nor names is given, and a ClassLabel needs one of them.", nameof(names));
        if (num_classes is { } given) Require.Count(0, given, nameof(num_classes));
        _names = names?.ToArray() ?? [.. Enumerable.Range(0, num_classes!.Value).Select(i => $"{i}")];
        if (num_classes is { } count && count != _names.Length) throw new ArgumentException($"num_classes and names disagree. Expected: {count} names. Received: {_names.Length}.", nameof(names));
        for (var i = 0; i < _names.Length; i++)
            if (!_numbers.TryAdd(_names[i] ?? throw new ArgumentException("A name is null.", nameof(names)), i)) throw new ArgumentException($"The name {Known.Say(_names[i])} comes twice.", nameof(names));
    }

    /// <summary>The class names, in the order of their numbers.</summary>
    public IReadOnlyList<string> names => _names;

    /// <summary>The number of classes.</summary>
    public int num_classes => _names.Length;

    /// <summary>The name of a class.</summary>
    /// <exception cref="ValueRangeException">There is no class of this number.</exception>
    public string int2str(int values) => (uint)values < (uint)_names.Length ? _names[values] : throw OutOfRange(values, null);

    /// <summary>The names of the classes with these numbers.</summary>
    /// <exception cref="ValueRangeException">There is no class of one of these numbers.</exception>
    public string[] int2str(IEnumerable<int> values) => [.. (values ?? throw new ArgumentNullException(nameof(values))).Select(int2str)];

    /// <summary>The number of a class by its name; digits are accepted too, as in <c>datasets</c>.</summary>
    /// <exception cref="ArgumentException">There is no class of this name; the message suggests the nearest.</exception>
    public int str2int(string values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (_numbers.TryGetValue(values, out var number) || _numbers.TryGetValue(values.Trim(), out number)) return number;
        if (int.TryParse(values, System.Globalization.CultureInfo.InvariantCulture, out number) && number >= -1 && number < _names.Length) return number;
        throw Known.Unknown("There is no class of this name", values, nameof(values), _names);
    }

    /// <summary>The numbers of classes by their names.</summary>
    /// <exception cref="ArgumentException">There is no class of one of these names.</exception>
    public int[] str2int(IEnumerable<string> values) => [.. (values ?? throw new ArgumentNullException(nameof(values))).Select(str2int)];

    internal ValueRangeException OutOfRange(long value, string? where) =>
        new("A label is out of range", where, _names.Length == 0 ? "-1 for no label (there are no classes)" : $"a class from 0 to {_names.Length - 1} ({Known.List(_names.Take(8))}{(_names.Length > 8 ? ", ..." : "")}), or -1 for none", $"{value}");

    internal override Feature Storage { get; } = new Value("int64");

    internal override JsonNode ToJson() => new JsonObject { ["names"] = new JsonArray([.. _names.Select(n => (JsonNode)n)]), ["_type"] = "ClassLabel" };

    /// <inheritdoc/>
    public override string ToString() => $"ClassLabel(names=[{string.Join(", ", _names.Select(Quoted))}], id=None)";
}

/// <summary>A picture, stored as a record of the bytes of its file and a path; either may be null.</summary>
public sealed class Image : Feature
{
    internal override Feature Storage { get; } = new Features([new("bytes", new Value("binary")), new("path", new Value("string"))]);

    internal override JsonNode ToJson() => new JsonObject { ["_type"] = "Image" };

    /// <inheritdoc/>
    public override string ToString() => "Image(mode=None, decode=True, id=None)";
}

/// <summary>The columns of a data set, or of a nested record, by name and in order.</summary>
public sealed class Features : Feature, IReadOnlyDictionary<string, Feature>
{
    readonly OrderedDictionary<string, Feature> _columns = [];

    /// <summary>Creates an empty set of columns, to be filled by a collection initializer.</summary>
    public Features() { }

    /// <summary>Creates a set of columns, in order.</summary>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    public Features(IEnumerable<KeyValuePair<string, Feature>> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        foreach (var (name, feature) in columns) Add(name, feature);
    }

    /// <summary>Adds a column at the end.</summary>
    /// <exception cref="ArgumentException">There is a column of this name.</exception>
    public void Add(string name, Feature feature)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(feature);
        if (!_columns.TryAdd(name, feature)) throw new ArgumentException($"The column {Known.Say(name)} comes twice.", nameof(name));
    }

    /// <summary>The feature of a column.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column; the message lists the names and suggests the nearest.</exception>
    public Feature this[string name]
    {
        get => _columns.TryGetValue(name ?? throw new ArgumentNullException(nameof(name)), out var feature) ? feature : throw Missing(name);
        set => _columns[name ?? throw new ArgumentNullException(nameof(name))] = value ?? throw new ArgumentNullException(nameof(value));
    }

    internal KeyNotFoundException Missing(string name) => new($"There is no column {Known.Say(name)}. Expected: one of {Known.List(Keys)}.{Known.Nearest(name, Keys)}");

    internal int IndexOf(string name) => _columns.IndexOf(name ?? throw new ArgumentNullException(nameof(name))) is >= 0 and var i ? i : throw Missing(name);

    internal Feature At(int index) => _columns.GetAt(index).Value;

    internal string NameAt(int index) => _columns.GetAt(index).Key;

    /// <summary>The names in order.</summary>
    public IEnumerable<string> Keys => _columns.Keys;

    /// <summary>The features in order.</summary>
    public IEnumerable<Feature> Values => _columns.Values;

    /// <summary>The number of columns.</summary>
    public int Count => _columns.Count;

    /// <summary>Whether there is a column of this name.</summary>
    public bool ContainsKey(string key) => _columns.ContainsKey(key);

    /// <summary>Tries to get a column's feature by name.</summary>
    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Feature value) => _columns.TryGetValue(key, out value);

    /// <summary>The columns with their names.</summary>
    public IEnumerator<KeyValuePair<string, Feature>> GetEnumerator() => _columns.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    internal override Feature Storage => Values.All(f => ReferenceEquals(f.Storage, f)) ? this : new Features(_columns.Select(c => KeyValuePair.Create(c.Key, c.Value.Storage)));

    internal override JsonNode ToJson()
    {
        var json = new JsonObject();
        foreach (var (name, feature) in _columns) json[name] = feature.ToJson();
        return json;
    }

    /// <inheritdoc/>
    public override string ToString() => new StringBuilder("{").AppendJoin(", ", _columns.Select(c => $"{Quoted(c.Key)}: {c.Value}")).Append('}').ToString();
}
