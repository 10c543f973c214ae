using Keras.Initializers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>A learned factor for similarities, stored as its logarithm.</summary>
sealed class LogitScale(double initial, DTypePolicy dtype) : Layer("logit_scale", dtype: dtype)
{
    /// <summary>The logarithm of the scale, ().</summary>
    public Variable? Logarithm { get; private set; }

    protected override void build(CallArguments args) => Build();

    public Variable Build() => Logarithm ??= add_weight(Shape.Scalar, new Constant(initial).call, name: "logit_scale");

    public override Tensors call(Tensors inputs, bool training = false) => inputs.Single * ops.exp(ops.cast(Logarithm!, compute_dtype));
}
