namespace Keras.Utils;

/// <summary>Writes the parts of feature spaces into configs as Keras does.</summary>
static class FeatureForms
{
    const string Module = "keras.src.layers.preprocessing.feature_space";

    public static Dictionary<string, object?> Of(string name, Dictionary<string, object?> config) => new(SerializedObject.Of(Module, name, config)) { ["registered_name"] = name };

    public static string Text(IReadOnlyDictionary<string, object?> config, string key) => config.GetValueOrDefault(key) as string ?? throw Lacks(key);

    public static IReadOnlyDictionary<string, object?> Part(IReadOnlyDictionary<string, object?> config, string key) => config.GetValueOrDefault(key) as IReadOnlyDictionary<string, object?> ?? throw Lacks(key);

    static ArgumentException Lacks(string key) => new($"A config of a feature space lacks an entry. Expected: {key}.", key);
}

/// <summary>Returns its input: the layer for numbers that need no preprocessing.</summary>
sealed class TFDIdentity : Layer
{
    public TFDIdentity(string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype) => built = true;

    public override Tensors call(Tensors inputs, bool training = false) => inputs;

    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    private protected override Dictionary<string, object?> ObjectForm() => FeatureForms.Of(nameof(TFDIdentity), get_config());
}

/// <summary>Concatenates features.</summary>
sealed class TFDConcat : Layer
{
    readonly int _axis;

    public TFDConcat(int axis, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype) => (_axis, built) = (axis, true);

    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.concatenate(inputs, _axis);

    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["axis"] = _axis };

    private protected override Dictionary<string, object?> ObjectForm() => FeatureForms.Of(nameof(TFDConcat), get_config());
}
