using Keras.Engines;

namespace Keras;

/// <summary>The layer calls that are under way on this thread.</summary>
static class CallContext
{
    [ThreadStatic] static Call _current;

    readonly record struct Call(int Depth, bool? Training);

    /// <summary>The training argument of the calls; null if none was given.</summary>
    public static bool? Given => _current.Training;

    /// <summary>Whether exactly one call is under way, not within another.</summary>
    public static bool IsOutermost => _current.Depth == 1;

    /// <summary>Enters a call, until disposed.</summary>
    public static IDisposable Enter(bool? training) => Set(new(_current.Depth + 1, training));

    /// <summary>Until disposed, makes following calls outermost, with this default for training.</summary>
    public static IDisposable Resume(bool? training) => Set(new(0, training));

    static Scope Set(Call call)
    {
        var previous = _current;
        _current = call;
        return new Scope(() => _current = previous);
    }
}
