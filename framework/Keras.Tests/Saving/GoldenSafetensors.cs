namespace Keras.Saving.Tests;

/// <summary>Files of Hugging Face's own writer: the copies beside the tests, and every such file under KERAS_GOLDEN.</summary>
static class GoldenSafetensors
{
    static readonly string Own = Path.Combine(AppContext.BaseDirectory, "Golden");

    static IEnumerable<string> Roots => Environment.GetEnvironmentVariable("KERAS_GOLDEN") is { Length: > 0 } root && Directory.Exists(root) ? [Own, root] : [Own];

    public static IEnumerable<TestCaseData> Files => Cases("*.safetensors");

    public static IEnumerable<TestCaseData> Indexes => Cases("*.safetensors.index.json");

    public static IEnumerable<TestCaseData> ShardCases =>
        Directory.EnumerateDirectories(Path.Combine(Own, "safetensors"), "shards-*").Order(StringComparer.Ordinal).Select(path => new TestCaseData(path).SetArgDisplayNames(Path.GetFileName(path)));

    static IEnumerable<TestCaseData> Cases(string pattern) =>
        from root in Roots
        from path in Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        select new TestCaseData(path).SetArgDisplayNames(Path.GetRelativePath(root, path).Replace('\\', '/'));
}
