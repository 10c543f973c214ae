using System.Reflection;

namespace Keras.Transformers.Tests;

/// <summary>Bad arguments of data sets, their splits and streams, of what loads them, and of what makes batches of them.</summary>
sealed class DatasetArgumentTests : EngineFixture
{
    static readonly TemporaryFolder Folder = new();

    string? _offline;

    static readonly ArgumentAudit Audit = new()
    {
        Subjects = new Dictionary<Type, Func<object?>>
        {
            [typeof(Dataset)] = Data, [typeof(DatasetDict)] = () => new DatasetDict { { "train", Data() } }, [typeof(IterableDataset)] = () => Stream(), [typeof(Datasets)] = () => null, [typeof(TFDatasets)] = () => null,
        },
        // A span is no argument of a call by reflection; what Gather refuses is in DatasetTests.
        Hooks = new HashSet<string> { "Gather", "push_to_hub" },
        // What a bar says, splits looked up without an error, and a column without a name, as files have them.
        Free = new HashSet<string> { "desc", "key", "name of add_column" },
        NotZero = new HashSet<string> { "batch_size", "num_proc", "writer_batch_size", "num_shards", "buffer_size", "max_depth", "test_size", "train_size" },
        Signed = new HashSet<string>(),
        Names = new HashSet<string>
        {
            "original_column_name", "column_names of remove_columns", "column_names of select_columns", "column_names of sort", "column", "columns", "label_cols", "remove_columns", "stratify_by_column", "null_placement", "split", "path of load_dataset", "sample_by",
            "stopping_strategy", "type",
        },
        Makers = new Dictionary<Type, Func<object?>>
        {
            [typeof(Dataset)] = Data, [typeof(bool)] = () => true, [typeof(Features)] = () => Data().features, [typeof(Feature)] = () => new Value("int64"), [typeof(DataFiles)] = () => (DataFiles)Csv(),
            [typeof(Func<DatasetRow, DatasetRecord?>)] = () => (Func<DatasetRow, DatasetRecord?>)(_ => null), [typeof(Func<DatasetRow, int, DatasetRecord?>)] = () => (Func<DatasetRow, int, DatasetRecord?>)((_, _) => null),
            [typeof(Func<DatasetBatch, DatasetRecord?>)] = () => (Func<DatasetBatch, DatasetRecord?>)(_ => null), [typeof(Func<DatasetBatch, int[], DatasetRecord?>)] = () => (Func<DatasetBatch, int[], DatasetRecord?>)((_, _) => null),
            [typeof(Func<DatasetRow, bool>)] = () => (Func<DatasetRow, bool>)(_ => true), [typeof(Func<DatasetRow, int, bool>)] = () => (Func<DatasetRow, int, bool>)((_, _) => true),
            [typeof(Func<DatasetBatch, IReadOnlyList<bool>>)] = () => (Func<DatasetBatch, IReadOnlyList<bool>>)(b => new bool[b.num_rows]), [typeof(Range)] = () => 0..2, [typeof(IEnumerable<int>)] = () => new[] { 0 },
            [typeof(IEnumerable<Dataset>)] = () => new[] { Data() }, [typeof(IReadOnlyDictionary<string, string>)] = () => new Dictionary<string, string> { ["label"] = "labels" },
            [typeof(IEnumerable<KeyValuePair<string, object>>)] = () => new Dictionary<string, object> { ["x"] = new[] { 1 } }, [typeof(IColumnSource)] = Data, [typeof(TFPreTrainedModel)] = () => new TFBertForSequenceClassification(SmallBert.Config()),
            [typeof(IReadOnlyDictionary<string, BatchColumn>)] = () => new BatchEncoding([new("input_ids", new[] { 5, 6 })]), [typeof(System.Data.Common.DbDataReader)] = Reader,
        },
        Own = new Dictionary<string, Func<object?>>
        {
            ["num_shards of shard"] = () => 2, ["index of shard"] = () => 0, ["n"] = () => 2, ["batch_size of iter"] = () => 2, ["original_column_name"] = () => "label", ["new_column_name"] = () => "labels", ["column_names of remove_columns"] = () => new[] { "text" },
            ["column_names of select_columns"] = () => new[] { "text" }, ["column_names of sort: String"] = () => "label", ["column_names of sort: String[]"] = () => new[] { "label" }, ["column"] = () => "text", ["column of cast_column"] = () => "label",
            ["column of add_column"] = () => new[] { 1, 2, 3, 4 }, ["name of add_column"] = () => "more", ["name of Add"] = () => "test", ["key"] = () => "train", ["dataset_path"] = Saved, ["dataset_path of save_to_disk"] = () => Folder["again"], ["dataset_dict_path"] = SavedDict,
            ["dataset_dict_path of save_to_disk"] = () => Folder["againDict"], ["path_or_buf"] = () => Folder["written"], ["path of to_tfrecord"] = () => Folder["written.tfrecord"], ["filename"] = Arrow, ["path of load_dataset"] = () => "csv", ["split"] = () => "train",
            ["data_files"] = () => (DataFiles)Csv(), ["cache_dir"] = () => Folder["cache"], ["data of from_dataview"] = () => Data().to_dataview(),
        },
    };

    static IEnumerable<TestCaseData> Cases => Audit.Cases;

    static Dataset Data() => Dataset.from_dict(new Dictionary<string, object> { ["text"] = new[] { "a", "b", "c", "d" }, ["label"] = new[] { 0, 1, 0, 1 }, ["input_ids"] = new[] { 5, 6, 7, 8 } }).select_columns("text", "label", "input_ids");

    static IterableDataset Stream() => Datasets.load_dataset("csv", split: "train", streaming: true, data_files: Csv());

    static string Csv() => Written("data.csv", path => Data().to_csv(path));

    static string Saved() => Written("saved", path => Data().save_to_disk(path));

    static string SavedDict() => Written("savedDict", path => new DatasetDict { { "train", Data() } }.save_to_disk(path));

    static string Arrow() => Directory.GetFiles(Saved(), "*.arrow")[0];

    static System.Data.DataTableReader Reader()
    {
        var table = new System.Data.DataTable();
        table.Columns.Add("x", typeof(int));
        return table.CreateDataReader();
    }

    static string Written(string name, Action<string> write)
    {
        if (!Path.Exists(Folder[name])) write(Folder[name]);
        return Folder[name];
    }

    /// <summary>Names that are neither formats nor folders are not asked of a hub here.</summary>
    [OneTimeSetUp]
    public void StayOffline()
    {
        _offline = Environment.GetEnvironmentVariable("HF_HUB_OFFLINE");
        Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", "1");
    }

    [OneTimeTearDown]
    public void BeAsBefore() => Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", _offline);

    [OneTimeTearDown]
    public void Forget() => Folder.Dispose();

    [TestCaseSource(nameof(Cases))]
    public void A_bad_argument_is_refused_by_its_name(Type subject, MethodInfo method) => Audit.Check(subject, method);
}
