using static Keras.Api;

namespace Keras.TensorFlowNet;

/// <summary>The names of <c>tf.nn</c>.</summary>
public sealed class NeuralNames
{
    internal NeuralNames() { }

    /// <summary>The same as <c>ops.relu</c>.</summary>
    public Tensor relu(TensorLike x) => ops.relu(x);

    /// <summary>The same as <c>ops.relu6</c>.</summary>
    public Tensor relu6(TensorLike x) => ops.relu6(x);

    /// <summary>The same as <c>ops.sigmoid</c>.</summary>
    public Tensor sigmoid(TensorLike x) => ops.sigmoid(x);

    /// <summary>The same as <c>ops.tanh</c>.</summary>
    public Tensor tanh(TensorLike x) => ops.tanh(x);

    /// <summary>The same as <c>ops.elu</c>.</summary>
    public Tensor elu(TensorLike x) => ops.elu(x);

    /// <summary>The same as <c>ops.selu</c>.</summary>
    public Tensor selu(TensorLike x) => ops.selu(x);

    /// <summary>The same as <c>ops.softplus</c>.</summary>
    public Tensor softplus(TensorLike x) => ops.softplus(x);

    /// <summary>The same as <c>ops.softmax</c>.</summary>
    public Tensor softmax(TensorLike logits, int axis = -1) => ops.softmax(logits, axis);

    /// <summary>The same as <c>ops.log_softmax</c>.</summary>
    public Tensor log_softmax(TensorLike logits, int axis = -1) => ops.log_softmax(logits, axis);

    /// <summary>The loss (B) of logits (B, classes) and classes (B).</summary>
    public Tensor sparse_softmax_cross_entropy_with_logits(TensorLike labels, TensorLike logits) => ops.sparse_categorical_crossentropy(labels, logits, from_logits: true);

    /// <summary>The loss (B) of logits and probabilities, both (B, classes).</summary>
    public Tensor softmax_cross_entropy_with_logits(TensorLike labels, TensorLike logits) => ops.categorical_crossentropy(labels, logits, from_logits: true);

    /// <summary>The loss of each logit against 0 or 1.</summary>
    public Tensor sigmoid_cross_entropy_with_logits(TensorLike labels, TensorLike logits) => ops.binary_crossentropy(labels, logits, from_logits: true);
}

/// <summary>The names of <c>tf.random</c>.</summary>
public sealed class RandomNames
{
    internal RandomNames() { }

    /// <summary>The same as <c>keras.random.normal</c>.</summary>
    public Tensor normal(Shape shape, float mean = 0, float stddev = 1, int? seed = null) => keras.random.normal(shape, mean, stddev, seed: seed);

    /// <summary>The same as <c>keras.random.uniform</c>.</summary>
    public Tensor uniform(Shape shape, float minval = 0, float maxval = 1, int? seed = null) => keras.random.uniform(shape, minval, maxval, seed: seed);
}
