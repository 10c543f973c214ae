namespace Keras.Transformers;

sealed partial class ColumnBuilder
{
    /// <summary>Appends a row from a cell of a CSV file.</summary>
    /// <exception cref="DTypeMismatchException">The text is not a value of the column's type.</exception>
    public void AppendCell(ReadOnlySpan<char> cell)
    {
        if (CsvFileReader.IsNothing(cell))
        {
            AppendNull();
            return;
        }
        switch (_element?.Kind)
        {
            case ElementKind.Text or ElementKind.Bytes: AppendText(cell); return;
            case ElementKind.Int or ElementKind.UInt when PandasNumber.TryInteger(cell, out var whole):
                Check(whole);
                AppendNumber(_element, whole);
                break;
            case ElementKind.Int when _labels is not null: AppendObject(cell.ToString()); return;
            case ElementKind.Float when PandasNumber.TryFloat(cell, out var number): AppendNumber(_element, number); break;
            case ElementKind.Decimal when Decimals.TryParse(cell, out var exact): AppendObject(exact); return;
            case ElementKind.Bool when CsvFileReader.FlagOf(cell) is { } flag: _flags.Append(flag); break;
            case ElementKind.Date or ElementKind.Timestamp when DateTime.TryParse(cell, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.RoundtripKind, out var time): AppendObject(time); return;
            default: throw Mismatch(cell.ToString());
        }
        Valid(true);
    }
}
