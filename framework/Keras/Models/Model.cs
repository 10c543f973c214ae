namespace Keras;

/// <summary>A layer with <c>compile</c>, <c>fit</c>, <c>evaluate</c>, <c>predict</c> and <c>save</c>. Derive from it for a model of your own, or use <c>keras.Sequential</c> or <c>keras.Model(inputs, outputs)</c>.</summary>
/// <remarks>Subclass it: hold layers in fields and override <see cref="Layer.call(Tensors, bool)"/>. Source: keras/src/models/model.py.</remarks>
/// <example>
/// <code>
/// Tensor x = keras.random.normal((8, 4)), y = ops.sum(x, axis: 1, keepdims: true);
/// var model = new Net(16);
/// model.compile(optimizer: "adam", loss: "mse");
/// model.fit(x, y, epochs: 2);
/// model.save("net.keras");
///
/// sealed class Net(int units) : Model
/// {
///     readonly Dense hidden = keras.layers.Dense(units, activation: "relu"), head = keras.layers.Dense(1);
///
///     public override Tensors call(Tensors inputs, bool training = false) =&gt; head.Apply(hidden.Apply(inputs));
/// }
/// </code>
/// </example>
public abstract partial class Model : Layer
{
    /// <summary>A layer with <c>compile</c>, <c>fit</c>, <c>evaluate</c>, <c>predict</c> and <c>save</c>. Derive from it for a model of your own, or use <c>keras.Sequential</c> or <c>keras.Model(inputs, outputs)</c>.</summary>
    /// <param name="name">Its name; default the class name in snake case with a number.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <param name="dtype">Its dtype policy; default the global one.</param>
    protected Model(string? name = null, bool trainable = true, DTypePolicy? dtype = null) : base(name, trainable, dtype) { }

    /// <summary>The layers that the model holds directly.</summary>
    public virtual IReadOnlyList<Layer> layers => [.. SubLayers];

    /// <summary>The layers that weight files list under "layers"; null for a model saved by its fields.</summary>
    internal virtual IReadOnlyList<Layer>? SavedUnderLayers => null;

    /// <summary>The symbolic outputs; null if the model has none.</summary>
    internal virtual Tensors? OutputTensors => null;

    /// <summary>Does nothing: a model is built by the layers in its config, or by its first call.</summary>
    internal override void BuildOfConfig(Shape input_shape) { }
}

/// <summary>A model whose outputs have a type of their own.</summary>
/// <typeparam name="TOut">The outputs' class.</typeparam>
public abstract class Model<TOut> : Model where TOut : Tensors
{
    /// <inheritdoc/>
    protected Model(string? name = null, bool trainable = true, DTypePolicy? dtype = null) : base(name, trainable, dtype) { }

    /// <inheritdoc cref="Layer.Apply(Tensors, bool?, Tensor?)"/>
    public new TOut Apply(Tensors inputs, bool? training = null, Tensor? mask = null) => (TOut)base.Apply(inputs, training, mask);

    /// <inheritdoc cref="Layer.Apply(CallArguments)"/>
    public new TOut Apply(CallArguments args) => (TOut)base.Apply(args);
}
