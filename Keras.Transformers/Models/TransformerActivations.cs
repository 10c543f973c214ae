using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>The activations that a configuration may name.</summary>
/// <remarks>Source: transformers/activations.py, activations_tf.py.</remarks>
static class TransformerActivations
{
    static readonly Dictionary<string, Func<Tensor, Tensor>> ByName = new()
    {
        ["gelu"] = Tf.Gelu,
        ["gelu_10"] = x => Tf.Minimum(Tf.Maximum(Tf.Gelu(x), Tf.Constant(-10, x.dtype)), Tf.Constant(10, x.dtype)),
        ["gelu_new"] = TanhGelu,
        ["gelu_fast"] = TanhGelu,
        ["quick_gelu"] = x => x * Tf.Sigmoid(x * 1.702),
        ["mish"] = x => x * Tf.Tanh(Tf.Softplus(x)),
        ["silu"] = x => x * Tf.Sigmoid(x),
        ["swish"] = x => x * Tf.Sigmoid(x),
        ["relu"] = Tf.Relu,
        ["sigmoid"] = Tf.Sigmoid,
        ["tanh"] = Tf.Tanh,
        ["glu"] = x => Tf.Split(x, 2, -1) is [var a, var b] ? a * Tf.Sigmoid(b) : x,
        ["linear"] = x => x,
    };

    /// <param name="name">The name.</param>
    /// <param name="where">Where it was given, for the error.</param>
    /// <exception cref="ConfigException">There is none of the name.</exception>
    public static Func<Tensor, Tensor> Get(string name, string where = "hidden_act") => ByName.TryGetValue(name, out var activation) ? activation
        : throw new ConfigException("There is no such activation", where, string.Join(", ", ByName.Keys), name);

    static Tensor TanhGelu(Tensor x) => x * 0.5 * (1 + Tf.Tanh((x + (x * x * x * 0.044715)) * Math.Sqrt(2 / Math.PI)));
}
