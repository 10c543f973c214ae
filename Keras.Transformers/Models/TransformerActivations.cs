using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The activations that a configuration may name.</summary>
/// <remarks>Source: transformers/activations.py, activations_tf.py.</remarks>
static class TransformerActivations
{
    static readonly Dictionary<string, Func<Tensor, Tensor>> ByName = new()
    {
        ["gelu"] = Gelu,
        ["gelu_10"] = x => ops.clip(Gelu(x), -10, 10),
        ["gelu_new"] = x => ops.gelu(x, approximate: true),
        ["gelu_fast"] = x => ops.gelu(x, approximate: true),
        ["quick_gelu"] = x => x * ops.sigmoid(x * 1.702),
        ["mish"] = x => ops.mish(x),
        ["silu"] = x => ops.silu(x),
        ["swish"] = x => ops.silu(x),
        ["relu"] = x => ops.relu(x),
        ["sigmoid"] = x => ops.sigmoid(x),
        ["tanh"] = x => ops.tanh(x),
        ["glu"] = x => ops.glu(x),
        ["linear"] = x => x,
    };

    /// <param name="name">The name.</param>
    /// <param name="where">Where it was given, for the error.</param>
    /// <exception cref="ConfigException">There is no activation of this name.</exception>
    public static Func<Tensor, Tensor> Get(string name, string where = "hidden_act") => ByName.TryGetValue(name, out var activation) ? activation
        : throw new ConfigException("There is no such activation", where, string.Join(", ", ByName.Keys), name);

    static Tensor Gelu(Tensor x) => ops.gelu(x, approximate: false);
}
