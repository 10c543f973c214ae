namespace Keras.Saving;

/// <summary>Writes weights into a folder as Hugging Face's TensorFlow models do: <c>tf_model.h5</c>, or shards with an index.</summary>
/// <remarks>A whole checkpoint has a group per layer of the model that names its weights; a shard holds its weights at the root. A weight that two layers
/// share is written once, under the first. Source: transformers/modeling_tf_utils.py, save_pretrained; Keras 2, save_weights_to_hdf5_group.</remarks>
static class H5Checkpoint
{
    const string TopLevel = "top_level_model_weights";

    /// <summary>The version of Keras 2 whose layout this is.</summary>
    const string KerasVersion = "2.16.0";

    /// <param name="folder">Made if it is missing.</param>
    /// <param name="tensors">In the model's order, by TensorFlow's names without the model's.</param>
    /// <param name="scope">The model's name, which comes before every name: "tf_bert_model".</param>
    /// <param name="maxShardSize">No file's tensors exceed it, but a single tensor that does gets a file of its own.</param>
    /// <param name="variant">What stands before the ending of the names; null for nothing.</param>
    /// <returns>The names of the files written, the index last.</returns>
    /// <exception cref="UnsupportedException">Weights are bfloat16, which Hugging Face TF cannot read from h5 files.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<SafetensorsTensor> tensors, string scope, MaxShardSize maxShardSize, string? variant = null)
    {
        if (tensors.FirstOrDefault(t => t.DType == DType.BFloat16) is { } half)
            throw new UnsupportedException("bfloat16 weights cannot be kept in tf_model.h5", half.Name, "float32 or float16", half.DType.Name, "Save them as safetensors (safe_serialization: true).");
        return WeightShards.Write(folder, tensors, new("tf_model", ".h5", (set, path, shard) => H5Writer.Add(set, path, shard.Count == tensors.Count ? Whole(shard, scope) : Shard(shard)))
        {
            KeepsOrder = true,
            Variant = variant,
            IndexKey = name => $"{scope}/{name}",
            PreferredByReaders = [("model", ".safetensors")],
        }, maxShardSize);
    }

    static H5Tree Whole(IReadOnlyList<SafetensorsTensor> tensors, string scope)
    {
        var root = new H5Tree();
        var layers = tensors.GroupBy(t => t.Name[..Math.Max(0, t.Name.IndexOf('/'))]).ToList();
        root.SetTexts(H5WeightFile.LayerNames, [.. layers.Select(l => l.Key)]);
        root.SetText("backend", "tensorflow");
        root.SetText("keras_version", KerasVersion);
        foreach (var layer in layers)
        {
            var group = root.Group(layer.Key);
            group.SetTexts(H5WeightFile.WeightNames, [.. layer.Select(t => $"{scope}/{t.Name}")]);
            foreach (var tensor in layer) group.Add($"{scope}/{tensor.Name}", tensor);
        }
        root.Group(TopLevel).SetTexts(H5WeightFile.WeightNames, []);
        return root;
    }

    static H5Tree Shard(IReadOnlyList<SafetensorsTensor> tensors)
    {
        var root = new H5Tree();
        root.SetTexts(H5WeightFile.LayerNames, [.. tensors.Select(t => t.Name).Order(JsonText.CodePointOrder)]);
        foreach (var tensor in tensors) root.Add(tensor.Name, tensor);
        return root;
    }
}
