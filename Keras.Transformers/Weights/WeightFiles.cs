using Keras.Saving;

namespace Keras.Transformers;

/// <summary>Finds the weight file in a model folder, in Hugging Face TF's order: PyTorch's pickles if asked for, then safetensors, then h5; one file before shards.</summary>
/// <remarks>Source: transformers/modeling_tf_utils.py, from_pretrained.</remarks>
static class WeightFiles
{
    static readonly string[] Torch = [TorchWeightFile.FileName, TorchWeightFile.IndexName];
    static readonly string[] Safetensors = [SafetensorsFile.FileName, SafetensorsFile.IndexName];
    static readonly string[] H5 = [H5WeightFile.FileName, H5WeightFile.IndexName];

    /// <summary>The path of the file, or of the index of shards.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="fromPt">Whether PyTorch's pickles come first; otherwise they are not read at all.</param>
    /// <param name="useSafetensors">Null for safetensors if there are any, false for none, true for only these.</param>
    /// <param name="variant">The variant in the file's name: "fp16" for model.fp16.safetensors; null for none.</param>
    /// <exception cref="WeightLoadException">There is no such file; the message says what is there and how to read it.</exception>
    public static string Find(string folder, bool fromPt = false, bool? useSafetensors = null, string? variant = null)
    {
        var wanted = Wanted(fromPt, useSafetensors, variant);
        foreach (var name in wanted)
            if (Path.Combine(folder, name) is var path && File.Exists(path)) return path;
        throw NotFound(folder, wanted, [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f))], useSafetensors, variant);
    }

    /// <summary>Fetches the file, and the shards of an index, from the hub if the source is a repository.</summary>
    /// <exception cref="WeightLoadException">There is no such file.</exception>
    public static void Fetch(PretrainedSource source, bool fromPt, bool? useSafetensors, string? variant)
    {
        var wanted = Wanted(fromPt, useSafetensors, variant);
        if (source.IsRemote && !source.FetchFirst(wanted)) throw NotFound(source.Path, wanted, source.Names(), useSafetensors, variant);
    }

    static string[] Wanted(bool fromPt, bool? useSafetensors, string? variant) =>
        [.. ((string[])[.. fromPt ? Torch : [], .. useSafetensors != false ? Safetensors : [], .. useSafetensors != true ? H5 : []]).Select(n => WithVariant(n, variant))];

    /// <summary>Adds the variant before the last extension, as Hugging Face does, also for an index: model.safetensors.index.fp16.json.</summary>
    static string WithVariant(string name, string? variant) => ShardFormat.WithVariant(name, Checked(variant));

    /// <summary>Checks that a variant can be part of a file name; null for none.</summary>
    /// <exception cref="ArgumentException">The variant cannot be a part of a file's name.</exception>
    public static string? Checked(string? variant) => string.IsNullOrEmpty(variant) ? null
        : variant.IndexOfAny([.. Path.GetInvalidFileNameChars(), '\\', '/']) < 0 ? variant
        : throw new ArgumentException($"The variant cannot be part of a file's name. Expected: a word such as \"fp16\". Received: \"{variant}\".", nameof(variant));

    static WeightLoadException NotFound(string folder, string[] wanted, IReadOnlyList<string> present, bool? useSafetensors, string? variant)
    {
        bool Has(string[] names) => names.Any(n => present.Contains(WithVariant(n, variant)));
        var remedy = Has(H5) ? "There are h5 weights: leave use_safetensors out to read them, or make safetensors of them with WeightFormats.Convert."
            : useSafetensors == false && Has(Safetensors) ? "There are safetensors: leave use_safetensors out to read them."
            : Has(Torch) ? "There are PyTorch weights: pass from_pt: true to read them, or make safetensors of them with WeightFormats.Convert."
            : "Download the weights again.";
        return new("A model folder has no weights", folder, string.Join(" or ", wanted), string.Join(", ", present.Order().Take(12)), remedy);
    }
}
