using Keras.Graphs;

namespace Keras.Training;

/// <summary>Applies class_weight: turns weights of classes into weights of labels, for samples or steps.</summary>
static class ClassWeights
{
    /// <summary>Adds sample weights to a batch; classes that are not named weigh 1.</summary>
    /// <exception cref="ArgumentException">There are sample weights already, or not exactly one target.</exception>
    /// <param name="batch">The batch.</param>
    /// <param name="weights">The weight of each class.</param>
    /// <param name="indices">Whether a target holds class indices; otherwise its last axis, if longer than 1, holds a value for each class.</param>
    public static Batch Apply(Batch batch, IReadOnlyDictionary<int, double> weights, Func<Tensor, bool> indices)
    {
        if (batch.sample_weight is not null) throw new ArgumentException("class_weight and sample_weight cannot be given together. Multiply them into sample_weight.");
        if (batch.y is not { } y) throw new ArgumentException("class_weight was given without targets. Give y.");
        if (y.Flatten() is not [var target]) throw new ArgumentException($"class_weight cannot be used with several outputs. Received: {y.Flatten().Count} targets. Give sample_weight for each output.");
        return new(batch.x, y, Of(target.RequireEager(), weights, indices(target))) { IsTemporary = batch.IsTemporary };
    }

    static Tensor Of(EagerTensor y, IReadOnlyDictionary<int, double> weights, bool indices)
    {
        var values = y.ToHost().ToDouble();
        var classes = indices ? int.MaxValue : y.ndim > 1 && y.shape[-1] > 1 ? y.shape[-1] : int.MaxValue;
        foreach (var @class in weights.Keys)
            if (@class < 0 || @class >= classes)
                throw new ArgumentOutOfRangeException("class_weight", @class, $"class_weight names a class that the labels do not have. Expected: {(classes == int.MaxValue ? "whole numbers from 0" : $"0 to {classes - 1}")}.");
        var perSample = y.ndim > 1 && !indices ? checked((int)y.shape[-1]) : 1;
        var result = new float[values.Length / perSample];
        for (var i = 0; i < result.Length; i++)
        {
            var @class = perSample == 1 ? (int)Math.Round(values[i]) : ArgMax(values.AsSpan(i * perSample, perSample));
            result[i] = (float)(weights.TryGetValue(@class, out var weight) ? weight : 1);
        }
        return Tf.Constant(HostTensor.Of<float>(result, y.ndim > 1 && (!indices || y.shape[-1] == 1) ? y.shape[..^1] : y.shape));
    }

    static int ArgMax(ReadOnlySpan<double> values) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(values);
}
