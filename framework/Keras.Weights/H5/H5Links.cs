namespace Keras.Saving;

/// <summary>Reads the members of a group: names and the addresses of object headers, in the file's order.</summary>
static class H5Links
{
    /// <summary>The greatest height of a tree of names; a higher one has cycles.</summary>
    const int Highest = 32;

    const int EntrySize = 40, SoftLink = 2;

    public static List<(string Name, long Address)> Read(H5Bytes file, IReadOnlyList<H5Message> messages, string group)
    {
        var links = new List<(string, long)>();
        foreach (var message in messages)
        {
            var cursor = file.At(message.Address, message.Length, "A message");
            if (message.Kind == H5Message.SymbolTable) ReadTable(file, cursor.Int64(), new H5Heap(file, cursor.Int64()), links, group, Highest);
            else if (message.Kind == H5Message.Link) links.Add(ReadLink(ref cursor, file, group));
            else if (message.Kind == H5Message.LinkInfo) RefuseDense(ref cursor, file, group);
        }
        return links;
    }

    static void ReadTable(H5Bytes file, long address, H5Heap names, List<(string, long)> links, string group, int height)
    {
        if (height == 0) throw file.Wrong("The nodes of an HDF5 file's group point to each other", address, $"a tree of at most {Highest} levels", "more");
        var head = file.At(address, 24, "A group's node");
        head.Signature("TREE", "A group's node");
        var (kind, level, count) = (head.Byte(), head.Byte(), head.UInt16());
        if (kind != 0) throw file.Wrong("A node of an HDF5 file is of another kind", address, "0, a group's", $"{kind}");
        var cursor = file.At(address + 24, (count * 16L) + 8, "A group's node");
        for (var i = 0; i < count; i++)
        {
            cursor.Skip(8);
            var child = cursor.Int64();
            if (level > 0) ReadTable(file, child, names, links, group, Math.Min(height - 1, level));
            else ReadEntries(file, child, names, links, group);
        }
    }

    static void ReadEntries(H5Bytes file, long address, H5Heap names, List<(string, long)> links, string group)
    {
        var head = file.At(address, 8, "A group's table");
        head.Signature("SNOD", "A group's table");
        head.Version("A group's table", 1, 1);
        head.Skip(1);
        var count = head.UInt16();
        var cursor = file.At(address + 8, count * (long)EntrySize, "A group's table");
        for (var i = 0; i < count; i++)
        {
            var (name, target, cache) = (names[cursor.Int64()], cursor.Int64(), cursor.UInt32());
            cursor.Skip(20);
            if (cache == SoftLink) throw NotHard(file, group, name);
            links.Add((name, target));
        }
    }

    static (string Name, long Address) ReadLink(ref H5Cursor cursor, H5Bytes file, string group)
    {
        cursor.Version("A link", 1, 1);
        var flags = cursor.Byte();
        var kind = (flags & 8) != 0 ? cursor.Byte() : 0;
        cursor.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0));
        var name = cursor.Text(cursor.Number(1 << (flags & 3)));
        return kind == 0 ? (name, cursor.Int64()) : throw NotHard(file, group, name);
    }

    static void RefuseDense(ref H5Cursor cursor, H5Bytes file, string group)
    {
        cursor.Version("A group's description", 0, 0);
        if ((cursor.Byte() & 1) != 0) cursor.Skip(8);
        if (cursor.Int64() != H5Bytes.Undefined)
            throw file.Unsupported("A group of an HDF5 file is stored in a heap", $"group '{group}'", "the layout of h5py's default, libver='earliest' without track_order", "a dense group");
    }

    /// <summary>The error for soft and external links, which are never followed.</summary>
    static UnsupportedException NotHard(H5Bytes file, string group, string name) =>
        file.Unsupported("A group of an HDF5 file holds a link by name", $"'{group}/{JsonText.Show(name).Trim('\'')}'", "the object itself", "a soft or external link, which may lead anywhere");
}

/// <summary>The names of a group of the old layout.</summary>
readonly struct H5Heap
{
    readonly H5Bytes _file;
    readonly long _start;
    readonly long _length;

    public H5Heap(H5Bytes file, long address)
    {
        var cursor = file.At(address, 32, "A heap of names");
        cursor.Signature("HEAP", "A heap of names");
        cursor.Version("A heap of names", 0, 0);
        cursor.Skip(3);
        _length = cursor.Int64();
        cursor.Skip(8);
        _start = cursor.Int64();
        _file = file;
        file.CheckRange(_start, _length, "A heap of names");
    }

    /// <summary>The name at an offset, up to its terminating zero.</summary>
    public string this[long offset]
    {
        get
        {
            const int longest = 4096;
            if (offset < 0 || offset > _length) throw _file.Wrong("A name lies outside its heap", _start, $"0 to {_length}", $"{offset}");
            return _file.TextAt(_start + offset, Math.Min(longest, _length - offset), "A name");
        }
    }
}
