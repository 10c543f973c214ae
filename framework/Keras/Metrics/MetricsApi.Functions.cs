using Keras.Losses;

namespace Keras.Metrics;

// The functions of keras.losses, which Keras also has here.
public sealed partial class MetricsApi
{
    static LossesApi Losses => Api.keras.losses;

    /// <inheritdoc cref="LossesApi.binary_crossentropy(Tensor, Tensor, bool, double, int)"/>
    public Tensor binary_crossentropy(Tensor y_true, Tensor y_pred, bool from_logits = false, double label_smoothing = 0.0, int axis = -1) => Losses.binary_crossentropy(y_true, y_pred, from_logits, label_smoothing, axis);

    /// <inheritdoc cref="LossesApi.binary_crossentropy(Tensor, Tensor, bool, double, int)"/>
    public Tensor binary_crossentropy(Tensor y_true, Tensor y_pred) => Losses.binary_crossentropy(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.binary_focal_crossentropy(Tensor, Tensor, bool, double, double, bool, double, int)"/>
    public Tensor binary_focal_crossentropy(Tensor y_true, Tensor y_pred, bool apply_class_balancing = false, double alpha = 0.25, double gamma = 2.0, bool from_logits = false, double label_smoothing = 0.0, int axis = -1) => Losses.binary_focal_crossentropy(y_true, y_pred, apply_class_balancing, alpha, gamma, from_logits, label_smoothing, axis);

    /// <inheritdoc cref="LossesApi.binary_focal_crossentropy(Tensor, Tensor, bool, double, double, bool, double, int)"/>
    public Tensor binary_focal_crossentropy(Tensor y_true, Tensor y_pred) => Losses.binary_focal_crossentropy(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.categorical_crossentropy(Tensor, Tensor, bool, double, int)"/>
    public Tensor categorical_crossentropy(Tensor y_true, Tensor y_pred, bool from_logits = false, double label_smoothing = 0.0, int axis = -1) => Losses.categorical_crossentropy(y_true, y_pred, from_logits, label_smoothing, axis);

    /// <inheritdoc cref="LossesApi.categorical_crossentropy(Tensor, Tensor, bool, double, int)"/>
    public Tensor categorical_crossentropy(Tensor y_true, Tensor y_pred) => Losses.categorical_crossentropy(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.categorical_focal_crossentropy(Tensor, Tensor, double, double, bool, double, int)"/>
    public Tensor categorical_focal_crossentropy(Tensor y_true, Tensor y_pred, double alpha = 0.25, double gamma = 2.0, bool from_logits = false, double label_smoothing = 0.0, int axis = -1) => Losses.categorical_focal_crossentropy(y_true, y_pred, alpha, gamma, from_logits, label_smoothing, axis);

    /// <inheritdoc cref="LossesApi.categorical_focal_crossentropy(Tensor, Tensor, double, double, bool, double, int)"/>
    public Tensor categorical_focal_crossentropy(Tensor y_true, Tensor y_pred) => Losses.categorical_focal_crossentropy(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.categorical_hinge(Tensor, Tensor)"/>
    public Tensor categorical_hinge(Tensor y_true, Tensor y_pred) => Losses.categorical_hinge(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.hinge(Tensor, Tensor)"/>
    public Tensor hinge(Tensor y_true, Tensor y_pred) => Losses.hinge(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.huber(Tensor, Tensor, double)"/>
    public Tensor huber(Tensor y_true, Tensor y_pred, double delta = 1.0) => Losses.huber(y_true, y_pred, delta);

    /// <inheritdoc cref="LossesApi.huber(Tensor, Tensor, double)"/>
    public Tensor huber(Tensor y_true, Tensor y_pred) => Losses.huber(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.kl_divergence(Tensor, Tensor)"/>
    public Tensor kl_divergence(Tensor y_true, Tensor y_pred) => Losses.kl_divergence(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.log_cosh(Tensor, Tensor)"/>
    public Tensor log_cosh(Tensor y_true, Tensor y_pred) => Losses.log_cosh(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.mean_absolute_error(Tensor, Tensor)"/>
    public Tensor mean_absolute_error(Tensor y_true, Tensor y_pred) => Losses.mean_absolute_error(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.mean_absolute_percentage_error(Tensor, Tensor)"/>
    public Tensor mean_absolute_percentage_error(Tensor y_true, Tensor y_pred) => Losses.mean_absolute_percentage_error(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.mean_squared_error(Tensor, Tensor)"/>
    public Tensor mean_squared_error(Tensor y_true, Tensor y_pred) => Losses.mean_squared_error(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.mean_squared_logarithmic_error(Tensor, Tensor)"/>
    public Tensor mean_squared_logarithmic_error(Tensor y_true, Tensor y_pred) => Losses.mean_squared_logarithmic_error(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.poisson(Tensor, Tensor)"/>
    public Tensor poisson(Tensor y_true, Tensor y_pred) => Losses.poisson(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.sparse_categorical_crossentropy(Tensor, Tensor, bool, int?, int)"/>
    public Tensor sparse_categorical_crossentropy(Tensor y_true, Tensor y_pred, bool from_logits = false, int? ignore_class = null, int axis = -1) => Losses.sparse_categorical_crossentropy(y_true, y_pred, from_logits, ignore_class, axis);

    /// <inheritdoc cref="LossesApi.sparse_categorical_crossentropy(Tensor, Tensor, bool, int?, int)"/>
    public Tensor sparse_categorical_crossentropy(Tensor y_true, Tensor y_pred) => Losses.sparse_categorical_crossentropy(y_true, y_pred);

    /// <inheritdoc cref="LossesApi.squared_hinge(Tensor, Tensor)"/>
    public Tensor squared_hinge(Tensor y_true, Tensor y_pred) => Losses.squared_hinge(y_true, y_pred);

    /// <summary>The linear (Pearson) correlation of truth and predictions, from -1 to 1.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <param name="axis">The axis that is compared; default -1.</param>
    /// <returns>One value per sample, (B, ...).</returns>
    public Tensor pearson_correlation(Tensor y_true, Tensor y_pred, int axis = -1) => Metrics.PearsonCorrelation.Compute(y_true, y_pred, axis);

    /// <inheritdoc cref="pearson_correlation(Tensor, Tensor, int)"/>
    public Tensor pearson_correlation(Tensor y_true, Tensor y_pred) => pearson_correlation(y_true, y_pred, -1);

    /// <summary>The concordance correlation, from -1 to 1: like Pearson's, but lower where predictions are shifted or scaled.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <param name="axis">The axis that is compared; default -1.</param>
    /// <returns>One value per sample, (B, ...).</returns>
    public Tensor concordance_correlation(Tensor y_true, Tensor y_pred, int axis = -1) => Metrics.ConcordanceCorrelation.Compute(y_true, y_pred, axis);

    /// <inheritdoc cref="concordance_correlation(Tensor, Tensor, int)"/>
    public Tensor concordance_correlation(Tensor y_true, Tensor y_pred) => concordance_correlation(y_true, y_pred, -1);

    /// <inheritdoc cref="binary_accuracy(Tensor, Tensor, double)"/>
    public Tensor binary_accuracy(Tensor y_true, Tensor y_pred) => binary_accuracy(y_true, y_pred, 0.5);

    /// <inheritdoc cref="top_k_categorical_accuracy(Tensor, Tensor, int)"/>
    public Tensor top_k_categorical_accuracy(Tensor y_true, Tensor y_pred) => top_k_categorical_accuracy(y_true, y_pred, 5);

    /// <inheritdoc cref="sparse_top_k_categorical_accuracy(Tensor, Tensor, int, bool)"/>
    public Tensor sparse_top_k_categorical_accuracy(Tensor y_true, Tensor y_pred) => sparse_top_k_categorical_accuracy(y_true, y_pred, 5);
}
