namespace Keras.Graphs;

/// <summary>Serialized tf.train.Example records as dense tensors.</summary>
static partial class Tf
{
    /// <summary>Features of records: of fixed shape, or of a free first dimension, which is filled up to the longest of the batch.</summary>
    /// <param name="serialized">The records, (B), string.</param>
    /// <param name="features">For each its name, its shape in one record, and what stands where a record lacks it: an empty tensor where none may lack it, one value that fills up a free dimension.</param>
    /// <returns>For each feature (B, ...) of its default's dtype: float32, int64 or string.</returns>
    public static Tensor[] ParseExample(Tensor serialized, IReadOnlyList<(string Name, Shape Shape, HostTensor Default)> features)
    {
        var none = Constant(HostTensor.OfStrings(0, []));
        var names = Constant(HostTensor.OfStrings(features.Count, [.. features.Select(f => System.Text.Encoding.UTF8.GetBytes(f.Name))]));
        return RunAll(ParseExampleV2Op, [serialized, none, none, names, none, .. features.Select(f => Constant(f.Default))], ("num_sparse", 0L), ("sparse_types", Array.Empty<DType>()),
            ("ragged_value_types", Array.Empty<DType>()), ("ragged_split_types", Array.Empty<DType>()), ("dense_shapes", features.Select(f => f.Shape).ToArray()));
    }
}
