namespace Keras.Graphs;

/// <summary>One op of the vocabulary: TensorFlow's name and signature, its shapes, known values and gradient.</summary>
sealed class OpDefinition
{
    public required string Name { get; init; }

    public required ArgumentDefinition[] Inputs
    {
        get;
        init
        {
            field = value;
            HasUnequalLists = value.Where(i => i.IsList).Select(i => i.LengthAttribute).Distinct().Count() > 1;
        }
    }

    public required ArgumentDefinition[] Outputs { get; init; }

    /// <summary>All attributes; those inferred from inputs come first.</summary>
    public required AttributeDefinition[] Attributes { get; init; }

    public required ShapeFunction Shapes { get; init; }

    /// <summary>The gradient rule; null where there is none (see <see cref="IsDifferentiable"/>).</summary>
    public GradientFunction? Gradient { get; init; }

    /// <summary>False for ops through which no gradient flows (comparisons, shapes, random bits).</summary>
    public bool IsDifferentiable { get; init; } = true;

    /// <summary>Computes what is known of a small integer output before run time.</summary>
    public ValueFunction? Value { get; init; }

    /// <summary>For a composite, computes the same result with primitive ops.</summary>
    public Func<OpCall, Tensor[]>? Decomposition { get; init; }

    public StateAccess State { get; init; }

    /// <summary>Whether eager calls are checked before an engine runs them, because some engine gives wrong results or ends the process where others fail.</summary>
    public bool ChecksFirst { get; init; }

    public bool IsComposite => Decomposition is not null;

    /// <summary>Whether inputs are lists that may differ in length, so that each call gives their lengths.</summary>
    public bool HasUnequalLists { get; private init; }

    public override string ToString() => Name;

    public AttributeDefinition? Attribute(string name) => Array.Find(Attributes, a => a.Name == name);

    /// <summary>The dtype or value of every attribute of a call: explicit, inferred from inputs, or default; in the order of <see cref="Attributes"/>.</summary>
    /// <exception cref="DTypeMismatchException">Inputs that share a type attribute differ in dtype, or the op does not take a dtype.</exception>
    /// <exception cref="ArgumentException">The number of inputs is wrong, or an attribute is missing, unknown or of another kind.</exception>
    public object[] Resolve(Attributes explicitAttributes, ReadOnlySpan<Tensor> inputs)
    {
        var values = new object?[Attributes.Length];
        OpSignature.InferFromInputs(this, explicitAttributes, inputs, values);
        OpSignature.CheckAttributes(this, explicitAttributes);
        for (var i = 0; i < values.Length; i++)
        {
            if (explicitAttributes.TryGet(Attributes[i].Name, out var value)) values[i] = value;
            values[i] ??= Attributes[i].Default ?? throw new ArgumentException($"{NameScope.Path(Name)} needs the attribute '{Attributes[i].Name}'.");
        }
        return values!;
    }

    /// <summary>Checks a call's dtypes and shapes, and the values of small integer inputs that decide shapes.</summary>
    /// <exception cref="DTypeMismatchException">Inputs that share a type attribute differ in dtype, or the op does not take a dtype.</exception>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">The number of inputs is wrong, or an attribute is missing, unknown or of another kind.</exception>
    public void Check(Attributes attributes, ReadOnlySpan<Tensor> inputs)
    {
        Resolve(attributes, inputs);
        Shapes(new ShapeContext(this, attributes, inputs.ToArray()));
    }

    /// <summary>The dtypes of the outputs, given resolved attributes.</summary>
    public DType[] OutputDTypes(object[] resolved)
    {
        var dtypes = new List<DType>(Outputs.Length);
        foreach (var output in Outputs)
        {
            if (output.TypeListAttribute is { } list)
            {
                dtypes.AddRange((DType[])resolved[IndexOf(list)]);
                continue;
            }
            var dtype = output.Type ?? (DType)resolved[IndexOf(output.TypeAttribute!)];
            var count = output.NumberAttribute is { } n ? (long)resolved[IndexOf(n)] : 1;
            for (var i = 0; i < count; i++) dtypes.Add(dtype);
        }
        return [.. dtypes];
    }

