namespace Keras;

public abstract partial class Layer
{
    /// <summary>The arguments with which <c>from_config</c> recreates the layer, under Keras' keys.</summary>
    public virtual Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?> { ["name"] = name, ["trainable"] = trainable, ["dtype"] = dtype_policy.ToConfig() };
        if (activity_regularizer is not null) config["activity_regularizer"] = Api.keras.regularizers.serialize(activity_regularizer);
        return config;
    }

    /// <summary>Makes a layer from a config that <see cref="get_config"/> returned.</summary>
    /// <typeparam name="TLayer">Its class.</typeparam>
    /// <exception cref="ArgumentException">The class does not take an entry of the config.</exception>
    public static TLayer from_config<TLayer>(IReadOnlyDictionary<string, object?> config) where TLayer : Layer => (TLayer)LayerConfigs.Make(typeof(TLayer), config);

    /// <summary>Makes a layer from its serialized form inside another config; <see cref="SerializedObject"/> finds this method by name.</summary>
    internal static Layer FromConfig(IReadOnlyDictionary<string, object?> config) => LayerConfigs.Deserialize(config);

    /// <summary>The shapes that the weights were built for, as configs store them; null if the layer has no weights.</summary>
    internal virtual Dictionary<string, object?>? BuildConfig => BuildShapes is null ? null : new() { ["input_shape"] = ShapesOf(BuildShapes) };

    static object?[] ShapesOf(Tensors tensors) => tensors.IsLeaf ? [.. tensors.Single.shape.Select(d => (object?)d)] : [.. tensors.Select(ShapesOf)];

    /// <summary>Builds the weights for the shape in a config.</summary>
    internal virtual void BuildOfConfig(Shape input_shape) => BuildFor(input_shape);

    /// <summary>The arguments of <c>compile</c>; null for layers that cannot be compiled.</summary>
    private protected virtual Dictionary<string, object?>? CompileConfig => null;

    /// <summary>The layer's class and config.</summary>
    private protected virtual Dictionary<string, object?> ObjectForm() => LayerConfigs.IsOfKeras(GetType())
        ? SerializedObject.Of("keras.layers", GetType().Name, get_config())
        : SerializedObject.OfOwnClass(this, get_config(), LayerConfigs.Common, SavedOtherwise);

    /// <summary>How to save a class that has no Keras config, for messages; null for a class that could have one.</summary>
    internal virtual string? SavedOtherwise => null;

    /// <summary>The layer as Keras writes it: class, config, the shapes it was built for, and its compile arguments.</summary>
    internal Dictionary<string, object?> Serialized()
    {
        using var shared = SharedObjects.Enter();
        var serialized = ObjectForm();
        if (BuildConfig is { } build) serialized["build_config"] = build;
        if (CompileConfig is { } compile) serialized["compile_config"] = compile;
        return shared.Written(this, serialized);
    }
}
