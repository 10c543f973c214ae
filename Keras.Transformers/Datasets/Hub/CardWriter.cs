using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Keras.Transformers;

/// <summary>Writes splits with their files, and columns, into the metadata of a README.md; the rest of the card stays.</summary>
static partial class CardWriter
{
    /// <summary>The card with a configuration.</summary>
    /// <param name="readme">The card as it is; null for none.</param>
    /// <param name="config">The configuration's name.</param>
    /// <param name="splits">The splits, and the pattern of the files of each.</param>
    /// <param name="features">The columns.</param>
    /// <param name="names">The files that the repository has and keeps.</param>
    /// <exception cref="FileFormatException">The head of the card is not YAML, or does not consist of names with values.</exception>
    public static string With(string? readme, string config, IReadOnlyList<(string Split, string Pattern)> splits, Features features, IReadOnlyCollection<string> names)
    {
        var (head, body) = CardYaml.Split(readme ?? "");
        var root = (head is null ? null : DatasetCard.Root(head, ModelCard.FileName)) switch
        {
            null => [],
            YamlMappingNode map => map,
            var other => throw new FileFormatException("The head of a card is malformed", $"{ModelCard.FileName}, line {other.Start.Line + 1}", "names with values", other.NodeType.ToString(), "Correct it first; its content would be lost."),
        };
        var configs = ListOf(root, "configs");
        // Without a list, file names decide the splits; if there is a list, they do not count.
        if (configs.Children.Count == 0 && ByName(names, null) is { Count: > 0 } named) SetFiles(EntryOf(configs, "default"), named);
        var files = Find(configs, config) is { } old ? FilesOf(old, names) : [];
        foreach (var (split, pattern) in splits)
            if (files.FindIndex(f => f.Split == split) is >= 0 and var i) files[i] = (split, [pattern]);
            else files.Add((split, [pattern]));
        SetFiles(EntryOf(configs, config), files);
        var info = EntryOf(ListOf(root, "dataset_info"), config);
        info.Children[new YamlScalarNode("features")] = ColumnsOf(features);
        // These sizes are out of date, and readers check them.
        foreach (var key in (string[])["splits", "download_size", "dataset_size"]) info.Children.Remove(new YamlScalarNode(key));
        using var written = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(written, assignAnchors: false);
        var text = written.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n');
        return $"---\n{(text.EndsWith("\n...", StringComparison.Ordinal) ? text[..^4] : text)}\n---\n{body.TrimStart('\uFEFF')}";
    }

    /// <summary>The list under a key, created if missing.</summary>
    static YamlSequenceNode ListOf(YamlMappingNode root, string key)
    {
        var list = DatasetCard.Child(root, key) switch
        {
            null => [],
            YamlSequenceNode several => several,
            YamlMappingNode one => new YamlSequenceNode(one),
            var other => throw new FileFormatException("The head of a card is malformed", $"{ModelCard.FileName}, {key}, line {other.Start.Line + 1}", "a list", other.NodeType.ToString(), "Correct it first; its content would be lost."),
        };
        // A single configuration need not be named.
        if (DatasetCard.Child(root, key) is YamlMappingNode unnamed && DatasetCard.Child(unnamed, "config_name") is null) unnamed.Children[new YamlScalarNode("config_name")] = Quoted("default");
        root.Children[new YamlScalarNode(key)] = list;
        return list;
    }

    static YamlMappingNode? Find(YamlSequenceNode list, string config) =>
        list.Children.OfType<YamlMappingNode>().FirstOrDefault(c => ((DatasetCard.Child(c, "config_name") as YamlScalarNode)?.Value ?? "default") == config);

    static YamlMappingNode EntryOf(YamlSequenceNode list, string config)
    {
        if (Find(list, config) is { } old) return old;
        var entry = new YamlMappingNode("config_name", Quoted(config));
        list.Children.Add(entry);
        return entry;
    }

    /// <summary>The splits of a configuration with their patterns, from the repository's root.</summary>
    static List<(string Split, string[] Patterns)> FilesOf(YamlMappingNode entry, IReadOnlyCollection<string> names)
    {
        var folder = (DatasetCard.Child(entry, "data_dir") as YamlScalarNode)?.Value;
        if (DatasetCard.FilesOf(DatasetCard.Child(entry, "data_files"), "data_files", ModelCard.FileName) is not { } files) return ByName(names, folder);
        return folder is null ? files : [.. files.Select(f => (f.Split, f.Patterns.Select(p => $"{folder.TrimEnd('/')}/{p}").ToArray()))];
    }

    static List<(string Split, string[] Patterns)> ByName(IReadOnlyCollection<string> names, string? folder) => [.. HubDataset.ByName(names, folder).Select(s => (s.Split, PatternsOf(s.Names, names)))];

    /// <summary>One pattern for the files, if it matches only them: the prefix before numbers, or their folder.</summary>
    static string[] PatternsOf(string[] files, IReadOnlyCollection<string> names)
    {
        var common = files.Aggregate((a, b) => a[..a.Zip(b).TakeWhile(c => c.First == c.Second).Count()]);
        foreach (var pattern in (string[])[Numbers().Replace(files[0], "-*"), common[..(common.LastIndexOf('/') + 1)] + "**"])
            if (DataFiles.Glob(pattern) is var glob && names.Where(n => glob.IsMatch(n)).ToHashSet().SetEquals(files)) return [pattern];
        return files;
    }

    static void SetFiles(YamlMappingNode entry, IEnumerable<(string Split, string[] Patterns)> files)
    {
        entry.Children[new YamlScalarNode("data_files")] = new YamlSequenceNode(files.Select(f => new YamlMappingNode("split", Quoted(f.Split)) { { "path", f.Patterns.Length == 1 ? Quoted(f.Patterns[0]) : new YamlSequenceNode(f.Patterns.Select(Quoted)) } }));
        // All patterns now start at the root.
        entry.Children.Remove(new YamlScalarNode("data_dir"));
    }

    static YamlSequenceNode ColumnsOf(Features features) => new(features.Select(f =>
    {
        var column = new YamlMappingNode("name", Quoted(f.Key));
        foreach (var (key, value) in TypeOf(f.Value)) column.Add(key, value);
        return column;
    }));

    static YamlMappingNode TypeOf(Feature feature) => feature switch
    {
        Value value => new("dtype", Quoted(value.dtype)),
        Image => new("dtype", Quoted("image")),
        ClassLabel label => new("dtype", new YamlMappingNode("class_label", new YamlMappingNode("names", new YamlMappingNode(label.names.Select((n, i) => KeyValuePair.Create<YamlNode, YamlNode>(Quoted($"{i}"), Quoted(n))))))),
        Sequence { feature: Features record } => new("list", ColumnsOf(record)),
        Sequence sequence => new("sequence", TypeOf(sequence.feature) is { Children: [{ Key: YamlScalarNode { Value: "dtype" }, Value: var plain }] } ? plain : TypeOf(sequence.feature)),
        Features record => new("struct", ColumnsOf(record)),
        _ => throw new UnsupportedException("A column is of a type that no card has", null, "values, labels, sequences, records and pictures", feature.ToString()),
    };

    /// <summary>A quoted text, so that it is never read as another type.</summary>
    static YamlScalarNode Quoted(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };

    [GeneratedRegex(@"-[0-9]{5}-of-[0-9]{5}[^/]*\z")]
    private static partial Regex Numbers();
}
