namespace Keras.Transformers;

/// <summary>
/// A column of a Parquet file as a tree. Its leaves hold values with levels: how much of the path is not null (definition), and in which list
/// a new element starts (repetition).
/// </summary>
/// <remarks>Source: Melnik and others, "Dremel" (2010); https://parquet.apache.org/docs/file-format/nestedencoding.</remarks>
sealed class ParquetNode
{
    /// <summary>The node's type in Arrow: Value, Sequence or Features.</summary>
    public required Feature Type { get; init; }

    /// <summary>The name of the column or member.</summary>
    public required string Name { get; init; }

    public ParquetNode[] Children { get; init; } = [];

    /// <summary>The index of the first leaf below, or of this leaf.</summary>
    public int Leaf { get; init; }

    /// <summary>The definition level from which on the value, list or record is not null.</summary>
    public int Present { get; init; }

    /// <summary>For lists: the definition level from which on there is an element.</summary>
    public int Element { get; init; }

    /// <summary>The number of lists around the node.</summary>
    public int Repetition { get; init; }

    /// <summary>For leaves: the physical type, and the length of its elements if it is fixed.</summary>
    public (int Type, int Length) Physical { get; init; }

    /// <summary>For leaves: the largest levels.</summary>
    public (int Definition, int Repetition) Most { get; init; }

    /// <summary>For leaves: the name of the whole column.</summary>
    public string Column { get; set; } = "";
}

/// <summary>Reads the list of schema elements, a tree in depth-first order.</summary>
sealed class ParquetSchemaReader(IReadOnlyList<ThriftStruct> elements, string file)
{
    const int Deepest = 64;
    const int Required = 0, Repeated = 2;
    const int ConvertedList = 3, ConvertedMap = 1, ConvertedMapKeyValue = 2, LogicalMap = 2, LogicalList = 3;

    int _next = 1;

    public List<ParquetNode> Leaves { get; } = [];

    /// <exception cref="InvalidDataException">The tree contradicts itself.</exception>
    /// <exception cref="UnsupportedException">A column is of a type that is not read here.</exception>
    public ParquetNode[] Read()
    {
        if (elements.Count == 0) throw new InvalidDataException("there is no schema");
        var columns = new ParquetNode[Children(elements[0])];
        for (var i = 0; i < columns.Length; i++)
        {
            var first = Leaves.Count;
            columns[i] = Node(0, 0, 0);
            foreach (var leaf in Leaves.Skip(first)) leaf.Column = columns[i].Name;
        }
        if (columns.Select(c => c.Name).Distinct().Count() != columns.Length) throw new InvalidDataException("two columns have one name");
        return columns;
    }

    int Children(ThriftStruct element) => element.Int(5) is >= 0 and var n && n <= elements.Count ? n : throw new InvalidDataException("a part of the schema has a wrong number of children");

    ParquetNode Node(int definition, int repetition, int depth)
    {
        if (depth > Deepest) throw new InvalidDataException($"columns are nested deeper than {Deepest} levels");
        if (_next >= elements.Count) throw new InvalidDataException("the schema is cut off");
        var element = elements[_next++];
        var name = element.Text(4);
        var repeats = element.Int(3, Required);
        if (repeats == Repeated)
        {
            // A list without a group around it: it may be empty, but never null.
            var item = Content(element, name, definition + 1, repetition + 1, depth);
            return new() { Name = name, Type = new Sequence(item.Type), Children = [item], Leaf = item.Leaf, Present = definition, Element = definition + 1, Repetition = repetition };
        }
        return Content(element, name, definition + (repeats == Required ? 0 : 1), repetition, depth);
    }

    ParquetNode Content(ThriftStruct element, string name, int definition, int repetition, int depth)
    {
        if (!element.Has(5) || Children(element) == 0 && element.Has(1)) return LeafOf(element, name, definition, repetition);
        var converted = element.Int(6, -1);
        if (converted is ConvertedMap or ConvertedMapKeyValue || IsLogical(element, LogicalMap)) return MapOf(name, definition, repetition, depth);
        if ((converted == ConvertedList || IsLogical(element, LogicalList)) && Children(element) == 1) return ListOf(name, definition, repetition, depth);
        var leaf = Leaves.Count;
        var children = new ParquetNode[Children(element)];
        for (var i = 0; i < children.Length; i++) children[i] = Node(definition, repetition, depth + 1);
        if (children.Length == 0) throw ParquetTypes.Unsupported(file, name, "a record without members");
        if (children.Select(c => c.Name).Distinct().Count() != children.Length) throw new InvalidDataException("two members have one name");
        return new() { Name = name, Type = new Features(children.Select(c => KeyValuePair.Create(c.Name, c.Type))), Children = children, Leaf = leaf, Present = definition, Repetition = repetition };
    }

    /// <summary>Reads a list: a repeated group that holds the element, or in old files the repeated element itself.</summary>
    ParquetNode ListOf(string name, int definition, int repetition, int depth)
    {
        if (_next >= elements.Count || elements[_next].Int(3, Required) != Repeated) throw new InvalidDataException($"the list \"{name}\" does not repeat");
        var repeated = elements[_next++];
        var isElement = !repeated.Has(5) || Children(repeated) != 1 || repeated.Text(4) == "array" || repeated.Text(4) == name + "_tuple";
        var item = isElement ? Content(repeated, repeated.Text(4), definition + 1, repetition + 1, depth + 1) : Node(definition + 1, repetition + 1, depth + 1);
        return new() { Name = name, Type = new Sequence(item.Type), Children = [item], Leaf = item.Leaf, Present = definition, Element = definition + 1, Repetition = repetition };
    }

    /// <summary>Reads a map as a list of records: a repeated group that holds a key and a value, whatever their names.</summary>
    ParquetNode MapOf(string name, int definition, int repetition, int depth)
    {
        if (_next >= elements.Count || elements[_next].Int(3, Required) != Repeated || !elements[_next].Has(5)) throw new InvalidDataException($"the map \"{name}\" does not repeat");
        if (Children(elements[_next++]) != 2) throw ParquetTypes.Unsupported(file, name, "a map without values");
        var leaf = Leaves.Count;
        ParquetNode[] children = [Node(definition + 1, repetition + 1, depth + 1), Node(definition + 1, repetition + 1, depth + 1)];
        var record = new ParquetNode { Name = name, Type = new Features { ["key"] = children[0].Type, ["value"] = children[1].Type }, Children = children, Leaf = leaf, Present = definition + 1, Repetition = repetition + 1 };
        return new() { Name = name, Type = new Sequence(record.Type), Children = [record], Leaf = leaf, Present = definition, Element = definition + 1, Repetition = repetition };
    }

    ParquetNode LeafOf(ThriftStruct element, string name, int definition, int repetition)
    {
        var leaf = new ParquetNode { Name = name, Type = new Value(ParquetTypes.Of(element, file, name)), Leaf = Leaves.Count, Present = definition, Repetition = repetition, Physical = (element.Int(1), element.Int(2)), Most = (definition, repetition) };
        Leaves.Add(leaf);
        return leaf;
    }

    static bool IsLogical(ThriftStruct element, int kind) => element.Has(10) && element.Struct(10).Has(kind);
}
