using Keras.Layers;

namespace Keras;

/// <summary>The computation from symbolic inputs to symbolic outputs as a function; <c>keras.Function(inputs, outputs)</c> makes one.</summary>
/// <remarks>It applies the layers and operations between them to other values. It is not a model: it holds no weights of its own, is not trained and not saved.
/// Source: keras/src/ops/function.py.</remarks>
public sealed class Function
{
    /// <summary>Makes a function of the computation between symbolic inputs and outputs.</summary>
    /// <param name="inputs">Symbolic tensors: one, a list or a dictionary.</param>
    /// <param name="outputs">Symbolic tensors that depend on the inputs: one, a list or a dictionary.</param>
    /// <param name="name">The function's name.</param>
    /// <exception cref="ArgumentException">An input or output is not symbolic, or an output is not connected to the inputs.</exception>
    public Function(Tensors inputs, Tensors outputs, string? name = null)
    {
        this.name = name ?? LayerNames.New("function");
        (this.inputs, this.outputs) = (RequireSymbolic(inputs, nameof(inputs)), RequireSymbolic(outputs, nameof(outputs)));
        Graph = new(InOrder(inputs), InOrder(outputs));
    }

    /// <summary>The function's name.</summary>
    public string name { get; }

    /// <summary>The symbolic inputs.</summary>
    public Tensors inputs { get; }

    /// <summary>The symbolic outputs.</summary>
    public Tensors outputs { get; }

    internal ModelGraph Graph { get; }

    /// <summary>Computes the outputs of values, or of other symbolic tensors.</summary>
    /// <param name="inputs">Tensors in the structure of the function's inputs, each of a shape that fits.</param>
    /// <returns>Tensors in the structure of the function's outputs.</returns>
    /// <exception cref="ShapeMismatchException">The structure or a shape is another.</exception>
    public Tensors Apply(Tensors inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Structure != this.inputs.Structure)
            throw new ShapeMismatchException("The structure of the inputs does not fit the function (* is a tensor)", $"function '{name}'", this.inputs.Structure, inputs.Structure);
        var given = inputs.Flatten();
        foreach (var (i, symbolic) in this.inputs.Flatten().Index())
            if (!given[i].shape.IsCompatibleWith(symbolic.shape))
                throw new ShapeMismatchException("An input does not fit a function", $"input {i} of function '{name}'", symbolic.shape.ToString(), given[i].shape.ToString());
        return Run(given);
    }

    /// <summary>Symbolic outputs for symbolic inputs: their shapes and dtypes, without computing anything.</summary>
    /// <inheritdoc cref="Apply"/>
    public Tensors compute_output_spec(Tensors inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using (Graphs.Graph.Scratch.Enter())
            return Apply(inputs.Map(t => t is SymbolicTensor ? t : Graphs.Graph.Scratch.AddPlaceholder(t.dtype, t.shape, "spec")));
    }

    /// <summary>Computes the outputs from one value for each input, in order.</summary>
    internal Tensors Run(IReadOnlyList<Tensor> given)
    {
        var values = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var (symbolic, value) in inputs.Flatten().Zip(given)) values[symbolic] = value;
        foreach (var step in Graph.Steps)
        {
            if (step.Outputs.All(values.ContainsKey) || step is LayerStep { Call.Layer: InputLayer }) continue;
            foreach (var (symbolic, value) in step.Outputs.Zip(step.Run(ValueOf))) values[symbolic] = value;
        }
        return outputs.Map(ValueOf);

        Tensor ValueOf(Tensor tensor) => values.TryGetValue(tensor, out var value) ? value
            : ModelGraph.ConstantOf(tensor) ?? throw new ArgumentException($"'{name}' needs a tensor that was not given: {tensor}.");
    }

    /// <summary>Flattens as Keras does: dictionaries by their sorted keys.</summary>
    internal static Tensor[] InOrder(Tensors tensors) => tensors.IsLeaf ? [tensors.Single]
        : [.. (tensors.IsDictionary ? tensors.Keys.Order(StringComparer.Ordinal).Select(k => tensors[k]) : tensors).SelectMany(InOrder)];

    static Tensors RequireSymbolic(Tensors tensors, string what)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var tensor in tensors.Flatten())
            if (tensor is not SymbolicTensor { Node.Graph.IsScratch: true })
                throw new ArgumentException($"The {what} of a model or function hold a tensor that is not symbolic. Expected: tensors of keras.Input and of layers applied to them. Received: {tensor}.", what);
        return tensors;
    }

    /// <inheritdoc/>
    public override string ToString() => $"<Function {name}>";
}
