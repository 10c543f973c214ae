using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras;

public sealed partial class KerasApi
{
    /// <summary>Activation functions, and <c>get</c> by name.</summary>
    public ActivationsApi activations { get; } = new();
}

/// <summary>keras.activations: functions of tensors of any shape, and <c>get</c> by name.</summary>
/// <remarks>Source: keras/src/activations/activations.py.</remarks>
public sealed partial class ActivationsApi
{
    readonly Dictionary<string, ActivationFunction> _byName;

    internal ActivationsApi() => _byName = new Dictionary<string, Func<Tensor, Tensor>>
    {
        ["celu"] = celu, ["elu"] = elu, ["exponential"] = exponential, ["gelu"] = gelu, ["glu"] = glu,
        ["hard_shrink"] = hard_shrink, ["hard_sigmoid"] = hard_sigmoid, ["hard_silu"] = hard_silu, ["hard_tanh"] = hard_tanh,
        ["leaky_relu"] = leaky_relu, ["linear"] = linear, ["log_sigmoid"] = log_sigmoid, ["log_softmax"] = log_softmax,
        ["mish"] = mish, ["relu"] = relu, ["relu6"] = relu6, ["selu"] = selu, ["sigmoid"] = sigmoid,
        ["silu"] = silu, ["soft_shrink"] = soft_shrink, ["softmax"] = softmax, ["softplus"] = softplus,
        ["softsign"] = softsign, ["sparse_plus"] = sparse_plus, ["sparse_sigmoid"] = sparse_sigmoid, ["sparsemax"] = sparsemax,
        ["squareplus"] = squareplus, ["tanh"] = tanh, ["tanh_shrink"] = tanh_shrink, ["threshold"] = RequireArguments,
    }.ToDictionary(f => f.Key, f => new ActivationFunction(f.Key, f.Value));

    static readonly Dictionary<string, string> Aliases = new() { ["swish"] = "silu", ["hard_swish"] = "hard_silu" };

    static OpsApi Ops => Api.ops;

    static Tensor RequireArguments(Tensor x) => throw new ArgumentException("The activation 'threshold' cannot be used by its name alone: it needs a threshold and a default value. Give new ActivationFunction(x => keras.activations.threshold(x, ..., ...)).");

    /// <summary>An activation by its name; "linear" for null.</summary>
    /// <exception cref="ArgumentException">There is none with that name.</exception>
    public ActivationFunction get(string? identifier)
    {
        if (identifier is null) return _byName["linear"];
        return _byName.TryGetValue(Aliases.GetValueOrDefault(identifier, identifier), out var known) ? known
            : throw Known.Unknown("Unknown activation", identifier, nameof(identifier), _byName.Keys);
    }

    /// <summary>Returns the activation unchanged; "linear" for null.</summary>
    public ActivationFunction get(ActivationFunction? identifier) => identifier ?? _byName["linear"];

    /// <summary>A function of your own as an activation.</summary>
    [OverloadResolutionPriority(-1)]
    public ActivationFunction get(Func<Tensor, Tensor> identifier) => new(identifier);

    /// <summary>Whether <c>get</c> knows a name.</summary>
    internal bool Has(string name) => _byName.ContainsKey(name);

    /// <summary>The activation of a name in a config.</summary>
    /// <exception cref="ArgumentException">There is none with that name.</exception>
    public ActivationFunction deserialize(string config) => get(config);

    /// <summary>The name under which configs hold the activation.</summary>
    /// <exception cref="UnsupportedException">It is a user-defined function.</exception>
    public string serialize(ActivationFunction activation) => (activation ?? throw new ArgumentNullException(nameof(activation))).ConfigName;

    /// <inheritdoc cref="OpsApi.celu(TensorLike, double)"/>
    public Tensor celu(TensorLike x, double alpha = 1) => Ops.celu(x, alpha);

    /// <inheritdoc cref="OpsApi.elu(TensorLike, double)"/>
    public Tensor elu(TensorLike x, double alpha = 1) => Ops.elu(x, alpha);

    /// <summary>e^x.</summary>
    public Tensor exponential(TensorLike x) => Ops.exp(x);

    /// <summary>x · Φ(x), where Φ is the normal distribution.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="approximate">Whether to use the tanh approximation; default false (in <c>ops.gelu</c> it is true, as in Keras).</param>
    public Tensor gelu(TensorLike x, bool approximate = false) => Ops.gelu(x, approximate);

    /// <inheritdoc cref="OpsApi.glu(TensorLike, int)"/>
    public Tensor glu(TensorLike x, int axis = -1) => Ops.glu(x, axis);

    /// <inheritdoc cref="OpsApi.hard_shrink(TensorLike, double)"/>
    public Tensor hard_shrink(TensorLike x, double threshold = 0.5) => Ops.hard_shrink(x, threshold);

    /// <inheritdoc cref="OpsApi.hard_sigmoid(TensorLike)"/>
    public Tensor hard_sigmoid(TensorLike x) => Ops.hard_sigmoid(x);

    /// <inheritdoc cref="OpsApi.hard_silu(TensorLike)"/>
    public Tensor hard_silu(TensorLike x) => Ops.hard_silu(x);

