using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;
using Constraint = Keras.Constraints.Constraint;

namespace Keras;

/// <summary>The base of all layers: a computation and the weights that it trains. The weights are made on the first call, from the input's shape. Derive from it for a layer of your own.</summary>
/// <remarks>Override <see cref="build(Shape)"/> to make weights and <see cref="call(Tensors, bool)"/> to compute (or <see cref="call(CallArguments)"/> for
/// more inputs and options). Layers and variables held by fields, properties, lists and dictionaries are tracked. Source: keras/src/layers/layer.py.</remarks>
/// <example>
/// <code>
/// var layer = new Scaled();
/// Console.WriteLine(layer.Apply(ops.ones((2, 3))).Single.shape);   // (2, 3)
///
/// sealed class Scaled : Layer
/// {
///     Variable scale = null!;
///
///     public override void build(Shape input_shape) =&gt; scale = add_weight(new Shape(input_shape[-1]), initializer: "ones", name: "scale");
///
///     public override Tensors call(Tensors inputs, bool training = false) =&gt; inputs.Single * scale.value;
/// }
/// </code>
/// </example>
public abstract partial class Layer : ITracked
{
    readonly Lock _building = new();
    readonly List<Variable> _ownWeights = [];
    bool _trainable = true;

    /// <summary>Sets the name, dtype and trainability that every layer has; call it from your layer's constructor.</summary>
    /// <param name="name">Its name; default the class name in snake case with a number.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <param name="dtype">Its dtype policy; default the global one.</param>
    protected Layer(string? name = null, bool trainable = true, DTypePolicy? dtype = null)
    {
        this.name = name ?? LayerNames.New(GetType());
        if (this.name.Contains('/', StringComparison.Ordinal)) throw new ArgumentException($"A layer's name must not contain '/'. Received: \"{name}\".", nameof(name));
        _trainable = trainable;
        dtype_policy = dtype ?? DTypePolicy.Global;
    }

    /// <summary>The layer's name, unique among its siblings.</summary>
    public string name { get; protected internal set; }

    /// <summary>The dtypes of weights and computation.</summary>
    public DTypePolicy dtype_policy { get; set; }

    /// <summary>The dtype that the layer computes in.</summary>
    public DType compute_dtype => dtype_policy.compute_dtype;

    /// <summary>The dtype of the layer's weights.</summary>
    public DType variable_dtype => dtype_policy.variable_dtype;

    /// <summary>Whether the weights have been made.</summary>
    public bool built { get; protected internal set; }

    /// <summary>Whether floating inputs are cast to <see cref="compute_dtype"/>; default true.</summary>
    public bool autocast { get; init; } = true;

    /// <summary>Whether integers and bools are cast to <see cref="compute_dtype"/> too, as in Keras when they meet floating-point weights.</summary>
    private protected virtual bool TakesWholeNumbers => false;

    /// <summary>Whether the layer is in training mode when no call says so; default false.</summary>
    private protected virtual bool DefaultTraining => false;

    /// <summary>Whether the layer takes a mask and passes it on; default false.</summary>
    public bool supports_masking { get; protected init; }

    /// <summary>Turns each output into a loss, divided by the batch size, that training minimizes along with the others; null for none.</summary>
    public Regularizer? activity_regularizer { get; protected init; }

    /// <summary>What the layer expects of its inputs, checked at every call; null if anything is accepted.</summary>
    public InputSpec? input_spec { get; protected set; }

    /// <summary>The names of what a call takes, in order, the inputs first: tensors and options; the mask and training are known without. A layer whose
    /// <see cref="call(CallArguments)"/> looks at further arguments names them here; a call with others is rejected.</summary>
    protected internal virtual IReadOnlyList<string> CallParameters => ["inputs"];

    /// <summary>Checks a call before anything is computed, and throws if it is invalid; the default accepts all that <see cref="CallParameters"/> names.</summary>
    /// <param name="args">The call as it was given.</param>
    /// <exception cref="ArgumentException">The call has an argument that the layer does not know.</exception>
    protected virtual void BeforeCall(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        foreach (var given in args.Tensors.Keys.Concat(args.Options.Keys))
            if (!CallParameters.Contains(given))
                throw new ArgumentException($"The layer '{name}' ({GetType().Name}) takes no argument '{given}'. Expected: {Known.List(CallParameters.Union(["mask", "training"]))}.");
    }

    /// <summary>Whether this layer's weights, and those of the layers in it, are trained.</summary>
    public bool trainable
    {
        get => _trainable;
        set
        {
            _trainable = value;
            foreach (var weight in _ownWeights) weight.trainable = value && !_frozen.Contains(weight) && !_kept.Contains(weight);
            foreach (var layer in SubLayers) layer.trainable = value;
        }
    }

    readonly HashSet<Variable> _frozen = [];

    /// <summary>Makes a weight untrainable whatever <see cref="trainable"/> becomes; it keeps its place among the weights.</summary>
    private protected void Freeze(Variable weight)
    {
        weight.trainable = false;
        _kept.Add(weight);
    }

