using System.Text.Json.Nodes;
using Keras.Files;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>Data sets by the name of their split: "train", "test", ...</summary>
/// <example>
/// <code>
/// var cola = load_dataset("glue", "cola");   // using static Keras.Transformers.Datasets;
/// Console.WriteLine($"{cola["train"].num_rows} rows to train with, {cola["validation"].num_rows} to validate");
/// </code>
/// </example>
public sealed partial class DatasetDict : IReadOnlyDictionary<string, Dataset>
{
    readonly OrderedDictionary<string, Dataset> _splits = [];

    /// <summary>Creates an empty dictionary, to be filled by an initializer.</summary>
    public DatasetDict() { }

    /// <summary>Creates a dictionary of splits, in order.</summary>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    public DatasetDict(IEnumerable<KeyValuePair<string, Dataset>> splits)
    {
        ArgumentNullException.ThrowIfNull(splits);
        foreach (var (name, data) in splits) Add(name, data);
    }

    /// <summary>Adds a split.</summary>
    /// <exception cref="ArgumentException">There is already a split of this name, or the name is empty.</exception>
    public void Add(string name, Dataset data)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(data);
        if (!_splits.TryAdd(name, data)) throw new ArgumentException($"The split {Known.Say(name)} comes twice.", nameof(name));
    }

    /// <summary>The split of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such split; the message lists the names and suggests the nearest.</exception>
    public Dataset this[string key]
    {
        get => _splits.TryGetValue(key ?? throw new ArgumentNullException(nameof(key)), out var data) ? data : throw new KeyNotFoundException($"There is no split {Known.Say(key)}. Expected: one of {Known.List(Keys)}.{Known.Nearest(key, Keys)}");
        set => _splits[key ?? throw new ArgumentNullException(nameof(key))] = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>The names of the splits in order.</summary>
    public IEnumerable<string> Keys => _splits.Keys;

    /// <summary>The data sets in order.</summary>
    public IEnumerable<Dataset> Values => _splits.Values;

    /// <summary>The number of splits.</summary>
    public int Count => _splits.Count;

    /// <summary>Whether there is a split of this name.</summary>
    public bool ContainsKey(string key) => _splits.ContainsKey(key);

    /// <summary>Tries to get a split by its name.</summary>
    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Dataset value) => _splits.TryGetValue(key, out value);

    /// <summary>The splits in order.</summary>
    public IEnumerator<KeyValuePair<string, Dataset>> GetEnumerator() => _splits.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The Arrow files of each split.</summary>
    public IReadOnlyDictionary<string, string[]> cache_files => this.ToDictionary(s => s.Key, s => s.Value.cache_files);

    /// <summary>Deletes cached results of <c>map</c> and similar methods that no split uses, and returns their number for each split.</summary>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    public IReadOnlyDictionary<string, int> cleanup_cache_files()
    {
        string[] used = [.. Values.SelectMany(d => d.cache_files)];
        return this.ToDictionary(s => s.Key, s => s.Value.RemoveCacheFiles(used));
    }

    /// <summary>The number of rows of each split.</summary>
    public IReadOnlyDictionary<string, int> num_rows => this.ToDictionary(s => s.Key, s => s.Value.num_rows);

    /// <summary>The names of the columns of each split.</summary>
    public IReadOnlyDictionary<string, string[]> column_names => this.ToDictionary(s => s.Key, s => s.Value.column_names);

    /// <inheritdoc cref="Dataset.map(Func{DatasetRow, DatasetRecord}, IEnumerable{string}, Features, int?, int, string, bool, string, bool, string, CancellationToken)"/>
    public DatasetDict map(Func<DatasetRow, DatasetRecord?> function, IEnumerable<string>? remove_columns = null, Features? features = null, int? num_proc = null, CancellationToken cancellation_token = default) =>
        Each(d => d.map(function, remove_columns, features, num_proc, cancellation_token: cancellation_token));

    /// <inheritdoc cref="Dataset.map(Func{DatasetBatch, DatasetRecord}, bool, int, bool, IEnumerable{string}, Features, int?, string, bool, string, bool, string, CancellationToken)"/>
    public DatasetDict map(Func<DatasetBatch, DatasetRecord?> function, bool batched, int batch_size = 1000, IEnumerable<string>? remove_columns = null, Features? features = null, int? num_proc = null, CancellationToken cancellation_token = default) =>
        Each(d => d.map(function, batched, batch_size, remove_columns: remove_columns, features: features, num_proc: num_proc, cancellation_token: cancellation_token));

    /// <inheritdoc cref="Dataset.filter(Func{DatasetRow, bool}, int?, string, CancellationToken)"/>
    public DatasetDict filter(Func<DatasetRow, bool> function, int? num_proc = null, CancellationToken cancellation_token = default) => Each(d => d.filter(function, num_proc, cancellation_token: cancellation_token));

    /// <inheritdoc cref="Dataset.shuffle"/>
    public DatasetDict shuffle(int? seed = null) => Each(d => d.shuffle(seed));

    /// <inheritdoc cref="Dataset.rename_column"/>
    public DatasetDict rename_column(string original_column_name, string new_column_name) => Each(d => d.rename_column(original_column_name, new_column_name));

    /// <inheritdoc cref="Dataset.rename_columns"/>
    public DatasetDict rename_columns(IReadOnlyDictionary<string, string> column_mapping) => Each(d => d.rename_columns(column_mapping));

    /// <inheritdoc cref="Dataset.remove_columns"/>
    public DatasetDict remove_columns(params string[] column_names) => Each(d => d.remove_columns(column_names));

    /// <inheritdoc cref="Dataset.select_columns"/>
    public DatasetDict select_columns(params string[] column_names) => Each(d => d.select_columns(column_names));

    /// <inheritdoc cref="Dataset.cast_column"/>
    public DatasetDict cast_column(string column, Feature feature, CancellationToken cancellation_token = default) => Each(d => d.cast_column(column, feature, cancellation_token));

    /// <inheritdoc cref="Dataset.class_encode_column"/>
    public DatasetDict class_encode_column(string column, bool include_nulls = false, CancellationToken cancellation_token = default) => Each(d => d.class_encode_column(column, include_nulls, cancellation_token));

    /// <inheritdoc cref="Dataset.with_format"/>
    public DatasetDict with_format(string? type = null, IEnumerable<string>? columns = null, bool output_all_columns = false) => Each(d => d.with_format(type, columns, output_all_columns));

    /// <summary>Writes all splits into a folder that Python's <c>load_from_disk</c> reads too, completely or not at all.</summary>
    /// <inheritdoc cref="Dataset.save_to_disk"/>
    public void save_to_disk(string dataset_dict_path, MaxShardSize? max_shard_size = null, IReadOnlyDictionary<string, int>? num_shards = null, CancellationToken cancellation_token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataset_dict_path);
        foreach (var name in num_shards?.Keys ?? [])
            if (!ContainsKey(name)) throw Known.Unknown("num_shards names a split that is not there", name, nameof(num_shards), Keys);
        AtomicFolder.Write(dataset_dict_path, folder =>
        {
            File.WriteAllText(Path.Combine(folder, DatasetFolder.DictFile), new JsonObject { ["splits"] = new JsonArray([.. Keys.Select(k => (JsonNode)k)]) }.ToJsonString());
            foreach (var (name, data) in this) DatasetFolder.Write(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, data, max_shard_size, num_shards?.TryGetValue(name, out var count) == true ? count : null, cancellation_token);
        });
    }

    /// <summary>Loads a folder written by <see cref="save_to_disk"/>.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileFormatException">The folder is damaged, or holds a single data set.</exception>
    public static DatasetDict load_from_disk(string dataset_dict_path)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataset_dict_path);
        return DatasetFolder.ReadDict(dataset_dict_path);
    }

    /// <summary>The splits with their columns.</summary>
    public override string ToString() => $"DatasetDict({{\n{string.Concat(this.Select(s => $"    {s.Key}: {s.Value.ToString().Replace("\n", "\n    ", StringComparison.Ordinal)}\n"))}}})";

    DatasetDict Each(Func<Dataset, Dataset> change) => new(this.Select(s => KeyValuePair.Create(s.Key, change(s.Value))));
}
