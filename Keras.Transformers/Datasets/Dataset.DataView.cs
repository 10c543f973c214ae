using Microsoft.ML;

namespace Keras.Transformers;

public sealed partial class Dataset
{
    /// <summary>Creates a data set in memory from an ML.NET data view, read once from start to end. Use <see cref="IterableDataset.from_dataview"/> to keep no rows.</summary>
    /// <param name="data">
    /// The view; columns that it hides are left out. Numbers, flags and times keep their type (times to the microsecond), texts are strings, vectors lists (of fixed lengths where the view
    /// knows them, lists of lists for more dimensions). Keys with names are a <see cref="ClassLabel"/>, without names one of their number, or int64 from 0 above 65,536 values; a missing key is null.
    /// </param>
    /// <param name="features">The types; default: those of the view.</param>
    /// <param name="cancellation_token">Cancels between rows.</param>
    /// <exception cref="ArgumentException">features names other columns.</exception>
    /// <exception cref="DTypeMismatchException">A value does not convert to the type in features.</exception>
    /// <exception cref="UnsupportedException">A column is of a type that data sets do not have.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static Dataset from_dataview(IDataView data, Features? features = null, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var rows = new DataViewRows(data, features);
        return new(new Table(rows.Features, rows.Read(cancellation_token).Select(b => new TableChunk(b.Data, b.num_rows))), Fingerprints.New());
    }

    /// <summary>The data set as an ML.NET data view. Nothing is copied: cursors read the rows when they reach them, and trainers may ask for them in random order.</summary>
    /// <remarks>
    /// Labels are keys with their names, and no label (null or -1) is the missing key. Lists are vectors, bytes vectors of Byte, float16 is Single, dates are DateTime, times of day TimeSpan.
    /// A null becomes NaN in a column of fractions, an empty text or an empty vector; elsewhere it is an error when its row is read.
    /// </remarks>
    /// <exception cref="UnsupportedException">A column is a record, a picture, or lists of lists of any length.</exception>
    public IDataView to_dataview() => new DatasetDataView(this);
}
