namespace Keras.Tests.SavedModels;

/// <summary>The exports of Hugging Face TF in the golden folder: KERAS_GOLDEN, else the copies beside the tests.</summary>
static class GoldenSavedModels
{
    public static string Root { get; } = Environment.GetEnvironmentVariable("KERAS_GOLDEN") is { Length: > 0 } root
        ? root
        : Path.Combine(AppContext.BaseDirectory, "Golden");

    public static IEnumerable<string> Cases => Directory.Exists(Path.Combine(Root, "savedmodels"))
        ? Directory.EnumerateDirectories(Path.Combine(Root, "savedmodels")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)
        : [];

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The path of a file; the test is skipped where the folder does not hold it.</summary>
    public static string Require(params string[] parts)
    {
        var path = PathOf(parts);
        if (!File.Exists(path)) Assert.Ignore($"The golden folder has no {string.Join('/', parts)}.");
        return path;
    }
}
