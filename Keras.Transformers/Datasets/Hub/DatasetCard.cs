using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Keras.Transformers;

/// <summary>The file information in a data set's README.md: YAML between two lines of "---".</summary>
/// <param name="Configs">The configurations, in their order; empty if the card lists none.</param>
/// <remarks>Source: datasets/utils/metadata.py; https://huggingface.co/docs/hub/datasets-manual-configuration.</remarks>
sealed record DatasetCard(IReadOnlyList<DatasetConfig> Configs)
{
    const int LongestHead = 1 << 20;
    const int Deepest = 64;
    static readonly string[] KnownKeys = ["config_name", "data_files", "data_dir", "default", "description", "version", "drop_labels", "drop_metadata", "sep", "delimiter", "column_names", "names", "field"];

    public static readonly DatasetCard None = new([]);

    /// <summary>Reads the card in a README.md.</summary>
    /// <exception cref="FileFormatException">Its head is not YAML, or lacks what is expected.</exception>
    public static DatasetCard Read(string text, string where)
    {
        if (CardYaml.Split(text).Head is not { } head || Root(head, where) is not YamlMappingNode root || Child(root, "configs") is not { } configs) return None;
        if (configs is not YamlSequenceNode list) throw Wrong(configs, where, "configs", "a list");
        var info = Child(root, "dataset_info");
        return new([.. list.Children.Select((c, i) => Config(c as YamlMappingNode ?? throw Wrong(c, where, $"configs[{i}]", "a configuration"), $"configs[{i}]", where, info))]);
    }

    /// <summary>Reads the YAML of a head; null if it is empty.</summary>
    /// <exception cref="FileFormatException">The head is not YAML.</exception>
    public static YamlNode? Root(string head, string where)
    {
        if (head.Length > LongestHead) throw new FileFormatException("The head of a card is too long", where, $"at most {LongestHead} characters", $"{head.Length}");
        try
        {
            CheckShape(head, where);
            var yaml = new YamlStream();
            yaml.Load(new StringReader(head));
            return yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is YamlScalarNode { Value: null or "" } ? null : yaml.Documents[0].RootNode;
        }
        catch (Exception e) when (CardYaml.IsOfReader(e))
        {
            throw new FileFormatException("The head of a card is not YAML", e is YamlException yaml ? $"{where}, line {yaml.Start.Line + 1}" : where, "YAML between two lines of \"---\"", RepoName.Printable(e.Message), inner: e);
        }
    }

    /// <summary>A mapping or list that is open while the metadata is traversed.</summary>
    sealed class Level(NodeEvent start)
    {
        public string? Anchor { get; } = start.Anchor is { IsEmpty: false } anchor ? anchor.Value : null;

        public bool IsMapping { get; } = start is MappingStart;

        public bool ExpectsKey { get; set; } = start is MappingStart;

        public long Size { get; set; } = 1;
    }

    /// <summary>Rejects what the YAML node reader cannot handle: it recurses for each level, and hashes keys with all anchors in them expanded.</summary>
    static void CheckShape(string head, string where)
    {
        var (parser, open, sizes) = (new Parser(new StringReader(head)), new Stack<Level>(), new Dictionary<string, long>());
        while (parser.MoveNext())
        {
            var at = parser.Current!;
            if (at is MappingEnd or SequenceEnd)
            {
                var closed = open.Pop();
                if (closed.Anchor is { } anchor) sizes[anchor] = closed.Size;
                if (open.TryPeek(out var outer)) outer.Size += closed.Size;
                continue;
            }
            if (at is not (NodeEvent or AnchorAlias)) continue;
            if (open.TryPeek(out var level) && level.IsMapping)
            {
                if (level.ExpectsKey && at is not Scalar) throw new FileFormatException("The head of a card is malformed", $"{where}, line {at.Start.Line + 1}", "names that are text", at is AnchorAlias ? "a name of what stands before" : "a list or names");
                level.ExpectsKey = !level.ExpectsKey;
            }
            if (at is MappingStart or SequenceStart) open.Push(new((NodeEvent)at));
            else if (level is not null) level.Size += at is AnchorAlias { Value.Value: var name } ? sizes.GetValueOrDefault(name, 1) : 1;
            if (at is AnchorAlias alias && open.Any(l => l.Anchor == alias.Value.Value)) throw new FileFormatException("The head of a card refers to itself", $"{where}, line {alias.Start.Line + 1}", "names of what stands before", $"*{RepoName.Printable(alias.Value.Value)}");
            if (open.Count > Deepest) throw new FileFormatException("The head of a card is nested too deep", where, $"at most {Deepest} levels", "more");
            if (level?.Size > LongestHead) throw new FileFormatException("The head of a card holds too much", where, $"at most {LongestHead} values", "more");
        }
    }

