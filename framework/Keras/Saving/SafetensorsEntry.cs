using Keras.Files;

namespace Keras.Saving;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its fully known shape.</param>
/// <param name="Offset">The first byte, counted from the start of the file; of any alignment.</param>
/// <param name="Length">Bytes, row-major and little-endian.</param>
sealed record SafetensorsEntry(string Name, DType DType, Shape Shape, long Offset, long Length)
{
    /// <summary>The path of the file that holds it.</summary>
    public string File { get; private init; } = "";

    internal MappedFile? Map { get; private init; }

    internal SafetensorsEntry In(string file, MappedFile map) => this with { File = file, Map = map };
}
