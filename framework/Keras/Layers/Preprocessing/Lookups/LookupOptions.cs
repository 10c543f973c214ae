using System.Text;

namespace Keras.Layers;

/// <summary>Options that lookup layers of texts and integers share; tokens are strings or longs.</summary>
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

    /// <summary>Whether out-of-vocabulary numbers get their index from the hash of their text, not from their remainder.</summary>
    public bool HashesNumbers { get; init; }

    public Salt? Salt { get; init; }

    public bool IsInt => OutputMode == "int";

    /// <summary>The first index for out-of-vocabulary tokens; before it comes the mask's.</summary>
    public int OovStart => MaskToken is not null && IsInt ? 1 : 0;

    /// <summary>The first index of the vocabulary's own tokens.</summary>
    public int TokenStart => OovStart + OovIndices;

    public IEnumerable<object?> SpecialTokens => Enumerable.Repeat(MaskToken, OovStart).Concat(Enumerable.Repeat(OovToken, OovIndices));

    public const string OneHot = "one_hot", MultiHot = "multi_hot", Count = "count", TfIdf = "tf_idf";

    /// <summary>The mode under its current Keras name.</summary>
    public static string ModeOf(string output_mode)
    {
        var mode = output_mode switch { "binary" => MultiHot, "tf-idf" => TfIdf, _ => output_mode };
        return Known.OneOf(mode, nameof(output_mode), "int", OneHot, MultiHot, Count, TfIdf)!;
    }

    /// <summary>The mode of a layer that only supports dense tensors.</summary>
    public static string ModeOf(string output_mode, bool sparse, string where) => sparse ? throw Sparse(where) : ModeOf(output_mode);

    public static UnsupportedException Sparse(string where) => new("Sparse tensors are not supported", where, "sparse: false", "true", "Use output_mode \"int\" before an Embedding where dense results are too large.");

    /// <summary>Checks the options and returns them.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
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
