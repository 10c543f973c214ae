namespace Keras.Transformers;

/// <summary>Makes columns from the levels and values of leaves.</summary>
sealed class ParquetAssembly(IReadOnlyList<ParquetLeafData> leaves)
{
    /// <summary>The rows of a column.</summary>
    public ColumnData Column(ParquetNode column) => Build(column, slot: 0);

    /// <param name="node">The column or a part of it.</param>
    /// <param name="slot">The definition level from which on the node has a slot for its value, null or not.</param>
    ColumnData Build(ParquetNode node, int slot)
    {
        var leaf = leaves[node.Leaf];
        if (node.Children.Length == 0) return Leaf(node, leaf, slot);
        var validity = new BitBuffer();
        var (length, nulls, elements) = (0, 0, 0);
        var offsets = new ByteBuffer();
        var isList = node.Type is Sequence;
        for (var i = 0; i < leaf.Count; i++)
        {
            var (definition, repetition) = (leaf.Definitions.Length == 0 ? 0 : leaf.Definitions[i], leaf.Repetitions.Length == 0 ? 0 : leaf.Repetitions[i]);
            if (repetition <= node.Repetition && definition >= slot)
            {
                if (isList) offsets.Append(elements);
                var valid = definition >= node.Present;
                validity.Append(valid);
                length++;
                if (!valid) nulls++;
            }
            if (isList && repetition <= node.Repetition + 1 && definition >= node.Element) elements++;
        }
        if (!isList) return new(node.Type, length, validity.Written, nulls, default, default, [.. node.Children.Select(c => Same(Build(c, slot), length))]);
        offsets.Append(elements);
        return new(node.Type, length, validity.Written, nulls, default, offsets.Written, Same(Build(node.Children[0], node.Element), elements));
    }

    static ColumnData Same(ColumnData child, int length) => child.Length == length ? child : throw new InvalidDataException("the parts of a record or list differ in length");

    static ColumnData Leaf(ParquetNode node, ParquetLeafData leaf, int slot)
    {
        if (leaf.Values.Length == leaf.Count) return leaf.Values;
        var builder = new ColumnBuilder(node.Type, node.Column) { ChecksTexts = false };
        for (int i = 0, value = 0; i < leaf.Count;)
        {
            var run = 0;
            while (i + run < leaf.Count && leaf.Definitions[i + run] == node.Most.Definition) run++;
            if (run > 0)
            {
                builder.Append(leaf.Values, value, run);
                (i, value) = (i + run, value + run);
                continue;
            }
            if (leaf.Definitions[i++] >= slot) builder.AppendNull();
        }
        return builder.Build();
    }
}
