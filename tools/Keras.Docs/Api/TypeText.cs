using System.Reflection;

namespace Keras.Docs.Api;

/// <summary>Writes types in C#, without namespaces, with tuple element names, and with '?' for nullable ones.</summary>
static class TypeText
{
    static readonly Dictionary<string, string> keywords = new()
    {
        ["System.Void"] = "void", ["System.Object"] = "object", ["System.String"] = "string", ["System.Boolean"] = "bool", ["System.Char"] = "char", ["System.Byte"] = "byte", ["System.SByte"] = "sbyte",
        ["System.Int16"] = "short", ["System.UInt16"] = "ushort", ["System.Int32"] = "int", ["System.UInt32"] = "uint", ["System.Int64"] = "long", ["System.UInt64"] = "ulong",
        ["System.Single"] = "float", ["System.Double"] = "double", ["System.Decimal"] = "decimal", ["System.IntPtr"] = "nint", ["System.UIntPtr"] = "nuint",
    };

    public static string Of(Type type) => Name(type, null, new());

    public static string Of(ParameterInfo parameter) => Name(parameter.ParameterType, new NullabilityInfoContext().Create(parameter), Tuples(parameter.GetCustomAttributesData()));

    public static string Of(PropertyInfo property) => Name(property.PropertyType, new NullabilityInfoContext().Create(property), Tuples(property.GetCustomAttributesData()));

    public static string Of(FieldInfo field) => Name(field.FieldType, new NullabilityInfoContext().Create(field), Tuples(field.GetCustomAttributesData()));

    /// <summary>The type's own name with its parameters: "AutoModelClass&lt;TSelf&gt;", "Outer.Inner".</summary>
    public static string NameOf(Type type)
    {
        var outer = type.IsNested ? type.DeclaringType!.GetGenericArguments().Length : 0;
        return (type.IsNested ? NameOf(type.DeclaringType!) + "." : "") + type.Name.Split('`')[0] + Arguments(type.GetGenericArguments()[outer..]);
    }

    public static string Arguments(Type[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Of))}>";

    static Queue<string?> Tuples(IList<CustomAttributeData> attributes) =>
        new(attributes.Where(a => a.AttributeType.Name == "TupleElementNamesAttribute").SelectMany(a => ((IEnumerable<CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!).Select(v => (string?)v.Value)));

    static string Name(Type type, NullabilityInfo? nulls, Queue<string?> tuples)
    {
        if (type.IsByRef) return Name(type.GetElementType()!, nulls, tuples);
        if (type.IsPointer) return Name(type.GetElementType()!, null, tuples) + "*";
        var mark = nulls is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (type.IsArray) return $"{Name(type.GetElementType()!, nulls?.ElementType, tuples)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        if (type.IsGenericParameter) return type.Name + mark;
        if (keywords.TryGetValue(type.FullName ?? "", out var keyword)) return keyword + mark;

        var arguments = type.GetGenericArguments();
        if (!type.IsGenericTypeDefinition && Is(type, "System.Nullable`1")) return Name(arguments[0], nulls?.GenericTypeArguments.FirstOrDefault(), tuples) + "?";
        if (!type.IsGenericTypeDefinition && type.Namespace == "System" && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal))
        {
            string?[] names = [.. arguments.Select(_ => tuples.TryDequeue(out var name) ? name : null)];
            return $"({string.Join(", ", arguments.Select((a, i) => Name(a, Inner(nulls, i), tuples) + (names[i] is null ? "" : $" {names[i]}")))})";
        }
        var outer = type.IsNested ? type.DeclaringType!.GetGenericArguments().Length : 0;
        string[] own = [.. arguments.Skip(outer).Select((a, i) => Name(a, Inner(nulls, outer + i), tuples))];
        return (type.IsNested ? Of(type.DeclaringType!) + "." : "") + type.Name.Split('`')[0] + (own.Length == 0 ? "" : $"<{string.Join(", ", own)}>") + mark;
    }

    public static bool Is(Type type, string fullName) => (type.IsGenericType && !type.IsGenericTypeDefinition ? type.GetGenericTypeDefinition() : type).FullName == fullName;

    static NullabilityInfo? Inner(NullabilityInfo? nulls, int index) => index < nulls?.GenericTypeArguments.Length ? nulls.GenericTypeArguments[index] : null;
}
