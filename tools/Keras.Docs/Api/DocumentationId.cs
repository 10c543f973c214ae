using System.Reflection;

namespace Keras.Docs.Api;

/// <summary>Makes the ids that the compiler uses for documentation: "M:Keras.Layer.build(Keras.Shape)".</summary>
static class DocumentationId
{
    public static string Of(MemberInfo member) => member switch
    {
        Type type => $"T:{Name(type)}",
        MethodBase method => $"M:{Name(method.DeclaringType!)}.{method.Name.Replace('.', '#')}{(method is MethodInfo { IsGenericMethod: true } ? $"``{method.GetGenericArguments().Length}" : "")}{Parameters(method.GetParameters())}{Result(method)}",
        PropertyInfo property => $"P:{Name(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        FieldInfo field => $"F:{Name(field.DeclaringType!)}.{field.Name}",
        EventInfo @event => $"E:{Name(@event.DeclaringType!)}.{@event.Name}",
        _ => "",
    };

    static string Result(MethodBase method) => method is MethodInfo { Name: "op_Implicit" or "op_Explicit" } conversion ? $"~{Reference(conversion.ReturnType)}" : "";

    static string Parameters(ParameterInfo[] parameters) => parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(p => Reference(p.ParameterType)))})";

    /// <summary>The name of a declared type, with the number of its own type parameters.</summary>
    static string Name(Type type) => type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Namespace is { Length: > 0 } space ? $"{space}.{type.Name}" : type.Name;

    /// <summary>The name of a parameter's type, with type arguments in braces.</summary>
    static string Reference(Type type)
    {
        if (type.IsByRef) return Reference(type.GetElementType()!) + "@";
        if (type.IsPointer) return Reference(type.GetElementType()!) + "*";
        if (type.IsArray) return Reference(type.GetElementType()!) + (type.GetArrayRank() == 1 ? "[]" : $"[{string.Join(',', Enumerable.Repeat("0:", type.GetArrayRank()))}]");
        if (type.IsGenericParameter) return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        if (!type.IsGenericType) return Name(type);
        return Generic(type, type.GetGenericArguments());
    }

    static string Generic(Type type, Type[] arguments)
    {
        var outer = type.IsNested ? type.DeclaringType!.GetGenericArguments().Length : 0;
        var prefix = type.IsNested ? (outer > 0 ? Generic(type.DeclaringType!, arguments[..outer]) : Name(type.DeclaringType!)) : type.Namespace!;
        var own = arguments[outer..];
        return $"{prefix}.{type.Name.Split('`')[0]}{(own.Length == 0 ? "" : $"{{{string.Join(',', own.Select(Reference))}}}")}";
    }
}
