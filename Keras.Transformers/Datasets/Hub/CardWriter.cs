using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Keras.Transformers;

/// <summary>Writes into the head of a README.md which files are which split, and what the columns are; all else of the card stays.</summary>
static class CardWriter
{
    /// <summary>The card with a configuration.</summary>
    /// <param name="readme">The card as it is; null for none.</param>
    /// <param name="config">The configuration's name.</param>
    /// <param name="splits">The splits, and the pattern of the files of each.</param>
    /// <param name="features">The columns.</param>
    /// <exception cref="FileFormatException">The head of the card is no YAML, or no names with values.</exception>
    public static string With(string? readme, string config, IReadOnlyList<(string Split, string Pattern)> splits, Features features)
    {
        var (head, body) = CardYaml.Split(readme ?? "");
        var root = (head is null ? null : DatasetCard.Root(head, ModelCard.FileName)) switch
        {
            null => [],
            YamlMappingNode map => map,
            var other => throw new FileFormatException("The head of a card is not as it has to be", $"{ModelCard.FileName}, line {other.Start.Line + 1}", "names with values", other.NodeType.ToString(), "Mend it first: what it says would be lost."),
        };
        var entry = new YamlMappingNode("config_name", Quoted(config)) { { "data_files", new YamlSequenceNode(splits.Select(s => new YamlMappingNode("split", Quoted(s.Split)) { { "path", Quoted(s.Pattern) } })) } };
        var info = new YamlMappingNode("config_name", Quoted(config)) { { "features", ColumnsOf(features) } };
        Replace(root, "configs", config, entry, keepsOldSplits: true);
        Replace(root, "dataset_info", config, info, keepsOldSplits: false);
        using var written = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(written, assignAnchors: true);
        var text = written.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n');
        return $"---\n{(text.EndsWith("\n...", StringComparison.Ordinal) ? text[..^4] : text)}\n---\n{body}";
    }

    /// <summary>Puts an entry in the place of the one with the configuration's name; its other splits stay.</summary>
    static void Replace(YamlMappingNode root, string key, string config, YamlMappingNode entry, bool keepsOldSplits)
    {
        var list = DatasetCard.Child(root, key) switch
        {
            YamlSequenceNode several => several,
            YamlMappingNode one => new YamlSequenceNode(one),
            _ => [],
        };
        var old = list.Children.FirstOrDefault(c => ((DatasetCard.Child(c, "config_name") as YamlScalarNode)?.Value ?? "default") == config);
        if (keepsOldSplits && old is not null && DatasetCard.Child(old, "data_files") is YamlSequenceNode files)
        {
            var own = (YamlSequenceNode)entry.Children[new YamlScalarNode("data_files")];
            string?[] names = [.. own.Children.Select(SplitOf)];
            foreach (var other in files.Children.Where(f => f is YamlMappingNode && !names.Contains(SplitOf(f))).Reverse()) own.Children.Insert(0, other);
        }
        if (old is null) list.Children.Add(entry);
        else list.Children[list.Children.IndexOf(old)] = entry;
        root.Children[new YamlScalarNode(key)] = list;
    }

    static string? SplitOf(YamlNode node) => (DatasetCard.Child(node, "split") as YamlScalarNode)?.Value;

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

    /// <summary>Text that stays text, whatever it says.</summary>
    static YamlScalarNode Quoted(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };
}
