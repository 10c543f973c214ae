using System.IO.MemoryMappedFiles;

namespace Keras.Files;

/// <summary>A file mapped into memory, copy-on-write: writes to the memory stay in this process and do not reach the file.</summary>
/// <remarks>
/// The mapping lives until this object and all its views are disposed. Replacing the file by a rename (<see cref="AtomicFile"/>)
/// leaves the mapping as it was; a file that another program truncates in place crashes the process, as with every mapped file.
/// </remarks>
sealed unsafe class MappedFile : SharedMemory
{
    readonly MemoryMappedViewAccessor? _view;

    /// <summary>Maps a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="forReading">Whether the memory is only read: then the file may be larger than the memory that the system grants.</param>
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

    /// <summary>Takes a part that was read out of the process's memory; if it is read again, it comes from the file. What was written to the part is lost.</summary>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">Its length; pages that it shares with other parts stay.</param>
    public void Forget(long offset, long length)
    {
        if (OperatingSystem.IsWindows()) return;
        var (page, part) = ((nuint)Environment.SystemPageSize, (nuint)(Address + offset));
        var (start, end) = ((part + page - 1) / page * page, (part + (nuint)length) / page * page);
        if (start < end) MemoryAdvice.Give((byte*)start, end - start, MemoryAdvice.NotNeeded);
    }

    /// <summary>Disposes the handle, not the accessor, which would flush first: a private mapping needs no flush.</summary>
    protected override void Free() => _view?.SafeMemoryMappedViewHandle.Dispose();
}
