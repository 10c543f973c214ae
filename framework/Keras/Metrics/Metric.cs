using Keras.Graphs;

namespace Keras.Metrics;

/// <summary>The base of metrics: values gathered over many batches, in variables that each batch updates, with a result. Derive from it for a metric of your own.</summary>
/// <remarks>Override <see cref="update_state"/> and <see cref="result"/>, and make the state with <see cref="add_variable"/>. Inside a traced
/// function the updates become part of it. Source: keras/src/metrics/metric.py.</remarks>
/// <example>
/// <code>
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: "adam", loss: "mse", metrics: [new WithinOne(), "mae"]);
///
/// sealed class WithinOne : Keras.Metrics.Metric
/// {
///     readonly Variable near, count;
///
///     public WithinOne() : base(name: "within_one") =&gt; (near, count) = (add_variable(name: "near"), add_variable(name: "count"));
///
///     public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
///     {
///         var hits = ops.cast(ops.abs(y_true - y_pred) &lt; 1, "float32");
///         near.assign_add(ops.sum(hits));
///         count.assign_add(ops.sum(ops.ones_like(hits)));
///     }
///
///     public override Tensors result() =&gt; near.value / count.value;
/// }
/// </code>
/// </example>
public abstract class Metric : ITracked
{
    readonly List<Variable> _variables = [];
    readonly DType _given;

    /// <summary>The base of metrics: values gathered over many batches, in variables that each batch updates, with a result. Derive from it for a metric of your own.</summary>
    /// <param name="dtype">The dtype to compute in, of a policy its compute dtype; default keras.config.floatx().</param>
    /// <param name="name">Its name; default the class name in snake case with a number.</param>
    protected Metric(DTypePolicy? dtype = null, string? name = null)
    {
        this.name = name ?? LayerNames.New(GetType());
        _given = dtype?.compute_dtype ?? ConfigApi.FloatX;
        this.dtype = Wide(_given);
    }

    /// <summary>The name of the metric, under which logs hold it.</summary>
    public string name { get; internal set; }

    /// <summary>The dtype that the metric is computed in; float32 if a 16-bit float was given, in which counts end at 256 or 2048.</summary>
    public DType dtype { get; }

    /// <summary>The state, and that of the metrics that fields hold.</summary>
    public IReadOnlyList<Variable> variables => [.. _variables, .. FieldTracker.Held<Metric>(this).SelectMany(m => m.variables)];

    /// <summary>"up" if larger results are better, "down" if smaller ones are; null if unknown.</summary>
    internal string? Direction { get; private protected init; }

    static DType Wide(DType dtype) => dtype.IsFloating && dtype.Size < 4 ? DType.Float32 : dtype;

    /// <summary>Makes a variable of the state.</summary>
    /// <param name="shape">Its fully known shape; default a scalar.</param>
    /// <param name="initializer">Makes the first value from shape and dtype; default zeros.</param>
    /// <param name="dtype">Its dtype; default keras.config.floatx(). A 16-bit float becomes float32.</param>
    /// <param name="name">Its name; default "variable".</param>
    protected Variable add_variable(Shape? shape = null, Func<Shape, DType, Tensor>? initializer = null, DType? dtype = null, string? name = null)
    {
        var (dims, type) = (shape ?? Shape.Scalar, Wide(dtype ?? ConfigApi.FloatX));
        using (NameScope.Root())
        using (NameScope.Enter(this.name.Replace('/', '>')))
        {
            var variable = new Variable(() => initializer is null ? Tf.Zeros(dims, type) : initializer(dims, type), dims, type, trainable: false, name ?? "variable");
            variable.Lost = new Variable(() => Tf.Zeros(dims, DType.Float64), dims, DType.Float64, trainable: false, variable.name + "_lost");
            _variables.Add(variable);
            return variable;
        }
    }

    /// <summary>Updates the metric with a batch.</summary>
    /// <param name="y_true">The truth, (B, ...).</param>
    /// <param name="y_pred">The predictions, (B, ...).</param>
    /// <param name="sample_weight">The weight of each sample, (B) or as the values of the metric; default 1.</param>
    public virtual void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null) => throw new UnsupportedException(
        "A metric cannot be updated with truth and predictions", $"{name} ({GetType().Name})",
        remedy: "Override update_state(y_true, y_pred, sample_weight), or use MeanMetricWrapper for the mean of a function's values.");

    /// <summary>Returns the result so far: a tensor, or a dictionary of named ones.</summary>
    public abstract Tensors result();

    /// <summary>Forgets all batches: sets every variable to zeros.</summary>
    public virtual void reset_state()
    {
        foreach (var variable in variables.SelectMany(v => v.Lost is { } lost ? (Variable[])[v, lost] : [v])) variable.assign(Tf.Zeros(variable.shape, variable.dtype));
    }

    /// <summary>Updates the metric with a batch and returns the result so far: Keras' <c>metric(y_true, y_pred)</c>.</summary>
    /// <inheritdoc cref="update_state"/>
    public Tensors Apply(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        update_state(y_true, y_pred, sample_weight);
        return result();
    }

    /// <summary>The arguments that recreate the object, under Keras' keys.</summary>
    public virtual Dictionary<string, object?> get_config() => new() { ["name"] = name, ["dtype"] = _given.Name };

    /// <inheritdoc/>
    public override string ToString() => $"<{GetType().Name} name={name}>";
}
