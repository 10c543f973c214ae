using Keras.Files;

namespace Keras.Saving;

/// <summary>One tensor of a weight file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its fully known shape.</param>
/// <param name="Offset">The offset of the first byte in the file; of any alignment.</param>
/// <param name="Length">The number of bytes; they are row-major and little-endian.</param>
sealed record WeightEntry(string Name, DType DType, Shape Shape, long Offset, long Length)
{
    /// <summary>The path of the file that holds it.</summary>
    public string File { get; private init; } = "";

    /// <summary>Assembles the elements if they are not contiguous in the file; the offset is then meaningless.</summary>
    public Func<HostMemory>? Decode { get; init; }

    internal MappedFile? Map { get; private init; }

    internal WeightEntry In(string file, MappedFile map) => this with { File = file, Map = map };

    /// <summary>Takes the bytes out of the process's memory after they were copied; the file still has them.</summary>
    public void Forget()
    {
        if (Decode is null) Map!.Forget(Offset, Length);
    }

    /// <summary>Gets the bytes as memory that outlives the file object.</summary>
    public HostMemory GetMemory()
    {
        Map!.ThrowIfDisposed();
        return Decode?.Invoke() ?? Map.View(Offset, Length);
    }
}
