using System.Runtime.CompilerServices;

namespace Keras.Transformers;

public static partial class Datasets
{
    /// <summary>Loads data files or a data set of the hub: converts the files to Arrow once, in the cache, and maps them from there.</summary>
    /// <param name="path">The format, "csv", "json", "parquet", "text", "imagefolder", "tfrecord" or "arrow"; a folder of data files, or of <c>save_to_disk</c>'s splits; or a data set of the hub, "organisation/name".</param>
    /// <param name="name">The configuration of a data set of the hub, "cola" of "glue"; default the one that its card says.</param>
    /// <param name="data_dir">The folder of the files.</param>
    /// <param name="data_files">The files: a path, several, or either by the names of splits; "*" and "**" are wildcards.</param>
    /// <param name="features">The types of the columns; default: inferred from all rows.</param>
    /// <param name="cache_dir">The cache; default: HF_DATASETS_CACHE, HF_HOME/datasets or ~/.cache/huggingface/datasets, and there "dotnet".</param>
    /// <param name="keep_in_memory">Whether rows stay in memory instead of the cache. Default false.</param>
    /// <param name="revision">The branch, tag or commit of a data set of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="sep">The separator of columns in CSV files. Default ",", and a tab for files named .tsv.</param>
    /// <param name="column_names">The columns of CSV files that have no first row of names.</param>
    /// <param name="field">The member of a JSON object that is the list of records.</param>
    /// <param name="sample_by">What a row of text files is: "line" (default), "paragraph" or "document".</param>
    /// <param name="keep_linebreaks">Whether lines of text files keep their ends. Default false.</param>
    /// <param name="drop_labels">For a folder of pictures: whether to omit the column of labels, which are the folders' names. Default: labels if there are several folders at one depth and no metadata.</param>
    /// <param name="drop_metadata">For a folder of pictures: whether metadata.csv, metadata.jsonl and metadata.parquet are ignored. Default false: their rows name the pictures (file_name) and give the other columns.</param>
    /// <param name="cancellation_token">Cancels between rows; nothing remains.</param>
    /// <returns>The splits. With <c>split: "train"</c> one of them, or a part: "train[:10%]", "train[100:200]", "train+test".</returns>
    /// <exception cref="RepositoryNotFoundException">There is neither such a format nor such a folder nor such a data set of the hub.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="FileNotFoundException">A path leads to no file.</exception>
    /// <exception cref="ArgumentException">There is no such format, or an argument is malformed.</exception>
    /// <exception cref="FileFormatException">A file is damaged, or a row does not fit; the message has file and row.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    /// <remarks>Arguments are in Python's order, so the second text is the configuration. The result depends on split and streaming: this overload has neither, so
    /// <c>load_dataset("glue", "cola")</c> reads all splits, and <c>load_dataset("glue", "cola", split: "train")</c> reads one.</remarks>
    public static DatasetDict load_dataset(string path, string? name = null, string? data_dir = null, DataFiles? data_files = null, Features? features = null, string? cache_dir = null, bool keep_in_memory = false,
        string? revision = null, string? token = null, string sep = ",", string[]? column_names = null, string? field = null, string sample_by = "line", bool keep_linebreaks = false, bool? drop_labels = null,
        bool? drop_metadata = null, CancellationToken cancellation_token = default)
    {
        var loading = Loading.Of(path, data_files, Given(data_dir, nameof(data_dir)), Given(cache_dir, nameof(cache_dir)), OptionsOf(features, sep, column_names, field, sample_by, keep_linebreaks, drop_labels, drop_metadata), keep_in_memory, HubOf(name, null, revision, token), cancellation_token);
        return new(loading.Splits.Select(s => KeyValuePair.Create(s, loading.Read(s))));
    }

