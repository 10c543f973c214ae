namespace Keras.Engines.Torch;

/// <summary>A list of tensors: a scalar of dtype variant. All handles of a list share its elements.</summary>
/// <remarks>A list is copied before a change (<see cref="Own"/>) unless it has only one handle, so that a loop that sets elements one by one copies none.</remarks>
sealed class TorchList : TorchValue
{
    readonly Elements _elements;
    int _disposed;

    /// <summary>Creates a new list.</summary>
    /// <param name="elementDType">The dtype of every element.</param>
    /// <param name="elementShape">What is known about the elements' shapes.</param>
    /// <param name="items">The elements, which the list then owns; null for one never set.</param>
    /// <param name="maximum">The maximum number of elements to push; -1 for any number.</param>
    public TorchList(DType elementDType, Shape elementShape, IEnumerable<TorchValue?> items, long maximum = -1) : this(new Elements(elementDType, elementShape, [.. items], maximum)) { }

    TorchList(Elements elements) : base(DType.Variant, Shape.Scalar) => _elements = elements;

    /// <summary>The dtype of every element.</summary>
    public DType ElementDType => _elements.DType;

    /// <summary>What is known about the elements' shapes.</summary>
    public Shape ElementShape => _elements.Shape;

    /// <summary>The maximum number of elements to push; -1 for any number.</summary>
    public long Maximum => _elements.Maximum;

    /// <summary>The elements; null for one never set.</summary>
    public IReadOnlyList<TorchValue?> Items => _elements.Items;

    /// <inheritdoc/>
    public override TorchList Share(Shape? shape = null)
    {
        _elements.AddHandle();
        return new(_elements);
    }

    /// <summary>Makes a list of the same elements that the caller may change with <see cref="Set"/> and the like.</summary>
    /// <param name="isGivenUp">Whether this handle is not used again: if it is the only one, its elements are taken over.</param>
    public TorchList Own(bool isGivenUp) => isGivenUp && _elements.HasOneHandle ? Share()
        : new(new Elements(ElementDType, ElementShape, [.. Items.Select(i => i?.Share())], Maximum));

    /// <summary>Sets an element, which the list then owns.</summary>
    public void Set(int index, TorchValue? item)
    {
        _elements.Items[index]?.Dispose();
        _elements.Items[index] = item;
    }

    /// <summary>Adds an element, which the list then owns.</summary>
    public void Add(TorchValue? item) => _elements.Items.Add(item);

    /// <summary>Adds unset elements, or drops the last ones.</summary>
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
