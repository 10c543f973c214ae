using System.Collections;

namespace Keras;

/// <summary>The forms that losses, metrics and weights of outputs take in a config: one, a list, or a dictionary by output.</summary>
static class ConfigParts
{
    /// <summary>How Python's Keras writes a function that is not its own.</summary>
    public static Dictionary<string, object?> Function(Delegate function)
    {
        var serialized = SerializedObject.Of("builtins", "function", []);
        (serialized["config"], serialized["registered_name"]) = (FunctionNames.Of(function), "function");
        return serialized;
    }

    /// <summary>Whether a dictionary is an object's serialized form, not one by output.</summary>
    public static bool IsObject(IReadOnlyDictionary<string, object?> config) => config.ContainsKey("class_name") && config.ContainsKey("config");

    public static IEnumerable<object?>? List(object? config) => config is IEnumerable items and not (string or IReadOnlyDictionary<string, object?>) ? items.Cast<object?>() : null;

    public static ArgumentException Wrong(string what, object? config) =>
        new($"The {what} of a config does not fit. Expected: a name, an object, a list or a dictionary by output. Received: {config}.", nameof(config));
}

/// <summary>The name of a user's function; "lambda" where it has none.</summary>
static class FunctionNames
{
    public static string Of(Delegate function) => function.Method.Name is var name && name.Contains('<', StringComparison.Ordinal) ? "lambda" : name;
}
