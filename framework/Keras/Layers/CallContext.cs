using Keras.Engines;

namespace Keras;

/// <summary>The layer calls that are under way on this thread, innermost last.</summary>
sealed class CallContext
{
    [ThreadStatic] static CallContext? _current;

    readonly CallContext? _outer;

    CallContext(Layer layer, bool training, CallContext? outer) => (Layer, Training, _outer) = (layer, training, outer);

    public static CallContext? Current => _current;

    public Layer Layer { get; }

    public bool Training { get; }

    public bool IsOutermost => _outer is null;

    public static IDisposable Enter(Layer layer, bool training)
    {
        var previous = _current;
        _current = new(layer, training, previous);
        return new Scope(() => _current = previous);
    }
}
