using Keras.Engines;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>One row of a model's weight table; <c>{i}</c> stands for a layer's number in both names. Rows are in the order of PyTorch's state_dict.</summary>
/// <param name="Key">The name in Hugging Face's PyTorch files.</param>
/// <param name="Path">The names of our layers and the variable, joined by '/'.</param>
public sealed record WeightRow(string Key, string Path)
{
    /// <summary>How the array changes between PyTorch's layout and ours; by default not at all.</summary>
    public WeightTransform Transform { get; init; } = WeightTransform.None;

    /// <summary>How the array changes between TensorFlow's layout and ours; by default not at all.</summary>
    public WeightTransform TensorFlowTransform { get; init; } = WeightTransform.None;

    /// <summary>Other names under which files may hold the same array, because PyTorch ties it to another module; never written.</summary>
    public IReadOnlyList<string> Tied { get; init; } = [];

    /// <summary>The last part of the name in Hugging Face's TensorFlow files; null if it is our variable's name.</summary>
    public string? TensorFlowName { get; init; }

    /// <summary>The number of rows by which the weight comes later in Hugging Face's TensorFlow models than here.</summary>
    public int LaterInTensorFlow { get; init; }

    /// <summary>Makes the row for one layer.</summary>
    internal WeightRow Of(int layer)
    {
        var number = layer.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return this with { Key = Key.Replace("{i}", number, StringComparison.Ordinal), Path = Path.Replace("{i}", number, StringComparison.Ordinal) };
    }

    internal bool IsOfLayers => Path.Contains("{i}", StringComparison.Ordinal);

    /// <summary>A dense layer's weight and bias.</summary>
    public static WeightRow[] Dense(string key, string path) => [new($"{key}.weight", $"{path}/kernel") { Transform = WeightTransform.Transpose }, new($"{key}.bias", $"{path}/bias")];

    /// <summary>A normalisation's scale and offset.</summary>
    public static WeightRow[] Norm(string key, string path) => [new($"{key}.weight", $"{path}/gamma"), new($"{key}.bias", $"{path}/beta")];

    /// <summary>The row of a table of vectors.</summary>
    public static WeightRow[] Embedding(string key, string path) => [new($"{key}.weight", $"{path}/embeddings")];
}

/// <summary>A key's mapping to a model.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Row">The row it came from.</param>
/// <param name="LastName">The last part of the name in TensorFlow files.</param>
/// <param name="TensorFlowPlace">The index among the weights of Hugging Face's TensorFlow models.</param>
/// <param name="Part">The index of the part it belongs to.</param>
readonly record struct MappedWeight(Variable Variable, WeightRow Row, string LastName, double TensorFlowPlace, int Part)
{
    /// <summary>The conversion between a file's layout and ours.</summary>
    public WeightTransform In(WeightNaming naming) => naming == WeightNaming.PyTorch ? Row.Transform : Row.TensorFlowTransform;
}

/// <summary>Maps keys in files to variables of a model and back. The keys are PyTorch's; TensorFlow's names are derived from them.</summary>
sealed class WeightTable
{
    readonly Dictionary<string, MappedWeight> _byKey = [];
    readonly List<WeightPart> _parts = [];
    Dictionary<string, string>? _byTensorFlowName;
    readonly Dictionary<string, string> _tied = [];

    /// <summary>Makes the table of a model, in which every saved variable has exactly one row.</summary>
    /// <param name="owner">The model's class, for messages.</param>
    /// <param name="variables">The model's variables by path.</param>
    /// <param name="parts">The models it is made of, in TensorFlow's order, and its own weights.</param>
    /// <param name="basePrefix">The name of the backbone: "bert".</param>
    public WeightTable(string owner, IEnumerable<(string Path, Variable Variable)> variables, IEnumerable<WeightPart> parts, string basePrefix)
    {
        (Owner, BasePrefix) = (owner, basePrefix);
        var paths = variables.Where(p => !p.Variable.name.EndsWith("seed_generator_state", StringComparison.Ordinal)).ToDictionary(p => p.Path, p => p.Variable);
        var unmapped = paths.Keys.ToHashSet();
        foreach (var part in parts) Add(part, paths, unmapped);
        if (unmapped.Count > 0) throw new InvalidOperationException($"{owner}'s weight table has no row for: {Known.List(unmapped.Order())}.");
    }

