namespace Keras;

/// <summary>Classes of a user's own that configs may name, for the time of a call: Keras' custom_object_scope.</summary>
static class CustomObjects
{
    [ThreadStatic]
    static IReadOnlyDictionary<string, Type>? s_classes;

    /// <summary>Adds classes by their names until the scope is disposed; null leaves those of an outer scope.</summary>
    public static Scope Enter(IReadOnlyDictionary<string, Type>? classes)
    {
        var scope = new Scope(s_classes);
        if (classes is not null) s_classes = classes;
        return scope;
    }

    /// <summary>The class of a serialized object: Keras' own only where its module is Keras', so that nothing comes back as another class of the same name.</summary>
    /// <param name="serialized">Keras' form of the object.</param>
    /// <param name="name">Its class_name.</param>
    /// <param name="keras">Keras' classes of this kind.</param>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public static Type Find(IReadOnlyDictionary<string, object?> serialized, string name, IReadOnlyDictionary<string, Type> keras)
    {
        var module = serialized.GetValueOrDefault("module") as string ?? "";
        var isOfKeras = module == "keras" || module.StartsWith("keras.", StringComparison.Ordinal);
        if (isOfKeras && keras.TryGetValue(name, out var type)) return type;
        if (s_classes?.TryGetValue(name, out type) ?? false) return type!;
        return module.Length == 0 && keras.TryGetValue(name, out type) ? type
            : throw new ArgumentException($"Unknown class in a config. Expected: one of {string.Join(", ", keras.Keys)}, or one in custom_objects. Received: \"{name}\"{(isOfKeras || module.Length == 0 ? "" : $" of {module}")}.", nameof(serialized));
    }

    /// <summary>Ends with its disposal.</summary>
    public readonly struct Scope(IReadOnlyDictionary<string, Type>? before) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => s_classes = before;
    }
}
