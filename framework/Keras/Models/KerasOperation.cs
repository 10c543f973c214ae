using System.Globalization;
using System.Reflection;
using Keras.Graphs;

namespace Keras;

/// <summary>An operation of <c>keras.ops</c> outside of layers, as functional configs name it: the class Multiply is <c>ops.multiply</c>.</summary>
/// <remarks>Its inputs are a dictionary of tensors by parameter name; plain values of a call are options.</remarks>
sealed class KerasOperation : Layer
{
    readonly OperationForm? _form;
    readonly string _function;

    /// <summary>The arguments of Keras' constructor, from C# code or from a config.</summary>
    readonly IReadOnlyDictionary<string, object?> _config;

    /// <summary>Arguments that Keras' class does not accept, or does not accept as tensors.</summary>
    readonly IReadOnlyList<string> _foreign;

    KerasOperation(string name, string function, OperationForm? form, IReadOnlyDictionary<string, object?> config, IReadOnlyList<string> foreign) : base(name)
    {
        (_function, _form, _config, _foreign) = (function, form, config, foreign);
        autocast = false;
        built = true;
    }

    public string ClassName => _form?.ClassName ?? _function;

    public static bool IsOne(IReadOnlyDictionary<string, object?> serialized) => KerasOperations.IsModule(serialized.GetValueOrDefault("module") as string);

    public static KerasOperation FromSerialized(IReadOnlyDictionary<string, object?> serialized)
    {
        var config = (IReadOnlyDictionary<string, object?>)serialized["config"]!;
        var (name, className) = ((string)config["name"]!, (string)serialized["class_name"]!);
        var form = KerasOperations.OfClass(className) ?? throw new UnsupportedException("An operation is unknown", $"'{name}'", "an operation of keras.ops", className);
        return new(name, form.Function, form, config.Where(c => c.Key != "name").ToDictionary(c => c.Key, c => c.Value), []);
    }

    /// <summary>Records a function that was called with symbolic tensors; see <see cref="KeptOp"/>.</summary>
    public static object Keep(string function, object?[] arguments)
    {
        var form = KerasOperations.OfFunction(function);
        var method = OperationArguments.MethodsOf(function).First(m => OperationArguments.Takes(m.GetParameters(), arguments));
        var tensors = new List<KeyValuePair<string, Tensors>>();
        var (options, config, foreign) = (new Dictionary<string, object?>(), new Dictionary<string, object?>(), new List<string>());
        foreach (var (parameter, argument) in method.GetParameters().Zip(arguments))
        {
            var key = parameter.Name!;
            var (ofCall, ofConfig) = (form?.Call.Any(c => c.TrimStart('*') == key) ?? false, form?.Config.Contains(key) ?? false);
            var value = OperationArguments.Plain(argument, function);
            if (ofConfig) value = OperationArguments.NumbersOf(value);
            if (value is double number && parameter.ParameterType != typeof(TensorLike) && number == Math.Truncate(number) && Math.Abs(number) < long.MaxValue / 2) value = (long)number;
            var isDefault = argument is null ? parameter.DefaultValue is null : argument.Equals(parameter.DefaultValue);
            if (!isDefault && !ofCall && (value is Tensors || !ofConfig)) foreign.Add(key);
            if (value is Tensors given) tensors.Add(new(key, given));
            else if (ofConfig ? value is not null || !isDefault : !ofCall && !isDefault) config[key] = value;
            else if (ofCall) options[key] = value;
        }
        var operation = new KerasOperation(LayerNames.New(form is null ? function : LayerNames.SnakeCase(form.ClassName)), function, form, config, foreign);
        return OperationArguments.FromTensors(operation.Apply(Arguments(tensors, options)), method.ReturnType);
    }

    static CallArguments Arguments(IEnumerable<KeyValuePair<string, Tensors>> tensors, IReadOnlyDictionary<string, object?> options)
    {
        var call = new CallArguments(new Tensors(tensors));
        foreach (var (key, value) in options) call.WithOption(key, value);
        return call;
    }

