namespace Keras.Callbacks;

/// <summary>Writes the logs of each epoch as a line of a CSV file: the epoch, then the logs sorted by name, or "NA" if one is missing.</summary>
/// <remarks>If no validation ran in the first epoch (validation_freq), its columns are added when one does. Source: keras/src/callbacks/csv_logger.py.</remarks>
public class CSVLogger : Callback, IDisposable
{
    readonly string _filename;
    readonly string _separator;
    readonly bool _append;
    StreamWriter? _writer;
    List<string>? _keys;
    bool _headerIsWritten;

    /// <summary>Writes the logs of each epoch as a line of a CSV file.</summary>
    /// <param name="filename">The file.</param>
    /// <param name="separator">The text between the values; default ",".</param>
    /// <param name="append">Whether lines are added to a file that exists; default false.</param>
    public CSVLogger(string filename, string separator = ",", bool append = false)
    {
        ArgumentNullException.ThrowIfNull(filename);
        (_filename, _separator, _append) = (filename, separator, append);
    }

    /// <inheritdoc/>
    public override void on_train_begin(Logs logs)
    {
        Dispose();
        var continued = _append && File.Exists(_filename) && new FileInfo(_filename).Length > 0;
        _writer = new(_filename, _append) { NewLine = "\r\n" };
        (_keys, _headerIsWritten) = (null, continued);
    }

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var writer = _writer ?? throw new InvalidOperationException("CSVLogger has no open file: pass it to fit as a callback.");
        if (_keys is null)
        {
            _keys = [.. logs.Keys.Order(StringComparer.Ordinal)];
            if (@params.Validates && !_keys.Exists(k => k.StartsWith("val_", StringComparison.Ordinal))) _keys.AddRange([.. _keys.Select(k => $"val_{k}")]);
            if (!_headerIsWritten) writer.WriteLine(string.Join(_separator, _keys.Prepend("epoch")));
        }
        writer.WriteLine(string.Join(_separator, _keys.Select(k => logs.TryGet(k, out var value) ? PythonFloat.Text(value) : "NA").Prepend(PythonFloat.Text(epoch))));
        writer.Flush();
    }

    /// <inheritdoc/>
    public override void on_train_end(Logs logs) => Dispose();

    /// <summary>Closes the CSV file.</summary>
    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
        GC.SuppressFinalize(this);
    }
}
