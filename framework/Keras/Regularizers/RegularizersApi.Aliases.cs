namespace Keras.Regularizers;

// Keras' other names for the same classes.
public sealed partial class RegularizersApi
{
    /// <inheritdoc cref="L1(double)"/>
    public Regularizer l1(double l1 = 0.01) => L1(l1);

    /// <inheritdoc cref="L1L2(double, double)"/>
    public Regularizer l1_l2(double l1 = 0, double l2 = 0) => L1L2(l1, l2);

    /// <inheritdoc cref="L2(double)"/>
    public Regularizer l2(double l2 = 0.01) => L2(l2);

    /// <inheritdoc cref="OrthogonalRegularizer(double, string)"/>
    public Regularizer orthogonal_regularizer(double factor = 0.01, string mode = "rows") => OrthogonalRegularizer(factor, mode);
}