    void Add(WeightPart part, Dictionary<string, Variable> paths, HashSet<string> unmapped)
    {
        var keys = new List<string>();
        foreach (var row in Expanded([.. part.Rows], p => paths.ContainsKey(part.Scope + p)))
        {
            var path = part.Scope + row.Path;
            if (!paths.TryGetValue(path, out var variable)) continue;
            var place = _byKey.Count + (row.LaterInTensorFlow > 0 ? row.LaterInTensorFlow + 0.5 : 0);
            _byKey.Add(part.Prefix + row.Key, new(variable, row, row.TensorFlowName ?? row.Path[(row.Path.LastIndexOf('/') + 1)..], place, _parts.Count));
            foreach (var name in row.Tied) _tied.Add(part.Prefix + name, part.Prefix + row.Key);
            keys.Add(row.Key);
            unmapped.Remove(path);
        }
        // In PyTorch, the keys of a bare backbone lack its name.
        var backbone = part.BasePrefix + ".";
        _parts.Add(part with { MissingPrefix = part.BasePrefix.Length == 0 || keys.Exists(k => k.StartsWith(backbone, StringComparison.Ordinal)) ? "" : backbone });
    }

    /// <summary>The model's class, for messages.</summary>
    public string Owner { get; }

    /// <summary>The name of the backbone: "bert".</summary>
    public string BasePrefix { get; }

    /// <summary>Finds our key, or a tied name, for PyTorch's key; null for neither.</summary>
    public string? Find(string fileKey) => _parts.Where(p => p.Has(fileKey)).SelectMany(p => p.Spellings(fileKey)).FirstOrDefault(k => Contains(k) || Tied.ContainsKey(k));

    /// <summary>Converts a file's key to the table's form.</summary>
    public string Modern(string fileKey) => PartOf(fileKey).Modern(fileKey);

    /// <summary>Whether a key in PyTorch's form is one that a file may hold but the model does not use.</summary>
    /// <param name="key">The key.</param>
    /// <param name="withHeads">Whether to include other heads.</param>
    public bool IsIdle(string key, bool withHeads) => _parts.Exists(p => p.Has(key) && (p.IsBuffer(key) || (withHeads && p.IsOfOtherHead(key))));

    /// <summary>The innermost part that a key belongs to; without a part's name, the model itself.</summary>
    WeightPart PartOf(string key) => _parts.Where(p => p.Has(key)).MaxBy(p => p.Prefix.Length)!;

    /// <summary>Expands rows layer by layer, as in a state_dict, where neighbouring rows of layers belong together.</summary>
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

    /// <summary>The names of tied arrays, with the names of the originals.</summary>
    public IReadOnlyDictionary<string, string> Tied => _tied;

    public bool Contains(string key) => _byKey.ContainsKey(key);

    public Variable VariableOf(string key) => _byKey[key].Variable;

    /// <summary>The bytes of the variables that have another layout in a file, and so cannot be mapped.</summary>
    public long ReorderedBytesIn(WeightNaming naming) =>
        _byKey.Values.Where(w => !w.In(naming).KeepsElements).Sum(w => w.Variable.size * w.Variable.dtype.Size);

    /// <summary>Our key for a name in a TensorFlow file, or null.</summary>
    public string? KeyOf(string tensorFlowName)
    {
        _byTensorFlowName ??= _byKey.Keys.ToDictionary(k => FileName(k, WeightNaming.TensorFlow), StringComparer.Ordinal);
        return _byTensorFlowName.TryGetValue(tensorFlowName, out var key) || (WeightNames.OtherSpelling(tensorFlowName) is { } other && _byTensorFlowName.TryGetValue(other, out key)) ? key : null;
    }

    /// <summary>A key's name in a file.</summary>
    public string FileName(string key, WeightNaming naming) =>
        naming == WeightNaming.PyTorch ? key : _parts[_byKey[key].Part].ToTensorFlow(key, _byKey[key].LastName);

    /// <summary>The keys in the order of Hugging Face's TensorFlow models, layer after layer.</summary>
    public IEnumerable<string> KeysInTensorFlowOrder => _byKey.Keys.OrderBy(k => _byKey[k].Part).ThenBy(k => _parts[_byKey[k].Part].IsLast(k)).ThenBy(k => _byKey[k].TensorFlowPlace);

