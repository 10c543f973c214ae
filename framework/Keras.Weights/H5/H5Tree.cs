namespace Keras.Saving;

/// <summary>A group or dataset to be written.</summary>
sealed class H5Tree
{
    /// <summary>Keras' own limit of an attribute; longer lists are split.</summary>
    const int LongestAttribute = 64512;

    readonly SortedDictionary<string, H5Tree> _children = new(JsonText.CodePointOrder);
    readonly List<H5TextAttribute> _attributes = [];

    /// <summary>What the group holds, in the order of the bytes of the names.</summary>
    public IReadOnlyDictionary<string, H5Tree> Children => _children;

    public IReadOnlyList<H5TextAttribute> Attributes => _attributes;

    /// <summary>The array, if this is a dataset.</summary>
    public SafetensorsTensor? Tensor { get; private set; }

    /// <summary>The group at a path below this one; made if it is not there.</summary>
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

    /// <summary>Puts an array at a path.</summary>
    /// <exception cref="ArgumentException">There is already something at this place.</exception>
    public H5Tree Add(string path, SafetensorsTensor tensor)
    {
        var cut = path.LastIndexOf('/');
        var group = cut < 0 ? this : Group(path[..cut]);
        var dataset = new H5Tree { Tensor = tensor };
        return group._children.TryAdd(path[(cut + 1)..], dataset) ? dataset : throw new ArgumentException($"There are two objects at '{path}'.", nameof(path));
    }

    /// <summary>Sets an attribute with a text.</summary>
    public void SetText(string name, string value, bool utf8 = false) => _attributes.Add(new(name, [value], IsScalar: true, Width: 0, utf8));

    /// <summary>Sets a list of texts; one that is too long for an attribute becomes several, name0, name1..., of equal lengths, as Keras does.</summary>
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
/// <param name="IsScalar">Whether it is one text and no list.</param>
/// <param name="Width">Bytes of each text, filled with zeros; 0 for texts of any length, kept in a heap.</param>
/// <param name="Utf8">Whether readers are told that the text is UTF-8, not ASCII.</param>
sealed record H5TextAttribute(string Name, IReadOnlyList<string> Values, bool IsScalar, int Width, bool Utf8);
