namespace Keras.Losses;

// The same functions for passing as arguments (loss: keras.losses.huber). C# cannot make a delegate of a method with optional parameters.
public sealed partial class LossesApi
{
    /// <summary>Whether <c>get</c> knows a function by this name.</summary>
    internal static bool Has(string function) => Functions.ContainsKey(function);

    /// <inheritdoc cref="binary_crossentropy(Tensor, Tensor, bool, double, int)"/>
    public Tensor binary_crossentropy(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, Functions[nameof(binary_crossentropy)]);

    /// <inheritdoc cref="binary_focal_crossentropy(Tensor, Tensor, bool, double, double, bool, double, int)"/>
    public Tensor binary_focal_crossentropy(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, Functions[nameof(binary_focal_crossentropy)]);

    /// <inheritdoc cref="categorical_crossentropy(Tensor, Tensor, bool, double, int)"/>
    public Tensor categorical_crossentropy(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, Functions[nameof(categorical_crossentropy)]);

    /// <inheritdoc cref="categorical_focal_crossentropy(Tensor, Tensor, double, double, bool, double, int)"/>
    public Tensor categorical_focal_crossentropy(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, Functions[nameof(categorical_focal_crossentropy)]);

    /// <inheritdoc cref="circle(Tensor, Tensor, Tensor, Tensor, bool, double, double)"/>
    public Tensor circle(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, Functions[nameof(circle)]);

    /// <inheritdoc cref="cosine_similarity(Tensor, Tensor, int)"/>
    public Tensor cosine_similarity(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, Functions[nameof(cosine_similarity)]);

    /// <inheritdoc cref="dice(Tensor, Tensor, int[])"/>
    public Tensor dice(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, Functions[nameof(dice)]);

    /// <inheritdoc cref="huber(Tensor, Tensor, double)"/>
    public Tensor huber(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, Functions[nameof(huber)]);

    /// <inheritdoc cref="sparse_categorical_crossentropy(Tensor, Tensor, bool, int?, int)"/>
    public Tensor sparse_categorical_crossentropy(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, Functions[nameof(sparse_categorical_crossentropy)]);

    /// <inheritdoc cref="tversky(Tensor, Tensor, double, double, int[])"/>
    public Tensor tversky(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, Functions[nameof(tversky)]);
}
