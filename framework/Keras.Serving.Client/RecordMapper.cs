using System.Reflection;

namespace Keras.Serving;

/// <summary>Makes records from rows of outputs.</summary>
static class RecordMapper<T>
{
    /// <summary>The constructor with the most parameters; if it has none, properties are set.</summary>
    static ConstructorInfo Constructor => typeof(T).GetConstructors().MaxBy(c => c.GetParameters().Length)
        ?? throw new ArgumentException($"{typeof(T).Name} has no public constructor. Use a record or a class with one.");

    public static IReadOnlyList<T> Read(TFServingPrediction prediction)
    {
        var parameters = Constructor.GetParameters();
        var properties = parameters.Length > 0 ? [] : typeof(T).GetProperties().Where(p => p.SetMethod is { IsPublic: true }).ToArray();
        var columns = parameters.Length > 0
            ? [.. parameters.Select(p => Column.Of(prediction, p.Name!, p.ParameterType))]
            : properties.Select(p => Column.Of(prediction, p.Name, p.PropertyType)).ToArray();
        if (columns.Length == 0) throw new ArgumentException($"{typeof(T).Name} takes no outputs: it has neither parameters nor properties that can be set. Outputs: {string.Join(", ", prediction.Outputs)}.");
        if (Array.Find(columns, c => c.Rows != columns[0].Rows) is { } other)
            throw new ShapeMismatchException("Outputs differ in rows", other.Name, $"{columns[0].Rows} rows, as {columns[0].Name}", $"{other.Rows}");
        var records = new T[columns[0].Rows];
        for (var row = 0; row < records.Length; row++)
        {
            var values = Array.ConvertAll(columns, c => c.Row(row));
            records[row] = parameters.Length > 0 ? (T)Constructor.Invoke(values) : WithProperties(properties, values);
        }
        return records;
    }

    static T WithProperties(PropertyInfo[] properties, object[] values)
    {
        var record = Constructor.Invoke(null);
        for (var i = 0; i < properties.Length; i++) properties[i].SetValue(record, values[i]);
        return (T)record;
    }

    /// <summary>An output, with its values and how rows take them.</summary>
    sealed record Column(string Name, int Rows, int Width, Array Values, bool IsArray)
    {
        public static Column Of(TFServingPrediction prediction, string member, Type type)
        {
            var name = prediction.Outputs.FirstOrDefault(o => o == member) ?? prediction.Outputs.FirstOrDefault(o => Plain(o) == Plain(member))
                ?? throw new ArgumentException($"{typeof(T).Name}.{member} has no output of its name. Outputs: {string.Join(", ", prediction.Outputs)}.");
            var tensor = prediction.Find(name);
            var isArray = type.IsArray && type != typeof(byte[]) || type == typeof(byte[]) && tensor.Strings is null;
            var element = isArray ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type;
            if (tensor.Shape.Rank == 0) throw new ShapeMismatchException("An output has no rows", name, "at least one axis", tensor.Shape.ToString());
            var width = (int)tensor.Shape[1..].ElementCount;
            if (!isArray && width != 1) throw new ShapeMismatchException($"An output does not fit {typeof(T).Name}.{member}", name, "one value for each row", $"shape {tensor.Shape}", $"Make it {element.Name}[].");
            return new(name, (int)tensor.Shape[0], width, TFServingPrediction.Values(tensor, element, name), isArray);
        }

        public object Row(int row)
        {
            if (!IsArray) return Values.GetValue(row)!;
            var values = Array.CreateInstanceFromArrayType(Values.GetType(), Width);
            Array.Copy(Values, row * Width, values, 0, Width);
            return values;
        }

        static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
    }
}
