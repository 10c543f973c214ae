using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Keras;

/// <summary>Keras' form of an object inside a config: module, class_name, config, registered_name. The keys of a config are the parameters of
/// the class's constructor.</summary>
static class SerializedObject
{
    /// <summary>Keys of configs that base classes of losses, metrics and optimizers write.</summary>
    static readonly string[] WrittenByBases = ["name", "dtype", "reduction"];

    public static Dictionary<string, object?> Of(string module, string class_name, Dictionary<string, object?> config) => new()
    {
        ["module"] = module, ["class_name"] = class_name, ["config"] = config, ["registered_name"] = null,
    };

    /// <summary>Serializes an object in Keras' form; a user-defined class with its namespace and name, so that no other class is made from it.</summary>
    /// <param name="value">The object.</param>
    /// <param name="module">The module of Keras' own classes of this kind.</param>
    /// <param name="config">Its config.</param>
    /// <exception cref="UnsupportedException">The config of a user-defined class lacks a constructor argument.</exception>
    public static Dictionary<string, object?> OfObject(object value, string module, Dictionary<string, object?> config)
    {
        var type = value.GetType();
        return type.Assembly == typeof(SerializedObject).Assembly ? Of(module, type.Name, config) : OfOwnClass(value, config, ["name", "dtype"]);
    }

    /// <summary>Serializes an object of a user-defined class in Keras' form.</summary>
    /// <param name="value">The object.</param>
    /// <param name="config">Its config.</param>
    /// <param name="common">Arguments that configs of its kind may omit.</param>
    /// <param name="remedy">What to do instead, if overriding get_config is not the remedy.</param>
    /// <exception cref="UnsupportedException">The config lacks another constructor argument, so a different object would be made from it.</exception>
    public static Dictionary<string, object?> OfOwnClass(object value, Dictionary<string, object?> config, IEnumerable<string> common, string? remedy = null)
    {
        var type = value.GetType();
        string[] missing = [.. (ConstructorOf(type)?.GetParameters() ?? []).Select(p => p.Name!).Except(config.Keys).Except(common)];
        if (missing.Length > 0)
            throw new UnsupportedException("An object cannot be written into a config", type.Name, "a get_config with all that the constructor takes", $"none of {string.Join(", ", missing)}",
                remedy ?? "Override get_config; or save the weights alone with save_weights, or the model for inference with export.");
        var serialized = Of(type.Namespace ?? "", type.Name, config);
        serialized["registered_name"] = type.Name;
        return serialized;
    }

    /// <summary>Makes an object from its serialized form.</summary>
    public static T Create<T>(IReadOnlyDictionary<string, Type> classes, IReadOnlyDictionary<string, object?> serialized)
    {
        var name = serialized.GetValueOrDefault("class_name") as string
            ?? throw new ArgumentException($"A serialized {typeof(T).Name} has no class_name. Received the keys: {Known.List(serialized.Keys)}.", nameof(serialized));
        var type = CustomObjects.Find(serialized, name, classes);
        var config = serialized.GetValueOrDefault("config") as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>();
        if (type.Assembly == typeof(SerializedObject).Assembly) return Construct<T>(type, config);
        // Values that the base class writes and a user-defined constructor does not take are set by that constructor.
        var taken = ConstructorOf(type)?.GetParameters().Select(p => p.Name).ToHashSet() ?? [];
        return Construct<T>(type, config.Where(c => taken.Contains(c.Key) || !WrittenByBases.Contains(c.Key)).ToDictionary(c => c.Key, c => c.Value));
    }

