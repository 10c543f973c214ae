using System.IO.MemoryMappedFiles;

namespace Keras.Files;

/// <summary>A file mapped into memory, copy-on-write: what is written to the memory stays in this process and spares the file.</summary>
/// <remarks>
/// The map lives until this object and every view handed out are disposed. Replacing the file by a rename (<see cref="AtomicFile"/>)
/// leaves the map as it was; a file that another program shortens in place takes the process down, as with every memory map.
/// </remarks>
sealed unsafe class MappedFile : SharedMemory
{
    readonly MemoryMappedViewAccessor? _view;

    /// <summary>Maps a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="forReading">Whether the memory is never written: then a file may be larger than what the system grants as memory.</param>
    /// <exception cref="IOException">The file is missing or cannot be mapped.</exception>
    public MappedFile(string path, bool forReading = false)
    {
        var access = forReading ? MemoryMappedFileAccess.Read : MemoryMappedFileAccess.CopyOnWrite;
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = RandomAccess.GetLength(handle);
        // A file without bytes cannot be mapped.
        if (Length == 0) return;
        using var map = MemoryMappedFile.CreateFromFile(
            handle, mapName: null, capacity: 0, access, HandleInheritability.None, leaveOpen: true);
        _view = map.CreateViewAccessor(0, Length, access);
        Address = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
    }

    /// <summary>Disposing the accessor instead would flush first, which a private map has no use for.</summary>
    protected override void Free() => _view?.SafeMemoryMappedViewHandle.Dispose();
}
