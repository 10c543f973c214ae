using Keras.Files;

namespace Keras.Transformers;

/// <summary>Receives rows as they are produced.</summary>
/// <param name="features">The features, the same for every call.</param>
/// <param name="columns">The columns.</param>
/// <param name="rows">The number of rows.</param>
delegate void RowSink(Features features, ColumnData[] columns, int rows);

/// <summary>Stores produced rows in an Arrow file, which is written completely or not at all and then mapped, or in memory.</summary>
static class ArrowCache
{
    const int Buffered = 1 << 20;

    /// <summary>Makes a table.</summary>
    /// <param name="path">The file; null for memory.</param>
    /// <param name="produce">Hands the rows over, and returns the features, which an empty table has too.</param>
    public static Table Write(string? path, Func<RowSink, Features> produce)
    {
        if (path is null)
        {
            var chunks = new List<TableChunk>();
            var made = produce((_, columns, rows) =>
            {
                if (rows > 0) chunks.Add(new(columns, rows));
            });
            return new(made, chunks);
        }
        AtomicFile.Write(path, stream => WriteTo(stream, produce));
        return ArrowFile.Open(path);
    }

    /// <summary>Writes a whole stream.</summary>
    public static void WriteTo(Stream stream, Func<RowSink, Features> produce)
    {
        using var buffered = new BufferedStream(stream, Buffered);
        ArrowStreamWriter? writer = null;
        var features = produce((features, columns, rows) =>
        {
            writer ??= new(buffered, features);
            if (rows > 0) writer.Write(columns, rows);
        });
        writer ??= new(buffered, features);
        writer.Finish();
    }
}
