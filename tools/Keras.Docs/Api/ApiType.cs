using System.Reflection;

namespace Keras.Docs.Api;

/// <summary>A member that users see, with its anchor on its type's page.</summary>
sealed record ApiMember(MemberInfo Info, string Name, string Group, string Anchor);

/// <summary>A type that users see, with the path of its page and its members by group.</summary>
sealed class ApiType
{
    const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    public static readonly string[] Groups = ["Constructors", "Values", "Fields", "Properties", "Methods", "Operators", "Events"];

    public ApiType(Type type)
    {
        Info = type;
        var anchors = new Dictionary<string, int>();
        Members =
        [
            .. type.GetMembers(Own).Select(m => (Member: m, Group: GroupOf(m))).Where(m => m.Group is not null)
                .OrderBy(m => Array.IndexOf(Groups, m.Group)).ThenBy(m => m.Group == "Values" ? 0 : 1).ThenBy(m => m.Group == "Values" ? "" : NameOf(m.Member), StringComparer.OrdinalIgnoreCase)
                .ThenBy(m => m.Group == "Values" ? "" : DocumentationId.Of(m.Member), StringComparer.Ordinal)
                .Select(m => new ApiMember(m.Member, NameOf(m.Member), m.Group!, Anchor(m.Member.Name.Trim('.')))),
        ];

        string Anchor(string name) => (anchors[name] = anchors.GetValueOrDefault(name) + 1) is var count && count > 1 ? $"{name}-{count}" : name;
    }

    public Type Info { get; }

    public IReadOnlyList<ApiMember> Members { get; }

    public string Namespace => Info.Namespace ?? "";

    public string Name => TypeText.NameOf(Info);

    /// <summary>Its name for users: its own, or that of the module it represents.</summary>
    public string Title { get => field ?? Name; set; }

    public string Path => $"api/{Namespace}/{Info.FullName![(Namespace.Length + 1)..].Replace('+', '.').Replace('`', '-')}.html";

    public static bool IsVisible(Type type) => !type.Name.Contains('<', StringComparison.Ordinal)
        && (type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!) : type.IsPublic);

    public static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    string? GroupOf(MemberInfo member) => member switch
    {
        _ when Signatures.IsDelegate(Info) => null,
        FieldInfo { IsSpecialName: false } field when Info.IsEnum => field.IsStatic ? "Values" : null,
        PropertyInfo property when IsVisible(property.GetMethod) || IsVisible(property.SetMethod) => property.Name == "EqualityContract" ? null : "Properties",
        _ when Signatures.Has(member, "CompilerGeneratedAttribute") => null,
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) => "Constructors",
        MethodInfo method when IsVisible(method) && method.Name.StartsWith("op_", StringComparison.Ordinal) => "Operators",
        MethodInfo { IsSpecialName: false, Name: not ("Equals" or "GetHashCode" or "ToString" or "Finalize") } method when IsVisible(method) => "Methods",
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly => "Fields",
        EventInfo @event when IsVisible(@event.AddMethod) => "Events",
        _ => null,
    };

    static string NameOf(MemberInfo member) => member switch
    {
        ConstructorInfo => TypeText.NameOf(member.DeclaringType!).Split('<')[0],
        MethodInfo { Name: "op_Implicit" or "op_Explicit" } method => $"to {TypeText.Of(method.ReturnParameter)}",
        MethodInfo method when Signatures.Operators.TryGetValue(method.Name, out var sign) => sign,
        PropertyInfo property when property.GetIndexParameters().Length > 0 => "this[]",
        _ => member.Name,
    };
}
