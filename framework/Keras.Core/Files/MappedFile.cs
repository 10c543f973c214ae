using System.IO.MemoryMappedFiles;

namespace Keras.Files;

/// <summary>A file mapped into memory, copy-on-write: what is written to the memory stays in this process and spares the file.</summary>
/// <remarks>
/// The map lives until this object and every view handed out are disposed. Replacing the file by a rename (<see cref="AtomicFile"/>)
/// leaves the map as it was; a file that another program shortens in place takes the process down, as with every memory map.
/// </remarks>
sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedViewAccessor? _view;
    int _references = 1;
    int _disposed;

    /// <exception cref="IOException">The file is missing or cannot be mapped.</exception>
    public MappedFile(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = RandomAccess.GetLength(handle);
        // A file without bytes cannot be mapped.
        if (Length == 0) return;
        using var map = MemoryMappedFile.CreateFromFile(
            handle, mapName: null, capacity: 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
        _view = map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.CopyOnWrite);
        Address = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
    }

    /// <summary>The first byte; null for an empty file.</summary>
    public byte* Address { get; }

    /// <summary>The file's length in bytes when it was mapped.</summary>
    public long Length { get; }

    /// <summary>A part of the file that keeps the map alive until it is disposed.</summary>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public MappedMemory View(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        AddReference();
        return new(this, Address + offset, length);
    }

    /// <summary>Throws when this object was disposed, views or not.</summary>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed != 0, this);

    /// <summary>Gives up the map, once the last view does too.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) Release();
    }

    internal void Release()
    {
        // Disposing the accessor would flush first, which a private map has no use for.
        if (Interlocked.Decrement(ref _references) == 0) _view?.SafeMemoryMappedViewHandle.Dispose();
    }

    /// <summary>Never revives a map whose last reference has gone on another thread.</summary>
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

/// <summary>A part of a mapped file as a tensor's memory; its address is as aligned as its offset in the file.</summary>
/// <remarks>A view that is lost instead of disposed leaves the unmapping to the collector, which does it when nobody holds the file or a view.</remarks>
sealed unsafe class MappedMemory : HostMemory
{
    MappedFile? _file;
    byte* _address;

    internal MappedMemory(MappedFile file, byte* address, long length)
    {
        _file = file;
        _address = address;
        Length = length;
    }

    public override byte* Address => _address;

    public override long Length { get; }

    public override void Dispose()
    {
        var file = Interlocked.Exchange(ref _file, null);
        _address = null;
        file?.Release();
    }
}
