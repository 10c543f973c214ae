using Keras.Graphs;

namespace Keras.Optimizers.Schedules;

/// <summary>A learning rate that is constant between boundaries: values[0] up to boundaries[0], values[1] up to boundaries[1], and so on; each boundary belongs to the piece before it.</summary>
public class PiecewiseConstantDecay : LearningRateSchedule
{
    readonly double[] _boundaries;
    readonly double[] _values;
    readonly string _name;

    /// <summary>A learning rate that is constant between boundaries.</summary>
    /// <param name="boundaries">Steps, ascending.</param>
    /// <param name="values">Learning rates, one more than boundaries.</param>
    /// <param name="name">Its name; default "PiecewiseConstant".</param>
    /// <exception cref="ArgumentException">There is not one value more than boundaries.</exception>
    public PiecewiseConstantDecay(double[] boundaries, double[] values, string name = "PiecewiseConstant")
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        ArgumentNullException.ThrowIfNull(values);
        if (boundaries.Length != values.Length - 1)
            throw new ArgumentException($"The length of boundaries should be 1 less than the length of values. Received: {boundaries.Length} boundaries and {values.Length} values.", nameof(boundaries));
        (_boundaries, _values, _name) = (boundaries, values, name);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Tensor rate = Float(_values[0]);
        for (var i = 0; i < _boundaries.Length; i++)
            rate = Tf.SelectV2(Tf.Greater(step, Tf.Constant(_boundaries[i], step.dtype)), Float(_values[i + 1]), rate);
        return rate;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["boundaries"] = _boundaries, ["values"] = _values, ["name"] = _name };
}

public sealed partial class SchedulesApi
{
    /// <inheritdoc cref="Schedules.PiecewiseConstantDecay(double[], double[], string)"/>
    public PiecewiseConstantDecay PiecewiseConstantDecay(double[] boundaries, double[] values, string name = "PiecewiseConstant") => new(boundaries, values, name);
}
