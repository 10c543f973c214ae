using System.Text.Unicode;
using Keras.Checkpoints;

namespace Keras.Transformers;

/// <summary>Reads TFRecord files of tf.train.Example. A feature with one value in every record is a value, otherwise a list; bytes that are all UTF-8 are texts.</summary>
sealed class TfRecordReader(string path) : RowReader(path)
{
    /// <summary>What is known of a feature so far.</summary>
    sealed class Seen
    {
        public TfExampleKind Kind;
        public bool IsList, IsBinary;

        public Feature Feature
        {
            get
            {
                var value = new Value(Kind switch { TfExampleKind.Bytes => IsBinary ? "binary" : "string", TfExampleKind.Floats => "float32", TfExampleKind.Integers => "int64", _ => "null" });
                return IsList ? new Sequence(value) : value;
            }
        }
    }

    public override Features Infer(int? rows, CancellationToken cancellation)
    {
        var seen = new OrderedDictionary<string, Seen>();
        foreach (var (row, record) in TfRecordFile.Read(Path).Index())
        {
            if (row == rows) break;
            cancellation.ThrowIfCancellationRequested();
            OfExample(row, () =>
            {
                foreach (var entry in TfExample.Read(record))
                {
                    if (!seen.TryGetValue(entry.Name, out var column)) seen[entry.Name] = column = new();
                    See(column, entry, row);
                }
            });
        }
        return new(seen.Select(s => KeyValuePair.Create(s.Key, s.Value.Feature)));
    }

    void See(Seen column, TfExample.Entry entry, int row)
    {
        if (entry.Kind == TfExampleKind.None) return;
        if (column.Kind != TfExampleKind.None && column.Kind != entry.Kind)
            throw new FileFormatException("A feature has a list of another type than in the records before", $"{Path}, row {row}, column \"{entry.Name}\"", $"{column.Kind}", $"{entry.Kind}");
        column.Kind = entry.Kind;
        var count = 0;
        if (entry.Kind == TfExampleKind.Bytes)
            foreach (var bytes in TfExample.Bytes(entry.List))
            {
                count++;
                if (!column.IsBinary && !Utf8.IsValid(bytes.Span)) column.IsBinary = true;
            }
        else count = entry.Kind == TfExampleKind.Floats ? TfExample.Floats(entry.List).Count : TfExample.Integers(entry.List).Count;
        if (count != 1) column.IsList = true;
    }

    public override IEnumerable<DatasetBatch> Read(Features features, CancellationToken cancellation) =>
        InBatches(features, TfRecordFile.Read(Path), (builders, record, row) => OfExample(row, () => Append(features, builders, record)), cancellation);

    static void Append(Features features, ColumnBuilder[] builders, ReadOnlyMemory<byte> record)
    {
        foreach (var builder in builders) builder.Pending = true;
        foreach (var entry in TfExample.Read(record))
        {
            if (!features.ContainsKey(entry.Name)) continue;
            var builder = builders[features.IndexOf(entry.Name)];
            if (!builder.Pending || entry.Kind == TfExampleKind.None) continue;
            builder.Pending = false;
            builder.AppendExample(entry);
        }
        foreach (var builder in builders)
            if (builder.Pending) builder.AppendNull();
    }

    /// <summary>Runs a read of an example; lists are parsed only when used, so errors are caught here.</summary>
    void OfExample(int row, Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException e)
        {
            throw new FileFormatException($"A record is not a tf.train.Example: {e.Message}", $"{Path}, row {row}", null, null, null, e);
        }
    }
}
