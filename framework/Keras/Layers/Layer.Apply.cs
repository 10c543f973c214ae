using Keras.Graphs;

namespace Keras;

public abstract partial class Layer
{
    static volatile bool s_anyLosses;

    Tensor[] _ownLosses = [];
    bool _usesChecked;

    /// <summary>Applies the layer to a full set of arguments.</summary>
    /// <remarks>Casts inputs, builds on the first call, names what is traced, passes masks on, and records the call where inputs are symbolic.</remarks>
    /// <exception cref="ShapeMismatchException">The inputs are not as <see cref="input_spec"/> says.</exception>
    public Tensors Apply(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        BeforeCall(args);
        var given = args;
        var training = args.Training ?? CallContext.Given ?? (DefaultTraining ? true : null);
        args = Prepare(args, training ?? false);
        // For Keras' symbolic inputs, shapes are inferred in the scratch graph; only the outermost call is recorded.
        var symbolic = Graph.Current is null && args.AllTensors().Any(t => t is SymbolicTensor);
        using var scratch = symbolic ? Graph.Scratch.Enter() : null;
        using (NameScope.Enter(name))
        using (CallContext.Enter(training))
        {
            if (CallContext.IsOutermost) ClearLosses();
            input_spec?.Check(args.Inputs, name);
            BuildOnce(args);
            Tensors outputs;
            using (Autocast.Enter(dtype_policy.compute_dtype == dtype_policy.variable_dtype ? null : compute_dtype)) outputs = CheckedCall(args);
            if (activity_regularizer is not null) AddActivityLosses(activity_regularizer, outputs);
            SetMasks(args, outputs);
            return symbolic ? Remember(given, args, outputs) : outputs;
        }
    }

    /// <summary>Calls the layer; at its first outermost call, checks that all it uses is tracked.</summary>
    Tensors CheckedCall(CallArguments args)
    {
        using var use = LayerUses.Enter(this);
        if (_usesChecked || !CallContext.IsOutermost) return call(args);
        using var uses = new LayerUses(this);
        var outputs = call(args);
        uses.Check();
        _usesChecked = true;
        return outputs;
    }

    /// <summary>Fills in training and the mask, and casts the inputs to the compute dtype.</summary>
    CallArguments Prepare(CallArguments args, bool training)
    {
        var mask = args.Mask ?? (supports_masking ? args.Inputs.Flatten() is [var first, ..] ? first.KerasMask : null : null);
        var needsCast = autocast && args.AllTensors().Any(NeedsCast);
        var prepared = needsCast ? args.Map(CastInput) : args.Map(t => t);
        prepared.Training = training;
        prepared.Mask = mask;
        return prepared;
    }

    bool NeedsCast(Tensor tensor) => (tensor.dtype.IsFloating || (TakesWholeNumbers && (tensor.dtype.IsInteger || tensor.dtype == DType.Bool))) && tensor.dtype != compute_dtype;

    Tensor CastInput(Tensor tensor)
    {
        if (!NeedsCast(tensor)) return tensor;
        var cast = Tf.Cast(tensor, compute_dtype);
        cast.KerasMask = tensor.KerasMask;
        return cast;
    }

    void BuildOnce(CallArguments args)
    {
        if (built) return;
        lock (_building)
        {
            if (built) return;
            using (Autocast.Enter(null)) build(args);
            (built, BuildShapes) = (true, args.Inputs);
        }
    }

    void SetMasks(CallArguments args, Tensors outputs)
    {
        if (!supports_masking) return;
        var masks = ComputeMasks(args);
        if (Array.TrueForAll(masks, m => m is null)) return;
        foreach (var (output, mask) in outputs.Flatten().Zip(masks))
            output.KerasMask ??= mask;
    }

    Tensors Remember(CallArguments given, CallArguments args, Tensors outputs)
    {
        var inputs = args.AllTensors().ToHashSet(ReferenceEqualityComparer.Instance);
        // An output that is also an input, or that an inner layer recorded, becomes a new tensor.
        outputs = outputs.Map(o => o is SymbolicTensor s && !inputs.Contains(s) && s.History is null && s.Node.Graph == Graph.Scratch ? s : WithMask(Tf.Identity(o), o.KerasMask));
        var call = new LayerCall(this, given, outputs, SymbolicCalls++);
        foreach (var output in outputs.Flatten()) ((SymbolicTensor)output).History = call;
        FirstCall ??= call;
        return outputs;
    }

