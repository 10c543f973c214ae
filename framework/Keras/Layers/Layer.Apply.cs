using Keras.Graphs;

namespace Keras;

public abstract partial class Layer
{
    readonly List<Tensor> _lastLosses = [];

    /// <summary>Applies the layer to a whole set of arguments.</summary>
    /// <remarks>Casts inputs, builds on the first call, names what is traced, passes masks on, and records the call where inputs are symbolic.</remarks>
    public Tensors Apply(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        args = Prepare(args);
        // Keras' symbolic inputs: shapes are inferred in the scratch graph, and the outermost call is what is remembered.
        var symbolic = Graph.Current is null && args.AllTensors().Any(t => t is SymbolicTensor);
        using var scratch = symbolic ? Graph.Scratch.Enter() : null;
        using (NameScope.Enter(name))
        using (CallContext.Enter(this, args.IsTraining))
        {
            BuildOnce(args);
            if (CallContext.Current!.Layer == this) _lastLosses.Clear();
            Tensors outputs;
            using (Autocast.Enter(dtype_policy.compute_dtype == dtype_policy.variable_dtype ? null : compute_dtype)) outputs = call(args);
            SetMasks(args, outputs);
            return symbolic ? Remember(args, outputs) : outputs;
        }
    }

    /// <summary>Resolves training and mask, and casts floating inputs to the compute dtype.</summary>
    CallArguments Prepare(CallArguments args)
    {
        var training = args.Training ?? CallContext.Current?.Training ?? false;
        var mask = args.Mask ?? (supports_masking ? args.Inputs.Flatten() is [var first, ..] ? first.KerasMask : null : null);
        var needsCast = autocast && args.AllTensors().Any(t => t.dtype.IsFloating && t.dtype != compute_dtype);
        var prepared = needsCast ? args.Map(CastInput) : args.Map(t => t);
        prepared.Training = training;
        prepared.Mask = mask;
        return prepared;
    }

    Tensor CastInput(Tensor tensor)
    {
        if (!tensor.dtype.IsFloating || tensor.dtype == compute_dtype) return tensor;
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
            built = true;
        }
    }

    void SetMasks(CallArguments args, Tensors outputs)
    {
        if (!supports_masking) return;
        var mask = compute_mask(args.Inputs, args.Mask);
        if (mask is null) return;
        foreach (var output in outputs.Flatten())
            output.KerasMask ??= mask;
    }

    Tensors Remember(CallArguments args, Tensors outputs)
    {
        var inputs = args.AllTensors().ToHashSet(ReferenceEqualityComparer.Instance);
        // An output that is an input, or that an inner layer remembered, becomes a tensor of its own.
        outputs = outputs.Map(o => o is SymbolicTensor s && !inputs.Contains(s) && s.History is null && s.Node.Graph == Graph.Scratch ? s : WithMask(Tf.Identity(o), o.KerasMask));
        var call = new LayerCall(this, args, outputs);
        foreach (var output in outputs.Flatten()) ((SymbolicTensor)output).History = call;
        return outputs;
    }

    static Tensor WithMask(Tensor tensor, Tensor? mask)
    {
        tensor.KerasMask = mask;
        return tensor;
    }

    /// <summary>Adds a loss that training minimises beside the compiled one; call it from <see cref="call(Tensors, bool)"/>.</summary>
    /// <param name="loss">A scalar.</param>
    public void add_loss(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        _lastLosses.Add(loss);
        CallContext.Current?.Losses.Add(loss);
    }

    /// <summary>The losses that the last call added, here and in the layers below.</summary>
    public IReadOnlyList<Tensor> losses => [.. _lastLosses, .. AllLayers().SelectMany(l => l._lastLosses)];
}

/// <summary>A remembered application of a layer to symbolic tensors.</summary>
sealed record LayerCall(Layer Layer, CallArguments Arguments, Tensors Outputs);
