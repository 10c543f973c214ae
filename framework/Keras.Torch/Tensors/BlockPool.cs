using System.Numerics;
using System.Runtime.InteropServices;

namespace Keras.Engines.Torch;

/// <summary>Keeps freed memory for the next tensor of similar size, since new pages cost more than most kernels.</summary>
/// <remarks>Sizes are rounded up to powers of two or one of three steps between them. With what is in use it never keeps more than twice what was in use at once: steps that use other sizes than the one before would otherwise free them in turn.</remarks>
static unsafe class BlockPool
{
    const int Steps = 4;
    const int Smallest = 64;

    static readonly Stack<nint>[] Kept = [.. Enumerable.Range(0, 64 * Steps).Select(_ => new Stack<nint>())];
    static readonly long MemoryOfMachine = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    static long s_inUse;
    static long s_most;
    static long s_kept;

    /// <summary>Takes uninitialised memory, aligned to 64 bytes.</summary>
    public static byte* Take(long length, out long capacity)
    {
        if (length < 0 || length > MemoryOfMachine) throw new InsufficientMemoryException($"{length} bytes are more than the {MemoryOfMachine} that there are.");
        var place = PlaceOf(length, out capacity);
        var inUse = Interlocked.Add(ref s_inUse, capacity);
        if (inUse > Interlocked.Read(ref s_most)) Interlocked.Exchange(ref s_most, inUse);
        var stack = Kept[place];
        lock (stack)
            if (stack.TryPop(out var kept))
            {
                Interlocked.Add(ref s_kept, -capacity);
                return (byte*)kept;
            }
        var address = (byte*)NativeMemory.AlignedAlloc((nuint)capacity, (nuint)HugePages.AlignmentFor(capacity, AlignedMemory.Alignment));
        HugePages.Advise(address, capacity);
        return address;
    }

    /// <summary>Returns memory to the pool.</summary>
    public static void Return(byte* address, long capacity)
    {
        var inUse = Interlocked.Add(ref s_inUse, -capacity);
        if (Interlocked.Add(ref s_kept, capacity) + inUse > 2 * Interlocked.Read(ref s_most))
        {
            Interlocked.Add(ref s_kept, -capacity);
            NativeMemory.AlignedFree(address);
            return;
        }
        var stack = Kept[PlaceOf(capacity, out _)];
        lock (stack) stack.Push((nint)address);
    }

    /// <summary>The size class of a length: multiples of a quarter of the power of two below it.</summary>
    static int PlaceOf(long length, out long capacity)
    {
        if (length <= Smallest)
        {
            capacity = Smallest;
            return 0;
        }
        var power = 63 - BitOperations.LeadingZeroCount((ulong)(length - 1));
        var step = 1L << (power - 2);
        var steps = (length - (1L << power) + step - 1) / step;
        capacity = (1L << power) + (steps * step);
        return (power * Steps) + (int)steps;
    }
}

/// <summary>Pool memory that the host fills and a tensor then takes over.</summary>
sealed unsafe class PoolMemory : HostMemory
{
    readonly long _capacity;
    byte* _address;

    /// <summary>Takes memory from the pool.</summary>
    public PoolMemory(long length)
    {
        Length = length;
        _address = BlockPool.Take(length, out _capacity);
    }

    ~PoolMemory() => Dispose();

    /// <inheritdoc/>
    public override byte* Address => _address;

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_address != null) BlockPool.Return(_address, _capacity);
        _address = null;
        GC.SuppressFinalize(this);
    }
}
