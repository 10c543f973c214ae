using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>How a family's files name weights, beyond Hugging Face's general rules.</summary>
public sealed record WeightDialect
{
    /// <summary>The general rules, without those of a family.</summary>
    public static WeightDialect General { get; } = new();

    /// <summary>Layers that have a different name in Hugging Face's TensorFlow models.</summary>
    public IReadOnlyList<TensorFlowLayer> TensorFlowLayers { get; init; } = [];

    /// <summary>Other spellings of keys, in older files or other versions of transformers. They are read but never written.</summary>
    public IReadOnlyList<KeySpelling> Spellings { get; init; } = [];

    /// <summary>Patterns of keys that files contain but no model needs, such as tables of positions.</summary>
    public IReadOnlyList<string> Buffers { get; init; } = [];

    /// <summary>Converts a key to its form in the weight table.</summary>
    internal string Modern(string key) => Spellings.Aggregate(key, (k, s) => s.Apply(k));

    internal bool IsBuffer(string key) => Buffers.Any(b => Regex.IsMatch(key, b, RegexOptions.CultureInvariant));

    internal TensorFlowLayer? LayerOf(string pyTorchKey) => TensorFlowLayers.FirstOrDefault(l => pyTorchKey.StartsWith(l.PyTorch, StringComparison.Ordinal));
}

/// <summary>A layer with a different name in Hugging Face's TensorFlow models.</summary>
/// <param name="PyTorch">The prefix of its keys in PyTorch: "cls.predictions.".</param>
/// <param name="TensorFlow">The prefix in TensorFlow: "mlm___cls/predictions/"; what follows "___" is PyTorch's name.</param>
public sealed record TensorFlowLayer(string PyTorch, string TensorFlow)
{
    /// <summary>Whether the model has the layer after all others there.</summary>
    public bool IsLast { get; init; }

    /// <summary>The name prefix of another layer's weights that this layer also holds; null for none.</summary>
    public string? AlsoHolds { get; init; }
}

/// <summary>Another spelling of keys, as a pattern and its replacement.</summary>
/// <param name="Pattern">A regular expression of the other spelling.</param>
/// <param name="Replacement">The replacement that gives the weight table's key.</param>
public sealed record KeySpelling(string Pattern, string Replacement)
{
    internal string Apply(string key) => Regex.Replace(key, Pattern, Replacement, RegexOptions.CultureInvariant);
}
