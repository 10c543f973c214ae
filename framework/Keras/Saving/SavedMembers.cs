using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Keras.Saving;

/// <summary>The fields of a layer's class by the names under which Keras saves what they hold, in Keras' order: by name, private ones last.</summary>
static class SavedMembers
{
    static readonly ConcurrentDictionary<Type, (string Name, FieldInfo Field)[]> Known = new();

    /// <summary>Every field that is not null.</summary>
    public static IEnumerable<(string Name, object Value)> Of(Layer layer)
    {
        foreach (var (name, field) in Known.GetOrAdd(layer.GetType(), Find))
            if (field.GetValue(layer) is { } value) yield return (name, value);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Layer classes keep their fields: they are used through them.")]
    static (string, FieldInfo)[] Find(Type type)
    {
        var fields = new List<(string Name, FieldInfo Field)>();
        for (var t = type; t is not null && t != typeof(Layer) && t != typeof(Model) && t != typeof(object); t = t.BaseType)
            fields.AddRange(t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(f => FieldTracker.MayHold(f.FieldType) || (!f.FieldType.IsValueType && f.FieldType != typeof(string))).Select(f => (NameOf(f), f)));
        return [.. fields.OrderBy(f => Rank(f.Name), StringComparer.Ordinal)];
    }

    /// <summary>The sort key of a name: private ones come last.</summary>
    public static string Rank(string name) => name.StartsWith('_') ? "~" + name : name;

    /// <summary>A property's name for the field behind it, whether the compiler made the field (<c>&lt;head&gt;k__BackingField</c>) or the class (<c>_head</c>).</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Without the property the field's own name counts.")]
    static string NameOf(FieldInfo field)
    {
        if (field.GetCustomAttribute<SavedAsAttribute>() is { } own) return own.Name;
        if (field.Name.StartsWith('<') && field.Name.IndexOf('>') is var end and > 0) return field.Name[1..end];
        var bare = field.Name.TrimStart('_');
        return bare != field.Name && field.DeclaringType!.GetProperty(bare, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is not null ? bare : field.Name;
    }
}
