using System.Reflection;
using System.Runtime.CompilerServices;

namespace Keras.Transformers.Tests.Boundaries;

/// <summary>Types as C# writes them, with namespaces but those below System, with names of tuples' elements, and '?' where null may be.</summary>
static class TypeNames
{
    static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    public static string Of(Type type) => Of(type, isShort: false);

    public static string Of(Type type, bool isShort) => Name(type, null, new(), isShort);

    public static string Of(ParameterInfo parameter) => Name(parameter.ParameterType, new NullabilityInfoContext().Create(parameter), NamesIn(parameter));

    public static string OfReturn(MethodInfo method) => Of(method.ReturnParameter);

    public static string Of(PropertyInfo property) => Name(property.PropertyType, new NullabilityInfoContext().Create(property), NamesIn(property));

    public static string Of(FieldInfo field) => Name(field.FieldType, new NullabilityInfoContext().Create(field), NamesIn(field));

    public static string Arguments(Type[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Of))}>";

    /// <summary>The names of tuples' elements, in the order in which the type is read.</summary>
    static Queue<string?> NamesIn(ICustomAttributeProvider member) =>
        new(member.GetCustomAttributes(typeof(TupleElementNamesAttribute), inherit: false).OfType<TupleElementNamesAttribute>().SelectMany(a => a.TransformNames));

    static string Name(Type type, NullabilityInfo? nulls, Queue<string?> tuples, bool isShort = false)
    {
        var mark = nulls is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable } && !type.IsValueType && !type.IsByRef ? "?" : "";
        if (type.IsByRef) return Name(type.GetElementType()!, nulls, tuples);
        if (type.IsPointer) return Name(type.GetElementType()!, null, tuples) + "*";
        if (type.IsArray) return $"{Name(type.GetElementType()!, nulls?.ElementType, tuples)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        if (type.IsGenericParameter) return type.Name + mark;
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner, nulls?.GenericTypeArguments.FirstOrDefault(), tuples) + "?";
        if (Keywords.TryGetValue(type, out var keyword)) return keyword + mark;

        var arguments = type.GetGenericArguments();
        if (!type.IsGenericTypeDefinition && type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true)
        {
            string?[] names = [.. arguments.Select(_ => tuples.TryDequeue(out var name) ? name : null)];
            return $"({string.Join(", ", arguments.Select((a, i) => $"{Name(a, Inner(nulls, i), tuples)}{(names[i] is null ? "" : $" {names[i]}")}"))})";
        }
        var outer = type.IsNested ? type.DeclaringType!.GetGenericArguments().Length : 0;
        var prefix = isShort ? "" : type.IsNested ? Of(outer == 0 ? type.DeclaringType! : OuterOf(type, outer)) + "." : type.Namespace is null || (type.Namespace + ".").StartsWith("System.", StringComparison.Ordinal) ? "" : type.Namespace + ".";
        var own = arguments.Skip(outer).Select((a, i) => Name(a, Inner(nulls, outer + i), tuples)).ToArray();
        return prefix + type.Name.Split('`')[0] + (own.Length == 0 || isShort ? "" : $"<{string.Join(", ", own)}>") + mark;
    }

    static NullabilityInfo? Inner(NullabilityInfo? nulls, int index) => index < nulls?.GenericTypeArguments.Length ? nulls.GenericTypeArguments[index] : null;

    static Type OuterOf(Type type, int count) => type.IsGenericTypeDefinition ? type.DeclaringType! : type.DeclaringType!.MakeGenericType([.. type.GetGenericArguments().Take(count)]);
}
