using System.Buffers;
using System.Runtime.CompilerServices;

namespace Keras.Images;

/// <summary>Arrays rented for the work on one image; all are returned to the pool on disposal, even if a reader throws.</summary>
/// <remarks>Their content is undefined, and they may be longer than requested.</remarks>
sealed class Scratch : IDisposable
{
    /// <summary>The most bytes of an array that is pooled: enough for 1920 x 1080 pixels. The pool would keep the memory of one huge picture.</summary>
    const int LongestKept = 1 << 23;

    /// <summary>Makes new arrays of exactly the requested length, which the caller may keep.</summary>
    public static readonly Scratch None = new(isPooled: false);

    readonly List<Action>? _returns;

    /// <summary>Creates an empty set of arrays.</summary>
    public Scratch() : this(isPooled: true) { }

    Scratch(bool isPooled) => _returns = isPooled ? [] : null;

    /// <summary>Rents an array of at least a number of elements, with undefined content.</summary>
    public T[] Take<T>(int length)
    {
        if (!IsRented<T>(length)) return GC.AllocateUninitializedArray<T>(length);
        var array = ArrayPool<T>.Shared.Rent(length);
        _returns!.Add(() => ArrayPool<T>.Shared.Return(array));
        return array;
    }

    /// <summary>Rents an array of which a number of elements from the first are 0.</summary>
    public T[] TakeZeros<T>(int length)
    {
        // The system gives new zeros without writing them, page by page as they are used.
        if (!IsRented<T>(length)) return new T[length];
        var array = Take<T>(length);
        array.AsSpan(0, length).Clear();
        return array;
    }

    bool IsRented<T>(int length) => _returns is not null && length >= 0 && (long)length * Unsafe.SizeOf<T>() <= LongestKept;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var giveBack in _returns ?? []) giveBack();
        _returns?.Clear();
    }
}
