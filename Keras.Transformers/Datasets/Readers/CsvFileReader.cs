using System.Text;
using nietras.SeparatedValues;

namespace Keras.Transformers;

/// <summary>Reads a CSV file as <c>load_dataset("csv")</c> does: pandas' markers for missing values become null, and a column holds integers, floats, bools or texts.</summary>
sealed class CsvFileReader(string path, char separator, string[]? names) : RowReader(path)
{
    static readonly HashSet<string> Nothing = ["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"];
    static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NothingLookup = Nothing.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Tracks the types that a column may still have.</summary>
    sealed class Candidate
    {
        public bool Whole = true, Number = true, Flag = true, HasNull, HasValue;

        public void See(ReadOnlySpan<char> cell)
        {
            if (IsNothing(cell))
            {
                HasNull = true;
                return;
            }
            HasValue = true;
            if (Whole && !PandasNumber.TryInteger(cell, out _)) Whole = false;
            if (Number && !Whole && !PandasNumber.TryFloat(cell, out _)) Number = false;
            if (Flag && FlagOf(cell) is null) Flag = false;
        }

        public Feature Feature => new Value(!HasValue ? "null" : Whole ? (HasNull ? "float64" : "int64") : Number ? "float64" : Flag && !HasNull ? "bool" : "string");
    }

    public override Features Infer(int? rows, CancellationToken cancellation)
    {
        using var reader = Open();
        string[] columns = [.. Names(reader)];
        Candidate[] candidates = [.. columns.Select(_ => new Candidate())];
        for (var row = 0; row != rows && MoveNext(reader, row); row++)
        {
            cancellation.ThrowIfCancellationRequested();
            var cells = reader.Current;
            for (var c = 0; c < candidates.Length; c++) candidates[c].See(cells[c].Span);
        }
        return new(columns.Select((name, i) => KeyValuePair.Create(name, candidates[i].Feature)));
    }

    public override IEnumerable<DatasetBatch> Read(Features features, CancellationToken cancellation)
    {
        using var reader = Open();
        string[] columns = [.. Names(reader)];
        if (columns.Length != features.Count || columns.Any(n => !features.ContainsKey(n)))
            throw new FileFormatException("The columns of a file are not the expected ones", Path, Known.List(features.Keys), Known.List(columns), "Give all files of a split the same columns.");
        int[] order = [.. columns.Select(features.IndexOf)];
        foreach (var batch in InBatches(features, Rows(reader, cancellation), (builders, row, _) => Append(reader.Current, builders, order), cancellation)) yield return batch;
    }

    IEnumerable<int> Rows(SepReader reader, CancellationToken cancellation)
    {
        for (var row = 0; MoveNext(reader, row); row++) yield return row;
    }

    static void Append(SepReader.Row cells, ColumnBuilder[] builders, int[] order)
    {
        for (var c = 0; c < order.Length; c++) builders[order[c]].AppendCell(cells[c].Span);
    }

    public static bool IsNothing(ReadOnlySpan<char> cell) => cell.Length <= 8 && NothingLookup.Contains(cell);

    public static bool? FlagOf(ReadOnlySpan<char> cell) => cell switch { "True" or "TRUE" or "true" => true, "False" or "FALSE" or "false" => false, _ => null };

    SepReader Open()
    {
        var text = new StreamReader(Path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return Sep.Reader(o => o with { Sep = new(separator), HasHeader = names is null, Unescape = true }).From(text);
        }
        catch (Exception e) when (IsOfFile(e))
        {
            text.Dispose();
            throw Damaged(e, 0);
        }
    }

    IReadOnlyList<string> Names(SepReader reader)
    {
        IReadOnlyList<string> columns = names ?? [.. reader.Header.ColNames.Select(Unquoted)];
        var seen = new HashSet<string>();
        foreach (var name in columns)
            if (!seen.Add(name)) throw new FileFormatException("Two columns have the same name", Path, "names that differ", name, "Name the columns with column_names.");
        return columns;
    }

    static string Unquoted(string name) => name is ['"', .., '"'] ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name;

    bool MoveNext(SepReader reader, int row)
    {
        try
        {
            if (!reader.MoveNext()) return false;
        }
        catch (Exception e) when (IsOfFile(e))
        {
            throw Damaged(e, row);
        }
        if (names is not null && reader.Current.ColCount != names.Length) throw new FileFormatException("A row has another number of columns", $"{Path}, row {row}", $"{names.Length}", $"{reader.Current.ColCount}");
        return true;
    }

    static bool IsOfFile(Exception e) => e is InvalidDataException or DecoderFallbackException or ArgumentException or NotSupportedException;

    FileFormatException Damaged(Exception e, int row) => e is DecoderFallbackException
        ? new("A text is not UTF-8", $"{Path}, after row {row}", "UTF-8", null, "Convert the file to UTF-8.", e)
        : new($"A CSV file is malformed: {e.Message}", $"{Path}, row {row}", "rows with as many columns as the first", null, "Give the separator (sep), or mend the row.", e);
}
