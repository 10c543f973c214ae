using System.Collections;
using System.Globalization;

namespace Keras;

/// <summary>Writes and reads layer calls in the config of a functional model.</summary>
static class CallConfigs
{
    /// <summary>The origin of a tensor: the layer, the index of its call, the index of its output.</summary>
    public readonly record struct Source(string Layer, int Node, int Output);

    /// <summary>The args and kwargs of a call.</summary>
    public static Dictionary<string, object?> Serialize(LayerCall call, Func<Tensor, object?[]> history)
    {
        object? Form(Tensors tensors) => tensors.IsLeaf ? TensorForm(tensors.Single, history)
            : tensors.IsDictionary ? tensors.Keys.ToDictionary(k => k, k => Form(tensors[k]))
            : tensors.Select(Form).ToArray();

        if (call.Layer is KerasOperation operation)
        {
            var (arguments, named) = operation.CallForm(call.Arguments, Form);
            return new() { ["args"] = arguments.ToArray(), ["kwargs"] = named };
        }
        var (args, kwargs) = (new List<object?> { Form(call.Arguments.Inputs) }, new Dictionary<string, object?>());
        var positional = true;
        foreach (var parameter in call.Layer.CallParameters.Skip(1))
        {
            positional &= call.Arguments[parameter] is not null;
            if (call.Arguments[parameter] is { } tensors)
            {
                if (positional) args.Add(Form(tensors));
                else kwargs[parameter] = Form(tensors);
            }
            else if (call.Arguments.Options.TryGetValue(parameter, out var option) && option is not false)
            {
                kwargs[parameter] = option;
            }
        }
        if (call.Arguments.Training is { } training) kwargs["training"] = training;
        var masks = call.Arguments.GivenMasks.Select(m => m is null ? null : TensorForm(m, history)).ToArray();
        if (masks.Length > 0) kwargs["mask"] = call.Arguments.Inputs.IsLeaf ? masks[0] : masks;
        return new() { ["args"] = args.ToArray(), ["kwargs"] = kwargs };
    }

    static Dictionary<string, object?> TensorForm(Tensor tensor, Func<Tensor, object?[]> history) => ModelGraph.ConstantOf(tensor) is { } value ? ConstantConfigs.Form(value) : new()
    {
        ["class_name"] = "__keras_tensor__",
        ["config"] = new Dictionary<string, object?> { ["shape"] = tensor.shape.Select(d => (object?)d).ToArray(), ["dtype"] = tensor.dtype.Name, ["keras_history"] = history(tensor) },
    };

    /// <summary>Writes a structure of tensors, each as [layer, node, tensor].</summary>
    public static object? Structure(Tensors tensors, Func<Tensor, object?[]> history) => tensors.IsLeaf ? history(tensors.Single)
        : tensors.IsDictionary ? tensors.Keys.ToDictionary(k => k, k => Structure(tensors[k], history))
        : tensors.Select(t => Structure(t, history)).ToArray();

    /// <summary>The objects of a list in a config.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, object?>> Objects(IReadOnlyDictionary<string, object?> config, string key) =>
        (config.GetValueOrDefault(key) as IEnumerable)?.Cast<object?>().Select(o => o as IReadOnlyDictionary<string, object?>
            ?? throw new FileFormatException("A model's config is damaged", key, "a list of objects", $"{o}")) ?? [];

    /// <summary>The origin of every tensor that a call needs.</summary>
    public static IEnumerable<Source> Sources(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> form when SourceOf(form) is { } source => [source],
        IReadOnlyDictionary<string, object?> map => map.Values.SelectMany(Sources),
        IEnumerable list and not string => list.Cast<object?>().SelectMany(Sources),
        _ => [],
    };

    static Source? SourceOf(IReadOnlyDictionary<string, object?> form)
    {
        if (form.GetValueOrDefault("class_name") as string != "__keras_tensor__") return null;
        var config = form.GetValueOrDefault("config") as IReadOnlyDictionary<string, object?>;
        return SourceOf(config?.GetValueOrDefault("keras_history"));
    }