    /// <inheritdoc cref="OpsApi.hard_tanh(TensorLike)"/>
    public Tensor hard_tanh(TensorLike x) => Ops.hard_tanh(x);

    /// <inheritdoc cref="OpsApi.leaky_relu(TensorLike, double)"/>
    public Tensor leaky_relu(TensorLike x, double negative_slope = 0.2) => Ops.leaky_relu(x, negative_slope);

    /// <summary>Returns x unchanged.</summary>
    public Tensor linear(TensorLike x) => Ops.convert_to_tensor(x);

    /// <inheritdoc cref="OpsApi.log_sigmoid(TensorLike)"/>
    public Tensor log_sigmoid(TensorLike x) => Ops.log_sigmoid(x);

    /// <inheritdoc cref="OpsApi.log_softmax(TensorLike, Axes)"/>
    public Tensor log_softmax(TensorLike x, Axes? axis = null) => Ops.log_softmax(x, axis);

    /// <inheritdoc cref="OpsApi.mish(TensorLike)"/>
    public Tensor mish(TensorLike x) => Ops.mish(x);

    /// <summary>The rectified linear unit, max(x, 0); its upper limit, its threshold and the slope below it can be set.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="negative_slope">The slope below the threshold: negative_slope · (x - threshold); default 0.</param>
    /// <param name="max_value">The limit; default none.</param>
    /// <param name="threshold">Below it x is damped; default 0.</param>
    public Tensor relu(TensorLike x, double negative_slope = 0, double? max_value = null, double threshold = 0)
    {
        if (max_value is not null && double.IsNaN(max_value.Value)) throw new ArgumentOutOfRangeException(nameof(max_value), max_value, "The limit is not a number. Expected: a number, or null.");
        if (negative_slope == 0 && threshold == 0) return max_value switch { null => Ops.relu(x), 6 => Ops.relu6(x), { } limit => AtMost(Ops.relu(x), limit) };
        var tensor = Ops.cast(x, Backend.DTypePromotion.Floating(x.Type));
        var start = Tf.Constant(Require.Finite(threshold), tensor.dtype);
        var above = Tf.Cast(Tf.Greater(tensor, start), tensor.dtype) * tensor;
        if (max_value is { } given) above = AtMost(above, given);
        return negative_slope == 0 ? above : above - (Tf.Relu(start - tensor) * Require.Finite(negative_slope));
    }

    static Tensor AtMost(Tensor x, double limit) => Tf.Minimum(x, Tf.Constant(limit, x.dtype));

    /// <inheritdoc cref="OpsApi.relu6(TensorLike)"/>
    public Tensor relu6(TensorLike x) => Ops.relu6(x);

    /// <inheritdoc cref="OpsApi.selu(TensorLike)"/>
    public Tensor selu(TensorLike x) => Ops.selu(x);

    /// <inheritdoc cref="OpsApi.sigmoid(TensorLike)"/>
    public Tensor sigmoid(TensorLike x) => Ops.sigmoid(x);

    /// <inheritdoc cref="OpsApi.silu(TensorLike)"/>
    public Tensor silu(TensorLike x) => Ops.silu(x);

    /// <inheritdoc cref="OpsApi.soft_shrink(TensorLike, double)"/>
    public Tensor soft_shrink(TensorLike x, double threshold = 0.5) => Ops.soft_shrink(x, threshold);

    /// <inheritdoc cref="OpsApi.softmax(TensorLike, Axes)"/>
    public Tensor softmax(TensorLike x, Axes? axis = null) => Ops.softmax(x, axis);

    /// <inheritdoc cref="OpsApi.softplus(TensorLike)"/>
    public Tensor softplus(TensorLike x) => Ops.softplus(x);

    /// <inheritdoc cref="OpsApi.softsign(TensorLike)"/>
    public Tensor softsign(TensorLike x) => Ops.softsign(x);

    /// <inheritdoc cref="OpsApi.sparse_plus(TensorLike)"/>
    public Tensor sparse_plus(TensorLike x) => Ops.sparse_plus(x);

    /// <inheritdoc cref="OpsApi.sparse_sigmoid(TensorLike)"/>
    public Tensor sparse_sigmoid(TensorLike x) => Ops.sparse_sigmoid(x);

    /// <inheritdoc cref="OpsApi.sparsemax(TensorLike, int)"/>
    public Tensor sparsemax(TensorLike x, int axis = -1) => Ops.sparsemax(x, axis);

    /// <inheritdoc cref="OpsApi.squareplus(TensorLike, double)"/>
    public Tensor squareplus(TensorLike x, double b = 4) => Ops.squareplus(x, b);

    /// <inheritdoc cref="OpsApi.tanh(TensorLike)"/>
    public Tensor tanh(TensorLike x) => Ops.tanh(x);

    /// <inheritdoc cref="OpsApi.tanh_shrink(TensorLike)"/>
    public Tensor tanh_shrink(TensorLike x) => Ops.tanh_shrink(x);

    /// <inheritdoc cref="OpsApi.threshold"/>
    public Tensor threshold(TensorLike x, double threshold, double default_value) => Ops.threshold(x, threshold, default_value);
}