    public int IndexOf(string attribute) => Array.FindIndex(Attributes, a => a.Name == attribute);
}

/// <summary>How an op touches resources or the outside world.</summary>
enum StateAccess
{
    /// <summary>A pure function of its inputs.</summary>
    None,
    /// <summary>Reads its resource inputs.</summary>
    Read,
    /// <summary>Changes its resource inputs.</summary>
    Write,
    /// <summary>Has side effects (prints, asserts, loops and branches that change something): kept in program order; changes its resource inputs, if any.</summary>
    SideEffect,
}

/// <summary>An input or output of an op: one tensor, N of one dtype, or a list of dtypes.</summary>
sealed record ArgumentDefinition(string Name, DType? Type = null, string? TypeAttribute = null, string? NumberAttribute = null,
    string? TypeListAttribute = null)
{
    public bool IsList => LengthAttribute is not null;

    /// <summary>The attribute that gives a list's length, as its value or by its number of items; null for one tensor.</summary>
    public string? LengthAttribute => NumberAttribute ?? TypeListAttribute;

    /// <summary>The number of tensors in a call with these attributes.</summary>
    public int CountIn(OpDefinition op, object[] resolved) => NumberAttribute is { } number ? checked((int)(long)resolved[op.IndexOf(number)])
        : TypeListAttribute is { } list ? ((DType[])resolved[op.IndexOf(list)]).Length : 1;
}

/// <summary>An attribute: its kind as TensorFlow names it ("type", "int", "list(shape)", "func"), and its default, null if it must be given or inferred.</summary>
sealed record AttributeDefinition(string Name, string Kind, object? Default = null)
{
    readonly uint _allowed;

    /// <summary>The dtypes allowed for a type attribute; null for all.</summary>
    public DType[]? Allowed
    {
        get;
        init
        {
            field = value;
            _allowed = value?.Aggregate(0u, (bits, dtype) => bits | 1u << dtype.Number) ?? 0;
        }
    }

    /// <summary>Whether a type attribute allows a dtype.</summary>
    public bool Allows(DType dtype) => _allowed == 0 || (_allowed >> dtype.Number & 1) != 0;
}

delegate Shape[] ShapeFunction(ShapeContext context);

delegate Tensor?[] GradientFunction(GradientContext context);

delegate PartialValue? ValueFunction(ShapeContext context);

/// <summary>One call of an op with its inputs.</summary>
record class OpCall(OpDefinition Op, Attributes Attributes, Tensor[] Inputs)
{
    /// <summary>The value of an explicit attribute, or the definition's default.</summary>
    public T Get<T>(string name) => TryGet<T>(name, out var value)
        ? value
        : throw new ArgumentException($"{Op.Name} has no value for the attribute '{name}'.");

    public bool TryGet<T>(string name, out T value)
    {
        if (Attributes.TryGet(name, out var given) || (given = Op.Attribute(name)?.Default!) is not null)
        {
            value = (T)given;
            return true;
        }
        value = default!;
        return false;
    }

    public int Int(string name) => checked((int)Get<long>(name));
}

/// <summary>A call whose output gradients are known.</summary>
/// <param name="Op">The op.</param>
/// <param name="Attributes">Its explicit attributes.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Gradients">The gradient of each output; null where none arrived.</param>
/// <param name="IsNeeded">Whether the gradient of an input is wanted; others may be left null.</param>
sealed record GradientContext(OpDefinition Op, Attributes Attributes, Tensor[] Inputs, Tensor[] Outputs, Tensor?[] Gradients, Func<int, bool> IsNeeded)
    : OpCall(Op, Attributes, Inputs)
{
    /// <summary>The gradient of the first output; zeros where none arrived.</summary>
    public Tensor Gradient => Gradients[0] ?? Tf.ZerosLike(Outputs[0]);
}
