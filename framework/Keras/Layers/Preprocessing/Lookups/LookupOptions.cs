using System.Text;

namespace Keras.Layers;

/// <summary>What lookup layers of texts and of whole numbers have in common; tokens are strings, or numbers as long.</summary>
sealed record LookupOptions
{
    public bool AreNumbers { get; init; }

    public int? MaxTokens { get; init; }

    public int OovIndices { get; init; } = 1;

    public object? MaskToken { get; init; }

    public required object? OovToken { get; init; }

    public bool Invert { get; init; }

    public string OutputMode { get; init; } = "int";

    public bool PadToMaxTokens { get; init; }

    public Encoding Encoding { get; init; } = Encoding.UTF8;

    /// <summary>Whether numbers out of the vocabulary take their place by their text's hash, not by their remainder.</summary>
    public bool HashesNumbers { get; init; }

    public Salt? Salt { get; init; }

    public bool IsInt => OutputMode == "int";

    /// <summary>The first index of tokens out of the vocabulary; before it lies the mask's.</summary>
    public int OovStart => MaskToken is not null && IsInt ? 1 : 0;

    /// <summary>The first index of the vocabulary's own tokens.</summary>
    public int TokenStart => OovStart + OovIndices;

    public IEnumerable<object?> SpecialTokens => Enumerable.Repeat(MaskToken, OovStart).Concat(Enumerable.Repeat(OovToken, OovIndices));

    public const string OneHot = "one_hot", MultiHot = "multi_hot", Count = "count", TfIdf = "tf_idf";

    /// <summary>The mode by the name that Keras has for it now.</summary>
    public static string ModeOf(string output_mode)
    {
        var mode = output_mode switch { "binary" => MultiHot, "tf-idf" => TfIdf, _ => output_mode };
        return Known.OneOf(mode, nameof(output_mode), "int", OneHot, MultiHot, Count, TfIdf)!;
    }

    /// <summary>The mode, of a layer that works on dense tensors alone.</summary>
    public static string ModeOf(string output_mode, bool sparse, string where) => sparse ? throw Sparse(where) : ModeOf(output_mode);

    public static UnsupportedException Sparse(string where) => new("Sparse tensors are not supported", where, "sparse: false", "true", "Use output_mode \"int\" before an Embedding where dense results are too large.");

    /// <summary>The options, if they go together.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public LookupOptions Checked()
    {
        if (MaxTokens is <= 1) throw new ArgumentOutOfRangeException("max_tokens", MaxTokens, "The number of tokens is too small. Expected: a whole number from 2; it counts the special tokens too.");
        if (PadToMaxTokens && MaxTokens is null) throw new ArgumentException("pad_to_max_tokens needs max_tokens.", "pad_to_max_tokens");
        ConfigForms.NotNegative(OovIndices, "num_oov_indices");
        if (Invert && !IsInt) throw new ArgumentException($"invert: true needs output_mode \"int\", since it turns indices into tokens. Received: \"{OutputMode}\".", "invert");
        if (Salt is not null && AreNumbers && !HashesNumbers) throw new ArgumentException("A salt was given, but oov_method is not \"farmhash\". Received: \"floormod\".", "salt");
        return this;
    }
}
