using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>The tensors of one call by name, whichever way they were given: by keyword, in a dictionary, as a list or as one tensor.</summary>
public sealed class ModelInputs
{
    readonly Dictionary<string, Tensors> _byName = [];
    readonly string _owner;

    /// <param name="owner">Whose inputs they are, for messages.</param>
    /// <param name="names">What it takes, the main input first.</param>
    /// <param name="args">The call.</param>
    /// <exception cref="ArgumentException">A name is unknown or given twice, or a list is too long.</exception>
    internal ModelInputs(string owner, IReadOnlyList<string> names, CallArguments args)
    {
        _owner = owner;
        void Add(string name, Tensors value)
        {
            if (!names.Contains(name)) throw new ArgumentException($"{owner} takes no input '{name}'. Expected: {string.Join(", ", names)}.");
            if (!_byName.TryAdd(name, value)) throw new ArgumentException($"The input '{name}' was given twice, in the inputs and by keyword.");
        }
        foreach (var (name, value) in Named(names, args.Inputs)) Add(name, value);
        foreach (var (name, value) in args.Tensors) Add(name, value);
    }

    /// <summary>The first argument of a call by name: a dictionary as it is, a list by position, one tensor as the main input.</summary>
    internal static IEnumerable<KeyValuePair<string, Tensors>> Named(IReadOnlyList<string> names, Tensors inputs) =>
        inputs.IsDictionary ? inputs.Named()
        : inputs.IsLeaf ? [KeyValuePair.Create(names[0], inputs)]
        : inputs.Select((value, i) => KeyValuePair.Create(i < names.Count ? names[i] : $"#{i}", value));

    /// <summary>An input; null where it was not given.</summary>
    public Tensor? this[string name] => _byName.TryGetValue(name, out var value) ? value.Single : null;

    /// <summary>An integer input as int32; null where it was not given.</summary>
    public Tensor? Integer(string name) => this[name] is { } tensor ? Tf.Cast(tensor, DType.Int32) : null;

    /// <summary>An input that may be nested; null where it was not given.</summary>
    public Tensors? Nested(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Checks that exactly one of two inputs was given.</summary>
    /// <exception cref="ArgumentException">None or both were given.</exception>
    public void RequireOneOf(string a, string b)
    {
        var given = _byName.ContainsKey(a);
        if (given == _byName.ContainsKey(b)) throw new ArgumentException($"{_owner} takes either {a} or {b}. Received: {(given ? "both" : "neither")}.");
    }

    /// <summary>The inputs of these names, as a dictionary.</summary>
    public Tensors Only(IEnumerable<string> names, Func<string, Tensors, Tensors>? change = null) =>
        new(names.Where(_byName.ContainsKey).Select(n => KeyValuePair.Create(n, change is null ? _byName[n] : change(n, _byName[n]))));
}
