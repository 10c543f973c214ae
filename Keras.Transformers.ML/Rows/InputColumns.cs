using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>The columns that a transform reads, and how to convert a row of them to an input of a pipeline.</summary>
sealed class InputColumns
{
    readonly TransformSettings _settings;

    /// <exception cref="ColumnMismatchException">A column is missing or of another type.</exception>
    public InputColumns(TransformSettings settings, DataViewSchema schema)
    {
        _settings = settings;
        Columns = [.. settings.Inputs.Select(name => schema.GetColumnOrNull(name) ?? throw Missing(name, schema.Where(c => !c.IsHidden).Select(c => c.Name)))];
        foreach (var column in Columns)
        {
            var (vector, item) = (column.Type as VectorDataViewType, column.Type is VectorDataViewType { ItemType: var inner } ? inner : column.Type);
            if (!Fits(settings, item, vector is not null)) throw Wrong(settings, column.Name, $"{column.Type}");
        }
    }

    public IReadOnlyList<DataViewSchema.Column> Columns { get; }

    /// <summary>Checks the columns before there is data.</summary>
    /// <exception cref="ColumnMismatchException">A column is missing or of another type.</exception>
    public static void Check(TransformSettings settings, SchemaShape shape)
    {
        foreach (var name in settings.Inputs)
        {
            var column = shape.FirstOrDefault(c => c.Name == name);
            if (column.Name is null) throw Missing(name, shape.Select(c => c.Name));
            var isVector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
            if (column.IsKey || !Fits(settings, column.ItemType, isVector)) throw Wrong(settings, name, column.IsKey ? "Key" : isVector ? $"Vector<{column.ItemType}>" : $"{column.ItemType}");
        }
    }

    static bool Fits(TransformSettings settings, DataViewType item, bool isVector) => isVector ? settings.ReadsImages && item is NumberDataViewType && item.RawType == typeof(byte) : item is TextDataViewType;

    static ColumnMismatchException Wrong(TransformSettings settings, string name, string type) => settings.ReadsImages
        ? new("A column is of a type that holds no images", name, "String, paths of files, or vectors of Byte, their contents", type, "Give the column of the paths, without LoadImages: the model's own processor reads files.")
        : new("A column is of a type that holds no texts", name, "String", type, "Give the column of the texts as it is, without FeaturizeText or tokens: the model has its own tokenizer.");

    static ColumnMismatchException Missing(string name, IEnumerable<string> all) => new("The data has no such column", name, $"one of {Listed(all)}", "another name", "Name a column that is there, or make it earlier in the pipeline.");

    static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"\"{n}\"").DefaultIfEmpty("none: there are no columns"));

    /// <summary>Makes a reader of inputs from a cursor's rows.</summary>
    public Func<PipelineInput> Reader(DataViewRow row)
    {
        if (Columns.Count == 2)
        {
            var (first, second) = (Text(row, Columns[0]), Text(row, Columns[1]));
            return () => (first(), second());
        }
        if (Columns[0].Type is VectorDataViewType) return Bytes(row, Columns[0]);
        var text = Text(row, Columns[0]);
        return _settings.ReadsImages ? () => Path(text(), row) : () => text();
    }

    /// <summary>Reads a text; a missing one is empty, as everywhere in ML.NET.</summary>
    static Func<string> Text(DataViewRow row, DataViewSchema.Column column)
    {
        var (get, value) = (row.GetGetter<ReadOnlyMemory<char>>(column), ReadOnlyMemory<char>.Empty);
        return () =>
        {
            get(ref value);
            return value.ToString();
        };
    }

    Func<PipelineInput> Bytes(DataViewRow row, DataViewSchema.Column column)
    {
        var (get, value) = (row.GetGetter<VBuffer<byte>>(column), default(VBuffer<byte>));
        return () =>
        {
            get(ref value);
            return value.Length > 0 ? value.DenseValues().ToArray() : throw Empty(column.Name, row, "the bytes of an image's file");
        };
    }

    PipelineInput Path(string name, DataViewRow row)
    {
        if (name.Length == 0) throw Empty(Columns[0].Name, row, "the path of an image's file");
        return _settings.ImageFolder is { } folder ? System.IO.Path.Combine(folder, name) : name;
    }

    static ValueRangeException Empty(string column, DataViewRow row, string expected) => new("A row has no image", $"column \"{column}\", row {row.Position}", expected, "nothing", "Take such rows out first, for example with FilterByCustomPredicate.");
}
