namespace Keras.Constraints;

// Keras' other names for the same classes.
public sealed partial class ConstraintsApi
{
    /// <inheritdoc cref="MaxNorm(double, Axes)"/>
    public Constraint max_norm(double max_value = 2, Axes? axis = null) => MaxNorm(max_value, axis);

    /// <inheritdoc cref="MinMaxNorm(double, double, double, Axes)"/>
    public Constraint min_max_norm(double min_value = 0, double max_value = 1, double rate = 1, Axes? axis = null) => MinMaxNorm(min_value, max_value, rate, axis);

    /// <inheritdoc cref="NonNeg()"/>
    public Constraint non_neg() => NonNeg();

    /// <inheritdoc cref="UnitNorm(Axes)"/>
    public Constraint unit_norm(Axes? axis = null) => UnitNorm(axis);
}
