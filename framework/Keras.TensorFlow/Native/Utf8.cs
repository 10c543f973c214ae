using System.Collections.Concurrent;
using System.Text;

namespace Keras.Engines.TensorFlow;

/// <summary>Text for the C API: zero-terminated UTF-8.</summary>
static class Utf8
{
    static readonly ConcurrentDictionary<string, byte[]> Names = new();

    /// <summary>Zero-terminated UTF-8 bytes.</summary>
    public static byte[] Terminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>The same, remembered: for names of ops, attributes and devices, of which there are few.</summary>
    public static byte[] Name(string name) => Names.GetOrAdd(name, static n => Terminated(n));
}
