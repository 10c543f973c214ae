namespace Keras.Transformers;

/// <summary>The weights of a model, or of a part of one: its rows, and what its family's files call them.</summary>
/// <param name="Rows">The rows, <c>{i}</c> standing for layer numbers.</param>
/// <param name="BasePrefix">The name of the backbone: "bert".</param>
/// <param name="Dialect">What the family's files call weights.</param>
/// <param name="OtherHeads">The keys of other heads, which files of TensorFlow hold without being reported; by their beginning.</param>
sealed record WeightPart(IEnumerable<WeightRow> Rows, string BasePrefix, WeightDialect Dialect, IReadOnlyList<string> OtherHeads)
{
    readonly WeightNames _names = new(Dialect);

    /// <summary>The names of the models around this one, each with a dot: "encoder."; "" for a whole model.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Those names in TensorFlow and of our layers: "encoder/".</summary>
    public string Scope => Prefix.Replace('.', '/');

    /// <summary>What PyTorch's keys of a backbone without a head lack: the backbone's name with a dot; "" where keys have it.</summary>
    public string MissingPrefix { get; init; } = "";

    /// <summary>The part within a model that calls it so.</summary>
    public WeightPart Under(string name) => this with { Prefix = $"{name}.{Prefix}" };

    /// <summary>Whether a key of a file is of this part.</summary>
    public bool Has(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The ways to write a file's key: as it is now, with the backbone's name and without.</summary>
    public IEnumerable<string> Spellings(string key)
    {
        var (prefix, modern) = (BasePrefix + ".", Dialect.Modern(key[Prefix.Length..]));
        string[] spellings = [modern, prefix + modern, modern.StartsWith(prefix, StringComparison.Ordinal) ? modern[prefix.Length..] : modern];
        return spellings.Select(s => Prefix + s);
    }

    /// <summary>A key without what older files and other versions of transformers call otherwise.</summary>
    public string Modern(string key) => Prefix + Dialect.Modern(key[Prefix.Length..]);

    /// <summary>Whether a file may hold a key that no model needs.</summary>
    public bool IsBuffer(string key) => Dialect.IsBuffer(key[Prefix.Length..]);

    /// <summary>Whether a key is of another head.</summary>
    public bool IsOfOtherHead(string key) => OtherHeads.Any(h => key.AsSpan(Prefix.Length).StartsWith(h, StringComparison.Ordinal));

    /// <summary>A key's name in TensorFlow's files.</summary>
    /// <param name="key">PyTorch's.</param>
    /// <param name="variable">The last part.</param>
    public string ToTensorFlow(string key, string variable) => Scope + _names.ToTensorFlow(MissingPrefix + key[Prefix.Length..], variable);

    /// <summary>Whether TensorFlow's models have a key's layer after the others.</summary>
    public bool IsLast(string key) => _names.IsLast(key[Prefix.Length..]);

    /// <summary>For a layer of TensorFlow's models, how the names of other layers' weights begin that it holds too; null for none.</summary>
    public string? SharedWith(string layer) => Prefix.Length == 0 ? _names.SharedWith(layer) : null;
}
