using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>A type of option values: how to read one from C#, JSON or a dictionary, and how to write it as JSON.</summary>
/// <param name="Name">The expected value, for errors.</param>
/// <param name="Read">Converts a value to this type; null if it does not fit.</param>
/// <param name="Write">Writes a value as JSON.</param>
sealed record OptionKind(string Name, Func<object, object?> Read, Func<object, JsonNode?> Write)
{
    public static readonly OptionKind Whole = new("a whole number", v => AsWhole(v), v => (int)v);

    public static readonly OptionKind Real = new("a number", v => AsReal(v), v => Number((double)v));

    public static readonly OptionKind Flag = new("true or false", v => v as bool?, v => (bool)v);

    public static readonly OptionKind Text = new("text", v => v as string, v => (string)v);

    public static readonly OptionKind Texts = new("one text or a list of texts", v => v is string one ? new[] { one } : ListOf(v, i => i as string), v => List((string[])v, t => t));

    public static readonly OptionKind Ids = new("one token id or a list of ids", ReadIds, v => (TokenIds)v is [var one] ? one : List((TokenIds)v, i => i));

    public static readonly OptionKind IdList = new("a list of token ids", ReadIds, v => List((TokenIds)v, i => i));

    public static readonly OptionKind Words = new("a list of lists of token ids", v => ListOf(v, AsWholes), v => List((int[][])v, w => List(w, i => i)));

    public static readonly OptionKind Biases = new("a list of pairs of token ids and a number", v => ListOf(v, ReadBias),
        v => List(((int[], double)[])v, b => new JsonArray(List(b.Item1, i => i), Number(b.Item2))));

    public static readonly OptionKind Decay = new("a pair of a whole number and a number", v => ReadDecay(v),
        v => new JsonArray((((int, double))v).Item1, Number((((int, double))v).Item2)));

    public static readonly OptionKind Places = new("a list of pairs of whole numbers", v => ListOf(v, ReadPlace),
        v => List(((int, int)[])v, p => new JsonArray(p.Item1, p.Item2)));

    public static readonly OptionKind EarlyStopping = new("true, false or \"never\"", v => v switch { bool flag => (EarlyStoppingRule)flag, string text => (EarlyStoppingRule)text, EarlyStoppingRule rule => rule, _ => (object?)null },
        v => ((EarlyStoppingRule)v).Text is { } text ? text : ((EarlyStoppingRule)v).Flag);

    /// <summary>Converts a JSON value to a C# value.</summary>
    public static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.True or JsonValueKind.False => json.GetBoolean(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt32(out var whole) ? (object)whole : json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(Plain).ToArray(),
        _ => json,
    };

    static int? AsWhole(object? value) => value switch
    {
        int whole => whole,
        long or short or byte or sbyte or ushort or uint or ulong => Convert.ToDecimal(value, null) is >= int.MinValue and <= int.MaxValue and var number ? (int)number : null,
        _ => null,
    };

    static double? AsReal(object? value) => value is double or float or Half or decimal or long ? Convert.ToDouble(value, null) : AsWhole(value);

    static int[]? AsWholes(object? value) => ListOf(value, i => AsWhole(i));

    static object? ReadIds(object value) => value is TokenIds ids ? ids : AsWhole(value) is { } one ? (TokenIds)one : AsWholes(value) is { } all ? (TokenIds)all : null;

    static (int[], double)? ReadBias(object? value) => Pair(value) is var (ids, bias) && AsWholes(ids) is { } tokens && AsReal(bias) is { } number ? (tokens, number) : null;

    static (int, double)? ReadDecay(object? value) => Pair(value) is var (start, factor) && AsWhole(start) is { } tokens && AsReal(factor) is { } number ? (tokens, number) : null;

    static (int, int)? ReadPlace(object? value) => Pair(value) is var (place, token) && AsWhole(place) is { } at && AsWhole(token) is { } id ? (at, id) : null;

    /// <summary>Splits a pair, given as a tuple or a list of two.</summary>
    static (object?, object?)? Pair(object? value) => value switch
    {
        System.Runtime.CompilerServices.ITuple { Length: 2 } tuple => (tuple[0], tuple[1]),
        string => null,
        IEnumerable items when items.Cast<object?>().Take(3).ToArray() is [var first, var second] => (first, second),
        _ => null,
    };

    static T[]? ListOf<T>(object? value, Func<object?, T?> read) where T : struct => Items(value) is { } items && items.Select(read).ToArray() is var all && all.All(i => i is not null) ? [.. all.Select(i => i!.Value)] : null;

    static T[]? ListOf<T>(object? value, Func<object?, T?> read) where T : class => Items(value) is { } items && items.Select(read).ToArray() is var all && all.All(i => i is not null) ? [.. all.Select(i => i!)] : null;

    static IEnumerable<object?>? Items(object? value) => value is IEnumerable items and not string and not IDictionary ? items.Cast<object?>() : null;

    /// <summary>Writes a number; a non-finite one, which no file can hold, becomes a text for the error that names it.</summary>
    static JsonNode Number(double value) => double.IsFinite(value) ? value : Known.Say(value);

    static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> write) => [.. items.Select(write)];
}
