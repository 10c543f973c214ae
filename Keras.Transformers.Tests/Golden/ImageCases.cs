using System.Text.Json;

namespace Keras.Transformers.Tests.Golden;

/// <summary>The golden images: what Pillow and Hugging Face's processor make of them.</summary>
static class ImageCases
{
    const string Area = "images";

    static readonly Lazy<JsonElement?> Cases = new(() => File.Exists(GoldenFolder.PathOf(Area, "cases.json")) ? JsonElement.Parse(File.ReadAllBytes(GoldenFolder.PathOf(Area, "cases.json"))) : null);

    static readonly Dictionary<string, Dictionary<string, HostTensor>> Files = [];

    /// <summary>The cases of a section, each a test; one that is skipped where the folder has none.</summary>
    public static IEnumerable<TestCaseData> Of(string section, Func<JsonElement, string> name)
    {
        if (Cases.Value is not { } cases) return [];
        return cases.GetProperty(section).EnumerateArray().Select(c => new TestCaseData(c).SetArgDisplayNames(name(c)));
    }

    public static JsonElement Section(string name) => Cases.Value is { } cases ? cases.GetProperty(name) : throw new IgnoreException("The golden folder has no images/cases.json.");

    public static string Source(string file) => GoldenFolder.PathOf(Area, "src", file);

    public static HostTensor? Tensor(string file, string key)
    {
        lock (Files)
        {
            if (!Files.TryGetValue(file, out var tensors)) Files[file] = tensors = GoldenFolder.ReadTensors(GoldenFolder.PathOf(Area, file));
            return tensors.GetValueOrDefault(key);
        }
    }

    /// <summary>Whether the format is one that decoders may round differently: a WebP file with losses.</summary>
    public static bool IsRounded(string file) => Section("sources").EnumerateArray().Any(s => s.GetProperty("file").GetString() == file && s.GetProperty("format").GetString() == "WEBP" && s.GetProperty("lossy").GetBoolean());
}
