using Keras.Engines;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>How a file's array becomes a variable's, and back.</summary>
public enum WeightTransform
{
    /// <summary>As it is.</summary>
    None,
    /// <summary>A dense kernel: PyTorch keeps (O, I), Keras (I, O).</summary>
    Transpose,
}

/// <summary>One row of a model's weight table; <c>{i}</c> stands for a layer's number in both names. Rows stand in the order of PyTorch's state_dict.</summary>
/// <param name="Key">The name in Hugging Face's PyTorch files.</param>
/// <param name="Path">The names of our layers and the variable, joined by '/'.</param>
/// <param name="Transform">How the array changes.</param>
public sealed record WeightRow(string Key, string Path, WeightTransform Transform = WeightTransform.None)
{
    /// <summary>Other names under which files may hold the same array, because PyTorch ties it to another module; never written.</summary>
    public IReadOnlyList<string> Tied { get; init; } = [];

    /// <summary>The row of one layer.</summary>
    internal WeightRow Of(int layer)
    {
        var number = layer.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return this with { Key = Key.Replace("{i}", number, StringComparison.Ordinal), Path = Path.Replace("{i}", number, StringComparison.Ordinal) };
    }

    internal bool IsOfLayers => Path.Contains("{i}", StringComparison.Ordinal);

    /// <summary>A dense layer's weight and bias.</summary>
    public static WeightRow[] Dense(string key, string path) => [new($"{key}.weight", $"{path}/kernel", WeightTransform.Transpose), new($"{key}.bias", $"{path}/bias")];

    /// <summary>A normalisation's scale and offset.</summary>
    public static WeightRow[] Norm(string key, string path) => [new($"{key}.weight", $"{path}/gamma"), new($"{key}.bias", $"{path}/beta")];

    /// <summary>A table of vectors.</summary>
    public static WeightRow[] Embedding(string key, string path) => [new($"{key}.weight", $"{path}/embeddings")];
}

/// <summary>Which key of a file is which variable of a model; reversible.</summary>
sealed class WeightTable
{
    readonly Dictionary<string, (Variable Variable, WeightTransform Transform)> _byKey = [];
    readonly Dictionary<string, string> _tied = [];

    /// <summary>The table of a built model; every variable that is saved has exactly one row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows, <c>{i}</c> standing for layer numbers.</param>
    public WeightTable(Layer model, IEnumerable<WeightRow> rows)
    {
        var paths = LayerPaths.Of(model).Where(p => !p.Variable.name.EndsWith("seed_generator_state", StringComparison.Ordinal)).ToDictionary(p => p.Path, p => p.Variable);
        var unmapped = paths.Keys.ToHashSet();
        foreach (var row in Expanded([.. rows], paths.ContainsKey))
        {
            if (!paths.TryGetValue(row.Path, out var variable)) continue;
            _byKey.Add(row.Key, (variable, row.Transform));
            foreach (var name in row.Tied) _tied.Add(name, row.Key);
            unmapped.Remove(row.Path);
        }
        if (unmapped.Count > 0) throw new InvalidOperationException($"{model.GetType().Name}'s weight table has no row for: {string.Join(", ", unmapped.Order())}.");
    }

    /// <summary>Layer after layer, as a state_dict has them: neighbouring rows of layers are gone through together.</summary>
    static IEnumerable<WeightRow> Expanded(List<WeightRow> rows, Func<string, bool> exists)
    {
        for (var from = 0; from < rows.Count;)
        {
            if (!rows[from].IsOfLayers)
            {
                yield return rows[from++];
                continue;
            }
            var layers = rows.Skip(from).TakeWhile(r => r.IsOfLayers).ToList();
            for (var i = 0; layers.Any(r => exists(r.Of(i).Path)); i++)
                foreach (var row in layers) yield return row.Of(i);
            from += layers.Count;
        }
    }

    public IReadOnlyCollection<string> Keys => _byKey.Keys;

    /// <summary>Names of arrays that are the same as others, and those others.</summary>
    public IReadOnlyDictionary<string, string> Tied => _tied;

