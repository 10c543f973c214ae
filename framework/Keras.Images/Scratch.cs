using System.Buffers;
using System.Runtime.CompilerServices;

namespace Keras.Images;

/// <summary>Arrays for the work on one image. All go back to the pool when it is disposed, also where a reader throws.</summary>
/// <remarks>Their content is left over from other images, and they may be longer than was asked for.</remarks>
sealed class Scratch : IDisposable
{
    /// <summary>Longer arrays, in bytes, are left to the garbage collector: the pool would keep what one huge picture took. Room for a picture of 1920 x 1080.</summary>
    const int LongestKept = 1 << 23;

    /// <summary>Makes new arrays of exactly the length that is asked for, which the caller may keep.</summary>
    public static readonly Scratch None = new(isPooled: false);

    readonly List<Action>? _returns;

    /// <summary>Creates an empty set of arrays.</summary>
    public Scratch() : this(isPooled: true) { }

    Scratch(bool isPooled) => _returns = isPooled ? [] : null;

    /// <summary>An array of at least so many elements, of any content.</summary>
    public T[] Take<T>(int length)
    {
        if (_returns is null || length < 0 || (long)length * Unsafe.SizeOf<T>() > LongestKept) return GC.AllocateUninitializedArray<T>(length);
        var array = ArrayPool<T>.Shared.Rent(length);
        _returns.Add(() => ArrayPool<T>.Shared.Return(array));
        return array;
    }

    /// <summary>An array whose first so many elements are 0.</summary>
    public T[] TakeZeros<T>(int length)
    {
        var array = Take<T>(length);
        array.AsSpan(0, length).Clear();
        return array;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var giveBack in _returns ?? []) giveBack();
        _returns?.Clear();
    }
}
