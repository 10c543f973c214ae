namespace Keras.Transformers;

/// <summary>A transform needs a column that the data does not have, or has with another type. It is caught as ML.NET's own error of this kind is, as <see cref="ArgumentOutOfRangeException"/>.</summary>
public sealed class ColumnMismatchException : ArgumentOutOfRangeException
{
    readonly string _message;

    internal ColumnMismatchException(string what, string column, string expected, string received, string remedy) =>
        (Column, Expected, Received, _message) = (column, expected, received, new UnsupportedException(what, $"column \"{column}\"", expected, received, remedy).Message);

    /// <summary>The column.</summary>
    public string Column { get; }

    /// <summary>The expected value.</summary>
    public string Expected { get; }

    /// <summary>The data's actual column.</summary>
    public string Received { get; }

    /// <inheritdoc/>
    public override string Message => _message;
}
