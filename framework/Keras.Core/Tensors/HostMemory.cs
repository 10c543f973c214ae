using System.Runtime.InteropServices;

namespace Keras;

/// <summary>Memory outside the managed heap that a tensor can be made from; its last holder disposes it.</summary>
abstract unsafe class HostMemory : IDisposable
{
    public abstract byte* Address { get; }

    public abstract long Length { get; }

    public Span<byte> AsSpan() => new(Address, checked((int)Length));

    public abstract void Dispose();
}

/// <summary>An uninitialised block aligned for every engine's vector loads (64 bytes).</summary>
sealed unsafe class AlignedMemory : HostMemory
{
    public const int Alignment = 64;

    byte* _address;

    public AlignedMemory(long length)
    {
        Length = length;
        _address = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(length, 1), (nuint)HugePages.AlignmentFor(length, Alignment));
        HugePages.Advise(_address, length);
    }

    public static AlignedMemory CopyOf(ReadOnlySpan<byte> bytes)
    {
        var memory = new AlignedMemory(bytes.Length);
        bytes.CopyTo(memory.AsSpan());
        return memory;
    }

    public override byte* Address => _address;

    public override long Length { get; }

    public override void Dispose()
    {
        NativeMemory.AlignedFree(_address);
        _address = null;
        GC.SuppressFinalize(this);
    }

    ~AlignedMemory() => NativeMemory.AlignedFree(_address);
}
