using Keras.Graphs;

namespace Keras;

/// <summary>A functional model: the layers between symbolic inputs and outputs, in any graph; <c>keras.Model(inputs, outputs)</c> makes one.</summary>
/// <remarks>Calling it applies the layers again, so that training, masks, policies and shared layers work as in the first application. Operations outside
/// of layers are repeated too. Source: keras/src/models/functional.py.</remarks>
/// <example>
/// <code>
/// Tensor a = keras.Input([8], name: "a"), b = keras.Input([4], name: "b");
/// var joined = keras.layers.Concatenate().Apply([a, b]);
/// var model = keras.Model([a, b], keras.layers.Dense(1).Apply(joined));
/// model.compile(optimizer: "adam", loss: "mse");
/// </code>
/// </example>
public partial class Functional : Model
{
    readonly Function _function;
    readonly Layer[] _layers;

    /// <summary>Makes a model from the layers between symbolic inputs and outputs.</summary>
    /// <param name="inputs">Symbolic tensors of <c>keras.Input</c>, or of layers: one, a list or a dictionary.</param>
    /// <param name="outputs">Symbolic tensors that depend on the inputs: one, a list or a dictionary.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentException">An input or output is not symbolic, an output is not connected to the inputs, or two layers have one name.</exception>
    public Functional(Tensors inputs, Tensors outputs, string? name = null, bool trainable = true) : base(name ?? LayerNames.New("functional"))
    {
        _function = new(inputs, outputs, this.name);
        _layers = [.. Graph.Operations.OfType<Layer>()];
        CheckNames();
        supports_masking = built = true;
        if (!trainable) this.trainable = false;
    }

    /// <summary>The symbolic inputs.</summary>
    public Tensors inputs => _function.inputs;

    /// <summary>The symbolic outputs.</summary>
    public Tensors outputs => _function.outputs;

    /// <summary>As <see cref="inputs"/>.</summary>
    public override Tensors input => inputs;

    /// <summary>As <see cref="outputs"/>.</summary>
    public override Tensors output => outputs;

    internal override Tensors? OutputTensors => outputs;

    /// <summary>The names of the inputs.</summary>
    public IReadOnlyList<string> input_names => [.. Function.InOrder(inputs).Select(NameOf)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> output_names => [.. Function.InOrder(outputs).Select(NameOf)];

    /// <summary>The layers, inputs first, by their distance from the outputs.</summary>
    public override IReadOnlyList<Layer> layers => [.. _layers.Where(l => l is not KerasOperation)];

    internal override IEnumerable<Layer> SubLayers => GetType() == typeof(Functional) ? _layers : _layers.Concat(base.SubLayers).Distinct();

    internal override IReadOnlyList<Layer>? SavedUnderLayers => layers;

    internal ModelGraph Graph => _function.Graph;

    void CheckNames()
    {
        var twice = _layers.GroupBy(l => l.name).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new ArgumentException($"The name \"{twice.Key}\" is used {twice.Count()} times in the model. Give each layer a name of its own.");
    }

    /// <summary>The name of the operation that made a tensor.</summary>
    string NameOf(Tensor tensor) => Graph.StepOf(tensor) switch
    {
        LayerStep step => step.Call.Layer.name,
        OpStep step => step.Name,
        _ => "constant",
    };

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var given = Standardize(args.Inputs);
        for (var i = 0; i < given.Length; i++)
            if (args.GivenMasks.ElementAtOrDefault(i) is { } mask) given[i].KerasMask ??= mask;
        return _function.Run(given);
    }

    /// <summary>None: the outputs already carry their masks.</summary>
    internal override Tensor?[] ComputeMasks(CallArguments args) => [];

    /// <summary>Brings the inputs into order and to the dtype and rank of their symbolic tensors.</summary>
    /// <exception cref="ShapeMismatchException">An input is missing, or its shape does not match.</exception>
    Tensor[] Standardize(Tensors given)
    {
        var flat = inputs.Flatten();
        var chosen = Chosen(given);
        if (chosen.Count != flat.Count)
            throw new ShapeMismatchException("A model was given the wrong number of inputs", $"model '{name}'", $"{flat.Count} inputs: {Known.List(input_names)}", $"{chosen.Count}", "Give a list in this order, or a dictionary by name.");
        return [.. flat.Select((input, i) => Adjusted(chosen[i], input))];
    }

    IReadOnlyList<Tensor> Chosen(Tensors given)
    {
        if (!given.IsDictionary) return given.Flatten();
        var names = inputs.IsDictionary ? inputs.Keys : input_names;
        return [.. names.Select(n => given.TryGet(n, out var found) ? found.Single
            : throw new ShapeMismatchException("An input of a model is missing", $"model '{name}'", $"entries {string.Join(", ", names)}", string.Join(", ", given.Keys)))];
    }

    Tensor Adjusted(Tensor value, Tensor input)
    {
        var (shape, mask) = (input.shape, value.KerasMask);
        var adjusted = value;
        if (shape.HasRank && value.shape.HasRank && value.ndim != shape.Rank)
        {
            if (value.ndim == shape.Rank + 1 && value.shape[-1] == 1) adjusted = Tf.Squeeze(value, value.ndim - 1);
            else if (value.ndim == shape.Rank - 1 && shape[-1] == 1) adjusted = Tf.ExpandDims(value, -1);
        }
        if (!adjusted.shape.IsCompatibleWith(shape))
            throw new ShapeMismatchException("An input does not fit a model", $"input '{NameOf(input)}' of model '{name}'", shape.ToString(), value.shape.ToString());
        // An id beyond int32 must not wrap around to another.
        if (adjusted.dtype != input.dtype && !(adjusted.dtype.IsFloating && input.dtype.IsFloating)) adjusted = adjusted.dtype.IsInteger && input.dtype == DType.Int32 ? OpsApi.ClassIndices(adjusted) : Tf.Cast(adjusted, input.dtype);
        if (mask is not null) adjusted.KerasMask = mask;
        return adjusted;
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        var flat = inputs.Flatten();
        if (flat.Count != 1) throw new UnsupportedException("The output shape of a model with several inputs does not follow from one input's", $"model '{name}'", remedy: "Look at outputs, or apply the model to keras.Input tensors.");
        using (Graphs.Graph.Scratch.Enter()) return Apply(new Tensors(Graphs.Graph.Scratch.AddPlaceholder(flat[0].dtype, input_shape, "shape"))).Flatten()[0].shape;
    }
}
