using System.Runtime.CompilerServices;
using Keras.Graphs;
using Keras.Layers;

namespace Keras;

/// <summary>A stack of layers, each applied to the output of the one before; the simplest way to make a model.</summary>
/// <remarks>It is built at once if it begins with <c>keras.Input</c> or knows its input's shape, otherwise at the first call. Source:
/// keras/src/models/sequential.py.</remarks>
/// <example>
/// <code>
/// var model = keras.Sequential([
///     keras.Input([28, 28, 1]),
///     keras.layers.Conv2D(16, 3, activation: "relu"),
///     keras.layers.Flatten(),
///     keras.layers.Dense(10, activation: "softmax"),
/// ]);
/// model.summary();
/// </code>
/// </example>
public sealed class Sequential : Model
{
    readonly List<Layer> _layers = [];
    Held? _held;

    /// <summary>A stack of layers, each applied to the output of the one before; the simplest way to make a model.</summary>
    /// <param name="layers">The layers, with <c>keras.Input</c> first if the input's shape is known; default none.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <param name="name">The model's name.</param>
    /// <exception cref="ArgumentException">Two layers have one name, or an input is not in front.</exception>
    public Sequential(IEnumerable<LayerArg>? layers = null, bool trainable = true, string? name = null) : base(name, trainable)
    {
        foreach (var layer in layers ?? []) add(layer, rebuild: false);
        Rebuild();
    }

    /// <summary>Makes a stack from a list of layers.</summary>
    /// <inheritdoc cref="Sequential(IEnumerable{LayerArg}, bool, string)"/>
    [OverloadResolutionPriority(-1)]
    public Sequential(IEnumerable<Layer> layers, bool trainable = true, string? name = null) : this(layers.Select(l => (LayerArg)l), trainable, name) { }

    /// <summary>The layers without the input.</summary>
    public override IReadOnlyList<Layer> layers => [.. _layers.Where(l => l is not InputLayer)];

    internal override IEnumerable<Layer> SubLayers => layers;

    /// <summary>Hides the functional form from the tracking of layers in fields.</summary>
    sealed record Held(Functional Model);

    /// <summary>The functional form; null while the input's shape is unknown.</summary>
    internal Functional? Inner => _held?.Model;

    internal override IReadOnlyList<Layer>? SavedUnderLayers => layers;

    /// <summary>The symbolic inputs; null until the input's shape is known.</summary>
    public Tensors? inputs => Inner?.inputs;

    /// <summary>The symbolic outputs; null until the input's shape is known.</summary>
    public Tensors? outputs => Inner?.outputs;

    /// <summary>As <see cref="inputs"/>.</summary>
    /// <exception cref="InvalidOperationException">The input's shape is unknown.</exception>
    public override Tensors input => inputs ?? base.input;

    /// <summary>As <see cref="outputs"/>.</summary>
    /// <exception cref="InvalidOperationException">The input's shape is unknown.</exception>
    public override Tensors output => outputs ?? base.output;

    internal override Tensors? OutputTensors => outputs;

    /// <summary>Adds a layer at the end.</summary>
    /// <param name="layer">A layer, or a tensor of <c>keras.Input</c>, which comes first.</param>
    /// <param name="rebuild">Whether to rebuild the model at once if possible; default true.</param>
    /// <exception cref="ArgumentException">Another layer has its name, or an input is not in front.</exception>
    public void add(LayerArg layer, bool rebuild = true)
    {
        var added = layer.Layer;
        if (_layers.Exists(l => l.name == added.name)) throw new ArgumentException($"The Sequential model already has a layer named '{added.name}'. Give this one another name.", nameof(layer));
        if (added is InputLayer && _layers.Count > 0 && _layers[0] is InputLayer) throw new ArgumentException($"The model '{name}' has an input already. Only the first layer can be an input.", nameof(layer));
        if (added is InputLayer) _layers.Insert(0, added);
        else _layers.Add(added);
        Invalidate();
        if (rebuild) Rebuild();
    }

    /// <summary>Removes the last layer and returns it.</summary>
    /// <param name="rebuild">Whether to rebuild the model at once if possible; default true.</param>
    /// <returns>The layer; null if there is none.</returns>
    public Layer? pop(bool rebuild = true)
    {
        if (_layers.Count == 0) return null;
        var last = _layers[^1];
        _layers.RemoveAt(_layers.Count - 1);
        Invalidate();
        if (rebuild) Rebuild();
        return last;
    }