    /// <summary>Calls the constructor with a config's values; missing ones have their defaults.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The classes stand in tables by typeof, and their constructors are used through the factories.")]
    public static T Construct<T>(Type type, IReadOnlyDictionary<string, object?> config)
    {
        var constructor = ConstructorOf(type) ?? throw new ArgumentException($"{type.Name} cannot be made of a config: it has no public constructor without functions.", nameof(type));
        var parameters = constructor.GetParameters();
        if (config.Keys.FirstOrDefault(k => Array.TrueForAll(parameters, p => p.Name != k)) is { } unknown)
            throw new ArgumentException($"{type.Name} does not take an argument. Expected: {Known.List(parameters.Select(p => p.Name))}. Received: {unknown}.", nameof(config));
        var values = Array.ConvertAll(parameters, p => config.TryGetValue(p.Name!, out var value) ? Convert(value, p.ParameterType, $"{type.Name}.{p.Name}")
            : p.HasDefaultValue ? p.DefaultValue
            : throw new ArgumentException($"{type.Name} needs the argument {p.Name}.", nameof(config)));
        return (T)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, values, CultureInfo.InvariantCulture);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The classes stand in tables by typeof, and their constructors are used through the factories.")]
    static ConstructorInfo? ConstructorOf(Type type) => type.GetConstructors().Where(c => !Array.Exists(c.GetParameters(), p => typeof(Delegate).IsAssignableFrom(p.ParameterType)))
        .MaxBy(c => c.GetParameters().Length);

    static object? Convert(object? value, Type target, string where)
    {
        if (value is null || target.IsInstanceOfType(value)) return value;
        target = Nullable.GetUnderlyingType(target) ?? target;
        if (target.IsArray && value is IEnumerable items and not string) return ToArray(items, target, where);
        if (target == typeof(DType) && value is string dtype) return DType.Parse(dtype);
        if (target == typeof(Shape) && value is IEnumerable dims and not string) return Shape.Create([.. dims.Cast<object?>().Select(d => d is null ? (long?)null : System.Convert.ToInt64(d, CultureInfo.InvariantCulture))]);
        if (target == typeof(IReadOnlyDictionary<string, int>) && value is IReadOnlyDictionary<string, object?> numbers) return numbers.ToDictionary(n => n.Key, n => (int)Convert(n.Value, typeof(int), $"{where}, {n.Key}")!);
        if (value is IConvertible && target.IsPrimitive) return System.Convert.ChangeType(value, target, CultureInfo.InvariantCulture);
        return Implicit(value, target) ?? throw new ArgumentException($"A value of a config does not fit ({where}). Expected: {target.Name}. Received: {value} ({value.GetType().Name}).");
    }

    /// <summary>Converts a value to another type; null if it does not fit.</summary>
    public static object? TryConvert(object? value, Type target)
    {
        try
        {
            return Convert(value, target, target.Name);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return null;
        }
    }

    static Array ToArray(IEnumerable items, Type type, string where)
    {
        var values = items.Cast<object?>().Select(i => Convert(i, type.GetElementType()!, where)).ToArray();
        var array = Array.CreateInstanceFromArrayType(type, values.Length);
        values.CopyTo(array, 0);
        return array;
    }

    /// <summary>Converts through an implicit conversion of the target or its bases: from numbers as double, lists as double arrays, configs as they are.</summary>
    static object? Implicit(object value, Type target)
    {
        foreach (var operation in ConversionsOf(target))
        {
            var from = operation.GetParameters()[0].ParameterType;
            if ((from.IsInstanceOfType(value) ? value : Fitted(value, from)) is { } given
                && operation.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [given], CultureInfo.InvariantCulture) is { } converted && target.IsInstanceOfType(converted)) return converted;
        }
        return null;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The conversions are used by the factories.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The conversions are used by the factories.")]
    static IEnumerable<MethodInfo> ConversionsOf(Type target)
    {
        for (var type = target; type is not null; type = type.BaseType)
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly))
                if (method.Name is "op_Implicit" or "FromConfig") yield return method;
    }

    /// <summary>Converts a number or list to a conversion's parameter type, if no information is lost.</summary>
    static object? Fitted(object value, Type from) => value switch
    {
        int or long when from == typeof(int) || from == typeof(long) || from == typeof(double) => System.Convert.ChangeType(value, from, CultureInfo.InvariantCulture),
        float or double when from == typeof(double) => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
        IEnumerable items and not string when from.IsArray && items.Cast<object?>().All(i => i is not null && Fits(i, from.GetElementType()!)) => ToArray(items, from, from.Name),
        _ => null,
    };

    static bool Fits(object item, Type element) => element.IsInstanceOfType(item) || Fitted(item, element) is not null;
}
