using System.Globalization;
using System.Reflection;

namespace Keras.Docs.Api;

/// <summary>Writes declarations of types and members in C#.</summary>
static class Signatures
{
    /// <summary>The width beyond which each parameter gets its own line.</summary>
    const int Width = 100;

    public static bool Has(ICustomAttributeProvider of, string attribute) => of switch
    {
        MemberInfo member => member.GetCustomAttributesData().Any(a => a.AttributeType.Name == attribute),
        ParameterInfo parameter => parameter.GetCustomAttributesData().Any(a => a.AttributeType.Name == attribute),
        _ => false,
    };

    public static string Of(Type type)
    {
        if (IsDelegate(type)) return $"delegate {TypeText.Of(type.GetMethod("Invoke")!.ReturnParameter)} {TypeText.NameOf(type)}{Parameters(type.GetMethod("Invoke")!.GetParameters(), 30)}";
        string?[] words =
        [
            type is { IsAbstract: true, IsSealed: true } ? "static" : type is { IsAbstract: true, IsInterface: false } ? "abstract" : type is { IsSealed: true, IsValueType: false } ? "sealed" : null,
            type.IsValueType && Has(type, "IsReadOnlyAttribute") ? "readonly" : null,
            KindOf(type), TypeText.NameOf(type),
        ];
        var bases = type.IsEnum ? [] : new[] { type.BaseType }.Where(b => b is not null && b.FullName is not ("System.Object" or "System.ValueType")).Select(b => TypeText.Of(b!)).Concat(Interfaces(type).Select(TypeText.Of)).ToArray();
        return Join(words) + (bases.Length > 0 ? $" : {string.Join(", ", bases)}" : "") + Constraints(type.GetGenericArguments());
    }

    public static bool IsDelegate(Type type) => type.BaseType?.FullName == "System.MulticastDelegate";

    public static string KindOf(Type type) => IsDelegate(type) ? "delegate" : type.IsInterface ? "interface" : type.IsEnum ? "enum" : (IsRecord(type) ? "record " : "") + (type.IsValueType ? "struct" : IsRecord(type) ? "" : "class");

