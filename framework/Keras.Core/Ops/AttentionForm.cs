namespace Keras.Graphs;

/// <summary>The inputs of an attention.</summary>
/// <param name="Query">(..., H, T, D).</param>
/// <param name="Key">(..., G, S, D); G divides H, each key head serves H / G query heads.</param>
/// <param name="Value">(..., G, S, Dv).</param>
/// <param name="Mask">Bool, broadcast to (..., H, T, S): whether a query attends to a key.</param>
/// <param name="Bias">Added to the scores, broadcast to (..., H, T, S).</param>
/// <param name="HeadMask">Factors of the probabilities, broadcast to (..., H, T, S).</param>
/// <param name="Seed">Dropout's Philox key.</param>
/// <param name="Counter">Dropout's Philox counter.</param>
sealed record AttentionInputs<T>(T Query, T Key, T Value, T? Mask = null, T? Bias = null, T? HeadMask = null, T? Seed = null, T? Counter = null)
    where T : class
{
    /// <summary>Splits a call's inputs.</summary>
    /// <param name="form">The call's attributes, which say which optional inputs are present.</param>
    /// <param name="all">All inputs of the call.</param>
    /// <param name="first">The index of the first optional input.</param>
    public static AttentionInputs<T> Of(AttentionForm form, ReadOnlySpan<T> all, int first)
    {
        var rest = all[first..];
        var next = 0;
        var (mask, bias, headMask) = (form.HasMask ? rest[next++] : null, form.HasBias ? rest[next++] : null, form.HasHeadMask ? rest[next++] : null);
        return new(all[0], all[1], all[2], mask, bias, headMask, form.Rate > 0 ? rest[next] : null, form.Rate > 0 ? rest[next + 1] : null);
    }

    /// <summary>The optional inputs that are present, in order.</summary>
    public T[] Optional => [.. new[] { Mask, Bias, HeadMask, Seed, Counter }.OfType<T>()];
}

/// <summary>How an attention is computed: the attributes of its composite and of the gradient's.</summary>
sealed record AttentionForm
{
    /// <summary>Which keys a query sees: all; those up to its own position; those up to its own position, aligned so that the last query sees the last key.</summary>
    public const string All = "none", UpperLeft = "upper_left", LowerRight = "lower_right";

    /// <summary>The attributes as written in an op's signature.</summary>
    public const string Signature = "{ scale: float, causal: string, soft_cap: float, zeroes: bool, rate: float, has_mask: bool, has_bias: bool, has_head_mask: bool }";

    /// <summary>The factor that scales the products of queries and keys.</summary>
    public double Scale { get; init; } = 1;

    public string Causal { get; init; } = All;

    /// <summary>Scores are limited smoothly to ± this; 0 for no limit.</summary>
    public float SoftCap { get; init; }

    /// <summary>Whether a query that may see no key gets zeros; otherwise it sees all keys alike.</summary>
    public bool Zeroes { get; init; }

    /// <summary>The dropout rate of the probabilities.</summary>
    public float Rate { get; init; }

    public bool HasMask { get; init; }

    public bool HasBias { get; init; }

    public bool HasHeadMask { get; init; }

    /// <summary>Reads the attributes of a call.</summary>
    public static AttentionForm Of(Attributes attributes)
    {
        T Get<T>(string name) => attributes.TryGet(name, out var value) ? (T)value : throw new ArgumentException($"An attention has no attribute '{name}'.");
        return new()
        {
            Scale = Get<float>("scale"), Causal = Get<string>("causal"), SoftCap = Get<float>("soft_cap"), Zeroes = Get<bool>("zeroes"), Rate = Get<float>("rate"),
            HasMask = Get<bool>("has_mask"), HasBias = Get<bool>("has_bias"), HasHeadMask = Get<bool>("has_head_mask"),
        };
    }

    /// <summary>The attributes for a call.</summary>
    public (string, object)[] Attributes =>
    [
        ("scale", (float)Scale), ("causal", Causal), ("soft_cap", SoftCap), ("zeroes", Zeroes), ("rate", Rate), ("has_mask", HasMask), ("has_bias", HasBias), ("has_head_mask", HasHeadMask),
    ];
}
