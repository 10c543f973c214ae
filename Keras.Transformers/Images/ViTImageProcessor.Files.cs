using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

public partial class ViTImageProcessor
{
    /// <summary>The file of a folder that holds the settings.</summary>
    internal const string FileName = "preprocessor_config.json";

    /// <summary>The names that files have for this processor.</summary>
    internal static readonly string[] Names = [nameof(ViTImageProcessor), nameof(ViTImageProcessorFast), nameof(ViTFeatureExtractor), "ViTImageProcessorPil"];

    /// <summary>Settings of newer processors that this one lacks; if one is on, images would differ.</summary>
    static readonly string[] NotHere = ["do_pad", "do_reduce_labels"];

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The other settings of the file, written back as they are.</summary>
    JsonObject _settings = [];

    /// <summary>The names of the tensors that the processor makes: pixel_values.</summary>
    public IReadOnlyList<string> model_input_names => ["pixel_values"];

    /// <summary>The class of the processor that this one is a part of, for its settings file.</summary>
    internal string ProcessorClass { set => _settings["processor_class"] = value; }

    /// <summary>Reads a folder's preprocessor_config.json, in its old or its new form.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model, or a repository of the hub, "organisation/name".</param>
    /// <param name="subfolder">The folder within it that holds the files; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="FileFormatException">There is no such file, it is damaged, or a value is invalid.</exception>
    /// <exception cref="UnsupportedException">The file is of a processor of another kind, or asks for what this one does not do.</exception>
    public static ViTImageProcessor from_pretrained(string pretrained_model_name_or_path,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        Read(new ViTImageProcessor(), PretrainedSource.Folder(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), FileName));

    /// <summary>Writes preprocessor_config.json, completely or not at all; <c>from_pretrained</c> and Hugging Face's transformers read it.</summary>
    /// <param name="save_directory">The folder; it is created if needed.</param>
    /// <returns>The path of the file.</returns>
    public IReadOnlyList<string> save_pretrained(string save_directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(save_directory);
        Directory.CreateDirectory(save_directory);
        var path = Path.Combine(save_directory, FileName);
        Keras.Files.AtomicFile.WriteAllText(path, to_json_string());
        return [path];
    }

    /// <summary>The content of preprocessor_config.json.</summary>
    public string to_json_string()
    {
        var settings = (JsonObject)_settings.DeepClone();
        settings.Remove("feature_extractor_type");
        settings["image_processor_type"] = GetType() == typeof(ViTFeatureExtractor) ? nameof(ViTImageProcessor) : GetType().Name;
        (settings[nameof(do_resize)], settings[nameof(do_rescale)], settings[nameof(do_normalize)]) = (do_resize, do_rescale, do_normalize);
        (settings[nameof(resample)], settings[nameof(rescale_factor)]) = (resample, rescale_factor);
        settings[nameof(size)] = Json(size);
        if (do_center_crop || settings.ContainsKey(nameof(do_center_crop))) settings[nameof(do_center_crop)] = do_center_crop;
        if (crop_size is not null || settings.ContainsKey(nameof(crop_size))) settings[nameof(crop_size)] = crop_size is { } crop ? Json(crop) : null;
        (settings[nameof(image_mean)], settings[nameof(image_std)]) = (Numbers(image_mean), Numbers(image_std));
        if (do_convert_rgb is not null || settings.ContainsKey(nameof(do_convert_rgb))) settings[nameof(do_convert_rgb)] = do_convert_rgb;
        return new JsonObject(settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => KeyValuePair.Create(s.Key, s.Value?.DeepClone()))).ToJsonString(Indented) + "\n";

        static JsonObject Json(HeightWidth size) => new() { ["height"] = size.Height, ["width"] = size.Width };

        static JsonNode Numbers(ChannelValues values) => values.IsOne ? JsonValue.Create(values.Values[0]) : new JsonArray([.. values.Values.Select(v => (JsonNode?)v)]);
    }

    internal static FileFormatException NoFile(string folder) =>
        new("The folder has no processor of images", folder, FileName, Directory.Exists(folder) ? "no such file" : "no such folder", "Save a processor there with save_pretrained.");

    /// <summary>Takes a folder's settings.</summary>
    private protected static T Read<T>(T processor, string folder) where T : ViTImageProcessor
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw NoFile(folder);
        processor.Take(JsonPlace.Read(path));
        return processor;
    }

    void Take(JsonPlace file)
    {
        if (TypeOf(file) is { } type && !Names.Contains(type.Name))
            throw new UnsupportedException("The folder's processor is of another kind", type.Where, Known.List(Names), $"\"{type.Name}\"", "Make pixel_values with the model's own processor.");
        foreach (var name in NotHere)
            if (file[name].FlagOrNull() == true) throw new UnsupportedException("The file asks for a step that this processor does not have", file[name].Where, "false", "true", "Apply it to the images first.");
        _settings = JsonObject.Create(file.Element)!;
        do_resize = file[nameof(do_resize)].FlagOrNull() ?? do_resize;
        do_rescale = file[nameof(do_rescale)].FlagOrNull() ?? do_rescale;
        do_normalize = file[nameof(do_normalize)].FlagOrNull() ?? do_normalize;
        do_convert_rgb = file[nameof(do_convert_rgb)].FlagOrNull();
        if (file[nameof(size)] is { HasValue: true } side) size = Size(side);
        do_center_crop = file[nameof(do_center_crop)].FlagOrNull() ?? do_center_crop;
        if (file[nameof(crop_size)] is { HasValue: true } crop) crop_size = Size(crop);
        if (file[nameof(resample)] is { Exists: true } filter) resample = filter.HasValue ? Filter(filter) : null;
        if (file[nameof(rescale_factor)] is { HasValue: true } factor) rescale_factor = Number(factor);
        if (file[nameof(image_mean)] is { HasValue: true } mean) image_mean = Values(mean);
        if (file[nameof(image_std)] is { HasValue: true } deviation) image_std = Values(deviation);
    }

    /// <summary>The file's name for its processor; null if it has none.</summary>
    internal static (string Name, string Where)? TypeOf(JsonPlace file)
    {
        foreach (var key in (string[])["image_processor_type", "feature_extractor_type"])
            if (file[key] is { HasValue: true } type) return (type.Text(), type.Where);
        return null;
    }

    static HeightWidth Size(JsonPlace size) => size.Element.ValueKind switch
    {
        JsonValueKind.Number => (HeightWidth)size.Whole(1),
        JsonValueKind.Array when size.Items().Select(s => s.Whole(1)).ToArray() is [var height, var width] => new HeightWidth(height, width),
        JsonValueKind.Object when size["height"].HasValue && size["width"].HasValue => new HeightWidth(size["height"].Whole(1), size["width"].Whole(1)),
        _ => throw size.Wrong("a number, two numbers, or an object with height and width"),
    };

    static int Filter(JsonPlace filter) => filter.Whole() is var number and <= 5 ? number : throw filter.Wrong("0 (nearest) to 5 (hamming)");

    static double Number(JsonPlace number) => number.Element.ValueKind == JsonValueKind.Number && number.Element.TryGetDouble(out var value) && double.IsFinite(value) ? value : throw number.Wrong("a number");

    static ChannelValues Values(JsonPlace values) => values.Element.ValueKind == JsonValueKind.Number ? Number(values) : values.Items().Select(Number).ToList();
}
