namespace Keras.Transformers;

/// <summary>Compares a column's values.</summary>
sealed class RowOrder
{
    readonly ColumnData _column;
    readonly bool _reverse;
    readonly int _null;
    readonly string[]? _texts;

    /// <exception cref="UnsupportedException">The values have no order.</exception>
    public RowOrder(ColumnData column, string name, bool reverse, bool nullsFirst)
    {
        if (column.Element is null or { Kind: ElementKind.Bytes })
            throw new UnsupportedException("The rows cannot be sorted by this column", $"column \"{name}\"", "numbers, flags, texts or times", $"{column.Type}", "Add a column with what the order is to follow.");
        (_column, _reverse, _null) = (column, reverse, nullsFirst ? -1 : 1);
        if (column.Element.Kind == ElementKind.Text) _texts = [.. Enumerable.Range(0, column.Length).Select(i => column.IsNull(i) ? "" : column.Text(i))];
    }

    public int Compare(int a, int b)
    {
        var (nullA, nullB) = (_column.IsNull(a), _column.IsNull(b));
        if (nullA || nullB) return nullA == nullB ? 0 : nullA ? _null : -_null;
        var difference = _texts is not null ? Keras.Saving.JsonText.CodePointOrder.Compare(_texts[a], _texts[b])
            : _column.Element!.Kind switch
            {
                ElementKind.Bool => _column.Flag(a).CompareTo(_column.Flag(b)),
                ElementKind.Decimal => _column.Int128(a).CompareTo(_column.Int128(b)),
                ElementKind.Float => Floats(_column.Double(a), _column.Double(b)),
                _ => _column.Int64(a).CompareTo(_column.Int64(b)),
            };
        return _reverse ? -difference : difference;
    }

    /// <summary>Compares floats; as in Arrow, NaN is larger than every number.</summary>
    static int Floats(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.IsNaN(a).CompareTo(double.IsNaN(b)) : a.CompareTo(b);
}
