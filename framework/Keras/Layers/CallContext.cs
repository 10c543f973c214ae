using Keras.Engines;

namespace Keras;

/// <summary>The layer calls that are under way on this thread, innermost last.</summary>
sealed class CallContext
{
    [ThreadStatic] static CallContext? _current;

    readonly CallContext? _outer;

    readonly CallContext _outermost;

    CallContext(Layer layer, bool training, CallContext? outer)
    {
        (Layer, Training, _outer, _outermost) = (layer, training, outer, outer?._outermost ?? this);
        if (outer is not null) _outermost.Called?.Invoke(layer, outer.Layer);
    }

    public static CallContext? Current => _current;

    public Layer Layer { get; }

    public bool Training { get; }

    public bool IsOutermost => _outer is null;

    /// <summary>Is told of every call below this one: the layer, and the layer that called it.</summary>
    public Action<Layer, Layer>? Called { get; set; }

    public static IDisposable Enter(Layer layer, bool training)
    {
        var previous = _current;
        _current = new(layer, training, previous);
        return new Scope(() => _current = previous);
    }
}

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

    /// <summary>As Keras: LayerNormalization becomes layer_normalization, Conv2D conv2d, LSTMCell lstm_cell.</summary>
    public static string SnakeCase(string name)
    {
        var text = System.Text.RegularExpressions.Regex.Replace(name, "(.)([A-Z][a-z]+)", "$1_$2");
        text = System.Text.RegularExpressions.Regex.Replace(text, "([a-z])([A-Z])", "$1_$2");
        return text.ToLowerInvariant();
    }
}
