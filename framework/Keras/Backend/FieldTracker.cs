using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Keras;

/// <summary>Objects that are tracked through the fields that hold them: layers, metrics and seed generators.</summary>
interface ITracked;

/// <summary>Finds the layers, metrics and variables in an object's fields, in nested collections and tuples too: base class first, in source order.</summary>
/// <remarks>Which fields a class has is cached; their values never are.</remarks>
static class FieldTracker
{
    static readonly ConcurrentDictionary<Type, FieldInfo[]> FieldsOf = new();

    /// <summary>Everything of type <typeparamref name="T"/> held by fields, directly or in collections, each once.</summary>
    public static IEnumerable<T> Held<T>(ITracked owner) where T : class
    {
        var seen = new HashSet<T>(ReferenceEqualityComparer.Instance);
        foreach (var field in FieldsOf.GetOrAdd(owner.GetType(), TrackableFields))
            foreach (var item in Within<T>(field.GetValue(owner), null))
                if (!ReferenceEquals(item, owner) && seen.Add(item)) yield return item;
    }

    /// <summary>The items of a collection or tuple (a dictionary's values); null for anything else. A query that makes its items anew is not a collection.</summary>
    public static IEnumerable<object?>? ItemsOf(object? value) => value switch
    {
        null or string or ITracked or Tensor or Tensors or Variable => null,
        IDictionary dictionary => dictionary.Values.Cast<object?>(),
        ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => tuple[i]),
        Array array when array.GetType().GetElementType()!.IsPrimitive => null,
        ICollection list => list.Cast<object?>(),
        IEnumerable other when KindsOf.GetOrAdd(other.GetType(), KindOf) is var kind and not Kind.Other =>
            kind == Kind.Map ? other.Cast<object>().Select(ValueOf) : other.Cast<object?>(),
        _ => null,
    };

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(KeyValuePair<,>))]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "What maps enumerate are pairs, whose properties are kept.")]
    static object? ValueOf(object pair) => pair.GetType().GetProperty("Value")!.GetValue(pair);

    /// <summary>Whether a field of this type may hold tracked objects.</summary>
    public static bool MayHold(Type type) => typeof(ITracked).IsAssignableFrom(type) || type == typeof(Variable) || type == typeof(object)
        || (typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string) && !typeof(Tensors).IsAssignableFrom(type)
            && !(type.IsArray && type.GetElementType()!.IsPrimitive)) || type.IsInterface || type.IsAbstract
        || ((typeof(ITuple).IsAssignableFrom(type) || Nullable.GetUnderlyingType(type) is not null) && Array.Exists(type.GetGenericArguments(), MayHold));

    static IEnumerable<T> Within<T>(object? value, HashSet<object>? around) where T : class
    {
        if (value is T found) return [found];
        if (ItemsOf(value) is not { } items) return [];
        if (around?.Contains(value!) ?? false) return [];
        HashSet<object> inside = around is null ? new(ReferenceEqualityComparer.Instance) : new(around, ReferenceEqualityComparer.Instance);
        inside.Add(value!);
        return items.SelectMany(item => Within<T>(item, inside));
    }

    enum Kind { Other, Collection, Map }

    static readonly ConcurrentDictionary<Type, Kind> KindsOf = new();

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What is not known to be a collection is not tracked.")]
    static Kind KindOf(Type type)
    {
        var generic = type.GetInterfaces().Where(i => i.IsGenericType).Select(i => i.GetGenericTypeDefinition()).ToHashSet();
        return generic.Contains(typeof(IReadOnlyDictionary<,>)) || generic.Contains(typeof(IDictionary<,>)) ? Kind.Map
            : generic.Contains(typeof(IReadOnlyCollection<>)) || generic.Contains(typeof(ICollection<>)) ? Kind.Collection
            : Kind.Other;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Layer classes keep their fields: they are used through them.")]
    static FieldInfo[] TrackableFields(Type type)
    {
        var levels = new Stack<Type>();
        // The root base class reports the contents of its own fields.
        for (var t = type; t.BaseType is { } parent && typeof(ITracked).IsAssignableFrom(parent); t = parent) levels.Push(t);
        return [.. levels.SelectMany(t => t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(f => MayHold(f.FieldType))
            .OrderBy(SourceOrder.Of))];
    }
}
