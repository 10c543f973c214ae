namespace Keras.Engines.Torch;

/// <summary>A value of this engine: numbers, strings, or a resource.</summary>
abstract class TorchValue(DType dtype, Shape shape) : ITensorHandle
{
    /// <inheritdoc/>
    public DType DType => dtype;

    /// <inheritdoc/>
    public Shape Shape => shape;

    /// <summary>Casts a handle to a value of this engine.</summary>
    /// <exception cref="EngineException">The tensor belongs to another engine.</exception>
    public static TorchValue Of(ITensorHandle tensor) => tensor as TorchValue
        ?? throw new EngineException("A tensor belongs to another engine", expected: "a tensor of the Torch engine", received: tensor?.GetType().Name ?? "null",
            remedy: "Copy it through the host, or use one engine only.");

    /// <summary>Makes another handle of the same value, optionally in another shape of as many elements.</summary>
    public abstract TorchValue Share(Shape? shape = null);

    /// <summary>Keeps the value alive during a call, even if another thread disposes it.</summary>
    /// <exception cref="ObjectDisposedException">The value was disposed.</exception>
    public abstract void Hold();

    /// <summary>Ends <see cref="Hold"/>.</summary>
    public abstract void LetGo();

    /// <summary>Called when the value is passed to a caller.</summary>
    public virtual void Publish() { }

    public abstract void Dispose();
}

/// <summary>A contiguous row-major tensor of numbers or bools.</summary>
sealed unsafe class TorchTensor : TorchValue
{
    Block? _block;

    TorchTensor(Block block, DType dtype, Shape shape, long count) : base(dtype, shape)
    {
        _block = block;
        Data = block.Address;
        Count = count;
    }

    /// <summary>The first element.</summary>
    public byte* Data { get; }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>The length of the elements in bytes.</summary>
    public long ByteLength => Count * DType.Size;

    /// <summary>The memory; null after Dispose.</summary>
    public Block? Block => _block;

    /// <summary>Allocates a tensor of uninitialised memory.</summary>
    /// <exception cref="UnsupportedException">The elements are not numbers and have no size, so a kernel would write beyond the block.</exception>
    public static TorchTensor Allocate(DType dtype, Shape shape)
    {
        if (!dtype.IsNumeric) throw new UnsupportedException("A kernel of numbers cannot make such elements", null, "numbers", dtype.Name);
        var count = shape.ElementCount;
        return new(new Block(checked(count * dtype.Size)), dtype, shape, count);
    }

    /// <summary>Makes a tensor on a block, which it takes over.</summary>
    public static TorchTensor On(Block block, DType dtype, Shape shape) => new(block, dtype, shape, shape.ElementCount);

    /// <summary>Makes a tensor with a copy of a host tensor's elements.</summary>
    public static TorchTensor Of(HostTensor host)
    {
        var tensor = Allocate(host.DType, host.Shape);
        host.Data.CopyTo(new Span<byte>(tensor.Data, host.Data.Length));
        return tensor;
    }

    /// <summary>The elements as a span of this type.</summary>
    public Span<T> As<T>() where T : unmanaged => new(Data, checked((int)Count));

    /// <inheritdoc/>
    public override TorchTensor Share(Shape? shape = null)
    {
        var block = _block ?? throw new ObjectDisposedException(nameof(TorchTensor));
        block.AddReference();
        return new(block, DType, shape ?? Shape, Count);
    }

    /// <summary>Views the same memory as another dtype of the same size.</summary>
    public TorchTensor ShareAs(DType dtype, Shape shape)
    {
        var block = _block ?? throw new ObjectDisposedException(nameof(TorchTensor));
        block.AddReference();
        return new(block, dtype, shape, shape.ElementCount);
    }

    /// <summary>Moves the memory to a new tensor; null if others use the memory too, or it is too small.</summary>
    public TorchTensor? TakeOver(DType dtype, Shape shape)
    {
        if (_block is not { IsExclusive: true } block || block.Capacity < shape.ElementCount * dtype.Size) return null;
        block.AddReference();
        return new(block, dtype, shape, shape.ElementCount);
    }

    /// <inheritdoc/>
    public override void Hold() => (_block ?? throw new ObjectDisposedException(nameof(TorchTensor))).AddReference();

    /// <inheritdoc/>
    public override void LetGo() => HeldBlock.Dispose();

    // Data stays the block's address for the life of this object, so a disposed tensor keeps its block for LetGo.
    Block HeldBlock => _block ?? _disposedBlock!;

    Block? _disposedBlock;

    /// <inheritdoc/>
    public override void Publish() => _block?.AddPressure();

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_block is not { } block || Interlocked.CompareExchange(ref _disposedBlock, block, null) is not null) return;
        _block = null;
        block.Dispose();
    }
}

/// <summary>A tensor of byte strings.</summary>
sealed class TorchStrings(byte[][] values, Shape shape) : TorchValue(DType.String, shape)
{
    /// <summary>The strings in row-major order.</summary>
    public byte[][] Values => values;

    /// <inheritdoc/>
    public override TorchStrings Share(Shape? shape = null) => new(values, shape ?? Shape);

    /// <inheritdoc/>
    public override void Hold() { }

    /// <inheritdoc/>
    public override void LetGo() { }

    /// <inheritdoc/>
    public override void Dispose() { }
}

/// <summary>A handle of a variable or table; all handles of one resource are equal.</summary>
abstract class TorchResource() : TorchValue(DType.Resource, Shape.Scalar)
{
    /// <inheritdoc/>
    public override void Hold() { }

    /// <inheritdoc/>
    public override void LetGo() { }
}
