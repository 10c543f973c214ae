namespace Keras.Docs;

/// <summary>The order of the pages of docs in the navigation. Unknown pages follow at the end, by name.</summary>
static class PageOrder
{
    static readonly (string Group, string[] Pages)[] groups =
    [
        ("Start", ["README", "getting-started", "tasks", "pipelines", "mlnet", "migrating-from-hugging-face", "migrating-from-tensorflow-net", "troubleshooting"]),
        ("Models", ["generation", "language-models", "images", "hub"]),
        ("Data", ["datasets", "data", "features", "augmentation", "metrics"]),
        ("Training", ["custom-training", "training-tools"]),
        ("Running", ["engines", "serving", "serving-host", "serving-deploy", "command-line", "performance", "benchmarks"]),
        ("Inside", ["architecture"]),
    ];

    /// <summary>The groups with their existing pages, named without folder and extension.</summary>
    public static IEnumerable<(string Group, IReadOnlyList<string> Pages)> Of(IReadOnlyCollection<string> present)
    {
        var known = groups.SelectMany(g => g.Pages).ToHashSet();
        var rest = present.Where(p => !known.Contains(p)).Order(StringComparer.Ordinal).ToArray();
        foreach (var (group, pages) in groups.Append(("More", rest)))
            if (pages.Where(present.Contains).ToArray() is { Length: > 0 } there) yield return (group, there);
    }
}
