namespace Keras.Engines.Torch;

/// <summary>A list of tensors: a scalar of dtype variant. All handles of a list share its elements.</summary>
/// <remarks>Whoever changes a list copies it first (<see cref="Own"/>), unless theirs is the only handle: a loop that sets its elements one by one copies none.</remarks>
sealed class TorchList : TorchValue
{
    readonly Elements _elements;
    int _disposed;

    /// <summary>Creates a new list.</summary>
    /// <param name="elementDType">The dtype of every element.</param>
    /// <param name="elementShape">What is known of the shapes of elements.</param>
    /// <param name="items">The elements, of which the list becomes the owner; null for one that was never set.</param>
    /// <param name="maximum">How many elements may be pushed; -1 for any number.</param>
    public TorchList(DType elementDType, Shape elementShape, IEnumerable<TorchValue?> items, long maximum = -1) : this(new Elements(elementDType, elementShape, [.. items], maximum)) { }

    TorchList(Elements elements) : base(DType.Variant, Shape.Scalar) => _elements = elements;

    /// <summary>The dtype of every element.</summary>
    public DType ElementDType => _elements.DType;

    /// <summary>What is known of the shapes of elements.</summary>
    public Shape ElementShape => _elements.Shape;

    /// <summary>How many elements may be pushed; -1 for any number.</summary>
    public long Maximum => _elements.Maximum;

    /// <summary>The elements; null for one that was never set.</summary>
    public IReadOnlyList<TorchValue?> Items => _elements.Items;

    /// <inheritdoc/>
    public override TorchList Share(Shape? shape = null)
    {
        _elements.AddHandle();
        return new(_elements);
    }

    /// <summary>A list of the same elements to be changed by its maker, who passes the elements to <see cref="Set"/> and its kind.</summary>
    /// <param name="isGivenUp">Whether nobody uses this handle again: where it is the only one, its elements are taken over.</param>
    public TorchList Own(bool isGivenUp) => isGivenUp && _elements.HasOneHandle ? Share()
        : new(new Elements(ElementDType, ElementShape, [.. Items.Select(i => i?.Share())], Maximum));

    /// <summary>Sets an element; the list becomes its owner.</summary>
    public void Set(int index, TorchValue? item)
    {
        _elements.Items[index]?.Dispose();
        _elements.Items[index] = item;
    }

    /// <summary>Adds an element; the list becomes its owner.</summary>
    public void Add(TorchValue? item) => _elements.Items.Add(item);

    /// <summary>Adds elements that were never set, or drops the last ones.</summary>
    public void Resize(int count)
    {
        for (var i = count; i < Items.Count; i++) Items[i]?.Dispose();
        if (count < Items.Count) _elements.Items.RemoveRange(count, Items.Count - count);
        else _elements.Items.AddRange(Enumerable.Repeat<TorchValue?>(null, count - Items.Count));
    }

    /// <inheritdoc/>
    public override void Hold() => _elements.AddHandle();

    /// <inheritdoc/>
    public override void LetGo() => _elements.RemoveHandle();

    /// <inheritdoc/>
    public override void Publish()
    {
        foreach (var item in Items) item?.Publish();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _elements.RemoveHandle();
    }

    sealed class Elements(DType dtype, Shape shape, List<TorchValue?> items, long maximum)
    {
        int _handles = 1;

        public DType DType => dtype;

        public Shape Shape => shape;

        public List<TorchValue?> Items => items;

        public long Maximum => maximum;

        public bool HasOneHandle => Volatile.Read(ref _handles) == 1;

        public void AddHandle()
        {
            for (var seen = Volatile.Read(ref _handles); ;)
            {
                ObjectDisposedException.ThrowIf(seen == 0, typeof(TorchList));
                var before = Interlocked.CompareExchange(ref _handles, seen + 1, seen);
                if (before == seen) return;
                seen = before;
            }
        }

        public void RemoveHandle()
        {
            if (Interlocked.Decrement(ref _handles) != 0) return;
            foreach (var item in items) item?.Dispose();
        }
    }
}
