namespace Keras.Transformers;

/// <summary>Collects the finished images of a call, in one array if they have the same shape, so that no batch has to be copied from them.</summary>
/// <param name="count">The number of images.</param>
/// <param name="isOneSize">Whether all results have one size, so that the first finished image tells the size of the array.</param>
sealed class PixelBatch(int count, bool isOneSize)
{
    readonly Lock _lock = new();
    readonly HostTensor?[] _alone = new HostTensor?[count];
    byte[]? _all;
    DType? _dtype;
    Shape? _shape;

    /// <summary>The place to which an image is written; its content is undefined before.</summary>
    public Span<byte> Room(int place, DType dtype, Shape shape)
    {
        var size = checked((int)(shape.ElementCount * dtype.Size));
        lock (_lock)
        {
            if (_all is null && (isOneSize || count == 1) && (long)size * count <= Array.MaxLength)
                (_all, _dtype, _shape) = (GC.AllocateUninitializedArray<byte>(size * count), dtype, shape);
        }
        if (_all is not null && dtype == _dtype && shape == _shape) return _all.AsSpan(place * size, size);
        var alone = GC.AllocateUninitializedArray<byte>(size);
        _alone[place] = HostTensor.OfBytes(dtype, shape, alone);
        return alone;
    }

    /// <summary>All images as one tensor; null if they are separate.</summary>
    public HostTensor? Stacked() => _all is not null && Array.TrueForAll(_alone, i => i is null) ? HostTensor.OfBytes(_dtype!, new Shape(count).Concat(_shape!), _all) : null;

    /// <summary>The images one by one.</summary>
    public HostTensor[] Images()
    {
        if (_all is not null && count == 1) return [HostTensor.OfBytes(_dtype!, _shape!, _all)];
        var size = _all is null ? 0 : _all.Length / count;
        return [.. _alone.Select((image, i) => image ?? HostTensor.OfBytes(_dtype!, _shape!, _all.AsSpan(i * size, size).ToArray()))];
    }
}
