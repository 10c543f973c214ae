namespace Keras.Engines.Torch;

/// <summary>A tensor of variants, each of which is a ragged tensor: row splits, outermost first, and flat values.</summary>
sealed class TorchRagged : TorchValue
{
    readonly Content _content;
    int _disposed;

    /// <summary>Creates a tensor of variants.</summary>
    /// <param name="items">The elements, which this tensor then owns.</param>
    /// <param name="shape">The shape: a scalar, or a vector of rows.</param>
    public TorchRagged(Item[] items, Shape shape) : this(new Content(items), shape) { }

    TorchRagged(Content content, Shape shape) : base(DType.Variant, shape) => _content = content;

    /// <summary>One ragged tensor.</summary>
    internal sealed record Item(long[][] Splits, TorchValue Values);

    public IReadOnlyList<Item> Items => _content.Items;

    /// <inheritdoc/>
    public override TorchRagged Share(Shape? shape = null)
    {
        Hold();
        return new(_content, shape ?? Shape);
    }

    /// <summary>Takes some elements as a new tensor.</summary>
    public TorchRagged Take(long first, long count, Shape shape) => new([.. Items.Skip((int)first).Take((int)count).Select(i => i with { Values = i.Values.Share() })], shape);

    /// <summary>Concatenates the elements of several tensors.</summary>
    public static TorchRagged Joined(IEnumerable<TorchRagged> parts, Shape shape) => new([.. parts.SelectMany(p => p.Items).Select(i => i with { Values = i.Values.Share() })], shape);

    /// <inheritdoc/>
    public override void Hold() => _content.Add();

    /// <inheritdoc/>
    public override void LetGo() => _content.Remove();

    /// <inheritdoc/>
    public override void Publish()
    {
        foreach (var item in Items) item.Values.Publish();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _content.Remove();
    }

    sealed class Content(Item[] items)
    {
        int _handles = 1;

        public Item[] Items => items;

        public void Add()
        {
            for (var seen = Volatile.Read(ref _handles); ;)
            {
                ObjectDisposedException.ThrowIf(seen == 0, typeof(TorchRagged));
                var before = Interlocked.CompareExchange(ref _handles, seen + 1, seen);
                if (before == seen) return;
                seen = before;
            }
        }

        public void Remove()
        {
            if (Interlocked.Decrement(ref _handles) != 0) return;
            foreach (var item in items) item.Values.Dispose();
        }
    }
}