    /// <summary>Loads one split, or a part of one: "train", "train[:10%]", "train[100:200]" or "train+test". The split is required; as in Python it may be given by position, as
    /// the fifth argument.</summary>
    /// <inheritdoc cref="load_dataset(string, string, string, DataFiles, Features, string, bool, string, string, string, string[], string, string, bool, bool?, bool?, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Dataset load_dataset(string path, string? name = null, string? data_dir = null, DataFiles? data_files = null, string split = "", string? cache_dir = null, Features? features = null, bool keep_in_memory = false,
        string? revision = null, string? token = null, string sep = ",", string[]? column_names = null, string? field = null, string sample_by = "line", bool keep_linebreaks = false, bool? drop_labels = null,
        bool? drop_metadata = null, CancellationToken cancellation_token = default)
    {
        var parts = SplitName.Parse(split);
        var loading = Loading.Of(path, data_files, Given(data_dir, nameof(data_dir)), Given(cache_dir, nameof(cache_dir)), OptionsOf(features, sep, column_names, field, sample_by, keep_linebreaks, drop_labels, drop_metadata), keep_in_memory, HubOf(name, [.. parts.Select(p => p.Name).Distinct()], revision, token), cancellation_token);
        foreach (var part in parts)
            if (!loading.Splits.Contains(part.Name)) throw Known.Unknown("There is no such split", part.Name, nameof(split), loading.Splits);
        var read = new Dictionary<string, Dataset>();
        Dataset Part(SplitName.Part part)
        {
            if (!read.TryGetValue(part.Name, out var whole)) read[part.Name] = whole = loading.Read(part.Name);
            if (part.From is null && part.To is null) return whole;
            var (start, end) = part.Of(whole.num_rows);
            return whole.select(start..end);
        }
        return concatenate_datasets([.. parts.Select(Part)]).Named(split);
    }

    /// <summary>Streams one whole split (streaming: true): rows are read on demand, without the cache; types are inferred from the first 1000 rows of the first file.</summary>
    /// <inheritdoc cref="load_dataset(string, string, string, DataFiles, Features, string, bool, string, string, string, string[], string, string, bool, bool?, bool?, CancellationToken)"/>
    [OverloadResolutionPriority(-2)]
    public static IterableDataset load_dataset(string path, string? name = null, string? data_dir = null, DataFiles? data_files = null, string split = "", Features? features = null, string? revision = null, string? token = null,
        bool streaming = true, string sep = ",", string[]? column_names = null, string? field = null, string sample_by = "line", bool keep_linebreaks = false, bool? drop_labels = null, bool? drop_metadata = null,
        CancellationToken cancellation_token = default)
    {
        if (!streaming) throw new ArgumentException("streaming is false in a call that returns a stream. Leave streaming out for a data set.", nameof(streaming));
        if (split is "") throw new ArgumentException("A stream needs a split, and none is given. Expected: split: \"train\", for example. Received: none.", nameof(split));
        if (SplitName.Parse(split) is not [{ From: null, To: null } part]) throw new ArgumentException($"A part of a split cannot be streamed. Expected: one whole split. Received: {Known.Say(split)}. Use take and skip for a part.", nameof(split));
        var loading = Loading.Of(path, data_files, Given(data_dir, nameof(data_dir)), null, OptionsOf(features, sep, column_names, field, sample_by, keep_linebreaks, drop_labels, drop_metadata), true, HubOf(name, [part.Name], revision, token), cancellation_token);
        if (!loading.Splits.Contains(part.Name)) throw Known.Unknown("There is no such split", part.Name, nameof(split), loading.Splits);
        return loading.Stream(part.Name);
    }

    /// <summary>Checks that an optional text is not empty.</summary>
    static string? Given(string? text, string name) => text is not "" ? text : throw new ArgumentException("The text is empty. Expected: null, or a text that is not empty.", name);

    static HubChoice HubOf(string? name, string[]? splits, string? revision, string? token) => new(Given(name, nameof(name)), splits, Given(revision, nameof(revision)), Given(token, nameof(token)));

    static ReaderOptions OptionsOf(Features? features, string sep, string[]? column_names, string? field, string sample_by, bool keep_linebreaks, bool? drop_labels, bool? drop_metadata)
    {
        if (sep is not { Length: 1 }) throw new ArgumentException($"The separator is not one character. Expected: one character. Received: {Known.Say(sep)}.", nameof(sep));
        Known.OneOf(sample_by, nameof(sample_by), "line", "paragraph", "document");
        return new() { Features = features, Separator = sep[0], ColumnNames = column_names, Field = Given(field, nameof(field)), SampleBy = sample_by, KeepLinebreaks = keep_linebreaks, DropLabels = drop_labels, DropMetadata = drop_metadata };
    }
}
