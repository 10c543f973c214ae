using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Keras;

/// <summary>What is found in the fields that hold it, and may itself hold others: layers and metrics.</summary>
interface ITracked;

/// <summary>Finds what a layer or a metric holds: others and variables in its fields and properties, in lists and dictionaries, base class first, in source order.</summary>
/// <remarks>Which fields a class has is cached, what they hold never is.</remarks>
static class FieldTracker
{
    static readonly ConcurrentDictionary<Type, FieldInfo[]> FieldsOf = new();

    /// <summary>Everything of type <typeparamref name="T"/> that fields hold directly or in collections, each once.</summary>
    public static IEnumerable<T> Held<T>(ITracked owner) where T : class
    {
        var seen = new HashSet<T>(ReferenceEqualityComparer.Instance);
        foreach (var field in FieldsOf.GetOrAdd(owner.GetType(), TrackableFields))
            foreach (var item in Items<T>(field.GetValue(owner), 0))
                if (!ReferenceEquals(item, owner) && seen.Add(item)) yield return item;
    }

    static IEnumerable<T> Items<T>(object? value, int depth) where T : class
    {
        switch (value)
        {
            case T item: return [item];
            case null or string or Tensors or Tensor or Variable or ITracked: return [];
            case IDictionary dictionary when depth < 4: return dictionary.Values.Cast<object?>().SelectMany(v => Items<T>(v, depth + 1));
            case IEnumerable list when depth < 4 && MayHoldTracked(list): return list.Cast<object?>().SelectMany(v => Items<T>(v, depth + 1));
            default: return [];
        }
    }

    static bool MayHoldTracked(IEnumerable list) => list is Array array ? !array.GetType().GetElementType()!.IsPrimitive : list is ICollection || list.GetType().IsGenericType;

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Layer classes keep their fields: they are used through them.")]
    static FieldInfo[] TrackableFields(Type type)
    {
        var levels = new Stack<Type>();
        // The base class of all knows itself what its fields hold.
        for (var t = type; t.BaseType is { } parent && typeof(ITracked).IsAssignableFrom(parent); t = parent) levels.Push(t);
        return [.. levels.SelectMany(t => t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(f => MayHold(f.FieldType))
            .OrderBy(f => f.MetadataToken))];
    }

    static bool MayHold(Type type) => typeof(ITracked).IsAssignableFrom(type) || type == typeof(Variable) || type == typeof(object)
        || (typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string) && !typeof(Tensors).IsAssignableFrom(type)
            && !(type.IsArray && type.GetElementType()!.IsPrimitive)) || type.IsInterface || type.IsAbstract;
}