    /// <summary>The first application to symbolic tensors; null where there was none.</summary>
    private protected LayerCall? FirstCall { get; set; }

    /// <summary>The symbolic tensors that the layer was first applied to: <c>keras.Model(layer.input, layer.output)</c>; one, or a list of all that went in.</summary>
    /// <remarks>If a layer is applied several times, only the first application counts, as in Keras 3; for the others use the tensors that <c>Apply</c> returned are those of the others.</remarks>
    /// <exception cref="InvalidOperationException">The layer was never applied to symbolic tensors.</exception>
    public virtual Tensors input => Called(nameof(input)).Inputs is [var only] ? only : new Tensors(Called(nameof(input)).Inputs.Select(t => new Tensors(t)));

    /// <summary>The symbolic tensors that the layer's first application to symbolic tensors returned: features of a trained model are
    /// <c>keras.Model(model.input, model.get_layer("x").output)</c>.</summary>
    /// <inheritdoc cref="input"/>
    public virtual Tensors output => Called(nameof(output)).Outputs;

    LayerCall Called(string what) => FirstCall
        ?? throw new InvalidOperationException($"The layer '{name}' ({GetType().Name}) was never applied to symbolic tensors, so it has no {what}. Apply it to keras.Input tensors, or build the Sequential model that holds it with keras.Input in front.");

    static Tensor WithMask(Tensor tensor, Tensor? mask)
    {
        tensor.KerasMask = mask;
        return tensor;
    }

    /// <summary>Adds a loss, to be minimised along with the compiled one; call it from <see cref="call(Tensors, bool)"/>.</summary>
    /// <param name="loss">A scalar.</param>
    public void add_loss(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        s_anyLosses = true;
        _ownLosses = [.. _ownLosses, loss];
    }

    /// <summary>The losses that the last call added, in this layer and the layers in it, then those of the regularizers of trained weights.</summary>
    public IReadOnlyList<Tensor> losses =>
    [
        .. _ownLosses, .. s_anyLosses ? AllLayers().SelectMany(l => l._ownLosses) : [],
        .. trainable_weights.Where(w => w.Regularizer is not null).Select(w => w.Regularizer!(w.value)),
    ];

    void AddActivityLosses(Regularizers.Regularizer regularizer, Tensors outputs)
    {
        foreach (var output in outputs.Flatten())
        {
            var loss = regularizer.call(output);
            add_loss(output.ndim == 0 ? loss : Tf.DivNoNan(loss, Tf.Cast(Tf.DimOf(output, 0), loss.dtype)));
        }
    }

    void ClearLosses()
    {
        if (!s_anyLosses) return;
        _ownLosses = [];
        foreach (var layer in AllLayers()) layer._ownLosses = [];
    }
}

/// <summary>A recorded application of a layer to symbolic tensors.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Arguments">The arguments as they were given.</param>
/// <param name="Outputs">What it returned.</param>
/// <param name="Index">How often the layer had been applied before.</param>
sealed record LayerCall(Layer Layer, CallArguments Arguments, Tensors Outputs, int Index)
{
    /// <summary>Every input tensor: the inputs, then the others in the order of Keras' <c>call</c>, then the given masks.</summary>
    public IReadOnlyList<Tensor> Inputs { get; } = [.. InputsOf(Layer, Arguments)];

    static IEnumerable<Tensor> InputsOf(Layer layer, CallArguments args)
    {
        var order = layer.CallParameters;
        var named = args.Tensors.OrderBy(t => order.Contains(t.Key) ? order.ToList().IndexOf(t.Key) : order.Count).SelectMany(t => t.Value.Flatten());
        return args.Inputs.Flatten().Concat(named).Concat(args.GivenMasks.OfType<Tensor>());
    }

    public bool Equals(LayerCall? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
