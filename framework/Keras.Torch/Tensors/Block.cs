namespace Keras.Engines.Torch;

/// <summary>A block of memory that tensors share; it goes back when the last of them is disposed, or when the collector finds that none is left.</summary>
sealed unsafe class Block : IDisposable
{
    readonly HostMemory? _owner;
    readonly nint _aten;
    int _references = 1;
    long _pressure;

    /// <summary>Takes a block from the pool.</summary>
    public Block(long length)
    {
        Address = BlockPool.Take(length, out var capacity);
        Capacity = capacity;
        LiveBlocks.Created();
    }

    /// <summary>Takes over host memory.</summary>
    public Block(HostMemory owner)
    {
        _owner = owner;
        Address = owner.Address;
        Capacity = owner.Length;
        LiveBlocks.Created();
    }

    /// <summary>Takes over a tensor of libtorch with its memory.</summary>
    public Block(nint aten, long length)
    {
        void* address;
        Aten.Check(Aoti.DataOf(aten, &address), "data of a tensor");
        Address = (byte*)address;
        (_aten, Capacity) = (aten, length);
        LiveBlocks.Created();
    }

    ~Block()
    {
        if (Address != null) Free(disposeOwner: false);
    }

    public byte* Address { get; private set; }

    public long Capacity { get; }

    /// <summary>Whether there is only one user, which may write to it; host memory only if it is the engine's own.</summary>
    public bool IsExclusive => (_owner is null or PoolMemory) && Volatile.Read(ref _references) == 1;

    /// <summary>Counts one more user.</summary>
    /// <exception cref="ObjectDisposedException">The last user has gone.</exception>
    public void AddReference()
    {
        for (var seen = Volatile.Read(ref _references); ;)
        {
            ObjectDisposedException.ThrowIf(seen == 0, typeof(TorchTensor));
            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    /// <summary>Counts one user less; the last one frees the memory.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) != 0) return;
        GC.SuppressFinalize(this);
        Free(disposeOwner: true);
    }

    /// <summary>Tells the garbage collector about the memory of a tensor that is passed to a caller.</summary>
    public void AddPressure()
    {
        if (Capacity < NativePressure.Least || Interlocked.CompareExchange(ref _pressure, Capacity, 0) != 0) return;
        NativePressure.Add(Capacity);
    }

    /// <summary>The finalizer leaves host memory to the finalizers of its owner.</summary>
    void Free(bool disposeOwner)
    {
        var pressure = Interlocked.Exchange(ref _pressure, 0);
        if (pressure > 0) NativePressure.Remove(pressure);
        LiveBlocks.Released();
        if (_aten != 0) _ = Aoti.Delete(_aten);
        else if (_owner is null) BlockPool.Return(Address, Capacity);
        else if (disposeOwner) _owner.Dispose();
        Address = null;
    }
}

/// <summary>Counts blocks in use, so that tests can prove that nothing leaks.</summary>
static class LiveBlocks
{
    static long s_count;

    /// <summary>The number of blocks in use now.</summary>
    public static long Count => Interlocked.Read(ref s_count);

    internal static void Created() => Interlocked.Increment(ref s_count);

    internal static void Released() => Interlocked.Decrement(ref s_count);
}
