namespace Keras.Saving;

/// <summary>Makes models from the serialized form in a file or text.</summary>
static class ModelConfigs
{
    /// <summary>Makes the model from its serialized form, without weights.</summary>
    /// <param name="serialized">class_name, config and, of a compiled model, compile_config.</param>
    /// <param name="where">The file or text, for errors.</param>
    /// <param name="custom">Classes by their names in configs, beside Keras' own.</param>
    /// <param name="compile">Whether to compile it as it was when it was saved.</param>
    /// <exception cref="FileFormatException">The form does not fit, a class is unknown, or it is not a model's.</exception>
    public static Model Make(IReadOnlyDictionary<string, object?> serialized, string where, IReadOnlyDictionary<string, Type>? custom, bool compile)
    {
        try
        {
            using var scope = CustomObjects.Enter(custom);
            var layer = LayerConfigs.Deserialize(serialized);
            if (layer is not Model model) throw new ArgumentException($"The config is that of a layer. Expected: that of a model. Received: {layer.GetType().Name}.", nameof(serialized));
            if (compile && serialized.GetValueOrDefault("compile_config") is IReadOnlyDictionary<string, object?> { Count: > 0 } config) model.compile_from_config(config);
            return model;
        }
        catch (Exception e) when (e is not (KerasException or OutOfMemoryException))
        {
            // A config that was read is not the caller's argument: any error in it is an error in the file.
            throw new FileFormatException("A model cannot be made from a config", where, "a config that Keras wrote, of classes that are known", e.Message,
                "Give classes of your own in custom_objects; pass compile: false where the loss or a metric is a function of your own.", e);
        }
    }
}