    public bool Contains(string key) => _byKey.ContainsKey(key);

    public Variable VariableOf(string key) => _byKey[key].Variable;

    /// <summary>The bytes of the variables that lie transposed in a file, and so are not mapped from it.</summary>
    public long TransposedBytes => _byKey.Values.Where(w => w.Transform == WeightTransform.Transpose).Sum(w => w.Variable.size * w.Variable.dtype.Size);

    /// <summary>The shape that a key has in a file.</summary>
    public Shape FileShape(string key)
    {
        var (variable, transform) = _byKey[key];
        return transform == WeightTransform.Transpose ? new Shape(variable.shape[1], variable.shape[0]) : variable.shape;
    }

    /// <summary>Sets the variable of <paramref name="key"/> from an array in the file's layout and any floating dtype.</summary>
    public unsafe void Load(string key, SafetensorsSource source, string fileKey)
    {
        var (variable, transform) = _byKey[key];
        var engine = Engine.Current;
        var entry = source.Entries[fileKey];
        var count = variable.shape.ElementCount;
        var memory = WidenedTo(variable.dtype, entry.DType, source, fileKey, count);
        if (transform == WeightTransform.Transpose)
        {
            var turned = engine.Allocate(variable.dtype, variable.shape);
            Transpose2D.Run(memory.Address, turned.Address, variable.shape[1], variable.shape[0], variable.dtype.Size);
            memory.Dispose();
            memory = turned;
        }
        using var tensor = new EagerTensor(engine.FromHost(memory, variable.dtype, variable.shape), engine);
        variable.Load(tensor);
    }

    /// <summary>A file's elements in a variable's dtype.</summary>
    static HostMemory WidenedTo(DType dtype, DType found, SafetensorsSource source, string key, long count)
    {
        if (found == dtype) return source.GetMemory(key);
        var memory = new AlignedMemory(count * dtype.Size);
        var bytes = source.GetBytes(key);
        if (dtype == DType.Float32 && found == DType.Float16) HalfConvert.Widen(Cast<Half>(bytes), Cast<float>(memory));
        else if (dtype == DType.Float32 && found == DType.BFloat16) HalfConvert.Widen(Cast<BFloat16>(bytes), Cast<float>(memory));
        else if (found == DType.Float32 && dtype == DType.Float16) HalfConvert.Narrow(Cast<float>(bytes), Cast<Half>(memory));
        else if (found == DType.Float32 && dtype == DType.BFloat16) HalfConvert.Narrow(Cast<float>(bytes), Cast<BFloat16>(memory));
        else
        {
            memory.Dispose();
            throw new WeightLoadException("A weight cannot be read in the model's dtype", key, dtype.Name, found.Name, "Save the weights as float32, float16 or bfloat16.");
        }
        return memory;
    }

    static ReadOnlySpan<T> Cast<T>(ReadOnlySpan<byte> bytes) where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(bytes);

    static Span<T> Cast<T>(HostMemory memory) where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(memory.AsSpan());

    /// <summary>The variable of <paramref name="key"/> in the file's layout, fetched when it is written.</summary>
    public SafetensorsTensor ToFile(string key)
    {
        var (variable, transform) = _byKey[key];
        return SafetensorsTensor.Of(key, variable.dtype, FileShape(key), () => Fetch(variable, transform));
    }

    static unsafe AlignedMemory Fetch(Variable variable, WeightTransform transform)
    {
        var memory = new AlignedMemory(variable.shape.ElementCount * variable.dtype.Size);
        using var value = (EagerTensor)variable.value;
        if (memory.Length > 0) value.Engine.CopyToHost(value.Handle, memory.AsSpan());
        if (transform != WeightTransform.Transpose) return memory;
        using (memory)
        {
            var turned = new AlignedMemory(memory.Length);
            Transpose2D.Run(memory.Address, turned.Address, variable.shape[0], variable.shape[1], variable.dtype.Size);
            return turned;
        }
    }
}
