namespace Keras.Saving;

/// <summary>Writes weights into a folder as Hugging Face's TensorFlow models do: <c>tf_model.h5</c>, or shards with an index.</summary>
/// <remarks>A whole checkpoint has a group for each layer, which names its weights; a shard holds its weights at the root. In a whole
/// checkpoint, weights that two layers share are written under both, because Hugging Face reports weights missing from a layer's group. Source: transformers/modeling_tf_utils.py, save_pretrained; Keras 2, save_weights_to_hdf5_group.</remarks>
static class H5Checkpoint
{
    /// <summary>The version of Keras 2 whose layout this is.</summary>
    const string KerasVersion = "2.16.0";

    /// <param name="folder">The folder; created if missing.</param>
    /// <param name="tensors">The weights in the model's order, with TensorFlow's names but without the model's.</param>
    /// <param name="scope">The model's name, which prefixes every name: "tf_bert_model".</param>
    /// <param name="maxShardSize">The limit for the tensors of one file; a larger tensor gets a file of its own.</param>
    /// <param name="variant">The part before the extension in file names; null for none.</param>
    /// <param name="sharedWith">Gives the name prefix of other layers' weights that a layer also holds; null for none.</param>
    /// <returns>The names of the files written, the index last.</returns>
    /// <exception cref="UnsupportedException">Weights are bfloat16, which Hugging Face TF cannot read from h5 files.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<SafetensorsTensor> tensors, string scope, MaxShardSize maxShardSize, string? variant = null, Func<string, string?>? sharedWith = null)
    {
        if (tensors.FirstOrDefault(t => t.DType == DType.BFloat16) is { } half)
            throw new UnsupportedException("bfloat16 weights cannot be kept in tf_model.h5", half.Name, "float32 or float16", half.DType.Name, "Save them as safetensors (safe_serialization: true).");
        return WeightShards.Write(folder, tensors, new("tf_model", ".h5", (set, path, shard) => H5Writer.Add(set, path, shard.Count == tensors.Count ? Whole(shard, scope, sharedWith) : Shard(shard)))
        {
            KeepsOrder = true,
            Variant = variant,
            IndexKey = name => $"{scope}/{name}",
            PreferredByReaders = [("model", ".safetensors")],
        }, maxShardSize);
    }

    static H5Tree Whole(IReadOnlyList<SafetensorsTensor> tensors, string scope, Func<string, string?>? sharedWith)
    {
        var root = new H5Tree();
        var layers = tensors.Where(t => t.Name.Contains('/')).GroupBy(t => t.Name[..t.Name.IndexOf('/')]).ToList();
        root.SetTexts(H5WeightFile.LayerNames, [.. layers.Select(l => l.Key)]);
        root.SetText("backend", "tensorflow");
        root.SetText("keras_version", KerasVersion);
        foreach (var layer in layers)
            Add(layer.Key, [.. layer, .. sharedWith?.Invoke(layer.Key) is { } shared ? tensors.Where(t => t.Name.StartsWith(shared, StringComparison.Ordinal)) : []]);
        // Weights in no layer belong to the model itself.
        Add(H5WeightFile.TopLevel, [.. tensors.Where(t => !t.Name.Contains('/'))]);
        return root;

        void Add(string name, List<SafetensorsTensor> held)
        {
            var group = root.Group(name);
            group.SetTexts(H5WeightFile.WeightNames, [.. held.Select(t => $"{scope}/{t.Name}")]);
            foreach (var tensor in held) group.Add($"{scope}/{tensor.Name}", tensor);
        }
    }

    static H5Tree Shard(IReadOnlyList<SafetensorsTensor> tensors)
    {
        var root = new H5Tree();
        root.SetTexts(H5WeightFile.LayerNames, [.. tensors.Select(t => t.Name).Order(JsonText.CodePointOrder)]);
        foreach (var tensor in tensors) root.Add(tensor.Name, tensor);
        return root;
    }
}
