using System.Runtime.InteropServices;

namespace Keras.Saving;

/// <summary>A tensor to be written: its header entry, and a source of its bytes.</summary>
sealed class SafetensorsTensor
{
    /// <summary>The most bytes that a stream takes at once.</summary>
    const int LargestWrite = 1 << 30;

    readonly Action<Stream> _write;

    /// <summary>A tensor that writes its own bytes.</summary>
    /// <param name="name">Its key.</param>
    /// <param name="dtype">Its element type.</param>
    /// <param name="shape">Its fully known shape.</param>
    /// <param name="write">Writes the elements, row-major and little-endian; called once, in the file's order.</param>
    /// <exception cref="ShapeMismatchException">A dimension is unknown.</exception>
    /// <exception cref="UnsupportedException">The format has no such element type.</exception>
    public SafetensorsTensor(string name, DType dtype, Shape shape, Action<Stream> write)
    {
        _ = SafetensorsDTypes.NameOf(dtype, name);
        if (!shape.IsFullyKnown) throw new ShapeMismatchException("A tensor whose shape is not known cannot be saved", $"tensor '{name}'", "every dimension known", shape.ToString());
        (Name, DType, Shape, _write) = (name, dtype, shape, write);
        Length = checked(shape.ElementCount * dtype.Size);
    }

    /// <summary>A tensor whose elements are in memory.</summary>
    public static SafetensorsTensor Of<T>(string name, Shape shape, ReadOnlyMemory<T> elements) where T : unmanaged =>
        new(name, DType.Of<T>(), shape, stream => stream.Write(MemoryMarshal.AsBytes(elements.Span)));

    /// <summary>A tensor in managed memory.</summary>
    public static SafetensorsTensor Of(string name, HostTensor tensor) => new(name, tensor.DType, tensor.Shape, stream => stream.Write(tensor.Data));

    /// <summary>A tensor whose bytes are outside the managed heap; the caller keeps the memory.</summary>
    public static SafetensorsTensor Of(string name, DType dtype, Shape shape, HostMemory memory) =>
        new(name, dtype, shape, stream => WriteAll(memory, stream));

    /// <summary>A tensor fetched only when it is written, and disposed right after, so that only one is held at a time.</summary>
    public static SafetensorsTensor Of(string name, DType dtype, Shape shape, Func<HostMemory> fetch) =>
        new(name, dtype, shape, stream =>
        {
            using var memory = fetch();
            WriteAll(memory, stream);
        });

    /// <summary>The key of the tensor.</summary>
    public string Name { get; }

    /// <summary>The dtype of the elements.</summary>
    public DType DType { get; }

    /// <summary>The shape of the tensor.</summary>
    public Shape Shape { get; }

    /// <summary>The length of the tensor in bytes.</summary>
    public long Length { get; }

    /// <summary>Writes the bytes and checks their number.</summary>
    /// <exception cref="ShapeMismatchException">There are more or fewer bytes than the shape needs.</exception>
    public void WriteTo(Stream stream)
    {
        var counter = new CountingStream(stream);
        _write(counter);
        if (counter.Count != Length)
            throw new ShapeMismatchException("A tensor does not fit its shape", $"tensor '{Name}'", $"{Length} bytes for {DType} {Shape}", $"{counter.Count} bytes");
    }

    static unsafe void WriteAll(HostMemory memory, Stream stream)
    {
        for (var done = 0L; done < memory.Length; done += LargestWrite)
            stream.Write(new ReadOnlySpan<byte>(memory.Address + done, (int)Math.Min(LargestWrite, memory.Length - done)));
    }

    sealed class CountingStream(Stream inner) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Count; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            Count += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
