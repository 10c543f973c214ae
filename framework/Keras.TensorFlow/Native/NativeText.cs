using System.Collections.Concurrent;
using System.Text;

namespace Keras.Engines.TensorFlow;

/// <summary>Zero-terminated UTF-8 text at a fixed address, for passing to the C API.</summary>
sealed unsafe class NativeText
{
    static readonly ConcurrentDictionary<string, NativeText> Interned = new();

    readonly byte[] _bytes;

    /// <summary>Copies a text.</summary>
    public NativeText(string text)
    {
        Text = text;
        _bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(text) + 1, pinned: true);
        Encoding.UTF8.GetBytes(text, _bytes);
    }

    /// <summary>The text as a .NET string.</summary>
    public string Text { get; }

    /// <summary>The first byte; valid as long as this object.</summary>
    public byte* Pointer => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_bytes));

    /// <summary>The shared object for a text from a small set: names of ops, attributes and devices. It is never freed.</summary>
    public static NativeText Intern(string text) => Interned.GetOrAdd(text, static t => new NativeText(t));
}
