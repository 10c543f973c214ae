using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Keras.Saving;

namespace Keras;

/// <summary>Converts arguments of <c>keras.ops</c> functions between C# values and configs.</summary>
static class OperationArguments
{
    const string OfImages = "image.", SliceForm = "__slice__", EllipsisForm = "__ellipsis__";

    static readonly Dictionary<string, MethodInfo[]> s_methods = typeof(OpsApi).GetMethods().Select(m => (m.Name, Method: m))
        .Concat(typeof(ImageOpsApi).GetMethods().Select(m => (Name: OfImages + m.Name, Method: m)))
        .Where(m => !m.Method.ContainsGenericParameters).GroupBy(m => m.Name).ToDictionary(g => g.Key, g => g.Select(m => m.Method).ToArray());

    /// <summary>Finds the overloads of a function.</summary>
    public static IReadOnlyList<MethodInfo> MethodsOf(string function) => s_methods.GetValueOrDefault(function) ?? [];

    /// <summary>The object that has the method.</summary>
    public static object TargetOf(MethodInfo method) => method.DeclaringType == typeof(ImageOpsApi) ? Api.ops.image : Api.ops;

    /// <summary>Whether an overload takes these arguments, in order.</summary>
    public static bool Takes(ParameterInfo[] parameters, object?[] arguments) => parameters.Length == arguments.Length
        && parameters.Zip(arguments).All(p => p.Second is null || Bare(p.First.ParameterType) is var type && (type == typeof(TensorLike) || type.IsInstanceOfType(p.Second)));

    static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>Normalizes an argument: tensors as <see cref="Tensors"/>, numbers as they are.</summary>
    public static object? Plain(object? argument, string function) => argument switch
    {
        TensorLike like => like.Value is Tensor tensor ? new Tensors(tensor) : like.Value,
        Tensor tensor => new Tensors(tensor),
        Tensor[] tensors => (Tensors)tensors,
        ITuple tuple when tuple.Length > 0 && tuple[0] is TensorLike => new Tensors(Enumerable.Range(0, tuple.Length).Select(i => new Tensors(((TensorLike)tuple[i]!).Tensor))),
        Dims { IsFullyKnown: false } dims => Unknown(dims, function),
        _ => argument,
    };

    /// <summary>Converts dimensions that are not all known: one unknown dimension of a new shape follows from the others; otherwise they are tensors.</summary>
    static object Unknown(Dims dims, string function) =>
        function == nameof(OpsApi.reshape) && dims.Count(d => d.Known is null or < 0) == 1 ? (Dims)dims.Select(d => d.Known ?? -1).Select(d => (Dim)d).ToArray()
        : new Tensors(dims.Select(d => new Tensors(d.ToTensor())));