    /// <summary>The name prefix of other layers' weights that a layer of TensorFlow's models also holds; null for none.</summary>
    public string? SharedWith(string layer) => _parts.Select(p => p.SharedWith(layer)).FirstOrDefault(s => s is not null);

    /// <summary>A key's shape in a file.</summary>
    public Shape FileShape(string key, WeightNaming naming = WeightNaming.PyTorch) => _byKey[key].In(naming).FileShape(_byKey[key].Variable.shape);

    /// <summary>Arrays below this size are copied: one that is mapped costs up to a huge page of the file around it.</summary>
    const long WorthMapping = 1 << 20;

    /// <summary>Sets the variable of <paramref name="key"/> from an array in the file's layout and any floating dtype.</summary>
    /// <returns>Whether the array was copied; otherwise the variable stands on the mapped file.</returns>
    public bool Load(string key, WeightSource source, string fileKey)
    {
        var (variable, engine) = (_byKey[key].Variable, Engine.Current);
        var (transform, entry) = (_byKey[key].In(source.Naming), source.Entries[fileKey]);
        HostMemory Allocate() => engine.Allocate(variable.dtype, variable.shape);
        var found = WidenedTo(variable.dtype, entry, variable.shape.ElementCount);
        var memory = transform.FromFile(found, variable.shape, variable.dtype.Size, Allocate);
        if (memory == found && memory.Length < WorthMapping) memory = Copied(memory, Allocate());
        using var tensor = new EagerTensor(engine.FromHost(memory, variable.dtype, variable.shape), engine);
        variable.Load(tensor);
        return memory != found || entry.DType != variable.dtype;
    }

    static HostMemory Copied(HostMemory from, HostMemory to)
    {
        using (from) from.AsSpan().CopyTo(to.AsSpan());
        return to;
    }

    /// <summary>Whether a file's dtype can be loaded into a variable's: the same, or float32 to or from half precision.</summary>
    public static bool CanRead(DType found, DType wanted) => found == wanted || (found == DType.Float32 && IsHalf(wanted)) || (wanted == DType.Float32 && IsHalf(found));

    static bool IsHalf(DType dtype) => dtype == DType.Float16 || dtype == DType.BFloat16;

    /// <summary>Converts a file's elements to a variable's dtype.</summary>
    static HostMemory WidenedTo(DType dtype, WeightEntry entry, long count)
    {
        var found = entry.GetMemory();
        if (entry.DType == dtype) return found;
        using (found)
        {
            var memory = new AlignedMemory(count * dtype.Size);
            if (entry.DType == DType.Float16) HalfConvert.Widen(Cast<Half>(found), Cast<float>(memory));
            else if (entry.DType == DType.BFloat16) HalfConvert.Widen(Cast<BFloat16>(found), Cast<float>(memory));
            else if (dtype == DType.Float16) HalfConvert.Narrow(Cast<float>(found), Cast<Half>(memory));
            else HalfConvert.Narrow(Cast<float>(found), Cast<BFloat16>(memory));
            return memory;
        }
    }

    static Span<T> Cast<T>(HostMemory memory) where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(memory.AsSpan());

    /// <summary>The variable of <paramref name="key"/> in PyTorch's layout, fetched when written.</summary>
    public SafetensorsTensor ToFile(string key) => ToFile(key, WeightNaming.PyTorch);

    /// <summary>The variable of <paramref name="key"/> with a file's name and layout, fetched when written.</summary>
    public SafetensorsTensor ToFile(string key, WeightNaming naming)
    {
        var weight = _byKey[key];
        return SafetensorsTensor.Of(FileName(key, naming), weight.Variable.dtype, FileShape(key, naming), () => weight.In(naming).ToFile(Fetch(weight.Variable), weight.Variable.shape, weight.Variable.dtype.Size));
    }

    static AlignedMemory Fetch(Variable variable)
    {
        var memory = new AlignedMemory(variable.shape.ElementCount * variable.dtype.Size);
        using var value = (EagerTensor)variable.value;
        if (memory.Length > 0) value.Engine.CopyToHost(value.Handle, memory.AsSpan());
        return memory;
    }
}