    /// <summary>Binds a config's arguments to their names.</summary>
    public CallArguments Bind(IReadOnlyList<object?> args, IReadOnlyDictionary<string, object?> kwargs)
    {
        var named = new Dictionary<string, object?>(kwargs);
        var parameters = _form!.Call;
        if (parameters is [.., ['*', '*', .. var rest]])
        {
            named = kwargs.Where(k => parameters.Contains(k.Key)).ToDictionary(k => k.Key, k => k.Value);
            named[rest] = kwargs.Where(k => !parameters.Contains(k.Key)).ToDictionary(k => k.Key, k => Convert.ToInt32(k.Value, CultureInfo.InvariantCulture));
            parameters = parameters[..^1];
        }
        for (var i = 0; i < args.Count && (i < parameters.Length || parameters.Length == 0 || !parameters[^1].StartsWith('*')); i++)
        {
            if (i >= parameters.Length) throw new ArgumentException($"The operation '{name}' ({ClassName}) takes {parameters.Length} arguments. Received: {args.Count}.");
            named[parameters[i].TrimStart('*')] = !parameters[i].StartsWith('*') ? args[i] : new Tensors(args.Skip(i).Cast<Tensors>());
        }
        return Arguments(named.Where(n => n.Value is Tensors).Select(n => KeyValuePair.Create(n.Key, (Tensors)n.Value!)), named.Where(n => n.Value is not Tensors).ToDictionary(n => n.Key, n => n.Value));
    }

    /// <summary>The call as configs store it.</summary>
    public (List<object?> Args, Dictionary<string, object?> Kwargs) CallForm(CallArguments call, Func<Tensors, object?> form)
    {
        var (args, kwargs) = (new List<object?>(), new Dictionary<string, object?>());
        foreach (var parameter in _form!.Call)
        {
            var key = parameter.TrimStart('*');
            if (parameter.StartsWith("**", StringComparison.Ordinal))
            {
                foreach (var (name, number) in call.Options.GetValueOrDefault(key) as IReadOnlyDictionary<string, int> ?? new Dictionary<string, int>()) kwargs[name] = number;
                continue;
            }
            var value = call.Inputs.TryGet(key, out var tensors) ? form(tensors) : OperationArguments.ConfigForm(key, call.Options.GetValueOrDefault(key));
            if (parameter.StartsWith('*')) args.AddRange((object?[])value!);
            else args.Add(value);
        }
        return (args, kwargs);
    }

    private protected override Dictionary<string, object?> ObjectForm()
    {
        var where = $"ops.{_function}, '{name}'";
        if (_form is null)
            throw new UnsupportedException("An operation between layers cannot be written into a config", where, "an operation that Keras has a class for", "one without", "Put it into the call of a layer of your own.");
        if (_foreign.Count > 0)
            throw new UnsupportedException("An operation between layers has an argument that a config cannot hold", where, $"{string.Join(", ", _form.Call.Concat(_form.Config))}{(_form.Config.Length > 0 ? $" (no tensors for {string.Join(", ", _form.Config)})" : "")}",
                string.Join(", ", _foreign), "Put it into the call of a layer of your own.");
        return new() { ["module"] = KerasOperations.ModuleOf(_form), ["class_name"] = ClassName, ["config"] = get_config(), ["registered_name"] = ClassName };
    }

    public override Dictionary<string, object?> get_config() =>
        new(_config.Select(c => KeyValuePair.Create(c.Key, OperationArguments.ConfigForm(c.Key, c.Value))).Prepend(KeyValuePair.Create("name", (object?)name)));

    /// <summary>Checks nothing: the arguments decide the overload.</summary>
    protected override void BeforeCall(CallArguments args) { }

    public override Tensors call(CallArguments args)
    {
        using var inferring = Graph.Current is { IsScratch: true } ? KeptOp.Infer() : null;
        var given = new Dictionary<string, object?>(_config);
        foreach (var (key, value) in args.Options) given[key] = value;
        foreach (var (key, value) in args.Inputs.Named()) given[key] = value;
        foreach (var method in OperationArguments.MethodsOf(_function).OrderByDescending(m => m.GetParameters().Count(p => given.ContainsKey(p.Name!))))
            if (OperationArguments.Fit(method.GetParameters(), given, _form?.Fixed) is { } values)
                return OperationArguments.ToTensors(method.Invoke(OperationArguments.TargetOf(method), BindingFlags.DoNotWrapExceptions, null, values, CultureInfo.InvariantCulture)!);
        throw new UnsupportedException("An operation does not take the arguments of a config", $"'{name}' ({ClassName})",
            string.Join("; ", OperationArguments.MethodsOf(_function).Select(m => $"{_function}({string.Join(", ", m.GetParameters().Select(p => p.Name))})")), string.Join(", ", given.Keys));
    }
}
