namespace Keras;

/// <summary>A block of memory that tensors share: freed when this object and every view handed out are disposed.</summary>
abstract unsafe class SharedMemory : IDisposable
{
    int _references = 1;
    int _disposed;

    /// <summary>The first byte.</summary>
    public byte* Address { get; protected init; }

    /// <summary>Bytes.</summary>
    public long Length { get; protected init; }

    /// <summary>A part of the block that keeps the whole alive until it is disposed.</summary>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside the block.</exception>
    public MemoryView View(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        AddReference();
        return new(this, Address + offset, length);
    }

    /// <summary>Throws when this object was disposed, views or not.</summary>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed != 0, this);

    /// <summary>Gives up the block, once the last view does too.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) Release();
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0) Free();
    }

    /// <summary>Called once, after the last reference has gone; when nobody disposes, the fields' own finalizers must do it.</summary>
    protected abstract void Free();

    /// <summary>Never revives a block whose last reference has gone on another thread.</summary>
    void AddReference()
    {
        for (var seen = _references; ;)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0 || seen == 0, this);
            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}

/// <summary>A part of shared memory as a tensor's own; it is as aligned as its offset in the block.</summary>
/// <remarks>A view that is lost instead of disposed leaves the freeing to the collector, which does it when nobody holds the block or a view.</remarks>
sealed unsafe class MemoryView : HostMemory
{
    SharedMemory? _owner;
    byte* _address;

    internal MemoryView(SharedMemory owner, byte* address, long length)
    {
        _owner = owner;
        _address = address;
        Length = length;
    }

    public override byte* Address => _address;

    public override long Length { get; }

    public override void Dispose()
    {
        var owner = Interlocked.Exchange(ref _owner, null);
        _address = null;
        owner?.Release();
    }
}
