using System.Reflection;

namespace Keras.Tests.Facade;

/// <summary>What users reach under <c>keras.</c>: members of the facade, and public classes.</summary>
static class FacadeNames
{
    /// <summary>The facade of each module: "keras", "keras.layers", "keras.ops.image".</summary>
    public static IReadOnlyDictionary<string, Type> Modules { get; } = Walk("keras", typeof(KerasApi)).ToDictionary();

    /// <summary>Every method and value of the facade with its module.</summary>
    public static IReadOnlySet<string> Members { get; } = Modules.SelectMany(m => MembersOf(m.Value).Where(p => !Modules.ContainsKey($"{m.Key}.{p.Name}")).Select(p => $"{m.Key}.{p.Name}")).ToHashSet();

    /// <summary>Classes by module: that of their namespace, and "keras" for those of Keras itself.</summary>
    static readonly HashSet<string> Classes = new[] { typeof(KerasApi).Assembly, typeof(Tensor).Assembly }.SelectMany(a => a.GetExportedTypes())
        .Select(t => $"{(t.Namespace ?? "").ToLowerInvariant()}.{t.Name.Split('`')[0]}").ToHashSet();

    /// <summary>Whether a name of Keras is here: in the facade, or as a class of the module's namespace or of Keras itself, which in Python also shows main classes of its modules.</summary>
    public static bool Has(string name)
    {
        var last = name[name.LastIndexOf('.')..];
        return Members.Contains(name) || (char.IsUpper(last[1]) && (Classes.Contains(name) || Classes.Contains("keras" + last) || (name == "keras" + last && Classes.Any(c => c.EndsWith(last, StringComparison.Ordinal)))));
    }

    static IEnumerable<KeyValuePair<string, Type>> Walk(string name, Type type) =>
        MembersOf(type).OfType<PropertyInfo>().Where(p => p.PropertyType.Name.EndsWith("Api", StringComparison.Ordinal)).SelectMany(p => Walk($"{name}.{p.Name}", p.PropertyType)).Prepend(new(name, type));

    static IEnumerable<MemberInfo> MembersOf(Type type) => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(m => m is PropertyInfo or FieldInfo or MethodInfo { IsSpecialName: false });
}
