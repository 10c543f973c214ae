namespace Keras;

/// <summary>The dtypes in which a layer keeps its weights and computes: "float32", "mixed_bfloat16", "mixed_float16", or one dtype for both.</summary>
public sealed class DTypePolicy
{
    /// <summary>A policy by its Keras name.</summary>
    /// <exception cref="ArgumentException">The name is not a policy.</exception>
    public DTypePolicy(string name) : this(name, nameof(name)) { }

    DTypePolicy(string name, string parameter)
    {
        if (name is null) throw new ArgumentNullException(parameter);
        this.name = name;
        (compute_dtype, variable_dtype) = name switch
        {
            "mixed_float16" => (DType.Float16, DType.Float32),
            "mixed_bfloat16" => (DType.BFloat16, DType.Float32),
            _ when DType.TryParse(name, out var dtype) => (dtype, dtype),
            _ => throw Known.Unknown("Unknown dtype policy", name, parameter, ["mixed_float16", "mixed_bfloat16", "float32", "float16", "bfloat16", "float64", .. DType.Names.Where(n => !n.Contains("float", StringComparison.Ordinal))]),
        };
    }

    /// <summary>The policy's Keras name, such as "mixed_float16".</summary>
    public string name { get; }

    /// <summary>The dtype to which inputs and weights are cast for computing.</summary>
    public DType compute_dtype { get; }

    /// <summary>The dtype of the weights.</summary>
    public DType variable_dtype { get; }

    /// <summary>The policy of layers that are not given one.</summary>
    internal static DTypePolicy Global { get; set; } = new("float32");

    /// <summary>A policy by its Keras name.</summary>
    public static implicit operator DTypePolicy(string name) => new(name, "dtype");

    /// <summary>One dtype for weights and computing.</summary>
    public static implicit operator DTypePolicy(DType dtype) => new(dtype?.Name!, nameof(dtype));

    /// <summary>The policy as layer configs store it.</summary>
    internal Dictionary<string, object?> ToConfig() => SerializedObject.Of("keras", "DTypePolicy", new() { ["name"] = name });

    internal static DTypePolicy FromConfig(IReadOnlyDictionary<string, object?> config) =>
        config.GetValueOrDefault("config") is IReadOnlyDictionary<string, object?> own && own.GetValueOrDefault("name") is string name ? new(name)
            : throw new ArgumentException($"A serialized dtype policy has no name. Received the keys: {Known.List(config.Keys)}.", nameof(config));

    /// <inheritdoc/>
    public override string ToString() => name;
}
