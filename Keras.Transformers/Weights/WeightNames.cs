using System.Text;
using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>Converts Hugging Face's names of weights between PyTorch's <c>bert.encoder.layer.0.output.dense.weight</c> and TensorFlow's
/// <c>bert/encoder/layer_._0/output/dense/kernel:0</c> (the model's own name, which comes first in h5 files, left out).</summary>
/// <remarks>Source: transformers/modeling_tf_pytorch_utils.py, convert_tf_weight_name_to_pt_weight_name.</remarks>
sealed partial class WeightNames(WeightDialect dialect)
{
    const string Index = ":0";

    /// <summary>TensorFlow's name of the weight of a key.</summary>
    /// <param name="key">PyTorch's, with the backbone's prefix.</param>
    /// <param name="variable">Keras' name for the variable: kernel, bias, gamma, beta, embeddings or another.</param>
    public string ToTensorFlow(string key, string variable)
    {
        var (start, rest) = dialect.LayerOf(key) is { } layer ? (layer.TensorFlow, key[layer.PyTorch.Length..]) : ("", key);
        var text = new StringBuilder(start);
        var parts = rest.Split('.');
        for (var i = 0; i < parts.Length - 1; i++)
        {
            var isNumber = parts[i].All(char.IsAsciiDigit);
            if (isNumber && text.Length > 0 && text[^1] == '/') text.Length--;
            text.Append(isNumber ? "_._" : "").Append(parts[i]).Append('/');
        }
        return text.Append(variable).Append(Index).ToString();
    }

    /// <summary>PyTorch's name for a weight of which only TensorFlow's name is known.</summary>
    public static string ToPyTorch(string name)
    {
        var parts = Bare(name).Replace("_._", "/", StringComparison.Ordinal).Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.LastIndexOf("___", StringComparison.Ordinal) is var at and >= 0 ? p[(at + 3)..] : p).ToArray();
        if (parts.Length > 0)
            parts[^1] = parts[^1] switch { "kernel" or "gamma" or "embeddings" => "weight", "beta" => "bias", var own => own };
        return string.Join('.', parts);
    }

    /// <summary>The other spelling of a table's name: Hugging Face has called the same table "weight" and "embeddings"; null for what is not a table.</summary>
    public static string? OtherSpelling(string name) =>
        name.EndsWith("/embeddings:0", StringComparison.Ordinal) ? name[..^"embeddings:0".Length] + "weight:0"
        : name.EndsWith("/weight:0", StringComparison.Ordinal) ? name[..^"weight:0".Length] + "embeddings:0"
        : null;

    /// <summary>The layer of the model that a TensorFlow name begins with.</summary>
    public static string LayerOf(string name) => name.IndexOf('/', StringComparison.Ordinal) is var at and > 0 ? name[..at] : name;

    /// <summary>The name prefix of weights that a layer of Hugging Face's TensorFlow models holds besides its own; null for none.</summary>
    public string? SharedWith(string layer) => dialect.TensorFlowLayers.FirstOrDefault(l => l.TensorFlow.StartsWith(layer + "/", StringComparison.Ordinal))?.AlsoHolds;

    /// <summary>Whether a weight is of a layer that Hugging Face's TensorFlow models have after the others.</summary>
    public bool IsLast(string key) => dialect.LayerOf(key) is { IsLast: true };

    /// <summary>What Keras 2 calls a model of a class, the first part of every name: <c>tf_bert_model</c>, <c>tfgp_t2lm_head_model</c>.</summary>
    public static string ScopeOf(Type model) => LowerThenUpper().Replace(AnythingThenWord().Replace(model.Name, "$1_$2"), "$1_$2").ToLowerInvariant();

    [GeneratedRegex("(.)([A-Z][a-z0-9]+)")]
    private static partial Regex AnythingThenWord();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex LowerThenUpper();

    static string Bare(string name) => name.EndsWith(Index, StringComparison.Ordinal) ? name[..^Index.Length] : name;
}