    readonly HashSet<Variable> _kept = [];

    /// <summary>Variables that keep state between calls but are not weights: neither saved nor counted.</summary>
    internal virtual IReadOnlyList<Variable> StatesBetweenCalls => [];

    /// <summary>The layers that this one holds directly.</summary>
    internal virtual IEnumerable<Layer> SubLayers => FieldTracker.Held<Layer>(this);

    /// <summary>Every layer below this one, depth first, each once.</summary>
    internal IEnumerable<Layer> AllLayers()
    {
        var seen = new HashSet<Layer>(ReferenceEqualityComparer.Instance);
        IEnumerable<Layer> Walk(Layer layer) => layer.SubLayers.Where(seen.Add).SelectMany(l => Walk(l).Prepend(l));
        return Walk(this);
    }

    /// <summary>This layer's own variables, trained ones first, then those of the layers it holds; each once.</summary>
    public IReadOnlyList<Variable> weights => [.. CollectWeights().Distinct(ReferenceEqualityComparer.Instance).Cast<Variable>()];

    /// <summary>The variables of this layer itself, trainable ones first.</summary>
    internal IEnumerable<Variable> OwnWeights => _ownWeights.Concat(FieldTracker.Held<Variable>(this).Except(_ownWeights)).OrderBy(w => _frozen.Contains(w));

    IEnumerable<Variable> CollectWeights() => OwnWeights.Concat(SubLayers.SelectMany(l => l.CollectWeights()));

    /// <summary>The weights that optimizers change.</summary>
    public IReadOnlyList<Variable> trainable_weights => trainable ? [.. weights.Where(w => w.trainable)] : [];

    /// <summary>The weights that optimizers do not change: frozen ones, and statistics such as moving means.</summary>
    public IReadOnlyList<Variable> non_trainable_weights => trainable ? [.. weights.Where(w => !w.trainable)] : weights;

    /// <summary>Keras' other name of <see cref="weights"/>, with seed states.</summary>
    public IReadOnlyList<Variable> variables => weights;

    /// <summary>Keras' other name of <see cref="trainable_weights"/>.</summary>
    public IReadOnlyList<Variable> trainable_variables => trainable_weights;

    /// <summary>Keras' other name of <see cref="non_trainable_weights"/>.</summary>
    public IReadOnlyList<Variable> non_trainable_variables => non_trainable_weights;

    /// <summary>The number of parameters: all elements of all weights.</summary>
    /// <exception cref="InvalidOperationException">The layer is not built, so there are no weights to count yet.</exception>
    public long count_params() => built ? weights.Sum(w => w.size)
        : throw new InvalidOperationException($"count_params was called on {GetType().Name} '{name}', which is not built and has no weights yet. Call it on data, or build(input_shape), first.");

    /// <summary>The weights' values, in the order of <see cref="weights"/>.</summary>
    /// <param name="dtype">The dtype to cast floating values to; default none. (A parameter-less method of this name would clash with the property.)</param>
    public IReadOnlyList<Tensor> get_weights(DType? dtype = null) =>
        [.. weights.Select(w => dtype is not null && w.dtype.IsFloating ? Tf.Cast(w.value, dtype) : w.value)];

    /// <summary>Sets the weights, in the order of <see cref="weights"/>.</summary>
    /// <exception cref="ShapeMismatchException">There are more or fewer values than weights, or a shape differs; nothing was set.</exception>
    public void set_weights(IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var own = weights;
        if (values.Count != own.Count)
            throw new ShapeMismatchException("The number of values is not the number of weights", $"layer '{name}'", $"{own.Count} values", $"{values.Count}", built ? null : "Build the layer first.");
        for (var i = 0; i < own.Count; i++)
            if (values[i].shape != own[i].shape) throw new ShapeMismatchException("A value does not fit a weight", own[i].path, own[i].shape.ToString(), values[i].shape.ToString());
        for (var i = 0; i < own.Count; i++) own[i].Load(Tensor.Of(values[i], own[i].dtype));
    }

    /// <summary>Makes a weight of this layer; call it from <see cref="build(Shape)"/>.</summary>
    /// <param name="shape">Its fully known shape; default a scalar.</param>
    /// <param name="initializer">Makes the initial value when it is first needed; default zeros for integers and bools, otherwise GlorotUniform.</param>
    /// <param name="dtype">Its dtype; default <see cref="variable_dtype"/>.</param>
    /// <param name="trainable">Whether it is trained; default true.</param>
    /// <param name="regularizer">Adds a loss of it that training minimizes along with the others; default none.</param>
    /// <param name="constraint">The constraint that optimizers apply after each step; default none.</param>
    /// <param name="name">Its name; default "variable".</param>
    protected Variable add_weight(Shape? shape = null, Initializer? initializer = null, DType? dtype = null, bool trainable = true, Regularizer? regularizer = null,
        Constraint? constraint = null, string? name = null)
    {
        initializer ??= (dtype ?? variable_dtype).IsFloating ? new GlorotUniform() : new Zeros();
        var weight = add_weight(shape ?? Shape.Scalar, initializer.call, dtype, trainable, name);
        if (regularizer is not null) weight.Regularizer = regularizer.call;
        if (constraint is not null) weight.Constraint = constraint.call;
        return weight;
    }

