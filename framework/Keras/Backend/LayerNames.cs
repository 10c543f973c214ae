namespace Keras;

/// <summary>Unique names for layers that are not given one: dense, dense_1, dense_2.</summary>
static class LayerNames
{
    static readonly Dictionary<string, int> Counts = [];

    public static string New(Type type) => New(SnakeCase(type.Name.Split('`')[0]));

    public static string New(string name)
    {
        lock (Counts)
        {
            var count = Counts.GetValueOrDefault(name);
            Counts[name] = count + 1;
            return count == 0 ? name : $"{name}_{count}";
        }
    }

    public static void Clear()
    {
        lock (Counts) Counts.Clear();
    }

    /// <summary>Converts a class name as Keras does: LayerNormalization becomes layer_normalization, Conv2D conv2d, LSTMCell lstm_cell.</summary>
    public static string SnakeCase(string name)
    {
        var text = System.Text.RegularExpressions.Regex.Replace(name, "(.)([A-Z][a-z]+)", "$1_$2");
        text = System.Text.RegularExpressions.Regex.Replace(text, "([a-z])([A-Z])", "$1_$2");
        return text.ToLowerInvariant();
    }
}
