using Keras.Engines;
using Keras.Graphs;

namespace Keras;

/// <summary>A tensor whose value can change: a weight, an optimizer's slot, a counter.</summary>
/// <remarks>The value is made when first needed, so that weights loaded from a file are never initialised first. Inside a traced function
/// reads and writes become part of the function; their order is kept.</remarks>
public sealed partial class Variable
{
    readonly Lock _lock = new();
    Func<Tensor>? _initializer;
    EagerTensor? _handle;

    /// <summary>Makes a variable with an initial value.</summary>
    /// <param name="initial_value">The first value; its shape and dtype become the variable's.</param>
    /// <param name="trainable">Whether gradient tapes watch it; default true.</param>
    /// <param name="name">Its name; default "variable".</param>
    public Variable(Tensor initial_value, bool trainable = true, string name = "variable")
        : this(() => initial_value, (initial_value ?? throw new ArgumentNullException(nameof(initial_value))).shape, initial_value.dtype, trainable, name)
    {
    }

    /// <summary>Makes a variable whose initial value is computed when it is first needed.</summary>
    /// <param name="initializer">Makes the first value.</param>
    /// <param name="shape">The fully known shape.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="trainable">Whether gradient tapes watch it; default true.</param>
    /// <param name="name">Its name; default "variable".</param>
    public Variable(Func<Tensor> initializer, Shape shape, DType dtype, bool trainable = true, string name = "variable")
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!shape.IsFullyKnown) throw new ShapeMismatchException("The shape of a variable is not fully known", name, "a fully known shape", shape.ToString());
        (_initializer, this.shape, this.dtype, this.trainable, this.name) = (initializer, shape, dtype, trainable, name);
        path = NameScope.Path(name);
    }

    Variable(Shape shape, DType dtype, string name)
        : this(null!, shape, dtype, trainable: false, name)
    {
    }

    /// <summary>A non-trainable variable that starts as zeros.</summary>
    internal static Variable OfZeros(Shape shape, DType dtype, string name) => new(shape, dtype, name);

    /// <summary>The variable's dimensions.</summary>
    public Shape shape { get; }

    /// <summary>The variable's element type.</summary>
    public DType dtype { get; }

    /// <summary>Whether gradient tapes watch it and optimizers change it.</summary>
    public bool trainable { get; set; }

    /// <summary>The name within its layer.</summary>
    public string name { get; set; }

    /// <summary>The names of the layers around it, and its own, joined by '/'.</summary>
    public string path { get; internal set; }

    /// <summary>What an optimizer applies to the value after each of its steps; null for nothing.</summary>
    internal Func<Tensor, Tensor>? Constraint { get; set; }

    /// <summary>Computes from the value a scalar loss that training minimises as well; null for none.</summary>
    internal Func<Tensor, Tensor>? Regularizer { get; set; }

    /// <summary>The rounding errors of additions to a metric's variable; null for other variables.</summary>
    internal Variable? Lost { get; set; }

    /// <summary>The number of elements.</summary>
    public long size => shape.ElementCount;

    /// <summary>The current value: a snapshot that later assignments do not change. In a layer with a mixed precision policy it has the layer's compute dtype.</summary>
    public Tensor value
    {
        get
        {
            VariableReads.Add(this);
            if (Graph.Current is { IsScratch: true } scratch) return Autocast.Apply(scratch.AddPlaceholder(dtype, shape, name));
            if (StoredVariables.Read(this) is { } stored) return Autocast.Apply(stored);
            GradientTape.VariableRead(this);
            return Autocast.Apply(Tf.ReadVariable(Handle, dtype));
        }
    }

    /// <summary>Whether the value has been made or assigned.</summary>
    internal bool IsMaterialized => _handle is not null;

    /// <summary>The engine's resource.</summary>
    internal EagerTensor Handle
    {
        get
        {
            if (_handle is { } handle) return handle;
            lock (_lock)
            {
                if (_handle is not null) return _handle;
                using (Graph.Suspend())
                using (GradientTape.Pause())
                {
                    if (_initializer is null) return MaterializeZeros();
                    var initial = _initializer();
                    CheckValue(initial);
                    return Materialize(initial);
                }
            }
        }
    }

    /// <summary>The engine that holds the value; null while there is no value.</summary>
    internal IEngine? Owner => _handle?.Engine;

    /// <summary>Sets the value at once, even while tracing; a first value set so skips the initializer.</summary>
    internal void Load(Tensor loaded)
    {
        CheckValue(loaded);
        using (Graph.Suspend())
        using (GradientTape.Pause())
            lock (_lock)
            {
                if (_handle is null) Materialize(loaded);
                else Tf.AssignVariable(_handle, loaded);
            }
    }

    /// <summary>Makes a value of zeros in memory that only the variable holds, so that an optimizer updates it in place from the first step on.</summary>
    EagerTensor MaterializeZeros()
    {
        using var zeros = Tf.Zeros(shape, dtype).RequireEager();
        return Materialize(zeros);
    }

    EagerTensor Materialize(Tensor initial)
    {
        var engine = Engine.Current;
        var handle = new EagerTensor(engine.CreateVariable(dtype, shape, Engine.Device), engine) { HandleData = (dtype, shape), Variable = this };
        Tf.AssignVariable(handle, initial.RequireEager());
        _initializer = null;
        return _handle = handle;
    }

    /// <summary>Replaces the variable's value.</summary>
    /// <exception cref="ShapeMismatchException">The value has another shape.</exception>
    public Variable assign(Tensor value) => Change(value ?? throw new ArgumentNullException(nameof(value)), Tf.AssignVariable);

    /// <summary>Adds to the variable's value.</summary>
    /// <exception cref="ShapeMismatchException">The value has another shape.</exception>
    public Variable assign_add(Tensor value) => Change(value ?? throw new ArgumentNullException(nameof(value)), Tf.AssignAddVariable);

    /// <summary>Subtracts from the variable's value.</summary>
    /// <exception cref="ShapeMismatchException">The value has another shape.</exception>
    public Variable assign_sub(Tensor value) => Change(value ?? throw new ArgumentNullException(nameof(value)), Tf.AssignSubVariable);

    Variable Change(Tensor by, Action<Tensor, Tensor> write)
    {
        if (by.dtype != dtype) by = Tf.Cast(by, dtype);
        CheckValue(by);
        StoredVariables.Change(this);
        if (Graph.Current is not { IsScratch: true }) write(Handle, by);
        return this;
    }

    void CheckValue(Tensor candidate)
    {
        if (!candidate.shape.IsCompatibleWith(shape)) throw new ShapeMismatchException("A value does not fit a variable", path, shape.ToString(), candidate.shape.ToString());
        if (candidate.dtype != dtype) throw new DTypeMismatchException("A value does not fit a variable", path, dtype.Name, candidate.dtype.Name);
    }

    /// <summary>The variable's current value.</summary>
    public static implicit operator Tensor(Variable variable) => variable.value;

    /// <summary>The path, shape and dtype, and the value unless a function is being traced.</summary>
    public override string ToString() => $"<Variable path={path}, shape={shape}, dtype={dtype}{(Graph.Current is null ? $", value={Tf.ReadVariable(Handle, dtype)}" : "")}>";
}

/// <summary>Casts floating variables to a layer's compute dtype where they are read.</summary>
static class Autocast
{
    [ThreadStatic] static DType? _dtype;

    public static DType? Current => _dtype;

    public static IDisposable Enter(DType? dtype)
    {
        var previous = _dtype;
        _dtype = dtype;
        return new Scope(() => _dtype = previous);
    }

    public static Tensor Apply(Tensor value) => _dtype is { } dtype && value.dtype.IsFloating && value.dtype != dtype ? Tf.Cast(value, dtype) : value;
}