    /// <summary>Makes a weight of this layer whose initial value your function computes.</summary>
    /// <param name="shape">Its fully known shape.</param>
    /// <param name="initializer">Makes the initial value from shape and dtype; called when first needed.</param>
    /// <param name="dtype">Its dtype; default <see cref="variable_dtype"/>.</param>
    /// <param name="trainable">Whether it is trained; default true.</param>
    /// <param name="name">Its name; default "variable".</param>
    protected Variable add_weight(Shape shape, Func<Shape, DType, Tensor> initializer, DType? dtype = null, bool trainable = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        var type = dtype ?? variable_dtype;
        var weight = new Variable(() => initializer(shape, type), shape, type, trainable && this.trainable, name ?? "variable");
        if (!trainable) _frozen.Add(weight);
        _ownWeights.Add(weight);
        return weight;
    }

    /// <summary>Makes the weights, given the shape of the inputs; override it and call add_weight. The default makes none.</summary>
    /// <param name="input_shape">The shape of the first input; the batch is usually unknown.</param>
    public virtual void build(Shape input_shape) => built = true;

    /// <summary>Tensors with the shapes that the weights were built for; null if there are none.</summary>
    internal Tensors? BuildShapes { get; private set; }

    /// <summary>How often the layer was applied to symbolic tensors.</summary>
    internal int SymbolicCalls { get; set; }

    /// <summary>Builds the weights once, under this layer's name.</summary>
    internal void BuildFor(Shape input_shape)
    {
        if (built) return;
        using (NameScope.Enter(name)) build(input_shape);
        (built, BuildShapes) = (true, new Tensors(Graph.Scratch.AddPlaceholder(compute_dtype, input_shape, "shape")));
    }

    /// <summary>Makes the weights, given all arguments of a call; the default looks at the first input's shape only.</summary>
    protected virtual void build(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        build(args.Inputs.Flatten() is [var first, ..] ? first.shape : Shape.Unknown);
    }

    /// <summary>Computes the outputs; override this overload for a layer of one input.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    public virtual Tensors call(Tensors inputs, bool training = false) =>
        throw new UnsupportedException("A layer does not override call", $"layer '{name}' ({GetType().Name})", remedy: "Override call(Tensors inputs, bool training) or call(CallArguments args).");

    /// <summary>Computes the outputs; override this overload for a layer that takes more tensors, masks or options.</summary>
    public virtual Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return call(args.Inputs, args.IsTraining);
    }

    /// <summary>The output's shape for an input's shape; the default infers it from <see cref="call(Tensors, bool)"/> without computing.</summary>
    public virtual Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        var input = Graph.Scratch.AddPlaceholder(compute_dtype, input_shape, "shape");
        using (Graph.Scratch.Enter()) return Apply(new Tensors(input)).Flatten()[0].shape;
    }

    /// <summary>The mask of the first output; the default passes the inputs' mask on where <see cref="supports_masking"/>.</summary>
    public virtual Tensor? compute_mask(Tensors inputs, Tensor? mask) => supports_masking ? mask : null;

    /// <summary>The masks of the outputs in order, null for none; by default only the first has one.</summary>
    internal virtual Tensor?[] ComputeMasks(CallArguments args) => [compute_mask(args.Inputs, args.Mask)];

    /// <summary>Applies the layer to inputs: Keras' <c>layer(inputs)</c>. The first call builds it.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="training">Whether to behave as in training; null inherits from the enclosing call, then false.</param>
    /// <param name="mask">Which steps are data; default the mask that the inputs carry.</param>
    public Tensors Apply(Tensors inputs, bool? training = null, Tensor? mask = null) => Apply(new CallArguments(inputs, training) { Mask = mask });

    /// <inheritdoc/>
    public override string ToString() => $"<{GetType().Name} name={name}, built={built}>";
}

/// <summary>A layer whose outputs have a type of their own.</summary>
/// <typeparam name="TOut">The outputs' class.</typeparam>
public abstract class Layer<TOut> : Layer where TOut : Tensors
{
    /// <inheritdoc/>
    protected Layer(string? name = null, bool trainable = true, DTypePolicy? dtype = null) : base(name, trainable, dtype) { }

    /// <inheritdoc cref="Layer.Apply(Tensors, bool?, Tensor?)"/>
    public new TOut Apply(Tensors inputs, bool? training = null, Tensor? mask = null) => (TOut)base.Apply(inputs, training, mask);

    /// <inheritdoc cref="Layer.Apply(CallArguments)"/>
    public new TOut Apply(CallArguments args) => (TOut)base.Apply(args);
}
