namespace Keras;

/// <summary>One block for many tensors that are made together, such as the transposed kernels of a checkpoint.</summary>
/// <remarks>
/// One large block takes a few huge pages where many blocks take thousands of small ones, whose first touch costs more than filling them.
/// In return no part is freed before all are.
/// </remarks>
sealed unsafe class MemoryArena : SharedMemory
{
    readonly AlignedMemory _block;
    long _taken;

    /// <summary>An arena for tensors of these many bytes together; see <see cref="SizeOf"/>.</summary>
    public MemoryArena(long length)
    {
        _block = new(length);
        Address = _block.Address;
        Length = length;
    }

    /// <summary>The bytes that a tensor of <paramref name="length"/> bytes takes in an arena.</summary>
    public static long SizeOf(long length) => (length + AlignedMemory.Alignment - 1) / AlignedMemory.Alignment * AlignedMemory.Alignment;

    /// <summary>Uninitialised memory for one tensor, aligned as <see cref="AlignedMemory"/> is; may be called by several threads.</summary>
    /// <exception cref="InvalidOperationException">The arena is used up.</exception>
    /// <exception cref="ObjectDisposedException">The arena was disposed.</exception>
    public MemoryView Take(long length)
    {
        ThrowIfDisposed();
        var end = Interlocked.Add(ref _taken, SizeOf(length));
        return end <= Length
            ? View(end - SizeOf(length), length)
            : throw new InvalidOperationException($"An arena of {Length} bytes is used up: {length} more do not fit behind {end - SizeOf(length)}.");
    }

    /// <inheritdoc/>
    protected override void Free() => _block.Dispose();
}