    void Invalidate() => (built, _held) = (false, null);

    void Rebuild()
    {
        if (_layers is [InputLayer input, _, ..]) BuildOn(input);
    }

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        if (Inner is not null) return;
        RequireLayers();
        ArgumentNullException.ThrowIfNull(input_shape);
        var own = _layers[0] as InputLayer;
        BuildOn(own ?? new InputLayer(batch_shape: input_shape.HasRank && input_shape.Rank > 0 ? input_shape.With(0, -1) : input_shape, dtype: compute_dtype));
    }

    /// <inheritdoc/>
    protected override void build(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        RequireLayers();
        if (!args.Inputs.IsLeaf && args.Inputs.Flatten().Count != 1) return;
        var first = args.Inputs.Single;
        BuildOn(_layers[0] as InputLayer ?? new InputLayer(batch_shape: first.shape.HasRank && first.shape.Rank > 0 ? first.shape.With(0, -1) : first.shape, dtype: first.dtype));
    }

    void RequireLayers()
    {
        if (_layers.Count == 0) throw new InvalidOperationException($"The model '{name}' has no layers. Call add(layer).");
    }

    /// <summary>Applies the layers to a symbolic input, outside any trace.</summary>
    void BuildOn(InputLayer input)
    {
        using (Graph.Suspend())
        using (NameScope.EnterOnce(name))
        {
            if (_layers[0] != input) _layers.Insert(0, input);
            Tensors x = input.output;
            foreach (var layer in layers) x = layer.Apply(x);
            _held = new(new(input.output, x, name));
            built = true;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string>? output_names => Inner?.output_names;

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (Inner is not null) return Inner.call(args);
        var x = args.Inputs;
        foreach (var layer in layers) x = layer.Apply(x);
        return x;
    }

    /// <summary>None: the outputs already carry their masks.</summary>
    internal override Tensor?[] ComputeMasks(CallArguments args) => [];

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        foreach (var layer in layers) input_shape = layer.compute_output_shape(input_shape);
        return input_shape;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        using var shared = SharedObjects.Enter();
        var config = new Dictionary<string, object?>(base.get_config()) { ["layers"] = _layers.Select(l => (object?)l.Serialized()).ToArray() };
        if (_layers is [InputLayer input, ..]) config["build_input_shape"] = input.batch_shape.Select(d => (object?)d).ToArray();
        return config;
    }

    internal override Dictionary<string, object?>? BuildConfig =>
        _layers is [InputLayer input, ..] ? new() { ["input_shape"] = input.batch_shape.Select(d => (object?)d).ToArray() } : null;

    private protected override Dictionary<string, object?> ObjectForm() => SerializedObject.Of("keras", nameof(Sequential), get_config());

    internal static Sequential OfConfig(IReadOnlyDictionary<string, object?> config)
    {
        using var shared = SharedObjects.Enter();
        var model = new Sequential([.. CallConfigs.Objects(config, "layers").Select(l => (LayerArg)LayerConfigs.Deserialize(l))],
            config.GetValueOrDefault("trainable") is not false, config.GetValueOrDefault("name") as string);
        if (!model.built && config.GetValueOrDefault("build_input_shape") is System.Collections.IEnumerable dims && model._layers.Count > 0)
            model.build(Shape.Create([.. dims.Cast<object?>().Select(d => d is null ? (long?)null : Convert.ToInt64(d, System.Globalization.CultureInfo.InvariantCulture))]));
        return model;
    }
}

/// <summary>A layer of a <see cref="Sequential"/> model, or the tensor that <c>keras.Input</c> gave.</summary>
public readonly struct LayerArg
{
    readonly Layer? _layer;

    LayerArg(Layer layer) => _layer = layer ?? throw new ArgumentNullException(nameof(layer));

    internal Layer Layer => _layer ?? throw new ArgumentException("A layer was not given (default(LayerArg)).");

    /// <summary>A layer of the stack.</summary>
    public static implicit operator LayerArg(Layer layer) => new(layer);

    /// <summary>The input of the stack, made by <c>keras.Input</c>.</summary>
    /// <exception cref="ArgumentException">The tensor is not of <c>keras.Input</c>.</exception>
    public static implicit operator LayerArg(Tensor tensor) => tensor is SymbolicTensor { History: LayerCall { Layer: InputLayer input } } ? new(input)
        : throw new ArgumentException($"This tensor cannot be added to a Sequential model. Expected: a layer, or the tensor of keras.Input. Received: {tensor}.", nameof(tensor));
}
