using System.Collections.Concurrent;

namespace Keras;

/// <summary>User-defined classes that configs may name during a scope: Keras' custom_object_scope.</summary>
static class CustomObjects
{
    [ThreadStatic]
    static IReadOnlyDictionary<string, Type>? s_classes;

    static readonly ConcurrentDictionary<string, Type> s_registered = new();

    /// <summary>Classes that every config may name.</summary>
    public static IReadOnlyDictionary<string, Type> Registered => s_registered;

    /// <summary>Makes a class known to every config.</summary>
    /// <exception cref="ArgumentException">Another class has its name.</exception>
    public static void Register(Type type)
    {
        if (s_registered.GetOrAdd(type.Name, type) is var known && known != type)
            throw new ArgumentException($"Two classes have the name \"{type.Name}\". Expected: names that differ. Received: {known.FullName} and {type.FullName}. Give one of them in custom_objects where it is loaded.", nameof(type));
    }

    /// <summary>Adds classes by their names until the scope is disposed; null leaves those of an outer scope.</summary>
    public static Scope Enter(IReadOnlyDictionary<string, Type>? classes)
    {
        var scope = new Scope(s_classes);
        if (classes is not null) s_classes = classes;
        return scope;
    }

    /// <summary>Finds the class of a serialized object; Keras' own only if its module is Keras', so that no other class of the same name is used.</summary>
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
        if (s_registered.TryGetValue(name, out type)) return type;
        return module.Length == 0 && keras.TryGetValue(name, out type) ? type
            : throw new ArgumentException($"Unknown class in a config. Expected: one of {string.Join(", ", keras.Keys)}, one in custom_objects, or one of keras.saving.register_keras_serializable. Received: \"{name}\"{(isOfKeras || module.Length == 0 ? "" : $" of {module}")}.", nameof(serialized));
    }

    /// <summary>A scope that ends when disposed.</summary>
    public readonly struct Scope(IReadOnlyDictionary<string, Type>? before) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => s_classes = before;
    }
}
