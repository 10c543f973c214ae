using System.Collections;

namespace Keras;

/// <summary>Named numbers that training reports: the loss, metrics, and what callbacks add.</summary>
/// <remarks>Values of a step stay with the engine until they are read.</remarks>
public sealed class Logs : IEnumerable<KeyValuePair<string, double>>
{
    readonly List<KeyValuePair<string, double>> _values = [];
    Tensors? _pending;
    bool _released;

    /// <summary>Makes logs without values.</summary>
    public Logs() { }

    /// <summary>Makes logs from the given values.</summary>
    public Logs(IEnumerable<KeyValuePair<string, double>> values) => _values.AddRange(values);

    /// <summary>Makes logs of named scalars that are only read when first needed.</summary>
    internal Logs(Tensors pending) => _pending = pending;

    /// <summary>The model's outputs for the batch, in <c>on_predict_batch_end</c>; null elsewhere.</summary>
    public Tensors? outputs { get; internal init; }

    /// <summary>The number of logged values.</summary>
    public int Count => Read().Count;

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Keys => Read().Select(v => v.Key);

    /// <summary>A value by its name, such as "loss".</summary>
    /// <exception cref="KeyNotFoundException">There is none with that name.</exception>
    public double this[string name]
    {
        get => TryGet(name, out var value) ? value : throw new KeyNotFoundException($"The logs have no '{name}'. Known: {Known.List(Keys)}.");
        set
        {
            var values = Read();
            var index = values.FindIndex(v => v.Key == name);
            if (index < 0) values.Add(new(name, value));
            else values[index] = new(name, value);
        }
    }

    /// <summary>Looks up a value by its name.</summary>
    public bool TryGet(string name, out double value)
    {
        var values = Read();
        var index = values.FindIndex(v => v.Key == name);
        value = index < 0 ? 0 : values[index].Value;
        return index >= 0;
    }

    /// <summary>Whether there is a value of that name.</summary>
    public bool ContainsKey(string name) => TryGet(name, out _);

    /// <summary>The values in order.</summary>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => Read().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(" - ", Read().Select(v => FormattableString.Invariant($"{v.Key}: {v.Value:0.####}")));

    internal List<KeyValuePair<string, double>> Read()
    {
        if (_pending is null) return _values;
        if (_released)
            throw new InvalidOperationException("The logs of a step are read after the step, and nobody had read them before. Read them in the callback.");
        foreach (var (name, value) in _pending.Named()) _values.Add(new(name, ScalarOf(name, value.Single.RequireEager())));
        Free();
        return _values;
    }

    /// <summary>Frees scalars that were never read.</summary>
    internal void Release()
    {
        _released = true;
        if (_pending is null) return;
        foreach (var tensor in _pending.Flatten()) (tensor as IDisposable)?.Dispose();
    }

    void Free()
    {
        foreach (var tensor in _pending!.Flatten()) (tensor as IDisposable)?.Dispose();
        _pending = null;
    }

    static double ScalarOf(string name, EagerTensor tensor)
    {
        var host = tensor.ToHost();
        var values = host.ToDouble();
        return values.Length == 1 ? values[0] : values.Length == 0 ? 0 : values.Average();
    }
}
