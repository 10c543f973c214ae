namespace Keras.Engines.Torch;

/// <summary>A block of memory shared by tensors; it is freed when the last of them is disposed or garbage collected.</summary>
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

    /// <summary>Takes over a libtorch tensor with its memory.</summary>
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

    /// <summary>Whether there is only one user, which may then write to it; false for host memory unless it is the engine's own.</summary>
    public bool IsExclusive => (_owner is null or PoolMemory) && Volatile.Read(ref _references) == 1;

    /// <summary>Adds a user.</summary>
    /// <exception cref="ObjectDisposedException">The block has no users left.</exception>
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

    /// <summary>Removes a user; the last one frees the memory.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) != 0) return;
        GC.SuppressFinalize(this);
        Free(disposeOwner: true);
    }

    /// <summary>Reports the memory to the garbage collector when a tensor is passed to a caller.</summary>
    public void AddPressure()
    {
        if (Capacity < NativePressure.Least || Interlocked.CompareExchange(ref _pressure, Capacity, 0) != 0) return;
        NativePressure.Add(Capacity);
    }

    /// <summary>Frees the memory; the finalizer leaves host memory to its owner's finalizer.</summary>
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

/// <summary>Counts blocks in use, so that tests can check for leaks.</summary>
static class LiveBlocks
{
    static long s_count;

    /// <summary>The number of blocks in use now.</summary>
    public static long Count => Interlocked.Read(ref s_count);

    internal static void Created() => Interlocked.Increment(ref s_count);

    internal static void Released() => Interlocked.Decrement(ref s_count);
}
