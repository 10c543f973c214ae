using System.Collections.Concurrent;
using Keras.Engines;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>A model's state between calls of <c>generate</c>: compiled functions by key, and free caches for the next call.</summary>
sealed class DecoderStore
{
    /// <summary>The number of caches of one size kept for the next call; others are released.</summary>
    const int SpareCaches = 2;

    readonly ConcurrentDictionary<string, TracedFunction> _functions = new();
    readonly Dictionary<CacheSize, Stack<FixedSizeCache>> _spare = [];
    readonly Lock _tracing = new();

    /// <summary>The number of traces of all functions.</summary>
    public int TraceCount => _functions.Values.Sum(f => f.TraceCount);

    /// <summary>The number of call forms that XLA has compiled.</summary>
    public int CompileCount => _functions.Values.Sum(f => f.CompileCount);

    /// <summary>The function of a key, made on first use.</summary>
    /// <param name="key">All that its graph depends on besides the dtypes and shapes of its inputs.</param>
    /// <param name="body">The function.</param>
    /// <param name="jit">Whether XLA compiles it.</param>
    public TracedFunction Function(string key, Func<Tensors, Tensors> body, bool jit) =>
        _functions.GetOrAdd(KeyOf(key, jit), _ => new TracedFunction("generate", body, new CompileOptions(jit)));

    /// <summary>A function whose traces wait for one another: a user's model may keep tensors in fields while it is called, and two traces would exchange them.</summary>
    public Func<Tensors, Tensors> OneAtATime(Func<Tensors, Tensors> body) => x =>
    {
        lock (_tracing) return body(x);
    };

    /// <summary>Whether the function of a key was made.</summary>
    public bool Has(string key, bool jit) => _functions.ContainsKey(KeyOf(key, jit));

    static string KeyOf(string key, bool jit) => jit ? $"xla {key}" : key;

    /// <summary>Applies a choice to scores outside a step.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="raw">The model's scores, (R, V).</param>
    /// <param name="inputs">The choice's inputs for these rows.</param>
    /// <param name="eager">Whether to run eagerly, without a trace.</param>
    public Tensors Choose(Choice choice, Tensor raw, Dictionary<string, Tensors> inputs, bool eager)
    {
        if (eager || !choice.IsTensors) return new Tensors(choice.Run(raw, new Tensors(inputs)));
        return Function($"choose {choice.Key}", x => new Tensors(choice.Run(x["raw"].Single, x)), jit: false).Call(new Tensors(new Dictionary<string, Tensors>(inputs) { ["raw"] = raw }));
    }

    /// <summary>Gives a cache of a size: one that an earlier call returned, or a new one.</summary>
    public FixedSizeCache Rent(CacheSize size)
    {
        lock (_spare)
        {
            if (_spare.TryGetValue(size, out var free) && free.TryPop(out var cache)) return cache;
        }
        return NewCache(size);
    }

    /// <summary>Makes a cache that belongs to the caller.</summary>
    public static FixedSizeCache NewCache(CacheSize size) => new(size.Form.Layers, size.Rows, size.Form.Heads, size.Places, size.Form.Size, size.DType);

    /// <summary>Takes a cache back. Caches of other sizes are released, so that calls of different sizes do not pile them up.</summary>
    public void Return(CacheSize size, FixedSizeCache cache)
    {
        lock (_spare)
        {
            if (!_spare.TryGetValue(size, out var free))
            {
                _spare.Clear();
                _spare[size] = free = new();
            }
            if (free.Count < SpareCaches) free.Push(cache);
        }
    }

    /// <summary>Drops the functions, whose graphs hold the model's variables.</summary>
    public void Drop()
    {
        foreach (var key in _functions.Keys)
            if (_functions.TryRemove(key, out var function)) function.Dispose();
    }
}

/// <summary>The size of a cache.</summary>
readonly record struct CacheSize(CacheForm Form, int Rows, int Places, DType DType, string Engine)
{
    /// <summary>The bytes of all keys and values.</summary>
    public long Bytes => 2L * Form.Layers * Rows * Form.Heads * Places * Form.Size * DType.Size;
}
