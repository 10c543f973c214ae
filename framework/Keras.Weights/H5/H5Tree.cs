namespace Keras.Saving;

/// <summary>A group or dataset to be written.</summary>
sealed class H5Tree
{
    /// <summary>Keras' limit for the bytes of an attribute; longer lists are split.</summary>
    const int LongestAttribute = 64512;

    readonly SortedDictionary<string, H5Tree> _children = new(JsonText.CodePointOrder);
    readonly List<H5TextAttribute> _attributes = [];

    /// <summary>The members of the group, sorted by the bytes of their names.</summary>
    public IReadOnlyDictionary<string, H5Tree> Children => _children;

    public IReadOnlyList<H5TextAttribute> Attributes => _attributes;

    /// <summary>The array, if this is a dataset.</summary>
    public SafetensorsTensor? Tensor { get; private set; }

    /// <summary>Gets the group at a path below this one, creating it if missing.</summary>
    /// <exception cref="ArgumentException">A dataset lies at or above this path.</exception>
    public H5Tree Group(string path)
    {
        var group = this;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!group._children.TryGetValue(name, out var next)) group._children.Add(name, next = new());
            group = next.Tensor is null ? next : throw new ArgumentException($"'{name}' in '{path}' is a dataset and cannot hold anything.", nameof(path));
        }
        return group;
    }

    /// <summary>Adds an array at a path.</summary>
    /// <exception cref="ArgumentException">The path is already taken.</exception>
    public H5Tree Add(string path, SafetensorsTensor tensor)
    {
        var cut = path.LastIndexOf('/');
        var group = cut < 0 ? this : Group(path[..cut]);
        var dataset = new H5Tree { Tensor = tensor };
        return group._children.TryAdd(path[(cut + 1)..], dataset) ? dataset : throw new ArgumentException($"There are two objects at '{path}'.", nameof(path));
    }

    /// <summary>Sets an attribute with a text.</summary>
    public void SetText(string name, string value, bool utf8 = false) => _attributes.Add(new(name, [value], IsScalar: true, Width: 0, utf8));

    /// <summary>Sets a list of texts; a list too long for one attribute is split into name0, name1..., of equal lengths, as Keras does.</summary>
    public void SetTexts(string name, IReadOnlyList<string> values)
    {
        if (values.FirstOrDefault(v => ByteCount(v) > LongestAttribute) is { } longest)
            throw new UnsupportedException("A name is too long for an HDF5 file", name, $"up to {LongestAttribute} bytes", $"{ByteCount(longest)}");
        var width = Math.Max(1, values.Select(ByteCount).DefaultIfEmpty(0).Max());
        var parts = 1;
        while ((long)((values.Count + parts - 1) / parts) * width > LongestAttribute) parts++;
        if (parts == 1) _attributes.Add(new(name, values, IsScalar: false, Width: 0, Utf8: false));
        else
            for (int i = 0, from = 0; i < parts; i++)
            {
                var count = (values.Count / parts) + (i < values.Count % parts ? 1 : 0);
                _attributes.Add(new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}{i}"), [.. values.Skip(from).Take(count)], IsScalar: false, width, Utf8: false));
                from += count;
            }
    }

    static int ByteCount(string text) => System.Text.Encoding.UTF8.GetByteCount(text);
}

/// <summary>An attribute of texts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">The texts.</param>
/// <param name="IsScalar">Whether it is a single text, not a list.</param>
/// <param name="Width">The bytes of each text, padded with zeros; 0 for variable-length texts, kept in a heap.</param>
/// <param name="Utf8">Whether the text is marked as UTF-8, not ASCII.</param>
sealed record H5TextAttribute(string Name, IReadOnlyList<string> Values, bool IsScalar, int Width, bool Utf8);
