namespace Keras.Saving;

/// <summary>A group or dataset of an HDF5 file; its header is read when it is first needed.</summary>
sealed class H5Object(H5Bytes file, long address, string path)
{
    List<H5Message>? _messages;
    Dictionary<string, H5Object>? _children;
    Dictionary<string, H5Attribute>? _attributes;
    H5Dataset? _dataset;

    /// <summary>The names from the root down, joined by '/'; "" for the root.</summary>
    public string Path => path;

    public string Where => $"{file.Path}, '{path}'";

    List<H5Message> Messages => _messages ??= H5Messages.Read(file, address);

    public bool IsDataset => Messages.Exists(m => m.Kind == H5Message.Layout);

    /// <summary>The members of the group in the file's order (by name in the old layout); empty for a dataset.</summary>
    /// <exception cref="FileFormatException">Two entries have the same name.</exception>
    public IReadOnlyDictionary<string, H5Object> Children => _children ??= ReadChildren();

    public IReadOnlyDictionary<string, H5Attribute> Attributes => _attributes ??= ReadAttributes();

    /// <summary>The object at a path below this one, or null.</summary>
    public H5Object? Find(string below)
    {
        var found = this;
        foreach (var name in below.Split('/', StringSplitOptions.RemoveEmptyEntries))
            if (!found.Children.TryGetValue(name, out found)) return null;
        return found;
    }

    /// <summary>The dataset's type, shape and elements.</summary>
    /// <exception cref="FileFormatException">The object is not a dataset, or its parts contradict each other.</exception>
    /// <exception cref="UnsupportedException">The data are stored in an unsupported way.</exception>
    public H5Dataset Dataset => _dataset ??= H5Dataset.Read(file, Messages, path);

    /// <summary>Reads a list of texts from an attribute, or from several where Keras had to split it (name0, name1...); null if there is none.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Attributes.TryGetValue(name, out var whole)) return whole.Texts(file);
        var parts = new List<string>();
        for (var i = 0; Attributes.TryGetValue(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}{i}"), out var part); i++) parts.AddRange(part.Texts(file));
        return Attributes.ContainsKey(name + "0") ? parts : null;
    }

    Dictionary<string, H5Object> ReadChildren()
    {
        var children = new Dictionary<string, H5Object>(StringComparer.Ordinal);
        foreach (var (name, target) in H5Links.Read(file, Messages, path))
            if (name.Length == 0 || !children.TryAdd(name, new(file, target, path.Length == 0 ? name : $"{path}/{name}")))
                throw file.Wrong("A group of an HDF5 file holds a name that cannot be", address, "each name once, none empty", JsonText.Show(name));
        return children;
    }

    Dictionary<string, H5Attribute> ReadAttributes()
    {
        var attributes = new Dictionary<string, H5Attribute>(StringComparer.Ordinal);
        foreach (var message in Messages)
            if (message.Kind == H5Message.Attribute)
            {
                var attribute = H5Attribute.Read(file, message, path);
                attributes[attribute.Name] = attribute;
            }
            else if (message.Kind == H5Message.AttributeInfo) RefuseDense(message);
        return attributes;
    }

    void RefuseDense(H5Message message)
    {
        var cursor = file.At(message.Address, message.Length, "A message");
        cursor.Version("The attributes' description", 0, 0);
        if ((cursor.Byte() & 1) != 0) cursor.Skip(2);
        if (cursor.Int64() != H5Bytes.Undefined)
            throw file.Unsupported("Attributes of an HDF5 file are stored in a heap", $"'{path}'", "the layout of h5py's default, libver='earliest'", "dense attributes");
    }
}
