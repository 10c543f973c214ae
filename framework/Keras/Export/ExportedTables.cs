using Keras.Graphs;
using Keras.SavedModels;

namespace Keras.Export;

/// <summary>The lookup tables that endpoints use, with the text files that initialize them, which are copied into the export's assets.</summary>
sealed class ExportedTables : IDisposable
{
    readonly string _folder = Path.Combine(Path.GetTempPath(), $"keras-tables-{Guid.NewGuid():N}");

    ExportedTables() { }

    public IReadOnlyList<SavedModelTable> Tables { get; private set; } = [];

    public static ExportedTables Of(IEnumerable<FunctionGraph> functions)
    {
        var tables = new ExportedTables();
        try
        {
            var taken = new HashSet<string>();
            tables.Tables = [.. functions.SelectMany(f => f.CapturedSources).OfType<EagerTensor>().Where(t => t.Table is not null).Distinct().Select(handle =>
            {
                var table = handle.Table!;
                var name = table.Name;
                for (var i = 1; !taken.Add(name); i++) name = $"{table.Name}_{i}";
                return new SavedModelTable(name, handle, table.KeyDType, table.ValueDType, tables.SourceOf(table, name));
            })];
        }
        catch
        {
            tables.Dispose();
            throw;
        }
        return tables;
    }

    /// <summary>The source of a table: a file with one token per line, or constants if a token is empty or holds a line break.</summary>
    TableSource SourceOf(LookupTable table, string name)
    {
        var (keys, values) = table.Entries ?? (Empty(table.KeyDType), Empty(table.ValueDType));
        var isInverse = !IsCount(values);
        var tokens = isInverse ? values : keys;
        if (keys.Shape.ElementCount == 0 || (isInverse && !IsCount(keys)) || !FitsLines(tokens)) return new TableEntries(keys, values);
        Directory.CreateDirectory(_folder);
        var path = Path.Combine(_folder, $"{name}_vocabulary.txt");
        File.WriteAllBytes(path, [.. tokens.Strings is { } texts ? texts.SelectMany(t => t.Append((byte)'\n')) : tokens.ToInt64().SelectMany(n => System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"{n}\n")))]);
        // A string takes the whole line, a number its first column.
        var token = tokens.DType == DType.String ? TableFile.WholeLine : 0;
        return isInverse ? new TableFile(path, TableFile.LineNumber, token) : new TableFile(path, token);
    }

    static HostTensor Empty(DType dtype) => dtype == DType.String ? HostTensor.OfStrings(0, []) : HostTensor.OfBytes(dtype, 0, []);

    static bool IsCount(HostTensor numbers) => numbers.DType == DType.Int64 && numbers.ToInt64().Select((n, i) => n == i).All(isPlace => isPlace);

    static bool FitsLines(HostTensor tokens) => tokens.Strings is not { } texts || Array.TrueForAll(texts, t => t.Length > 0 && !t.AsSpan().ContainsAny((byte)'\n', (byte)'\r'));

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }
}
