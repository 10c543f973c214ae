using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Keras;

/// <summary>The arguments of a call as a record, with a property for each. The first tensor is the main input; the other tensors and options may be null.</summary>
/// <remarks>A layer with a record is a <see cref="Layer{TArguments, TOut}"/>. A derived record adds its arguments after those of its base.</remarks>
public abstract record LayerArguments
{
    const DynamicallyAccessedMemberTypes Used = DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    static readonly ConcurrentDictionary<Type, PropertyInfo[]> PropertiesOf = new();

    /// <summary>Whether layers behave as in training; known when a layer's call gets the record.</summary>
    public bool training { get; internal init; }

    /// <summary>The names of a record's tensors, the main input first.</summary>
    public static IReadOnlyList<string> TensorNames<[DynamicallyAccessedMembers(Used)] TArguments>() where TArguments : LayerArguments =>
        [.. Properties(typeof(TArguments)).Where(IsTensor).Select(p => p.Name)];

    /// <summary>The names of all of a record's arguments, tensors first.</summary>
    public static IReadOnlyList<string> Names<[DynamicallyAccessedMembers(Used)] TArguments>() where TArguments : LayerArguments =>
        [.. Properties(typeof(TArguments)).OrderBy(p => !IsTensor(p)).Select(p => p.Name)];

    /// <summary>Makes the record from a call, whose inputs may be one tensor, an ordered list, or a dictionary.</summary>
    /// <param name="args">The call.</param>
    /// <param name="owner">Whose call it is, for messages.</param>
    /// <exception cref="ArgumentException">A tensor's name is not in the record or given twice, or a list is too long.</exception>
    internal static TArguments Of<[DynamicallyAccessedMembers(Used)] TArguments>(CallArguments args, string owner) where TArguments : LayerArguments, new()
    {
        var properties = Properties(typeof(TArguments));
        var named = ByName(TensorNames<TArguments>(), args, owner);
        var record = new TArguments { training = args.IsTraining };
        foreach (var property in properties)
        {
            if (named.TryGetValue(property.Name, out var tensors)) property.SetValue(record, property.PropertyType == typeof(Tensor) ? tensors.Single : tensors);
            else if (args.Options.TryGetValue(property.Name, out var option)) property.SetValue(record, OptionOf(property, option));
        }
        return record;
    }

    /// <summary>Every tensor of a call by its name.</summary>
    internal static Dictionary<string, Tensors> ByName(IReadOnlyList<string> names, CallArguments args, string owner)
    {
        var byName = new Dictionary<string, Tensors>();
        foreach (var (name, value) in Named(names, args.Inputs).Concat(args.Tensors))
        {
            if (!names.Contains(name)) throw new ArgumentException($"{owner} takes no input '{name}'. Expected: {Known.List(names)}.");
            if (!byName.TryAdd(name, value)) throw new ArgumentException($"The input '{name}' was given twice, in the inputs and by keyword.");
        }
        return byName;
    }

    /// <summary>The first argument as named tensors: a dictionary as it is, a list by position, one tensor as the main input.</summary>
    internal static IEnumerable<KeyValuePair<string, Tensors>> Named(IReadOnlyList<string> names, Tensors inputs) =>
        inputs.IsDictionary ? inputs.Named()
        : inputs.IsLeaf ? [KeyValuePair.Create(names[0], inputs)]
        : inputs.Select((value, i) => KeyValuePair.Create(i < names.Count ? names[i] : $"#{i}", value));

    /// <summary>Makes a call from a record.</summary>
    /// <param name="record">The arguments; null ones are not passed.</param>
    /// <param name="training">Whether layers behave as in training; null inherits.</param>
    /// <param name="inputs">The inputs, where they are not the record's main tensor: a dictionary or list of several.</param>
    internal static CallArguments ToCall<[DynamicallyAccessedMembers(Used)] TArguments>(TArguments record, bool? training = null, Tensors? inputs = null) where TArguments : LayerArguments
    {
        var properties = Properties(typeof(TArguments));
        var main = inputs is null ? properties[0].GetValue(record) : null;
        var call = new CallArguments(inputs ?? (main is null ? NoTensors : TensorsOf(main)), training);
        foreach (var property in properties)
        {
            var value = property.GetValue(record);
            if (!IsTensor(property)) call.WithOption(property.Name, value);
            else if (value is not null && !ReferenceEquals(value, main)) call.With(property.Name, TensorsOf(value));
        }
        return call;
    }

    static Tensors NoTensors => new(Array.Empty<KeyValuePair<string, Tensors>>().AsEnumerable());

    static Tensors TensorsOf(object value) => value as Tensors ?? (Tensor)value;

    static object? OptionOf(PropertyInfo property, object? option)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return option is null || type.IsInstanceOfType(option) ? option
            : throw new ArgumentException($"The option '{property.Name}' has the wrong type. Expected: {type.Name}. Received: {option} ({option.GetType().Name}).");
    }

    static bool IsTensor(PropertyInfo property) => property.PropertyType == typeof(Tensor) || property.PropertyType == typeof(Tensors);

    /// <summary>The record's properties: base class first, in source order, tensors first.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Records of arguments keep their properties: the callers' type parameters say so.")]
    static PropertyInfo[] Properties([DynamicallyAccessedMembers(Used)] Type type) => PropertiesOf.GetOrAdd(type, static t => [.. Levels(t)
        .SelectMany(level => level.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(p => p.CanWrite).OrderBy(SourceOrder.Of))
        .OrderBy(p => !IsTensor(p))]);

    static Stack<Type> Levels(Type type)
    {
        var levels = new Stack<Type>();
        for (var t = type; t is not null && t != typeof(LayerArguments); t = t.BaseType) levels.Push(t);
        return levels;
    }
}

/// <summary>A layer whose arguments are a record and whose outputs have a type of their own.</summary>
/// <typeparam name="TArguments">The arguments' record.</typeparam>
/// <typeparam name="TOut">The outputs' class.</typeparam>
public abstract class Layer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TArguments, TOut> : Layer<TOut>
    where TArguments : LayerArguments, new()
    where TOut : Tensors
{
    /// <inheritdoc/>
    protected Layer(string? name = null, bool trainable = true, DTypePolicy? dtype = null) : base(name, trainable, dtype) { }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters { get; } = LayerArguments.Names<TArguments>();

    /// <summary>Computes the outputs from the record; override it.</summary>
    /// <param name="args">The arguments, tensors cast to the layer's compute dtype.</param>
    protected abstract TOut call(TArguments args);

    /// <inheritdoc/>
    public sealed override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return call(LayerArguments.Of<TArguments>(args, GetType().Name));
    }

    /// <summary>Applies the layer to a record of arguments.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="training">Whether to behave as in training; null inherits from the enclosing call, then false.</param>
    public TOut Apply(TArguments args, bool? training = null) => Apply(LayerArguments.ToCall(args ?? throw new ArgumentNullException(nameof(args)), training));
}
