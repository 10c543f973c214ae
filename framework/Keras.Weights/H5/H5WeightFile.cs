namespace Keras.Saving;

/// <summary>The weights of an HDF5 file written by Keras 2 or Hugging Face's TensorFlow models: lists of names in attributes, TensorFlow's names and layouts.</summary>
/// <remarks>A whole checkpoint names layers, which are groups that name weights (<c>tf_bert_model/bert/...</c>); a shard names its weights directly. Both
/// list weights by their names without the model's: <c>bert/embeddings/word_embeddings/weight:0</c>. A weight in two layers counts once.</remarks>
sealed class H5WeightFile : WeightSource
{
    /// <summary>The file name of a checkpoint in one file.</summary>
    public const string FileName = "tf_model.h5";

    /// <summary>The file name of the index of a checkpoint in several files.</summary>
    public const string IndexName = "tf_model.h5.index.json";

    /// <summary>The attributes that name the layers of a model, and the weights of a layer.</summary>
    public const string LayerNames = "layer_names", WeightNames = "weight_names";

    /// <summary>The group of the weights that belong to the model itself, not to a layer.</summary>
    public const string TopLevel = "top_level_model_weights";

    readonly H5File _file;
    readonly Dictionary<string, WeightEntry> _entries = new(StringComparer.Ordinal);

    H5WeightFile(string path, H5File file)
    {
        (Location, _file) = (path, file);
        var layers = file.Root.Texts(LayerNames) ?? throw NotListed(file.Root, LayerNames);
        foreach (var name in layers)
        {
            var layer = Find(file.Root, name, LayerNames);
            if (layer.IsDataset) Add(name, layer);
            else
            {
                Layers.Add(name);
                AddAll(layer);
            }
        }
        if (file.Root.Find(TopLevel) is { IsDataset: false } own && own.Attributes.ContainsKey(WeightNames)) AddAll(own);
    }

    void AddAll(H5Object group)
    {
        foreach (var weight in group.Texts(WeightNames) ?? throw NotListed(group, WeightNames)) Add(WithoutModel(weight), Find(group, weight, WeightNames));
    }

    /// <summary>Reads the structure of a file without its arrays.</summary>
    /// <exception cref="FileFormatException">The file is damaged, something else, or does not name its weights.</exception>
    /// <exception cref="UnsupportedException">The file uses an unsupported feature.</exception>
    /// <exception cref="IOException">The file is missing or cannot be mapped.</exception>
    public static H5WeightFile Open(string path)
    {
        var file = H5File.Open(path);
        try
        {
            return new(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override WeightNaming Naming => WeightNaming.TensorFlow;

    /// <summary>The layers that the file names, with or without weights; empty for a shard.</summary>
    public List<string> Layers { get; } = [];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, WeightEntry> Entries => _entries;

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    void Add(string name, H5Object found)
    {
        var dataset = found.Dataset;
        if (dataset.Type.DType is not { } dtype)
            throw new UnsupportedException("A weight has an element type that cannot be read", found.Where, "floats, integers or booleans, little-endian", dataset.Type.Description, "Save the model in float32 first.");
        _entries.TryAdd(name, _file.Entry(found, dtype, name));
    }

    static string WithoutModel(string name) => name[(name.IndexOf('/') + 1)..];

    static H5Object Find(H5Object parent, string name, string list) => parent.Find(name)
        ?? throw new FileFormatException("An HDF5 file does not hold what it names", parent.Where, $"every name of its attribute {list}", $"no {JsonText.Show(name)}", H5Bytes.Damaged);

    static FileFormatException NotListed(H5Object owner, string list) =>
        new("An HDF5 file does not name its weights", owner.Where, $"an attribute {list}, as Hugging Face's and Keras 2's weights have",
            owner.Attributes.Count == 0 ? "no attributes" : string.Join(", ", owner.Attributes.Keys.Take(10).Select(JsonText.Show)),
            "A file .weights.h5 of Keras 3 belongs to model.load_weights.");
}
