namespace Keras;

/// <summary>The arguments of one call of a layer: its inputs, further named tensors, masks, options that are not tensors, and whether it is training.</summary>
public sealed class CallArguments
{
    readonly Dictionary<string, Tensors> _tensors = [];
    readonly Dictionary<string, object?> _options = [];

    /// <summary>The arguments of a call with these inputs.</summary>
    /// <param name="inputs">The first argument of the call.</param>
    /// <param name="training">Whether layers behave as in training (dropout); null inherits from the enclosing call, then false.</param>
    public CallArguments(Tensors inputs, bool? training = null) => (Inputs, Training) = (inputs ?? throw new ArgumentNullException(nameof(inputs)), training);

    /// <summary>The first argument of the call.</summary>
    public Tensors Inputs { get; internal set; }

    /// <summary>Whether layers behave as in training; resolved before <see cref="Layer.call(CallArguments)"/> runs.</summary>
    public bool? Training { get; internal set; }

    /// <summary>A mask of the input steps that are not padding; null if none are padding.</summary>
    public Tensor? Mask { get; set; }

    /// <summary>The mask of each tensor of the inputs, null for none: as given, otherwise as the tensors carry it.</summary>
    public IReadOnlyList<Tensor?> Masks => _masks ?? [.. Inputs.Flatten().Select((t, i) => i == 0 && Mask is not null ? Mask : t.KerasMask)];

    Tensor?[]? _masks;

    /// <summary>Gives each tensor of the inputs its mask.</summary>
    public CallArguments WithMasks(params IEnumerable<Tensor?> masks)
    {
        _masks = [.. masks];
        Mask = _masks.Length > 0 ? _masks[0] : null;
        return this;
    }

    /// <summary>Whether layers behave as in training.</summary>
    public bool IsTraining => Training ?? false;

    /// <summary>A further tensor by name; null if not given.</summary>
    public Tensors? this[string name]
    {
        get => _tensors.GetValueOrDefault(name);
        set
        {
            if (value is null) _tensors.Remove(name);
            else _tensors[name] = value;
        }
    }

    /// <summary>The named tensors besides the inputs.</summary>
    public IReadOnlyDictionary<string, Tensors> Tensors => _tensors;

    /// <summary>The options: static values that select a trace.</summary>
    public IReadOnlyDictionary<string, object?> Options => _options;

    /// <summary>An option, or a default if it was not given.</summary>
    /// <exception cref="ArgumentException">The option is of another type.</exception>
    public T Option<T>(string name, T otherwise) => !_options.TryGetValue(name, out var value) ? otherwise
        : value is T typed ? typed
        : throw new ArgumentException($"The option '{name}' has the wrong type. Expected: {(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)).Name}. Received: {value} ({value!.GetType().Name}).");

    /// <summary>Sets an option; null removes it.</summary>
    public CallArguments WithOption(string name, object? value)
    {
        if (value is not null) _options[name] = value;
        return this;
    }

    /// <summary>Sets a named tensor; null removes it.</summary>
    public CallArguments With(string name, Tensors? value)
    {
        this[name] = value;
        return this;
    }

    /// <summary>Every tensor of the call: the inputs, then the named ones sorted by name.</summary>
    internal IEnumerable<Tensor> AllTensors() => Inputs.Flatten().Concat(_tensors.OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => t.Value.Flatten()));

    /// <summary>The same call with other tensors, in the order of <see cref="AllTensors"/>.</summary>
    internal CallArguments With(IEnumerable<Tensor> tensors)
    {
        var next = new Queue<Tensor>(tensors);
        Tensors Take(Tensors like) => like.Map(_ => next.Dequeue());
        var changed = new CallArguments(Take(Inputs), Training) { Mask = Mask };
        foreach (var (name, value) in _tensors.OrderBy(t => t.Key, StringComparer.Ordinal)) changed._tensors[name] = Take(value);
        foreach (var (name, value) in _options) changed._options[name] = value;
        changed._masks = _masks;
        return changed;
    }

    /// <summary>The masks that the caller gave.</summary>
    internal IReadOnlyList<Tensor?> GivenMasks => _masks ?? (Mask is null ? [] : [Mask]);

    /// <summary>The same call with each tensor replaced.</summary>
    internal CallArguments Map(Func<Tensor, Tensor> change)
    {
        var mapped = new CallArguments(Inputs.Map(change), Training) { Mask = Mask is null ? null : change(Mask) };
        if (_masks is not null) mapped.WithMasks(_masks.Select(m => m is null ? null : change(m)));
        foreach (var (name, value) in _tensors) mapped._tensors[name] = value.Map(change);
        foreach (var (name, value) in _options) mapped._options[name] = value;
        return mapped;
    }
}
