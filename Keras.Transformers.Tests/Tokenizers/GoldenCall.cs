using System.Collections;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

/// <summary>Calls the library as Python called the reference: arguments from JSON, bound by position and name to an overload that takes them.</summary>
static class GoldenCall
{
    /// <summary>No overload takes such arguments: what is an error in Python does not compile in C#.</summary>
    public sealed class NoSuchOverload(string message) : Exception(message);

    // The deprecated names of the same call.
    static readonly Dictionary<string, string> Names = new() { ["__call__"] = "Apply", ["batch_encode_plus"] = "Apply", ["encode_plus"] = "Apply" };

    public static object? Invoke(Type type, object? target, string method, JsonArray args, JsonObject kwargs)
    {
        var name = Names.GetValueOrDefault(method, method);
        var flags = BindingFlags.Public | (target is null ? BindingFlags.Static : BindingFlags.Instance | BindingFlags.Static);
        foreach (var candidate in type.GetMethods(flags).Where(m => m.Name == name))
        {
            if (Bind(candidate.GetParameters(), args, kwargs) is not { } values) continue;
            try
            {
                return candidate.Invoke(target, values);
            }
            catch (TargetInvocationException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerException!);
            }
        }
        throw new NoSuchOverload($"No overload of {type.Name}.{name} takes {args.ToJsonString()} {kwargs.ToJsonString()}.");
    }

    static object?[]? Bind(ParameterInfo[] parameters, JsonArray args, JsonObject kwargs)
    {
        if (args.Count > parameters.Length || kwargs.Any(k => parameters.All(p => p.Name != k.Key))) return null;
        var values = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var given = i < args.Count || kwargs.ContainsKey(parameters[i].Name!);
            if (!given)
            {
                if (!parameters[i].HasDefaultValue) return null;
                values[i] = parameters[i].DefaultValue;
                if (values[i] is null && parameters[i].ParameterType is { IsValueType: true } type && Nullable.GetUnderlyingType(type) is null)
                    values[i] = Activator.CreateInstance(type);
            }
            else if (!TryConvert(i < args.Count ? args[i] : kwargs[parameters[i].Name!], parameters[i].ParameterType, out values[i])) return null;
        }
        return values;
    }

    /// <summary>A JSON value as an argument of a type, as C#'s own conversions would make it.</summary>
    public static bool TryConvert(JsonNode? json, Type type, out object? value)
    {
        value = null;
        if (json is null) return !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        var kind = json.GetValueKind();
        if (type == typeof(string)) return kind == JsonValueKind.String && Set(out value, json.GetValue<string>());
        if (type == typeof(bool)) return kind is JsonValueKind.True or JsonValueKind.False && Set(out value, json.GetValue<bool>());
        if (type == typeof(int)) return kind == JsonValueKind.Number && json.AsValue().TryGetValue(out int number) && Set(out value, number);
        if (type == typeof(AddedToken)) return TryToken(json, out value);
        if (type == typeof(BatchColumn)) return TryColumn(json, out value);
        if (type == typeof(PaddingStrategy) || type == typeof(TruncationStrategy)) return TryStrategy(json, type, out value);
        if (!type.IsGenericType) return false;
        var arguments = type.GetGenericArguments();
        if (arguments is [var element]) return json is JsonArray array && TryList(array, element, out value);
        if (arguments[0] != typeof(string) || json is not JsonObject entries) return false;
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
        foreach (var (key, entry) in entries)
        {
            if (!TryConvert(entry, arguments[1], out var converted)) return false;
            dictionary.Add(key, converted);
        }
        return Set(out value, dictionary);
    }

    static bool TryList(JsonArray array, Type element, out object? value)
    {
        var list = Array.CreateInstance(element, array.Count);
        value = list;
        for (var i = 0; i < array.Count; i++)
        {
            if (!TryConvert(array[i], element, out var converted)) return false;
            list.SetValue(converted, i);
        }
        return true;
    }

    static bool TryStrategy(JsonNode json, Type type, out object? value)
    {
        value = null;
        object argument = json.GetValueKind() == JsonValueKind.String ? json.GetValue<string>() : json.GetValue<bool>();
        var conversion = type.GetMethod("op_Implicit", [argument.GetType()])!;
        try
        {
            value = conversion.Invoke(null, [argument]);
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
        }
        return true;
    }

    static bool TryToken(JsonNode json, out object? value)
    {
        value = null;
        if (json is JsonValue) return TryConvert(json, typeof(string), out var text) && Set(out value, new AddedToken((string)text!));
        return json is JsonObject token && Set(out value, new AddedToken(token["content"]!.GetValue<string>(), Flag("single_word") ?? false, Flag("lstrip") ?? false,
            Flag("rstrip") ?? false, Flag("normalized"), Flag("special") ?? false));

        bool? Flag(string name) => token[name]?.GetValue<bool>();
    }

    static bool TryColumn(JsonNode json, out object? value)
    {
        value = null;
        if (TryConvert(json, typeof(int), out var number)) return Set(out value, (BatchColumn)(int)number!);
        if (json is not JsonArray array) return false;
        if (array.Count > 0 && array.All(r => r is JsonArray))
            return Set(out value, (BatchColumn)array.Select(r => r!.AsArray().Select(v => v!.GetValue<int>()).ToArray()).ToArray());
        return array.All(v => v is JsonValue) && Set(out value, (BatchColumn)array.Select(v => v!.GetValue<int>()).ToArray());
    }

    static bool Set(out object? value, object converted)
    {
        value = converted;
        return true;
    }

    /// <summary>A result of the library as JSON in the form of the golden files.</summary>
    public static JsonNode? ToJson(object? result, bool tensors) => result switch
    {
        null => null,
        string text => text,
        int number => number,
        BatchEncoding encoding => new JsonObject(encoding.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)(tensors ? Tensor(c.Value) : Column(c.Value))))),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(v => ToJson(v, tensors))]),
        _ => throw new NotSupportedException($"{result.GetType()}"),
    };

    static JsonObject Tensor(BatchColumn column) => new()
    {
        ["dtype"] = column.DType.Name,
        ["shape"] = new JsonArray([.. column.Shape.ToArray().Select(d => (JsonNode?)d)]),
        ["data"] = new JsonArray([.. column.Values.Cast<object>().Select(v => (JsonNode?)Convert.ToInt64(v, System.Globalization.CultureInfo.InvariantCulture))]),
    };

    static JsonArray Column(BatchColumn column)
    {
        if (!column.HasRows) return Values(column.Values.Cast<int>(), column);
        return new JsonArray([.. column.ToRows().Select(r => Values(r, column))]);
    }

    static JsonArray Values(IEnumerable<int> values, BatchColumn column) => column.Width == 1
        ? new JsonArray([.. values.Select(v => (JsonNode?)v)])
        : new JsonArray([.. values.Chunk(column.Width).Select(p => new JsonArray([.. p.Select(v => (JsonNode?)v)]))]);
}
