using System.Collections;

namespace Keras;

/// <summary>Writes losses, metrics and loss weights into configs: one, a list, or a dictionary by output.</summary>
static class ConfigParts
{
    /// <summary>Writes a user-defined function as Python's Keras does.</summary>
    public static Dictionary<string, object?> Function(Delegate function)
    {
        var serialized = SerializedObject.Of("builtins", "function", []);
        (serialized["config"], serialized["registered_name"]) = (FunctionNames.Of(function), "function");
        return serialized;
    }

    /// <summary>Whether a dictionary is a serialized object, not a dictionary by output.</summary>
    public static bool IsObject(IReadOnlyDictionary<string, object?> config) => config.ContainsKey("class_name") && config.ContainsKey("config");

    public static IEnumerable<object?>? List(object? config) => config is IEnumerable items and not (string or IReadOnlyDictionary<string, object?>) ? items.Cast<object?>() : null;

    public static ArgumentException Wrong(string what, object? config) =>
        new($"The {what} of a config does not fit. Expected: a name, an object, a list or a dictionary by output. Received: {config}.", nameof(config));
}

/// <summary>The names of functions that are given as arguments.</summary>
static class FunctionNames
{
    /// <summary>The method's name; "lambda" if it has none.</summary>
    public static string Of(Delegate function) => function.Method.Name is var name && name.Contains('<', StringComparison.Ordinal) ? "lambda" : name;

    /// <summary>The Keras name of a function of this library's facade; null for a user-defined function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="has">Whether Keras knows such a function by this name.</param>
    public static string? Known(Delegate function, Predicate<string> has) =>
        function.Method.DeclaringType is { } type && type.Assembly == typeof(FunctionNames).Assembly && type.Name.EndsWith("Api", StringComparison.Ordinal) && has(Of(function)) ? Of(function) : null;
}
