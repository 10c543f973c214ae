namespace Keras.Layers;

// Computes moments of data that arrives in batches.
public sealed partial class Normalization
{
    double[]? _means, _variances;
    double _seen;

    void IAdaptable.reset_state() => (_means, _variances, _seen) = (null, null, 0);

    void IAdaptable.update_state(Tensors data)
    {
        if (_mean is not null) throw new InvalidOperationException($"The layer '{name}' was given its mean and variance: there is nothing to learn.");
        var x = Graphs.Tf.Cast(data.Single, DType.Float64);
        BuildFor(x.shape.With(0, -1));
        int[] reduced = [.. Enumerable.Range(0, x.ndim).Except(_kept)];
        var count = reduced.Aggregate(1.0, (n, axis) => n * x.shape[axis]);
        if (count == 0) return;
        var (means, variances) = (Api.ops.mean(x, reduced).ToArray<double>(), Api.ops.var(x, reduced).ToArray<double>());
        if (_means is null) (_means, _variances, _seen) = (means, variances, count);
        else Merge(means, variances, count);
    }

    void Merge(double[] means, double[] variances, double count)
    {
        var whole = _seen + count;
        for (var i = 0; i < means.Length; i++)
        {
            var difference = means[i] - _means![i];
            _variances![i] = ((_variances[i] * _seen) + (variances[i] * count) + (difference * difference * _seen * count / whole)) / whole;
            _means[i] += difference * count / whole;
        }
        _seen = whole;
    }

    void IAdaptable.finalize_state()
    {
        if (_means is null) return;
        mean!.assign(Graphs.Tf.Reshape(Api.ops.cast(_means, mean.dtype), mean.shape));
        variance!.assign(Graphs.Tf.Reshape(Api.ops.cast(_variances!, variance.dtype), variance.shape));
    }
}
