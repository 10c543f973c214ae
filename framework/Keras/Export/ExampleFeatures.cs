using Keras.Graphs;

namespace Keras.Export;

/// <summary>The features of serialized tf.train.Example records, and how to parse them into tensors.</summary>
sealed class ExampleFeatures
{
    readonly (string Name, DType DType, Shape Shape)[] _features;
    readonly long _filling;

    /// <param name="features">A dictionary of specs, the batch first.</param>
    /// <param name="filling">The padding value for free dimensions of integers.</param>
    /// <exception cref="ArgumentException">The argument is not such a dictionary, or a record cannot hold a feature.</exception>
    public ExampleFeatures(Tensors features, long filling)
    {
        _filling = filling;
        ArgumentNullException.ThrowIfNull(features);
        if (!features.IsDictionary || features.Count == 0) throw new ArgumentException("The features of records are not a dictionary, or an empty one. Expected: a dictionary from their names to input specs.", nameof(features));
        _features = [.. features.Named().Select(f => Feature(f.Key, f.Value))];
    }

    /// <summary>Parses records in the graph.</summary>
    /// <param name="records">(B), string.</param>
    /// <returns>A dictionary of the features.</returns>
    public Tensors Parse(Tensor records)
    {
        var parsed = Tf.ParseExample(records, [.. _features.Select(f => (f.Name, f.Shape, Default(f.DType, f.Shape)))]);
        return new(_features.Zip(parsed, (f, value) => KeyValuePair.Create(f.Name, (Tensors)(value.dtype == f.DType ? value : Tf.Cast(value, f.DType)))));
    }

    static (string, DType, Shape) Feature(string name, Tensors spec)
    {
        var tensor = spec.IsLeaf ? spec.Single : throw new ArgumentException($"The feature '{name}' is not one tensor. Expected: one input spec. Received: {spec.Structure}.");
        var shape = tensor.shape;
        if (!shape.HasRank || shape.Rank == 0 || shape[0] >= 0) throw new ArgumentException($"The feature '{name}' does not begin with the batch. Expected: -1 as the first dimension. Received: {shape}.");
        if (shape.Rank > 2 && shape.ToArray()[2..].Any(d => d < 0)) throw new ArgumentException($"The feature '{name}' has an unknown dimension too many. Expected: none but the batch and the dimension after it. Received: {shape}.");
        if (!tensor.dtype.IsFloating && !tensor.dtype.IsInteger && tensor.dtype != DType.Bool && tensor.dtype != DType.String)
            throw new ArgumentException($"A record cannot hold the feature '{name}'. Expected: numbers or strings. Received: {tensor.dtype.Name}.");
        return (name, tensor.dtype, new Shape([.. shape.ToArray()[1..].Select(d => d < 0 ? -1 : d)]));
    }

    static DType InRecord(DType dtype) => dtype == DType.String ? dtype : dtype.IsFloating ? DType.Float32 : DType.Int64;

    /// <summary>The default value: empty for a required feature, the padding value for a free dimension.</summary>
    HostTensor Default(DType dtype, Shape shape)
    {
        var count = shape.Rank > 0 && shape[0] < 0 ? 1 : 0;
        var type = InRecord(dtype);
        return type == DType.String ? HostTensor.OfStrings(count, [.. Enumerable.Repeat(Array.Empty<byte>(), count)])
            : type == DType.Int64 ? HostTensor.Vector(Enumerable.Repeat(_filling, count).ToArray()) : HostTensor.Vector(new float[count]);
    }
}