    static Source? SourceOf(object? history) => history is IEnumerable list and not string && list.Cast<object?>().ToArray() is [string layer, var node, var tensor] && node is IConvertible && tensor is IConvertible
        ? new(layer, Convert.ToInt32(node, CultureInfo.InvariantCulture), Convert.ToInt32(tensor, CultureInfo.InvariantCulture)) : null;

    /// <summary>Reads a structure of [layer, node, tensor] as tensors.</summary>
    public static Tensors TensorsOf(object? structure, Func<Source, Tensor> find) => structure switch
    {
        _ when SourceOf(structure) is { } source => find(source),
        IReadOnlyDictionary<string, object?> map => new Tensors(map.Select(m => KeyValuePair.Create(m.Key, TensorsOf(m.Value, find)))),
        IEnumerable list and not string => new Tensors(list.Cast<object?>().Select(i => TensorsOf(i, find))),
        _ => throw new FileFormatException("A model's config is damaged", "input_layers or output_layers", "[layer, node, tensor], a list or a dictionary of these", $"{structure}"),
    };

    /// <summary>Reads the arguments of a call.</summary>
    public static CallArguments Bind(Layer layer, IReadOnlyDictionary<string, object?> node, Func<Source, Tensor> find)
    {
        var args = (node.GetValueOrDefault("args") as IEnumerable)?.Cast<object?>().Select(a => Value(a, find)).ToArray() ?? [];
        var kwargs = (node.GetValueOrDefault("kwargs") as IReadOnlyDictionary<string, object?>)?.ToDictionary(k => k.Key, k => Value(k.Value, find)) ?? [];
        return Bind(layer, args, kwargs);
    }

    /// <summary>Binds arguments by position and by name, as the layer's <c>call</c> in Keras takes them.</summary>
    public static CallArguments Bind(Layer layer, IReadOnlyList<object?> args, IReadOnlyDictionary<string, object?> kwargs)
    {
        if (layer is KerasOperation operation) return operation.Bind(args, kwargs);
        var parameters = layer.CallParameters;
        var named = new Dictionary<string, object?>(kwargs);
        for (var i = 0; i < args.Count; i++)
            named[i < parameters.Count ? parameters[i] : throw new ArgumentException($"The layer '{layer.name}' takes {parameters.Count} arguments. Received: {args.Count}.")] = args[i];
        if (!named.Remove(parameters[0], out var first) || first is not Tensors inputs) throw new ArgumentException($"The layer '{layer.name}' needs the argument '{parameters[0]}'.");
        var bound = new CallArguments(inputs, named.Remove("training", out var training) && training is bool flag ? flag : null);
        if (named.Remove("mask", out var mask) && mask is not null) bound = mask is Tensors masks ? bound.WithMasks(masks.Flatten()) : bound.WithMasks(((IEnumerable)mask).Cast<object?>().Select(m => (m as Tensors)?.Single));
        foreach (var (name, value) in named)
        {
            if (value is not null && !parameters.Contains(name)) throw new ArgumentException($"The layer '{layer.name}' takes no argument '{name}'. Expected: {Known.List(parameters)}.");
            bound = value is Tensors tensors ? bound.With(name, tensors) : bound.WithOption(name, value);
        }
        return bound;
    }

    /// <summary>Replaces tensor references by tensors; plain values stay as they are.</summary>
    static object? Value(object? value, Func<Source, Tensor> find)
    {
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> form when SourceOf(form) is { } source:
                return new Tensors(find(source));
            case IReadOnlyDictionary<string, object?> form when ConstantConfigs.IsOne(form):
                return new Tensors(ConstantConfigs.Read(form));
            case IReadOnlyDictionary<string, object?> map when map.Values.Any(v => Sources(v).Any() || v is IReadOnlyDictionary<string, object?> inner && ConstantConfigs.IsOne(inner)):
                return new Tensors(map.Select(m => KeyValuePair.Create(m.Key, (Tensors)Value(m.Value, find)!)));
            case IEnumerable list and not string and not IReadOnlyDictionary<string, object?>:
                object?[] items = [.. list.Cast<object?>().Select(i => Value(i, find))];
                return items.Length > 0 && Array.TrueForAll(items, i => i is Tensors) ? (object)new Tensors(items.Cast<Tensors>()) : items;
            default:
                return value;
        }
    }
}
