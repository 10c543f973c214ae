using Keras.Files;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>The file format of a model's weights.</summary>
public enum WeightFormat
{
    /// <summary>model.safetensors with PyTorch's names, which every library reads.</summary>
    Safetensors,
    /// <summary>model.safetensors with TensorFlow's names, as Hugging Face TF's <c>safe_serialization=True</c>.</summary>
    TensorFlowSafetensors,
    /// <summary>tf_model.h5, as Hugging Face TF's default.</summary>
    TensorFlowH5,
}

/// <summary>Writes a model's weights in any of Hugging Face's formats, and converts the weights of a folder to safetensors.</summary>
public static class WeightFormats
{
    internal static readonly Dictionary<string, string> PyTorchMetadata = new() { ["format"] = "pt" };
    static readonly Dictionary<string, string> TensorFlowMetadata = new() { ["format"] = "tf" };

    /// <summary>Converts the weights of a folder (tf_model.h5, pytorch_model.bin, safetensors of either naming, one file or shards) to safetensors with PyTorch's names and
    /// layouts, next to its configuration and tokenizer.</summary>
    /// <param name="source">The folder of any Hugging Face model; it need not be one that this library has a class for.</param>
    /// <param name="destination">Where to write; default the source itself. Another folder gets a copy of the configuration, the tokenizer and the model card.</param>
    /// <param name="max_shard_size">The size above which weights are split over several files; default 5 GB.</param>
    /// <returns>The names of the weights' files that were written, the index last.</returns>
    /// <exception cref="WeightLoadException">The folder has no weights, or two would get one name; nothing was written.</exception>
    /// <exception cref="FileFormatException">The weights' file is damaged.</exception>
    /// <exception cref="UnsupportedException">A pickle asks for more than tensors, or a weight has an element type that is not supported.</exception>
    /// <remarks>Names and layouts follow Hugging Face's own rules (transformers/modeling_tf_pytorch_utils.py). transformers 5 does not read TensorFlow's files, so it cannot load repositories
    /// that have nothing else.</remarks>
    public static IReadOnlyList<string> Convert(string source, string? destination = null, MaxShardSize? max_shard_size = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (!Directory.Exists(source)) throw new WeightLoadException("There is no such folder", source, "a model folder", "nothing");
        var target = destination ?? source;
        using var weights = WeightSource.OpenFile(WeightFiles.Find(source, fromPt: true));
        var tensors = ToPyTorch(weights);
        Directory.CreateDirectory(target);
        if (Path.GetFullPath(target) != Path.GetFullPath(source)) CopyWhatHoldsNoWeights(source, target);
        return SafetensorsShards.Write(target, tensors, PyTorchMetadata, max_shard_size ?? MaxShardSize.Default);
    }

    /// <summary>Writes a model's weights, without its configuration, into a folder; existing files are replaced as a whole.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder; created if missing. Weights of an earlier save that readers would prefer to these are removed from it.</param>
    /// <param name="format">The format; default safetensors with PyTorch's names.</param>
    /// <param name="max_shard_size">The size above which weights are split over several files; default 5 GB.</param>
    /// <param name="variant">The part before the ending of the file names: "fp16" for model.fp16.safetensors; default none. Files of other variants stay.</param>
    /// <returns>The names of the files that were written, the index last.</returns>
    /// <exception cref="ArgumentException">The variant cannot be a part of a file's name.</exception>
    /// <exception cref="UnsupportedException">The format cannot hold the weights' dtype.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written; the old files are as they were.</exception>
    public static IReadOnlyList<string> Save(TFPreTrainedModel model, string folder, WeightFormat format = WeightFormat.Safetensors, MaxShardSize? max_shard_size = null, string? variant = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        variant = WeightFiles.Checked(variant);
        Directory.CreateDirectory(folder);
        var (table, size, scope) = (model.Weights, max_shard_size ?? MaxShardSize.Default, WeightNames.ScopeOf(model.GetType()));
        List<SafetensorsTensor> OfTensorFlow() => [.. table.KeysInTensorFlowOrder.Select(k => table.ToFile(k, WeightNaming.TensorFlow))];
        return format switch
        {
            WeightFormat.TensorFlowH5 => H5Checkpoint.Write(folder, OfTensorFlow(), scope, size, variant, table.SharedWith),
            WeightFormat.TensorFlowSafetensors => WeightShards.Write(folder, OfTensorFlow(), SafetensorsShards.Format("model", TensorFlowMetadata) with { KeepsOrder = true, Variant = variant, IndexKey = n => $"{scope}/{n}" }, size),
            WeightFormat.Safetensors => WeightShards.Write(folder, [.. table.Keys.Select(table.ToFile)], SafetensorsShards.Format("model", PyTorchMetadata) with { Variant = variant }, size),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };
    }

    /// <summary>The weights of a file under PyTorch's names, in its layouts; valid while the file is open.</summary>
    internal static List<SafetensorsTensor> ToPyTorch(WeightSource weights)
    {
        if (weights.Naming == WeightNaming.PyTorch)
            return [.. weights.Entries.Values.Select(e => SafetensorsTensor.Of(e.Name, e.DType, e.Shape, e.GetMemory))];
        var names = weights.Entries.Keys.ToDictionary(n => n, WeightNames.ToPyTorch);
        var twice = names.GroupBy(n => n.Value).Where(g => g.Count() > 1).ToList();
        if (twice.Count > 0)
            throw new WeightLoadException("Weights would get the same name", weights.Location, "a PyTorch name for each", string.Join("; ", twice.Select(g => $"{string.Join(" and ", g.Select(n => n.Key))} as {g.Key}")), "Convert the file with the library that made it.");
        var shared = SharedPrefix([.. names.Values]);
        return [.. weights.Entries.Values.Select(e => LayoutChange.ToPyTorch(e, names[e.Name][shared.Length..]))];
    }

    /// <summary>The prefix to drop: in PyTorch, a file with only a backbone does not name it.</summary>
    static string SharedPrefix(string[] names)
    {
        var first = names.Length == 0 ? "" : names[0][..(names[0].IndexOf('.', StringComparison.Ordinal) + 1)];
        return names.All(n => n.StartsWith(first, StringComparison.Ordinal) && n.Length > first.Length) ? first : "";
    }

    /// <summary>Copies configuration, tokenizer and model card.</summary>
    internal static void CopyWhatHoldsNoWeights(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source))
            if (Path.GetExtension(file) is ".json" or ".txt" or ".md" or ".model" && !file.EndsWith(".index.json", StringComparison.Ordinal))
                AtomicFile.Write(Path.Combine(target, Path.GetFileName(file)), stream =>
                {
                    using var from = File.OpenRead(file);
                    from.CopyTo(stream);
                });
    }
}
