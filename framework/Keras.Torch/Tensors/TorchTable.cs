using System.Collections.Concurrent;

namespace Keras.Engines.Torch;

/// <summary>The keys by which a dense table of TensorFlow marks places that hold no entry.</summary>
sealed record TableMarks(byte[] Empty, byte[] Deleted)
{
    public bool Equals(TableMarks? other) => other is not null && Empty.AsSpan().SequenceEqual(other.Empty) && Deleted.AsSpan().SequenceEqual(other.Deleted);

    public override int GetHashCode() => HashCode.Combine(Empty.Length, Deleted.Length);
}

/// <summary>A lookup table of keys and values as bytes.</summary>
/// <param name="keys">The dtype of keys.</param>
/// <param name="values">The dtype of values.</param>
/// <param name="marks">Keys that no entry has; null unless the table is a dense one.</param>
sealed class TorchTable(DType keys, DType values, TableMarks? marks = null) : TorchResource
{
    static readonly ConcurrentDictionary<string, TorchTable> Shared = new();

    readonly Lock _lock = new();
    readonly Dictionary<string, byte[]> _entries = [];

    /// <summary>The shared table with a name, made on first use.</summary>
    public static TorchTable Named(string name, DType keys, DType values, TableMarks? marks = null) => Shared.GetOrAdd(name, static (_, d) => new(d.keys, d.values, d.marks), (keys, values, marks));

    /// <summary>The dtype of keys.</summary>
    public DType KeyDType => keys;

    /// <summary>The dtype of values.</summary>
    public DType ValueDType => values;

    /// <summary>Whether the table is what an op with these attributes would make.</summary>
    public bool Fits(DType keyDType, DType valueDType, TableMarks? others) => keyDType == keys && valueDType == values && marks == others;

    /// <summary>Whether it stands for a dense table.</summary>
    public bool IsDense => marks is not null;

    /// <summary>TensorFlow's name of what a key marks; null for a key that an entry may have.</summary>
    public string? MarkOf(byte[] key) => marks is null ? null : key.AsSpan().SequenceEqual(marks.Empty) ? "empty_key" : key.AsSpan().SequenceEqual(marks.Deleted) ? "deleted_key" : null;

    /// <summary>The number of entries.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    /// <summary>Finds the value of a key, or null.</summary>
    public byte[]? Find(byte[] key)
    {
        lock (_lock) return _entries.GetValueOrDefault(Text(key));
    }

    /// <summary>Sets entries, except keys that mark places; with <paramref name="isNew"/> all earlier entries are removed first.</summary>
    public void Insert(IReadOnlyList<byte[]> newKeys, IReadOnlyList<byte[]> newValues, bool isNew = false)
    {
        lock (_lock)
        {
            if (isNew) _entries.Clear();
            for (var i = 0; i < newKeys.Count; i++)
                if (MarkOf(newKeys[i]) is null) _entries[Text(newKeys[i])] = newValues[i];
        }
    }

    /// <summary>Removes entries by their keys.</summary>
    public void Remove(IReadOnlyList<byte[]> gone)
    {
        lock (_lock)
            foreach (var key in gone) _entries.Remove(Text(key));
    }

    /// <summary>Copies all entries.</summary>
    public (byte[] Key, byte[] Value)[] All()
    {
        lock (_lock) return [.. _entries.Select(e => (Array.ConvertAll(e.Key.ToCharArray(), c => (byte)c), e.Value))];
    }

    /// <inheritdoc/>
    public override TorchTable Share(Shape? shape = null) => this;

    /// <summary>Does nothing: entries are freed with the object, since other handles may refer to the same table.</summary>
    public override void Dispose() { }

    static string Text(byte[] key) => string.Create(key.Length, key, static (text, bytes) =>
    {
        for (var i = 0; i < bytes.Length; i++) text[i] = (char)bytes[i];
    });
}