    static DatasetConfig Config(YamlMappingNode node, string place, string where, YamlNode? info)
    {
        foreach (var key in node.Children.Keys.Select(k => (k as YamlScalarNode)?.Value ?? ""))
            if (!KnownKeys.Contains(key)) throw new UnsupportedException("A card asks for a loading option that is not supported", $"{where}, {place}", Known.List(KnownKeys), Known.Say(key), "Name the format and the files: load_dataset(\"csv\", data_files: ...).");
        var name = Text(node, "config_name", place, where) ?? "default";
        return new(name, FilesOf(Child(node, "data_files"), $"{place}.data_files", where), Text(node, "data_dir", place, where), Text(node, "default", place, where) == "true")
        {
            Separator = Text(node, "sep", place, where) ?? Text(node, "delimiter", place, where), Field = Text(node, "field", place, where),
            ColumnNames = (Child(node, "column_names") ?? Child(node, "names")) is { } columns ? [.. Texts(columns, $"{place}.column_names", where)] : null,
            DropLabels = Flag(node, "drop_labels", place, where), DropMetadata = Flag(node, "drop_metadata", place, where),
            Features = CardFeatures.Of(Info(info, name), where),
        };
    }

    /// <summary>The description of a configuration, whether there is one or several.</summary>
    static YamlMappingNode? Info(YamlNode? info, string name) => info switch
    {
        YamlMappingNode one when (Child(one, "config_name") as YamlScalarNode)?.Value is null or "default" || ((YamlScalarNode)Child(one, "config_name")!).Value == name => one,
        YamlSequenceNode several => several.Children.OfType<YamlMappingNode>().FirstOrDefault(i => (Child(i, "config_name") as YamlScalarNode)?.Value == name),
        _ => null,
    };

    /// <summary>The splits that data_files names, and their patterns; null if there is none.</summary>
    internal static List<(string Split, string[] Patterns)>? FilesOf(YamlNode? node, string place, string where) => node switch
    {
        null => null,
        YamlScalarNode or YamlSequenceNode { Children: [YamlScalarNode, ..] } => [("train", Texts(node, place, where))],
        YamlSequenceNode list => [.. list.Children.Select(c => (Text(c, "split", place, where) ?? throw Wrong(c, where, place, "a split with its path"), Texts(Child(c, "path") ?? throw Wrong(c, where, place, "a split with its path"), place, where)))],
        YamlMappingNode map => [.. map.Children.Select(c => ((c.Key as YamlScalarNode)?.Value ?? "", Texts(c.Value, place, where)))],
        _ => throw Wrong(node, where, place, "paths, or paths of splits"),
    };

    internal static YamlNode? Child(YamlNode node, string key) => node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var child) && child is not YamlScalarNode { Value: null or "null" or "~" or "", Style: ScalarStyle.Plain } ? child : null;

    static string? Text(YamlNode node, string key, string place, string where) => Child(node, key) switch
    {
        null => null,
        YamlScalarNode { Value: { } text } => text,
        var other => throw Wrong(other, where, $"{place}.{key}", "text"),
    };

    static bool? Flag(YamlNode node, string key, string place, string where) => Text(node, key, place, where) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw Wrong(Child(node, key)!, where, $"{place}.{key}", "true or false"),
    };

    static string[] Texts(YamlNode node, string place, string where) => node switch
    {
        YamlScalarNode { Value: { Length: > 0 } text } => [text],
        YamlSequenceNode list when list.Children.All(c => c is YamlScalarNode { Value.Length: > 0 }) => [.. list.Children.Select(c => ((YamlScalarNode)c).Value!)],
        _ => throw Wrong(node, where, place, "text, or a list of texts"),
    };

    static FileFormatException Wrong(YamlNode node, string where, string place, string expected) => new("The head of a card is malformed", $"{where}, {place}, line {node.Start.Line + 1}", expected, node.NodeType.ToString());
}

/// <summary>A configuration of a data set.</summary>
/// <param name="Name">The configuration's name.</param>
/// <param name="Files">The patterns of each split; null if file names decide.</param>
/// <param name="Folder">The folder that patterns start from; null for the repository's root.</param>
/// <param name="IsDefault">Whether it is the default configuration.</param>
sealed record DatasetConfig(string Name, IReadOnlyList<(string Split, string[] Patterns)>? Files, string? Folder, bool IsDefault)
{
    public string? Separator { get; init; }

    public string? Field { get; init; }

    public string[]? ColumnNames { get; init; }

    public bool? DropLabels { get; init; }

    public bool? DropMetadata { get; init; }

    /// <summary>The types of the columns; null if the card does not give them, or one is unknown.</summary>
    public Features? Features { get; init; }
}
