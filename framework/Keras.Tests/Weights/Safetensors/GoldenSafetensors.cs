using Keras.Tests;

namespace Keras.Saving.Tests;

/// <summary>Files of Hugging Face's own writer: the copies beside the tests, and the models under KERAS_GOLDEN.</summary>
static class GoldenSafetensors
{
    static readonly string Own = Path.Combine(GoldenFolder.Own, "safetensors");

    static IEnumerable<string> Roots =>
        new[] { Own, Path.Combine(GoldenFolder.Given ?? "", "models") }.Where(Directory.Exists);

    public static IEnumerable<TestCaseData> Files => Cases("*.safetensors");

    public static IEnumerable<TestCaseData> Indexes => Cases("*.safetensors.index.json");

    public static IEnumerable<TestCaseData> ShardCases =>
        Directory.EnumerateDirectories(Own, "shards-*").Order(StringComparer.Ordinal).Select(path => new TestCaseData(path).SetArgDisplayNames(Path.GetFileName(path)));

    static IEnumerable<TestCaseData> Cases(string pattern) =>
        from root in Roots
        from path in Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        select new TestCaseData(path).SetArgDisplayNames(Path.GetRelativePath(root, path).Replace('\\', '/'));
}