    static bool IsRecord(Type type) => type.GetMembers(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Any(m => m.Name == "<Clone>$" || (type.IsValueType && m.Name == "PrintMembers"));

    /// <summary>The interfaces that the type itself declares; metadata also lists inherited ones.</summary>
    static IEnumerable<Type> Interfaces(Type type)
    {
        var all = type.GetInterfaces().Where(i => (i.IsGenericType ? i.GetGenericTypeDefinition() : i).IsVisible).ToArray();
        var others = (type.BaseType?.GetInterfaces() ?? []).Concat(all.SelectMany(i => i.GetInterfaces())).Select(i => i.ToString()).ToHashSet();
        return all.Where(i => !others.Contains(i.ToString()) && !(IsRecord(type) && i.Name == "IEquatable`1")).OrderBy(i => i.Name, StringComparer.Ordinal);
    }

    public static string Of(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => With(Join(Access(constructor), TypeText.NameOf(member.DeclaringType!).Split('<')[0].Split('.')[^1]), constructor.GetParameters()),
        MethodInfo { Name: "op_Implicit" or "op_Explicit" } method => With(Join("static", method.Name == "op_Implicit" ? "implicit" : "explicit", "operator", TypeText.Of(method.ReturnParameter)), method.GetParameters()),
        MethodInfo method => With(Join(Access(method), Dispatch(method), TypeText.Of(method.ReturnParameter), NameOf(method) + TypeText.Arguments(method.GetGenericArguments())), method.GetParameters(), Has(method, "ExtensionAttribute")) + Constraints(method.GetGenericArguments()),
        PropertyInfo property => Property(property),
        FieldInfo field => Join(field.IsPublic ? null : "protected", field.IsLiteral ? "const" : field.IsStatic ? "static" : null, field.IsInitOnly ? "readonly" : null, TypeText.Of(field), field.Name,
            field.IsLiteral ? $"= {Value(field.GetRawConstantValue(), field.FieldType)}" : null),
        EventInfo @event => Join("event", TypeText.Of(@event.EventHandlerType!), @event.Name),
        _ => member.Name,
    };

    static string NameOf(MethodInfo method) => Operators.GetValueOrDefault(method.Name) is { } sign ? $"operator {sign}" : method.Name;

    public static readonly Dictionary<string, string> Operators = new()
    {
        ["op_Addition"] = "+", ["op_Subtraction"] = "-", ["op_Multiply"] = "*", ["op_Division"] = "/", ["op_Modulus"] = "%", ["op_UnaryNegation"] = "-", ["op_UnaryPlus"] = "+", ["op_LogicalNot"] = "!", ["op_OnesComplement"] = "~",
        ["op_BitwiseAnd"] = "&", ["op_BitwiseOr"] = "|", ["op_ExclusiveOr"] = "^", ["op_Equality"] = "==", ["op_Inequality"] = "!=", ["op_LessThan"] = "<", ["op_GreaterThan"] = ">", ["op_LessThanOrEqual"] = "<=", ["op_GreaterThanOrEqual"] = ">=",
        ["op_LeftShift"] = "<<", ["op_RightShift"] = ">>",
    };

    static string Property(PropertyInfo property)
    {
        MethodInfo?[] visible = [ApiType.IsVisible(property.GetMethod) ? property.GetMethod : null, ApiType.IsVisible(property.SetMethod) ? property.SetMethod : null];
        var most = visible.OfType<MethodInfo>().FirstOrDefault(a => a.IsPublic) ?? visible.OfType<MethodInfo>().First();
        var accessors = visible.OfType<MethodInfo>().Select(a => Join(a.IsPublic == most.IsPublic ? null : "protected",
            a.Name.StartsWith("get_", StringComparison.Ordinal) ? "get;" : a.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ? "init;" : "set;"));
        var name = property.GetIndexParameters() is { Length: > 0 } index ? $"this[{string.Join(", ", index.Select(Parameter))}]" : property.Name;
        return Join(Access(most), Dispatch(most), Has(property, "RequiredMemberAttribute") ? "required" : null, TypeText.Of(property), name, $"{{ {string.Join(' ', accessors)} }}");
    }

    static string? Access(MethodBase method) => method.IsPublic ? null : "protected";

    static string? Dispatch(MethodInfo method) => method switch
    {
        { DeclaringType.IsInterface: true, IsStatic: false } => null,
        { IsStatic: true } => method.IsAbstract ? "static abstract" : "static",
        { IsVirtual: true } when (method.Attributes & MethodAttributes.NewSlot) == 0 => method.IsAbstract ? "abstract override" : method.IsFinal ? "sealed override" : "override",
        { IsAbstract: true } => "abstract",
        { IsVirtual: true, IsFinal: false } => "virtual",
        _ => null,
    };

    static string With(string head, ParameterInfo[] parameters, bool isExtension = false) => head + Parameters(parameters, head.Length, isExtension);

    static string Parameters(ParameterInfo[] parameters, int before, bool isExtension = false)
    {
        string[] texts = [.. parameters.Select((p, i) => (isExtension && i == 0 ? "this " : "") + Parameter(p))];
        var line = string.Join(", ", texts);
        return before + line.Length <= Width || texts.Length < 2 ? $"({line})" : $"(\n    {string.Join(",\n    ", texts)})";
    }

    static string Parameter(ParameterInfo p) => Join(
        Has(p, "ParamArrayAttribute") || Has(p, "ParamCollectionAttribute") ? "params" : null,
        p.ParameterType.IsByRef ? p.IsOut ? "out" : p.IsIn ? "in" : "ref" : null, TypeText.Of(p), p.Name, DefaultOf(p) is { } value ? $"= {value}" : null);

    public static string? DefaultOf(ParameterInfo p) => p.HasDefaultValue ? Value(p.RawDefaultValue, p.ParameterType) : null;

    /// <summary>Writes a constant in C#.</summary>
    public static string Value(object? value, Type type) => value switch
    {
        null => type.IsValueType && !TypeText.Is(type, "System.Nullable`1") ? "default" : "null",
        string text => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)}\"",
        bool flag => flag ? "true" : "false",
        _ when (TypeText.Is(type, "System.Nullable`1") ? type.GetGenericArguments()[0] : type) is { IsEnum: true } @enum =>
            @enum.GetFields(BindingFlags.Public | BindingFlags.Static).FirstOrDefault(f => Convert.ToInt64(f.GetRawConstantValue(), null) == Convert.ToInt64(value, null)) is { } named ? $"{@enum.Name}.{named.Name}" : $"({@enum.Name}){value}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    static string Constraints(Type[] arguments) => string.Concat(arguments.Select(a =>
    {
        var kind = a.GenericParameterAttributes;
        var isStruct = kind.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        string?[] all =
        [
            kind.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? "class" : isStruct ? "struct" : null,
            .. a.GetGenericParameterConstraints().Where(c => c.FullName != "System.ValueType").Select(TypeText.Of),
            kind.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct ? "new()" : null,
        ];
        return all.Any(c => c is not null) ? $"\n    where {a.Name} : {string.Join(", ", all.Where(c => c is not null))}" : "";
    }));

    static string Join(params IEnumerable<string?> words) => string.Join(' ', words.Where(w => !string.IsNullOrEmpty(w)).Select(w => w!.Trim()));
}
