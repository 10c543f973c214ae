namespace Keras.Graphs;

/// <summary>The explicit attributes of one op call, in the order given; those left out have the definition's defaults.</summary>
/// <remarks>Values are long, float, bool, string, <see cref="DType"/>, <see cref="Shape"/>, <see cref="HostTensor"/>,
/// <see cref="FunctionGraph"/>, or long[], float[], string[], DType[], Shape[], FunctionGraph[].</remarks>
sealed class Attributes
{
    public static readonly Attributes None = new([]);

    readonly (string Name, object Value)[] _items;

    Attributes((string, object)[] items) => _items = items;

    public ReadOnlySpan<(string Name, object Value)> Items => _items;

    /// <summary>The nested functions: branches, or a loop's condition and body.</summary>
    public IEnumerable<FunctionGraph> Functions => _items.SelectMany(i => i.Value as FunctionGraph[] ?? (i.Value is FunctionGraph function ? [function] : []));

    /// <summary>The same attributes with other nested functions.</summary>
    public Attributes WithFunctions(Converter<FunctionGraph, FunctionGraph> replace) => !Functions.Any() ? this : new(Array.ConvertAll(_items, i => (i.Name, i.Value switch
    {
        FunctionGraph function => replace(function),
        FunctionGraph[] functions => Array.ConvertAll(functions, replace),
        var other => other,
    })));

    public static Attributes Of(params ReadOnlySpan<(string Name, object Value)> items)
    {
        var copy = items.ToArray();
        foreach (ref var item in copy.AsSpan()) item.Value = Normalize(item.Value);
        return new(copy);
    }

    public bool TryGet(string name, out object value)
    {
        foreach (var (n, v) in _items)
        {
            if (n != name) continue;
            value = v;
            return true;
        }
        value = null!;
        return false;
    }

    static object Normalize(object value) => value switch
    {
        int i => (long)i,
        double d => (float)d,
        int[] a => Array.ConvertAll(a, i => (long)i),
        _ => value,
    };
}
