namespace Keras;

// The same functions for passing as arguments (activation: ops.relu). C# cannot make a delegate of a method whose parameters are optional or
// convert implicitly. Being generic, these take only tensors, so that numbers stay weakly typed.
public sealed partial class OpsApi
{
    /// <inheritdoc cref="celu(TensorLike, double)"/>
    public Tensor celu<T>(T x) where T : Tensor => celu((TensorLike)x);

    /// <inheritdoc cref="elu(TensorLike, double)"/>
    public Tensor elu<T>(T x) where T : Tensor => elu((TensorLike)x);

    /// <inheritdoc cref="gelu(TensorLike, bool)"/>
    public Tensor gelu<T>(T x) where T : Tensor => gelu((TensorLike)x);

    /// <inheritdoc cref="glu(TensorLike, int)"/>
    public Tensor glu<T>(T x) where T : Tensor => glu((TensorLike)x);

    /// <inheritdoc cref="hard_shrink(TensorLike, double)"/>
    public Tensor hard_shrink<T>(T x) where T : Tensor => hard_shrink((TensorLike)x);

    /// <inheritdoc cref="hard_sigmoid(TensorLike)"/>
    public Tensor hard_sigmoid<T>(T x) where T : Tensor => hard_sigmoid((TensorLike)x);

    /// <inheritdoc cref="hard_silu(TensorLike)"/>
    public Tensor hard_silu<T>(T x) where T : Tensor => hard_silu((TensorLike)x);

    /// <inheritdoc cref="hard_tanh(TensorLike)"/>
    public Tensor hard_tanh<T>(T x) where T : Tensor => hard_tanh((TensorLike)x);

    /// <inheritdoc cref="leaky_relu(TensorLike, double)"/>
    public Tensor leaky_relu<T>(T x) where T : Tensor => leaky_relu((TensorLike)x);

    /// <inheritdoc cref="log_sigmoid(TensorLike)"/>
    public Tensor log_sigmoid<T>(T x) where T : Tensor => log_sigmoid((TensorLike)x);

    /// <inheritdoc cref="log_softmax(TensorLike, Axes)"/>
    public Tensor log_softmax<T>(T x) where T : Tensor => log_softmax((TensorLike)x);

    /// <inheritdoc cref="mish(TensorLike)"/>
    public Tensor mish<T>(T x) where T : Tensor => mish((TensorLike)x);

    /// <inheritdoc cref="relu(TensorLike)"/>
    public Tensor relu<T>(T x) where T : Tensor => relu((TensorLike)x);

    /// <inheritdoc cref="relu6(TensorLike)"/>
    public Tensor relu6<T>(T x) where T : Tensor => relu6((TensorLike)x);

    /// <inheritdoc cref="selu(TensorLike)"/>
    public Tensor selu<T>(T x) where T : Tensor => selu((TensorLike)x);

    /// <inheritdoc cref="sigmoid(TensorLike)"/>
    public Tensor sigmoid<T>(T x) where T : Tensor => sigmoid((TensorLike)x);

    /// <inheritdoc cref="silu(TensorLike)"/>
    public Tensor silu<T>(T x) where T : Tensor => silu((TensorLike)x);

    /// <inheritdoc cref="soft_shrink(TensorLike, double)"/>
    public Tensor soft_shrink<T>(T x) where T : Tensor => soft_shrink((TensorLike)x);

    /// <inheritdoc cref="softmax(TensorLike, Axes)"/>
    public Tensor softmax<T>(T x) where T : Tensor => softmax((TensorLike)x);

    /// <inheritdoc cref="softplus(TensorLike)"/>
    public Tensor softplus<T>(T x) where T : Tensor => softplus((TensorLike)x);

    /// <inheritdoc cref="softsign(TensorLike)"/>
    public Tensor softsign<T>(T x) where T : Tensor => softsign((TensorLike)x);

    /// <inheritdoc cref="sparse_plus(TensorLike)"/>
    public Tensor sparse_plus<T>(T x) where T : Tensor => sparse_plus((TensorLike)x);

    /// <inheritdoc cref="sparse_sigmoid(TensorLike)"/>
    public Tensor sparse_sigmoid<T>(T x) where T : Tensor => sparse_sigmoid((TensorLike)x);

    /// <inheritdoc cref="sparsemax(TensorLike, int)"/>
    public Tensor sparsemax<T>(T x) where T : Tensor => sparsemax((TensorLike)x);

    /// <inheritdoc cref="squareplus(TensorLike, double)"/>
    public Tensor squareplus<T>(T x) where T : Tensor => squareplus((TensorLike)x);

    /// <inheritdoc cref="tanh(TensorLike)"/>
    public Tensor tanh<T>(T x) where T : Tensor => tanh((TensorLike)x);

    /// <inheritdoc cref="tanh_shrink(TensorLike)"/>
    public Tensor tanh_shrink<T>(T x) where T : Tensor => tanh_shrink((TensorLike)x);

    /// <inheritdoc cref="exp(TensorLike)"/>
    public Tensor exp<T>(T x) where T : Tensor => exp((TensorLike)x);
}
