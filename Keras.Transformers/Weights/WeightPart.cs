namespace Keras.Transformers;

/// <summary>The weights of a model or a part: its rows, and their names in the family's files.</summary>
/// <param name="Rows">The rows, <c>{i}</c> standing for layer numbers.</param>
/// <param name="BasePrefix">The name of the backbone: "bert".</param>
/// <param name="Dialect">The family's names for weights.</param>
/// <param name="OtherHeads">The prefixes of other heads' keys, which TensorFlow's files may hold without being reported.</param>
sealed record WeightPart(IEnumerable<WeightRow> Rows, string BasePrefix, WeightDialect Dialect, IReadOnlyList<string> OtherHeads)
{
    readonly WeightNames _names = new(Dialect);

    /// <summary>The names of the enclosing models, each with a dot: "encoder."; "" for a whole model.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Those names in TensorFlow and of our layers: "encoder/".</summary>
    public string Scope => Prefix.Replace('.', '/');

    /// <summary>The prefix missing in PyTorch's keys of a bare backbone: its name with a dot; "" if keys have it.</summary>
    public string MissingPrefix { get; init; } = "";

    /// <summary>This part inside a model that gives it this name.</summary>
    public WeightPart Under(string name) => this with { Prefix = $"{name}.{Prefix}" };

    /// <summary>Whether a file's key belongs to this part.</summary>
    public bool Has(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The spellings of a file's key: in its current form, with the backbone's name and without.</summary>
    public IEnumerable<string> Spellings(string key)
    {
        var (prefix, modern) = (BasePrefix + ".", Dialect.Modern(key[Prefix.Length..]));
        string[] spellings = [modern, prefix + modern, modern.StartsWith(prefix, StringComparison.Ordinal) ? modern[prefix.Length..] : modern];
        return spellings.Select(s => Prefix + s);
    }

    /// <summary>Converts a key from older files and other versions of transformers to the current form.</summary>
    public string Modern(string key) => Prefix + Dialect.Modern(key[Prefix.Length..]);

    /// <summary>Whether a key is a buffer that no model needs.</summary>
    public bool IsBuffer(string key) => Dialect.IsBuffer(key[Prefix.Length..]);

    /// <summary>Whether a key belongs to another head.</summary>
    public bool IsOfOtherHead(string key) => OtherHeads.Any(h => key.AsSpan(Prefix.Length).StartsWith(h, StringComparison.Ordinal));

    /// <summary>A key's name in TensorFlow's files.</summary>
    /// <param name="key">PyTorch's.</param>
    /// <param name="variable">The last part.</param>
    public string ToTensorFlow(string key, string variable) => Scope + _names.ToTensorFlow(MissingPrefix + key[Prefix.Length..], variable);

    /// <summary>Whether a key's layer comes last in TensorFlow's models.</summary>
    public bool IsLast(string key) => _names.IsLast(key[Prefix.Length..]);

    /// <summary>The name prefix of other layers' weights that a layer of TensorFlow's models also holds; null for none.</summary>
    public string? SharedWith(string layer) => Prefix.Length == 0 ? _names.SharedWith(layer) : null;
}
