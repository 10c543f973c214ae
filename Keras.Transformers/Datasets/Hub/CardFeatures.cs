using YamlDotNet.RepresentationModel;

namespace Keras.Transformers;

/// <summary>Reads the types of columns from cards: a list of names with a dtype, a class_label, a sequence or a list.</summary>
static class CardFeatures
{
    /// <summary>The types; null if there are none or one is unknown, so that they are inferred from the rows.</summary>
    public static Features? Of(YamlMappingNode? info, string where)
    {
        if (info is null || DatasetCard.Child(info, "features") is not YamlSequenceNode list || list.Children.Count == 0) return null;
        var features = new Features();
        foreach (var column in list.Children)
        {
            if ((DatasetCard.Child(column, "name") as YamlScalarNode)?.Value is not { } name || TypeOf(column) is not { } type) return null;
            if (features.ContainsKey(name)) throw new FileFormatException("A card names a column twice", where, "names that differ", Known.Say(name));
            features.Add(name, type);
        }
        return features;
    }

    static Feature? TypeOf(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { } text }) return text == "image" ? new Image() : ElementType.Find(text) is not null ? new Value(text) : null;
        if (DatasetCard.Child(node, "class_label") is { } label) return LabelOf(label);
        foreach (var key in (string[])["sequence", "list"])
            if (DatasetCard.Child(node, key) is { } inner) return TypeOf(inner) is { } feature and not Image ? new Sequence(feature) : null;
        return DatasetCard.Child(node, "dtype") is { } dtype ? TypeOf(dtype) : null;
    }

    static ClassLabel? LabelOf(YamlNode label) => DatasetCard.Child(label, "names") switch
    {
        YamlMappingNode names when names.Children.Values.All(n => n is YamlScalarNode) => Distinct(names.Children.Values),
        YamlSequenceNode names when names.Children.All(n => n is YamlScalarNode) => Distinct(names.Children),
        _ => null,
    };

    static ClassLabel? Distinct(IEnumerable<YamlNode> nodes)
    {
        string[] names = [.. nodes.Select(n => ((YamlScalarNode)n).Value ?? "")];
        return names.Distinct().Count() == names.Length ? new(names: names) : null;
    }
}
