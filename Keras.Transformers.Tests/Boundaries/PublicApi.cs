using System.Reflection;
using System.Runtime.CompilerServices;

namespace Keras.Transformers.Tests.Boundaries;

/// <summary>What an assembly shows to its users: every public and protected type and member as a line.</summary>
static class PublicApi
{
    const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>Types by name, each with its members by name.</summary>
    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetTypes().Where(IsVisible).OrderBy(t => t.FullName, StringComparer.Ordinal).SelectMany(Lines);

    static bool IsVisible(Type type) => !type.Name.Contains('<')
        && (type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!) : type.IsPublic);

    static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    static IEnumerable<string> Lines(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return [$"delegate {TypeNames.OfReturn(invoke)} {TypeNames.Of(type)}({Parameters(invoke)}){Constraints(type.GetGenericArguments())}"];
        }
        var members = type.GetMembers(Own).Select(m => (m.Name, Line: Member(m))).Where(m => m.Line is not null).OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Line, StringComparer.Ordinal);
        return [Head(type), .. members.Select(m => $"    {m.Line}")];
    }

    static string Head(Type type)
    {
        var isRecord = type.GetMethod("<Clone>$", Own) is not null || (type.IsValueType && type.GetMethod("PrintMembers", Own)?.IsDefined(typeof(CompilerGeneratedAttribute)) == true);
        string?[] words =
        [
            type.IsDefined(typeof(ObsoleteAttribute)) ? "[Obsolete]" : null,
            type.IsNestedFamily || type.IsNestedFamORAssem ? "protected" : null,
            type is { IsAbstract: true, IsSealed: true } ? "static" : type is { IsAbstract: true, IsInterface: false } ? "abstract" : type is { IsSealed: true, IsValueType: false } ? "sealed" : null,
            type.IsValueType && type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly" : null,
            type.IsByRefLike ? "ref" : null,
            isRecord ? "record" : null,
            type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class",
            TypeNames.Of(type),
        ];
        var bases = type.IsEnum ? [Enum.GetUnderlyingType(type)] : new[] { type.BaseType }.Where(b => b is not null && b != typeof(object) && b != typeof(ValueType)).Concat(Interfaces(type)).ToArray();
        return Join(words) + (bases.Length > 0 ? $" : {string.Join(", ", bases.Select(b => TypeNames.Of(b!)))}" : "") + Constraints(type.GetGenericArguments());
    }

    /// <summary>The interfaces that the type itself names; .NET lists also those that follow.</summary>
    static IEnumerable<Type> Interfaces(Type type)
    {
        var all = type.GetInterfaces().Where(i => (i.IsGenericType ? i.GetGenericTypeDefinition() : i).IsVisible).ToArray();
        return all.Except(type.BaseType?.GetInterfaces() ?? []).Except(all.SelectMany(i => i.GetInterfaces())).OrderBy(TypeNames.Of, StringComparer.Ordinal);
    }

    static string? Member(MemberInfo member) => member switch
    {
        PropertyInfo property => Property(property),
        _ when member.IsDefined(typeof(CompilerGeneratedAttribute)) => null,
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) => Join(Access(constructor), Flag(member), $"{TypeNames.Of(member.DeclaringType!, isShort: true)}({Parameters(constructor)})"),
        MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) => Method(method),
        FieldInfo field when (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName => Field(field),
        EventInfo @event when IsVisible(@event.AddMethod) => Join(Access(@event.AddMethod!), Dispatch(@event.AddMethod!), "event", TypeNames.Of(@event.EventHandlerType!), @event.Name),
        _ => null,
    };

    static string Method(MethodInfo method) => Join(Access(method), Flag(method), Dispatch(method), TypeNames.OfReturn(method),
        $"{method.Name}{TypeNames.Arguments(method.GetGenericArguments())}({Parameters(method)}){Constraints(method.GetGenericArguments())}");

    static string? Property(PropertyInfo property)
    {
        MethodInfo?[] visible = [IsVisible(property.GetMethod) ? property.GetMethod : null, IsVisible(property.SetMethod) ? property.SetMethod : null];
        if ((visible[0] ?? visible[1]) is not { } first || (property.Name == "EqualityContract" && first.IsDefined(typeof(CompilerGeneratedAttribute)))) return null;
        var most = visible.OfType<MethodInfo>().FirstOrDefault(a => a.IsPublic) ?? first;
        var accessors = visible.OfType<MethodInfo>().Select(a => Join(a.IsPublic == most.IsPublic ? null : "protected",
            a == property.GetMethod ? "get;" : a.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;"));
        var name = property.GetIndexParameters().Length > 0 ? $"this[{Parameters(property.GetIndexParameters())}]" : property.Name;
        return Join(Access(most), Flag(property), Dispatch(first), property.IsDefined(typeof(RequiredMemberAttribute)) ? "required" : null, TypeNames.Of(property), name, $"{{ {string.Join(' ', accessors)} }}");
    }

    static string Field(FieldInfo field) => field.DeclaringType!.IsEnum
        ? $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), null)}"
        : Join(field.IsPublic ? null : "protected", Flag(field), field.IsLiteral ? "const" : field.IsStatic ? "static" : null, field.IsInitOnly ? "readonly" : null,
            field.IsDefined(typeof(RequiredMemberAttribute)) ? "required" : null, TypeNames.Of(field), field.Name, field.IsLiteral ? $"= {Docs.Api.Signatures.Value(field.GetRawConstantValue(), field.FieldType)}" : null);

    static string? Access(MethodBase method) => method.IsPublic ? null : "protected";

    static string? Flag(MemberInfo member) => member.IsDefined(typeof(ObsoleteAttribute)) ? "[Obsolete]" : null;

    static string? Dispatch(MethodInfo method) => method switch
    {
        { DeclaringType.IsInterface: true, IsStatic: false } => method.IsAbstract ? null : "virtual",
        { IsStatic: true } => method.IsAbstract ? "static abstract" : "static",
        _ when method.GetBaseDefinition() != method => method.IsAbstract ? "abstract override" : method.IsFinal ? "sealed override" : "override",
        { IsAbstract: true } => "abstract",
        { IsVirtual: true, IsFinal: false } => "virtual",
        _ => null,
    };

    static string Parameters(MethodBase method) => (method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") + Parameters(method.GetParameters());

    static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(p => Join(
        p.IsDefined(typeof(ParamArrayAttribute)) || p.IsDefined(typeof(ParamCollectionAttribute)) ? "params" : null,
        p.ParameterType.IsByRef ? p.IsOut ? "out" : p.IsIn ? "in" : "ref" : null, TypeNames.Of(p), p.Name, Docs.Api.Signatures.DefaultOf(p) is { } value ? $"= {value}" : null)));

    static string Constraints(Type[] arguments) => string.Concat(arguments.Select(a =>
    {
        var kind = a.GenericParameterAttributes;
        var isStruct = kind.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        string?[] all =
        [
            kind.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? "class" : isStruct ? "struct" : null,
            .. a.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(c => TypeNames.Of(c)),
            kind.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct ? "new()" : null,
        ];
        return all.Any(c => c is not null) ? $" where {a.Name} : {string.Join(", ", all.Where(c => c is not null))}" : "";
    }));

    static string Join(params IEnumerable<string?> words) => string.Join(' ', words.Where(w => w is not null));
}
