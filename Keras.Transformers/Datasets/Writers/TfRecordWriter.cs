using System.Buffers.Binary;
using Keras.Checkpoints;

namespace Keras.Transformers;

/// <summary>Writes rows as records of tf.train.Example: integers and bools as int64_list, floats as float_list, texts and bytes as bytes_list, nulls as empty lists.</summary>
static class TfRecordWriter
{
    /// <exception cref="UnsupportedException">A column holds lists of lists, records or times.</exception>
    public static void Check(Features features)
    {
        foreach (var (name, feature) in features)
            if ((feature.Storage is Sequence list ? list.feature : feature.Storage) is not Value { Element: { Kind: ElementKind.Bool } or { IsNumber: true } or { HasBytes: true } })
                throw new UnsupportedException("A tf.train.Example cannot hold a column", $"column \"{name}\"", "numbers, flags, texts and bytes, and lists of these", $"{feature}", "Remove or flatten the column first.");
    }

    public static void Write(Stream stream, DatasetBatch batch)
    {
        for (var row = 0; row < batch.num_rows; row++)
            TfRecordFile.Write(stream, TfExample.Write(batch.features.Index().Select(c => (c.Item.Key, KindOf(c.Item.Value), List(batch.Data[c.Index], row)))));
    }

    static TfExampleKind KindOf(Feature feature) => ((Value)(feature.Storage is Sequence list ? list.feature.Storage : feature.Storage)).Element.Kind switch
    {
        ElementKind.Float => TfExampleKind.Floats,
        ElementKind.Text or ElementKind.Bytes => TfExampleKind.Bytes,
        _ => TfExampleKind.Integers,
    };

    static byte[] List(ColumnData column, int row)
    {
        if (column.IsNull(row)) return [];
        var (items, start, count) = column.Type is Sequence ? (column.Children[0], column.Range(row).Start, column.Range(row).Count) : (column, row, 1);
        var (list, packed) = (new ByteBuffer(), new ByteBuffer());
        for (var i = start; i < start + count; i++)
        {
            if (items.IsNull(i)) continue;
            switch (items.Element!.Kind)
            {
                case ElementKind.Text or ElementKind.Bytes: TfExample.Part(list, 1, items.Bytes(i)); break;
                case ElementKind.Float: BinaryPrimitives.WriteSingleLittleEndian(packed.Grow(sizeof(float)), (float)items.Double(i)); break;
                case ElementKind.Bool: TfExample.WriteVarint(packed, items.Flag(i) ? 1UL : 0); break;
                default: TfExample.WriteVarint(packed, (ulong)items.Int64(i)); break;
            }
        }
        if (packed.Length > 0) TfExample.Part(list, 1, packed.Written.Span);
        return list.Written.ToArray();
    }
}
