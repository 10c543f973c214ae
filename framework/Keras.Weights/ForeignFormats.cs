namespace Keras.Saving;

/// <summary>Recognises files of other formats that are often given as weights, by their first bytes.</summary>
static class ForeignFormats
{
    static readonly (byte[] Start, string What, string Remedy)[] Table =
    [
        ("version https://git-lfs.github.com/spec/"u8.ToArray(), "a git-lfs pointer, not the data it stands for", "Fetch the data with 'git lfs pull', or download the file itself."),
        ("PK\x03\x04"u8.ToArray(), "a zip archive, such as PyTorch's pickled weights or a .keras file", "Load it by its own format, or convert it to safetensors."),
        ([0x89, .. "HDF\r\n"u8, 0x1A, .. "\n"u8], "an HDF5 file", "Give it the ending .h5, so that it is read as one."),
        ("GGUF"u8.ToArray(), "a GGUF file", "Use the model's safetensors files."),
        ([0x80, 0x02], "a Python pickle", "Convert it to safetensors."),
        ("<!DOCTYPE"u8.ToArray(), "a web page, perhaps an error page of a download", "Download the file again."),
        ("<html"u8.ToArray(), "a web page, perhaps an error page of a download", "Download the file again."),
    ];

    /// <summary>Throws if the bytes are the start of a file in another known format.</summary>
    /// <exception cref="FileFormatException">The bytes begin a file of another format.</exception>
    public static void ThrowIfKnown(ReadOnlySpan<byte> bytes, string path, string expected)
    {
        foreach (var (start, what, remedy) in Table)
            if (bytes.StartsWith(start)) throw new FileFormatException("A file is something else than its name says", path, expected, what, remedy);
    }
}
