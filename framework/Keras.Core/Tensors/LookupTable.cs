using Keras.Graphs;

namespace Keras;

/// <summary>A lookup table that its owner fills: layers look keys up in it, eagerly and in graphs, and exports write it into their files.</summary>
/// <param name="name">The name in exports.</param>
/// <param name="keys">The dtype of keys.</param>
/// <param name="values">The dtype of values.</param>
sealed class LookupTable(string name, DType keys, DType values)
{
    readonly Lock _making = new();
    readonly List<(Engines.IEngine Engine, EagerTensor Handle)> _handles = [];
    (HostTensor Keys, HostTensor Values)? _entries;

    public string Name => name;

    public DType KeyDType => keys;

    public DType ValueDType => values;

    /// <summary>What the table holds; null before it is filled.</summary>
    public (HostTensor Keys, HostTensor Values)? Entries => _entries;

    /// <summary>Replaces the table's entries, also for functions already traced with it.</summary>
    public void Fill(HostTensor newKeys, HostTensor newValues)
    {
        lock (_making)
        {
            _entries = (newKeys, newValues);
            foreach (var (_, handle) in _handles) Import(handle);
        }
    }

    /// <summary>The resource, made when it is first needed.</summary>
    public EagerTensor Handle()
    {
        var engine = Engines.Engine.Current;
        lock (_making)
        {
            foreach (var (of, known) in _handles)
                if (ReferenceEquals(of, engine)) return known;
            using (Graph.Suspend())
            {
                var made = Tf.MutableHashTable(keys, values).RequireEager();
                made.Table = this;
                if (_entries is not null) Import(made);
                _handles.Add((engine, made));
                return made;
            }
        }
    }

    void Import(EagerTensor handle)
    {
        using (Graph.Suspend()) Tf.ImportTable(handle, Tf.Constant(_entries!.Value.Keys), Tf.Constant(_entries.Value.Values));
    }

    /// <summary>The values of keys; keys that are missing get a default, a scalar.</summary>
    public Tensor Find(Tensor wanted, Tensor missing) => Tf.Lookup(Handle(), wanted, missing);
}