    /// <summary>An argument as configs store it.</summary>
    /// <exception cref="UnsupportedException">Configs have no form for it.</exception>
    public static object? ConfigForm(string name, object? value) => value switch
    {
        null or string or bool or int or long or float or double => value,
        DType dtype => dtype.Name,
        Axes { Count: 1 } axes when name != "axes" => axes[0],
        Axes axes => axes.Select(a => (object?)a).ToArray(),
        Dims dims => dims.Select(d => (object?)d.Known).ToArray(),
        Shape shape => shape.Select(d => (object?)d).ToArray(),
        NormOrder order => (object?)order.Name ?? order.Number,
        SliceKey[] keys => Array.ConvertAll(keys, FormOf),
        ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => ConfigForm(name, tuple[i])).ToArray(),
        IReadOnlyDictionary<string, object?> form => form,
        IEnumerable items => items.Cast<object?>().Select(i => ConfigForm(name, i)).ToArray(),
        _ => throw new UnsupportedException("An argument of an operation between layers has no form in a config", name, "numbers, texts, lists and dtypes", value.GetType().Name, "Put the operation into the call of a layer of your own."),
    };

    static object? FormOf(SliceKey key)
    {
        var (isPosition, isNewAxis, isEllipsis, begin, end, step) = key.Parts;
        return isPosition ? begin : isNewAxis ? null
            : isEllipsis ? new Dictionary<string, object?> { ["class_name"] = EllipsisForm, ["config"] = new Dictionary<string, object?>() }
            : new Dictionary<string, object?>
            {
                ["class_name"] = SliceForm,
                ["config"] = new Dictionary<string, object?> { ["start"] = begin, ["stop"] = end, ["step"] = step == 1 ? null : step },
            };
    }

    static SliceKey KeyOf(object? key)
    {
        static int? Number(IReadOnlyDictionary<string, object?> slice, string part) => slice.GetValueOrDefault(part) is { } n ? Convert.ToInt32(n, CultureInfo.InvariantCulture) : null;
        return key switch
        {
            null => SliceKey.NewAxis,
            SliceKey given => given,
            IReadOnlyDictionary<string, object?> form when form.GetValueOrDefault("class_name") is EllipsisForm => SliceKey.Ellipsis,
            IReadOnlyDictionary<string, object?> form when form.GetValueOrDefault("config") is IReadOnlyDictionary<string, object?> slice => SliceKey.Of(Number(slice, "start"), Number(slice, "stop"), Number(slice, "step") ?? 1),
            IConvertible number => (SliceKey)Convert.ToInt32(number, CultureInfo.InvariantCulture),
            _ => throw new UnsupportedException("A key of a slice is unknown", "get_item", "a number, a slice or a new axis", $"{key}"),
        };
    }

    /// <summary>The arguments for an overload, in order; null if they do not fit.</summary>
    public static object?[]? Fit(ParameterInfo[] parameters, IReadOnlyDictionary<string, object?> given, IReadOnlyDictionary<string, string>? fixedValues)
    {
        // Arguments that only Keras has, such as sparse: false, must have no effect.
        bool HasNoEffect(string key, object? value) => value is null or false || (fixedValues?.TryGetValue(key, out var only) ?? false) && ConfigJson.Write(value) == only;
        if (given.Any(g => !Array.Exists(parameters, p => p.Name == g.Key) && !HasNoEffect(g.Key, g.Value))) return null;
        var values = new object?[parameters.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = parameters[i];
            if (!given.TryGetValue(parameter.Name!, out var value) || (value is null && parameter.HasDefaultValue && Nullable.GetUnderlyingType(parameter.ParameterType) is null && parameter.ParameterType.IsValueType))
            {
                if (!parameter.HasDefaultValue) return null;
                values[i] = parameter.DefaultValue;
            }
            else if (!TryConvert(value, parameter.ParameterType, out values[i]))
            {
                return null;
            }
        }
        return values;
    }

    static bool TryConvert(object? given, Type type, out object? value)
    {
        type = Bare(type);
        value = (given, type) switch
        {
            (Tensors tensors, _) when type == typeof(TensorLike) => tensors.IsLeaf ? (TensorLike?)tensors : null,
            (Tensors tensors, _) when type == typeof(Tensors) => tensors,
            (Tensors tensors, _) when type == typeof(Tensor) => tensors.Single,
            (Tensors tensors, _) when type == typeof(Tensor[]) => tensors.Flatten().ToArray(),
            (Tensors tensors, _) when type == typeof(Dims) => (Dims)tensors.Flatten().Select(t => (Dim)t).ToArray(),
            (IEnumerable keys and not string, _) when type == typeof(SliceKey[]) => keys.Cast<object?>().Select(KeyOf).ToArray(),
            (null or IConvertible or IReadOnlyDictionary<string, object?>, _) when type == typeof(SliceKey[]) => (SliceKey[])[KeyOf(given)],
            (long or int, _) when type == typeof(TensorLike) => (TensorLike)Convert.ToInt64(given, CultureInfo.InvariantCulture),
            (double or float, _) when type == typeof(TensorLike) => (TensorLike)Convert.ToDouble(given, CultureInfo.InvariantCulture),
            (bool flag, _) when type == typeof(TensorLike) => (TensorLike)flag,
            (IEnumerable numbers and not string, _) when type == typeof(TensorLike) => TensorOf(numbers),
            (IEnumerable items and not (string or ITuple), _) when type.IsGenericType && typeof(ITuple).IsAssignableFrom(type) => TupleOf([.. items.Cast<object?>()], type),
            _ => SerializedObject.TryConvert(given, type),
        };
        return value is not null || given is null;
    }

    /// <summary>The numbers of a constant of rank 0 or 1, which constructors of Keras' operations take directly; otherwise the argument itself.</summary>
    public static object? NumbersOf(object? value)
    {
        if (value is not Tensors { IsLeaf: true, Single: EagerTensor { ndim: < 2, dtype.IsNumeric: true, dtype.IsComplex: false } constant }) return value;
        object[] numbers = [.. constant.ToHost().ToDouble().Select(n => constant.dtype.IsFloating ? (object)n : (long)n)];
        return constant.ndim == 0 ? numbers[0] : numbers;
    }

    static object? TensorOf(IEnumerable items)
    {
        object?[] all = [.. items.Cast<object?>()];
        if (all.Any(i => i is not (int or long or float or double))) return null;
        return (TensorLike)(Array)(all.All(i => i is int or long) ? Array.ConvertAll(all, i => Convert.ToInt32(i, CultureInfo.InvariantCulture))
            : (Array)Array.ConvertAll(all, i => Convert.ToSingle(i, CultureInfo.InvariantCulture)));
    }

    static object? TupleOf(object?[] items, Type type)
    {
        var parts = type.GetGenericArguments();
        var values = new object?[parts.Length];
        if (items.Length != parts.Length) return null;
        for (var i = 0; i < parts.Length; i++)
            if (!TryConvert(items[i], parts[i], out values[i])) return null;
        return Tuples.TryGetValue(type, out var make) ? make(values) : null;
    }

    /// <summary>The tuple types of <c>keras.ops</c> functions; programs compiled ahead of time can only make these.</summary>
    internal static readonly Dictionary<Type, Func<object?[], object>> Tuples = new()
    {
        [typeof((int, int))] = v => ((int)v[0]!, (int)v[1]!),
        [typeof((double, double))] = v => ((double)v[0]!, (double)v[1]!),
        [typeof((TensorLike, TensorLike))] = v => ((TensorLike)v[0]!, (TensorLike)v[1]!),
        [typeof((Tensor, Tensor))] = v => ((Tensor)v[0]!, (Tensor)v[1]!),
        [typeof((Tensor, Tensor, Tensor))] = v => ((Tensor)v[0]!, (Tensor)v[1]!, (Tensor)v[2]!),
        [typeof((Tensors, Tensors))] = v => ((Tensors)v[0]!, (Tensors)v[1]!),
        [typeof((Tensors, Tensors, Tensors))] = v => ((Tensors)v[0]!, (Tensors)v[1]!, (Tensors)v[2]!),
    };

    /// <summary>Converts a function's result to tensors.</summary>
    public static Tensors ToTensors(object result) => result switch
    {
        Tensor tensor => tensor,
        Tensors tensors => tensors,
        Tensor[] several => several,
        ITuple tuple => new(Enumerable.Range(0, tuple.Length).Select(i => tuple[i] as Tensor).OfType<Tensor>().Select(t => new Tensors(t))),
        _ => throw new UnsupportedException("An operation of a config returns no tensor", null, "tensors", result.GetType().Name),
    };

    /// <summary>Converts tensors to a function's result type.</summary>
    public static object FromTensors(Tensors tensors, Type type)
    {
        if (type == typeof(Tensor)) return tensors.Single;
        if (type == typeof(Tensor[])) return tensors.Flatten().ToArray();
        if (type == typeof(Tensors)) return tensors;
        var all = tensors.Flatten();
        return Tuples[type]([.. type.GetGenericArguments().Select((_, i) => (object?)all.ElementAtOrDefault(i))]);
    }
}
