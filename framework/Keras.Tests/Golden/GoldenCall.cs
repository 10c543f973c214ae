using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Keras.Tests;

/// <summary>Calls methods with the args and kwargs of a golden case, by Keras' own names and positions, which proves that ours are the same.</summary>
/// <remarks>Arrays of the case become the tensors that the caller passes (<see cref="Inputs"/> in that order), so that they can be symbolic.</remarks>
sealed class GoldenCall
{
    readonly JsonElement[] _args;
    readonly JsonProperty[] _kwargs;
    readonly List<JsonElement> _arrays = [];
    Dictionary<JsonElement, Tensor> _given = [];

    /// <summary>In the place of every array: no engine is needed to bind a call.</summary>
    static readonly Tensor Stand = Graphs.Graph.Scratch.AddPlaceholder(DType.Float32, new Shape(1), "x");

    public GoldenCall(JsonElement golden)
    {
        _args = golden.TryGetProperty("args", out var args) ? [.. args.EnumerateArray()] : [];
        _kwargs = golden.TryGetProperty("kwargs", out var kwargs) ? [.. kwargs.EnumerateObject()] : [];
        foreach (var value in _args.Concat(_kwargs.Select(k => k.Value))) Collect(value);
    }

    /// <summary>The arrays of the case.</summary>
    public IReadOnlyList<JsonElement> Inputs => _arrays;

    public static bool IsArray(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("shape", out _) && value.TryGetProperty("dtype", out _);

    void Collect(JsonElement value)
    {
        if (IsArray(value)) _arrays.Add(value);
        else if (value.ValueKind == JsonValueKind.Array)
            foreach (var item in value.EnumerateArray()) Collect(item);
    }

    /// <summary>Calls the method of that name whose parameters the case fits.</summary>
    public object? Invoke(object target, string method, IEnumerable<Tensor> inputs)
    {
        var (bound, values) = Bound(target, method, inputs);
        return bound.Invoke(target, BindingFlags.DoNotWrapExceptions, null, values, CultureInfo.InvariantCulture);
    }

    /// <summary>The method of that name whose parameters the case fits, and what it gives for each.</summary>
    public (MethodInfo Method, object?[] Values) Bound(object target, string method, IEnumerable<Tensor> inputs)
    {
        _given = _arrays.Zip(inputs).ToDictionary(p => p.First, p => p.Second, JsonIdentity.Instance);
        var candidates = target.GetType().GetMethods().Where(m => m.Name == method && !m.ContainsGenericParameters).OrderBy(m => m.GetParameters().Length).ToArray();
        foreach (var candidate in candidates)
            if (Bind(candidate.GetParameters()) is { } values) return (candidate, values);
        throw new MissingMethodException($"No {target.GetType().Name}.{method} takes the arguments of the case. Known: {string.Join("; ", candidates.Select(c => c.ToString()))}");
    }

    /// <summary>The method that <see cref="Bound"/> will find, or null; found without tensors.</summary>
    public MethodInfo? Binding(object target, string method)
    {
        try
        {
            return Bound(target, method, _arrays.Select(_ => Stand)).Method;
        }
        catch (MissingMethodException)
        {
            return null;
        }
    }

    /// <summary>Calls a function of one tensor with the case's kwargs.</summary>
    public Tensor Apply(object target, string method, Tensor input)
    {
        foreach (var candidate in target.GetType().GetMethods().Where(m => m.Name == method))
        {
            var parameters = candidate.GetParameters();
            if (Bind(parameters[1..]) is { } values) return (Tensor)candidate.Invoke(target, BindingFlags.DoNotWrapExceptions, null, [(TensorLike)input, .. values], CultureInfo.InvariantCulture)!;
        }
        throw new MissingMethodException($"No {target.GetType().Name}.{method} takes the arguments of the case.");
    }

    /// <summary>Everything that a call returned, in order.</summary>
    public static IEnumerable<object?> Flatten(object? result) => result switch
    {
        null => [],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Flatten(tuple[i])),
        Tensors tensors => tensors.Flatten(),
        Tensor or string => [result],
        Dims dims => dims.Select(d => (object?)(d.Known ?? -1)),
        Shape shape => shape.Select(d => (object?)d),
        IEnumerable items => items.Cast<object?>().SelectMany(Flatten),
        _ => [result],
    };

    object?[]? Bind(ParameterInfo[] parameters)
    {
        var values = Array.ConvertAll(parameters, p => p.HasDefaultValue ? p.DefaultValue : Missing.Value);
        var named = _kwargs.ToList();
        // Python's *xs is a list here.
        var isStarred = _args.Length > 1 && parameters is [{ ParameterType: var first }, ..] && first == typeof(Tensors) && _args.All(IsArray);
        if (isStarred) values[0] = new Tensors(_args.Select(a => new Tensors(_given[a])));
        for (var i = 0; i < _args.Length && !isStarred; i++)
        {
            if (parameters.Length > 0 && parameters[^1].IsDefined(typeof(ParamArrayAttribute)) && i >= parameters.Length - 1)
            {
                if (!TryConvertAll(_args[i..], parameters[^1].ParameterType.GetElementType()!, out var rest)) return null;
                values[^1] = rest;
                break;
            }
            if (i >= parameters.Length || !TryConvert(_args[i], parameters[i].ParameterType, out values[i])) return null;
        }
        for (var i = 0; i < parameters.Length; i++)
        {
            if (named.FindIndex(k => k.Name == parameters[i].Name) is var at and >= 0)
            {
                if (!TryConvert(named[at].Value, parameters[i].ParameterType, out values[i])) return null;
                named.RemoveAt(at);
            }
            else if (parameters[i].ParameterType == typeof(IReadOnlyDictionary<string, int>))
            {
                values[i] = named.ToDictionary(k => k.Name, k => k.Value.GetInt32());
                named.Clear();
            }
        }
        return named.Count == 0 && !values.Contains(Missing.Value) ? values : null;
    }

