namespace Keras.Engines.Torch;

/// <summary>A variable: it is read as snapshots, and changed in place if no snapshot is held.</summary>
/// <remarks>Readers share the memory. A write while there are readers gives the variable new memory and leaves them the old.</remarks>
sealed unsafe class TorchVariable(DType dtype, Shape shape) : TorchResource
{
    readonly Lock _lock = new();
    TorchValue? _value;

    /// <summary>The dtype and shape of the value.</summary>
    public (DType DType, Shape Shape) Content => (dtype, shape);

    /// <summary>Whether a value has been assigned.</summary>
    public bool IsInitialized => _value is not null;

    /// <summary>Reads the current value.</summary>
    /// <exception cref="EngineException">The variable has no value yet.</exception>
    public TorchValue Read()
    {
        lock (_lock) return Value.Share();
    }

    /// <summary>Replaces the value; the memory is shared until one of the two changes.</summary>
    public void Assign(TorchValue value)
    {
        if (value.DType != dtype)
            throw new DTypeMismatchException("A value does not fit a variable", "AssignVariableOp", dtype.Name, value.DType.Name);
        if (!shape.IsCompatibleWith(value.Shape))
            throw new ShapeMismatchException("A value does not fit a variable", "AssignVariableOp", shape.ToString(), value.Shape.ToString());
        lock (_lock)
        {
            var before = _value;
            _value = value.Share();
            before?.Dispose();
        }
    }

    /// <summary>Changes the value in place, under the variable's lock.</summary>
    public void Update(Action<TorchTensor> change)
    {
        lock (_lock) change(Own());
    }

    /// <summary>Changes several variables together.</summary>
    public static void Update(ReadOnlySpan<TorchVariable> variables, Action<TorchTensor[]> change)
    {
        var taken = 0;
        // Locks are always taken in the same order, so that two steps that share variables cannot deadlock.
        TorchVariable[] ordered = [.. variables];
        Array.Sort(ordered, static (a, b) => a._id.CompareTo(b._id));
        try
        {
            for (; taken < ordered.Length; taken++) ordered[taken]._lock.Enter();
            var values = new TorchTensor[variables.Length];
            for (var i = 0; i < values.Length; i++) values[i] = variables[i].Own();
            change(values);
        }
        finally
        {
            while (taken > 0) ordered[--taken]._lock.Exit();
        }
    }

    static long s_count;

    readonly long _id = Interlocked.Increment(ref s_count);

    /// <summary>Frees the variable's value.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _value?.Dispose();
            _value = null;
        }
    }

    /// <inheritdoc/>
    public override TorchVariable Share(Shape? shape = null) => this;

    /// <inheritdoc/>
    public override void Dispose() => Clear();

    TorchValue Value => _value ?? throw new EngineException("A variable is read before it has a value", $"variable of {dtype} {shape}",
        remedy: "Assign the variable first.");

    TorchTensor Own()
    {
        var value = (TorchTensor)Value;
        if (value.Block!.IsExclusive) return value;
        var copy = TorchTensor.Allocate(value.DType, value.Shape);
        Workers.Copy(value.Data, copy.Data, value.ByteLength);
        value.Dispose();
        _value = copy;
        return copy;
    }
}
