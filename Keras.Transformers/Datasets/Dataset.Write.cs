using System.Text;
using System.Text.Json;
using Keras.Files;

namespace Keras.Transformers;

public sealed partial class Dataset
{
    const int Buffered = 1 << 20;

    /// <summary>Writes a CSV file as pandas does, completely or not at all: null becomes an empty field, lists and records become JSON.</summary>
    /// <param name="path_or_buf">The file.</param>
    /// <param name="sep">The separator of columns. Default ",".</param>
    /// <param name="header">Whether the first row has the names. Default true.</param>
    /// <param name="cancellation_token">Cancels between batches; the file is as it was.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="UnsupportedException">A column holds bytes.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public long to_csv(string path_or_buf, string sep = ",", bool header = true, CancellationToken cancellation_token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path_or_buf);
        if (sep is not { Length: 1 }) throw new ArgumentException($"The separator is not one character. Expected: one character. Received: {Known.Say(sep)}.", nameof(sep));
        JsonRows.Check(features);
        return WriteFile(path_or_buf, "Creating CSV from Arrow format", stream =>
        {
            var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
            if (header) CsvRows.WriteHeader(writer, features, sep[0]);
            return (batch => CsvRows.Write(writer, batch, sep[0]), writer.Flush);
        }, cancellation_token);
    }

    /// <summary>Writes JSON lines, one object per line, completely or not at all.</summary>
    /// <param name="path_or_buf">The file.</param>
    /// <param name="lines">Whether each line is an object (default), or the file is one list.</param>
    /// <param name="cancellation_token">Cancels between batches; the file is as it was.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="UnsupportedException">A column holds bytes.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public long to_json(string path_or_buf, bool lines = true, CancellationToken cancellation_token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path_or_buf);
        JsonRows.Check(features);
        return WriteFile(path_or_buf, "Creating json from Arrow format", stream =>
        {
            var (json, first) = (new Utf8JsonWriter(stream, JsonRows.Options), true);
            if (!lines) stream.WriteByte((byte)'[');
            void Write(DatasetBatch batch)
            {
                for (var row = 0; row < batch.num_rows; row++)
                {
                    if (!lines && !first) stream.WriteByte((byte)',');
                    first = false;
                    json.WriteStartObject();
                    for (var c = 0; c < batch.Data.Length; c++)
                    {
                        json.WritePropertyName(batch.features.NameAt(c));
                        JsonRows.Write(json, batch.Data[c], row);
                    }
                    json.WriteEndObject();
                    json.Flush();
                    json.Reset();
                    if (lines) stream.WriteByte((byte)'\n');
                }
            }
            void End()
            {
                if (!lines) stream.WriteByte((byte)']');
                json.Dispose();
            }
            return (Write, End);
        }, cancellation_token);
    }

    /// <summary>Writes a TFRecord file of tf.train.Example with checksums, completely or not at all: integers and bools as int64_list, fractions as float_list, texts and bytes as
    /// bytes_list, nothing for null.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation_token">Cancels between batches; the file is as it was.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="UnsupportedException">A column holds lists of lists, records or times.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public long to_tfrecord(string path, CancellationToken cancellation_token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        TfRecordWriter.Check(features);
        return WriteFile(path, "Creating TFRecord from Arrow format", stream => (batch => TfRecordWriter.Write(stream, batch), () => { }), cancellation_token);
    }

    /// <summary>Writes a Parquet file (Snappy), completely or not at all, with the types stored as <c>datasets</c> and pyarrow store them.</summary>
    /// <param name="path_or_buf">The file.</param>
    /// <param name="batch_size">Rows of a group. Default 10,000.</param>
    /// <param name="cancellation_token">Cancels between groups; the file is as it was.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    /// <exception cref="UnsupportedException">A record has no members.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public long to_parquet(string path_or_buf, int batch_size = 10_000, CancellationToken cancellation_token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path_or_buf);
        Require.Count(1, batch_size);
        return WriteFile(path_or_buf, "Creating parquet from Arrow format", stream =>
        {
            var writer = new ParquetFileWriter(stream, features);
            return (writer.Write, writer.Finish);
        }, cancellation_token, batch_size);
    }

    long WriteFile(string path, string what, Func<Stream, (Action<DatasetBatch> Write, Action Finish)> begin, CancellationToken cancellation, int size = RowsOfPiece)
    {
        using var progress = new DatasetProgress(what, num_rows);
        AtomicFile.Write(path, stream =>
        {
            using var buffered = new BufferedStream(stream, Buffered);
            var (write, finish) = begin(buffered);
            for (var start = 0; start < num_rows; start += size)
            {
                cancellation.ThrowIfCancellationRequested();
                var batch = GatherAll(start, Math.Min(size, num_rows - start));
                write(batch);
                progress.Add(batch.num_rows);
            }
            finish();
        });
        return new FileInfo(path).Length;
    }
}
