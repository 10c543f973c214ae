using Keras.Engines;

namespace Keras;

/// <summary>The layer calls that are under way on this thread.</summary>
static class CallContext
{
    [ThreadStatic] static Call _current;

    readonly record struct Call(int Depth, bool? Training);

    /// <summary>What the calls were told of training; null where nobody said anything.</summary>
    public static bool? Given => _current.Training;

    /// <summary>Whether one call is under way, and not within another.</summary>
    public static bool IsOutermost => _current.Depth == 1;

    /// <summary>A call begins, until disposed.</summary>
    public static IDisposable Enter(bool? training) => Set(new(_current.Depth + 1, training));

    /// <summary>Calls that follow are outermost, and behave as in training or not where they do not say, until disposed.</summary>
    public static IDisposable Resume(bool? training) => Set(new(0, training));

    static Scope Set(Call call)
    {
        var previous = _current;
        _current = call;
        return new Scope(() => _current = previous);
    }
}
