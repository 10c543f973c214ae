namespace Keras;

/// <summary>A block of memory that tensors share: freed when this object and every view handed out are disposed.</summary>
abstract unsafe class SharedMemory : IDisposable
{
    int _references = 1;
    int _disposed;

    /// <summary>The first byte.</summary>
    public byte* Address { get; protected init; }

    /// <summary>The length in bytes.</summary>
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

    /// <summary>Throws if this object was disposed, even while views remain.</summary>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed != 0, this);

    /// <summary>Releases the block; it is freed when the last view is disposed too.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) Release();
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0) Free();
    }

    /// <summary>Frees the block; called once, when the last reference is gone. Without disposal the fields' own finalizers must free it.</summary>
    protected abstract void Free();

    /// <summary>Adds a reference, but never to a block whose last one is already gone.</summary>
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

/// <summary>A part of shared memory as one tensor's memory; its alignment is that of its offset in the block.</summary>
/// <remarks>If a view is not disposed, the garbage collector frees the block once nobody holds it or a view.</remarks>
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
