namespace Keras.Saving;

/// <summary>Makes models of their serialized form.</summary>
static class ModelConfigs
{
    /// <summary>The model of a serialized form, without weights.</summary>
    /// <param name="serialized">class_name, config and, of a compiled model, compile_config.</param>
    /// <param name="custom">Classes by their names in configs, beside Keras' own.</param>
    /// <param name="compile">Whether it is compiled as it was when it was saved.</param>
    /// <exception cref="ArgumentException">The form does not fit, a class is unknown, or it is no model's.</exception>
    public static Model Make(IReadOnlyDictionary<string, object?> serialized, IReadOnlyDictionary<string, Type>? custom, bool compile)
    {
        var layer = LayerConfigs.Deserialize(serialized, custom);
        if (layer is not Model model) throw new ArgumentException($"The config is that of a layer. Expected: that of a model. Received: {layer.GetType().Name}.", nameof(serialized));
        if (compile && serialized.GetValueOrDefault("compile_config") is IReadOnlyDictionary<string, object?> { Count: > 0 } config) model.compile_from_config(config);
        return model;
    }
}
