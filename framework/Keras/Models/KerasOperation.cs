using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Keras;

/// <summary>An operation of <c>keras.ops</c> outside of layers, as configs of Keras' functional models name it: class Multiply is <c>ops.multiply</c>.</summary>
sealed class KerasOperation : Layer
{
    readonly string _module;
    readonly IReadOnlyDictionary<string, object?> _config;
    readonly MethodInfo[] _methods;

    KerasOperation(string module, string className, IReadOnlyDictionary<string, object?> config) : base((string)config["name"]!)
    {
        (_module, ClassName, _config) = (module, className, config);
        var function = LayerNames.SnakeCase(className);
        _methods = [.. typeof(OpsApi).GetMethods().Where(m => m.Name == function && !m.ContainsGenericParameters)];
        if (_methods.Length == 0) throw new UnsupportedException("An operation is unknown", $"'{name}'", "a function of keras.ops", className);
        autocast = false;
        built = true;
    }

    public string ClassName { get; }

    public static bool IsOne(IReadOnlyDictionary<string, object?> serialized) => serialized.GetValueOrDefault("module") is string module && module.StartsWith("keras.src.ops.", StringComparison.Ordinal);

    public static KerasOperation FromSerialized(IReadOnlyDictionary<string, object?> serialized) =>
        new((string)serialized["module"]!, (string)serialized["class_name"]!, (IReadOnlyDictionary<string, object?>)serialized["config"]!);

    private protected override Dictionary<string, object?> ObjectForm() => new() { ["module"] = _module, ["class_name"] = ClassName, ["config"] = _config, ["registered_name"] = ClassName };

    /// <summary>The tensors become inputs; plain values keep their places.</summary>
    public CallArguments Bind(IReadOnlyList<object?> args, IReadOnlyDictionary<string, object?> kwargs)
    {
        if (kwargs.Values.Any(v => v is Tensors)) throw new UnsupportedException("An operation has tensors as named arguments", $"'{name}'", "tensors by position", string.Join(", ", kwargs.Keys));
        var tensors = args.OfType<Tensors>().ToArray();
        var bound = new CallArguments(tensors.Length == 1 && tensors[0].IsLeaf ? tensors[0] : new Tensors(tensors.AsEnumerable()));
        for (var i = 0; i < args.Count; i++)
            if (args[i] is not Tensors) bound.Positional.Add((i, args[i]));
        foreach (var (key, value) in kwargs) bound.WithOption(key, value);
        return bound;
    }

    /// <summary>What fits is found among the operation's methods.</summary>
    protected override void BeforeCall(CallArguments args) { }

    public override Tensors call(CallArguments args)
    {
        var tensors = args.Inputs.IsLeaf ? [args.Inputs] : args.Inputs.ToArray();
        var positional = new List<object?>(tensors);
        foreach (var (position, value) in args.Positional) positional.Insert(position, value);
        foreach (var method in _methods)
            if (Fit(method.GetParameters(), positional, args.Options) is { } values) return ToTensors(method.Invoke(Api.ops, BindingFlags.DoNotWrapExceptions, null, values, CultureInfo.InvariantCulture)!);
        throw new UnsupportedException("An operation does not take the arguments of a config", $"'{name}' ({ClassName})", string.Join("; ", _methods.Select(m => m.ToString())), $"{positional.Count} arguments and {string.Join(", ", _config.Keys.Skip(1))}");
    }

    object?[]? Fit(ParameterInfo[] parameters, List<object?> positional, IReadOnlyDictionary<string, object?> options)
    {
        if (positional.Count > parameters.Length) return null;
        var values = new object?[parameters.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = parameters[i];
            var given = i < positional.Count ? positional[i] : options.GetValueOrDefault(parameter.Name!, _config.GetValueOrDefault(parameter.Name!, Missing.Value));
            if (given is Missing or null && i >= positional.Count)
            {
                if (!parameter.HasDefaultValue) return null;
                values[i] = parameter.DefaultValue;
            }
            else if (!TryConvert(given, parameter.ParameterType, out values[i]))
            {
                return null;
            }
        }
        return values;
    }

    static bool TryConvert(object? given, Type type, out object? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        value = (given, type) switch
        {
            (Tensors tensors, _) when type == typeof(TensorLike) => tensors.IsLeaf ? (TensorLike?)tensors : null,
            (Tensors tensors, _) when type == typeof(Tensors) => tensors,
            (Tensors tensors, _) when type == typeof(Tensor) => tensors.Single,
            (Tensors tensors, _) when type == typeof(Tensor[]) => tensors.Flatten().ToArray(),
            (IEnumerable keys and not string and not Tensors, _) when type == typeof(SliceKey[]) => keys.Cast<object?>().Select(KeyOf).ToArray(),
            (long or int, _) when type == typeof(TensorLike) => (TensorLike)Convert.ToInt64(given, CultureInfo.InvariantCulture),
            (double or float, _) when type == typeof(TensorLike) => (TensorLike)Convert.ToDouble(given, CultureInfo.InvariantCulture),
            (bool flag, _) when type == typeof(TensorLike) => (TensorLike)flag,
            _ => SerializedObject.TryConvert(given, type),
        };
        return value is not null || given is null;
    }

    static SliceKey KeyOf(object? key)
    {
        static int? Number(IReadOnlyDictionary<string, object?> slice, string part) => slice.GetValueOrDefault(part) is { } n ? Convert.ToInt32(n, CultureInfo.InvariantCulture) : null;
        return key switch
        {
            null => SliceKey.NewAxis,
            IReadOnlyDictionary<string, object?> form when form.GetValueOrDefault("config") is IReadOnlyDictionary<string, object?> slice => SliceKey.Of(Number(slice, "start"), Number(slice, "stop"), Number(slice, "step") ?? 1),
            IConvertible number => (SliceKey)Convert.ToInt32(number, CultureInfo.InvariantCulture),
            _ => throw new UnsupportedException("A key of a slice is unknown", "get_item", "a number, a slice or a new axis", $"{key}"),
        };
    }

    static Tensors ToTensors(object result) => result switch
    {
        Tensor tensor => tensor,
        Tensors tensors => tensors,
        Tensor[] several => several,
        System.Runtime.CompilerServices.ITuple tuple => new(Enumerable.Range(0, tuple.Length).Select(i => new Tensors((Tensor)tuple[i]!))),
        _ => throw new UnsupportedException("An operation of a config returns no tensor", null, "tensors", result.GetType().Name),
    };

    public override Dictionary<string, object?> get_config() => new(_config);
}
