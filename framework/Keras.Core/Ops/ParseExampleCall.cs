namespace Keras.Graphs;

/// <summary>Serialized tf.train.Example records as dense tensors.</summary>
static partial class Tf
{
    /// <summary>Reads features from records: of fixed shape, or with a variable first dimension, which is padded to the longest in the batch.</summary>
    /// <param name="serialized">The records, (B), string.</param>
    /// <param name="features">Each feature's name, its shape in one record, and its default: an empty tensor if it is required, or one value to pad a variable dimension.</param>
    /// <returns>For each feature (B, ...) of its default's dtype: float32, int64 or string.</returns>
    public static Tensor[] ParseExample(Tensor serialized, IReadOnlyList<(string Name, Shape Shape, HostTensor Default)> features)
    {
        var none = Constant(HostTensor.OfStrings(0, []));
        var names = Constant(HostTensor.OfStrings(features.Count, [.. features.Select(f => System.Text.Encoding.UTF8.GetBytes(f.Name))]));
        return RunAll(ParseExampleV2Op, [serialized, none, none, names, none, .. features.Select(f => Constant(f.Default))], ("num_sparse", 0L), ("sparse_types", Array.Empty<DType>()),
            ("ragged_value_types", Array.Empty<DType>()), ("ragged_split_types", Array.Empty<DType>()), ("dense_shapes", features.Select(f => f.Shape).ToArray()));
    }
}