    bool TryConvertAll(JsonElement[] items, Type element, out Array result)
    {
        result = Array.CreateInstance(element, items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            if (!TryConvert(items[i], element, out var value)) return false;
            result.SetValue(value, i);
        }
        return true;
    }

    bool TryConvert(JsonElement json, Type type, out object? value)
    {
        value = null;
        if (json.ValueKind == JsonValueKind.Null) return !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        value = ConvertTo(json, type);
        return value is not null;
    }

    object? ConvertTo(JsonElement json, Type type)
    {
        if (type == typeof(TensorLike)) return Like(json);
        if (type == typeof(Tensor)) return Like(json)?.Tensor;
        if (type == typeof(Tensors)) return json.ValueKind == JsonValueKind.Array && json.EnumerateArray().All(IsArray) ? new Tensors(json.EnumerateArray().Select(i => new Tensors(_given[i]))) : IsArray(json) ? new Tensors(_given[json]) : null;
        if (IsArray(json)) return null;
        if (type == typeof(Dims)) return json.ValueKind == JsonValueKind.Number ? (Dims)json.GetInt32() : Whole(json) is { } dims ? (Dims)dims : null;
        if (type == typeof(Shape)) return json.ValueKind == JsonValueKind.Number ? new Shape(json.GetInt64()) : Whole(json) is { } shape ? (Shape)shape : null;
        if (type == typeof(Axes)) return json.ValueKind == JsonValueKind.Number ? (Axes)json.GetInt32() : Whole(json) is { } axes ? (Axes)axes : null;
        if (type == typeof(int[])) return Whole(json);
        if (type == typeof(int[][])) return json.ValueKind == JsonValueKind.Array && json.EnumerateArray().Select(Whole).ToArray() is { } rows && Array.TrueForAll(rows, r => r is not null) ? rows : null;
        if (type == typeof(SliceKey)) return json.ValueKind == JsonValueKind.Number ? (SliceKey)json.GetInt32() : null;
        if (type == typeof(NormOrder)) return json.ValueKind == JsonValueKind.String ? (NormOrder)json.GetString()! : json.ValueKind == JsonValueKind.Number ? (object)(NormOrder)json.GetDouble() : null;
        if (type == typeof(DType)) return json.ValueKind == JsonValueKind.String ? DType.Parse(json.GetString()!) : null;
        if (type == typeof(string)) return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        if (type == typeof(bool)) return json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : null;
        if (type == typeof(int)) return json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var whole) && IsWhole(json) ? whole : null;
        if (type == typeof(long)) return json.ValueKind == JsonValueKind.Number && IsWhole(json) ? json.GetInt64() : null;
        if (type == typeof(double)) return json.ValueKind == JsonValueKind.Number ? json.GetDouble() : null;
        if (type.IsArray && json.ValueKind == JsonValueKind.Array && TryConvertAll([.. json.EnumerateArray()], type.GetElementType()!, out var items)) return items;
        if (type.IsGenericType && type.IsAssignableTo(typeof(ITuple)) && json.ValueKind == JsonValueKind.Array) return TupleOf(json, type);
        return null;
    }

    object? TupleOf(JsonElement json, Type type)
    {
        var types = type.GetGenericArguments();
        JsonElement[] items = [.. json.EnumerateArray()];
        if (items.Length != types.Length) return null;
        var values = new object?[types.Length];
        for (var i = 0; i < types.Length; i++)
            if (!TryConvert(items[i], types[i], out values[i])) return null;
        return Activator.CreateInstance(type, values);
    }

    TensorLike? Like(JsonElement json)
    {
        if (IsArray(json)) return _given[json];
        return json.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => json.GetBoolean(),
            JsonValueKind.Number when IsWhole(json) => json.GetInt64(),
            JsonValueKind.Number => json.GetDouble(),
            _ => null,
        };
    }

    static int[]? Whole(JsonElement json) => json.ValueKind == JsonValueKind.Array && json.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Number && IsWhole(i)) ? [.. json.EnumerateArray().Select(i => i.GetInt32())] : null;

    /// <summary>Python wrote 2 and 2.0 differently.</summary>
    static bool IsWhole(JsonElement number) => !number.GetRawText().AsSpan().ContainsAny('.', 'e', 'E');

    /// <summary>Elements are told apart by their place in the document.</summary>
    sealed class JsonIdentity : IEqualityComparer<JsonElement>
    {
        public static readonly JsonIdentity Instance = new();

        public bool Equals(JsonElement x, JsonElement y) => x.Equals(y);

        public int GetHashCode(JsonElement obj) => obj.GetHashCode();
    }
}
