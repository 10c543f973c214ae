namespace Keras.Graphs;

/// <summary>Lookup tables, checkpoints, files, and effects outside the graph.</summary>
static partial class Tf
{
    const string TableNames = "container: string = '', shared_name: string = '', use_node_name_sharing: bool = false, key_dtype: type, value_dtype: type";

    static readonly OpDefinition HashTableOp = Table("HashTableV2", TableNames);
    static readonly OpDefinition MutableHashTableOp = Table("MutableHashTableV2", TableNames);
    static readonly OpDefinition AnonymousHashTableOp = Table("AnonymousHashTable", "key_dtype: type, value_dtype: type");
    static readonly OpDefinition AnonymousMutableHashTableOp = Table("AnonymousMutableHashTable", "key_dtype: type, value_dtype: type");

    const string DenseTable = "value_shape: shape = [], initial_num_buckets: int = 131072, max_load_factor: float = 0.8";
    static readonly OpDefinition DenseHashTableOp = OfDenseTable("MutableDenseHashTableV2",
        $"container: string = '', shared_name: string = '', use_node_name_sharing: bool = false, value_dtype: type, {DenseTable}");
    static readonly OpDefinition AnonymousDenseHashTableOp = OfDenseTable("AnonymousMutableDenseHashTable", $"value_dtype: type, {DenseTable}");

    static OpDefinition OfDenseTable(string name, string attributes) =>
        Define($"{name}(empty_key: key_dtype, deleted_key: key_dtype) -> (table_handle: resource) {{ {attributes} }}", ShapeRules.Scalar, differentiable: false);

    static OpDefinition Table(string name, string attributes) =>
        Define($"{name}() -> (table_handle: resource) {{ {attributes} }}", ShapeRules.Scalar, differentiable: false);

    static OpDefinition TableWrite(string signature) => Define(signature, ShapeRules.None, differentiable: false, state: StateAccess.Write);

    static readonly OpDefinition LookupTableFindOp = Define("LookupTableFindV2(table_handle: resource, keys: Tin, default_value: Tout) -> (values: Tout)",
        c => [c[2] is { HasRank: true, Rank: <= 1 } ? c[1].Concat(c[2]) : Shape.Unknown], differentiable: false, state: StateAccess.Read);
    static readonly OpDefinition LookupTableSizeOp = Define("LookupTableSizeV2(table_handle: resource) -> (size: int64)", ShapeRules.Scalar,
        differentiable: false, state: StateAccess.Read);
    static readonly OpDefinition LookupTableExportOp = Define("LookupTableExportV2(table_handle: resource) -> (keys: Tkeys, values: Tvalues) { Tkeys: type, Tvalues: type }",
        _ => [Shape.Unknown, Shape.Unknown], differentiable: false, state: StateAccess.Read);
    static readonly OpDefinition LookupTableInsertOp = TableWrite("LookupTableInsertV2(table_handle: resource, keys: Tin, values: Tout) -> ()");
    static readonly OpDefinition LookupTableImportOp = TableWrite("LookupTableImportV2(table_handle: resource, keys: Tin, values: Tout) -> ()");
    static readonly OpDefinition LookupTableRemoveOp = TableWrite("LookupTableRemoveV2(table_handle: resource, keys: Tin) -> ()");
    static readonly OpDefinition InitializeTableOp = TableWrite("InitializeTableV2(table_handle: resource, keys: Tkey, values: Tval) -> ()");
    static readonly OpDefinition InitializeTableFromFileOp = TableWrite(
        "InitializeTableFromTextFileV2(table_handle: resource, filename: string) -> () { key_index: int, value_index: int, vocab_size: int = -1, delimiter: string = '\t', offset: int = 0 }");

    /// <summary>The ops that make, fill and query tables.</summary>
    public static readonly IReadOnlySet<OpDefinition> TableOps = new HashSet<OpDefinition>
    {
        HashTableOp, MutableHashTableOp, AnonymousHashTableOp, AnonymousMutableHashTableOp, LookupTableFindOp, LookupTableSizeOp, LookupTableExportOp, LookupTableInsertOp,
        LookupTableImportOp, LookupTableRemoveOp, InitializeTableOp, InitializeTableFromFileOp, DenseHashTableOp, AnonymousDenseHashTableOp,
    };

    static readonly OpDefinition SaveOp = SideEffect("SaveV2(prefix: string, tensor_names: string, shape_and_slices: string, tensors: [dtypes]) -> ()");
    static readonly OpDefinition RestoreOp = Define("RestoreV2(prefix: string, tensor_names: string, shape_and_slices: string) -> (tensors: [dtypes]) { dtypes: list(type) }",
        c => [.. c.Get<DType[]>("dtypes").Select(_ => Shape.Unknown)], differentiable: false);
    static readonly OpDefinition MergeCheckpointsOp = SideEffect(
        "MergeV2Checkpoints(checkpoint_prefixes: string, destination_prefix: string) -> () { delete_old_dirs: bool = true, allow_missing_files: bool = false }");
    static readonly OpDefinition ReadFileOp = Define("ReadFile(filename: string) -> (contents: string)", ShapeRules.Scalar, differentiable: false);
    static readonly OpDefinition WriteFileOp = SideEffect("WriteFile(filename: string, contents: string) -> ()");

    static readonly OpDefinition NoOp = SideEffect("NoOp() -> ()");
    static readonly OpDefinition AssertOp = SideEffect("Assert(condition: bool, data: [T]) -> () { summarize: int = 3 }");
    static readonly OpDefinition PrintOp = SideEffect("PrintV2(input: string) -> () { output_stream: string = 'stderr', end: string = '\n' }");

    static OpDefinition SideEffect(string signature) => Define(signature, ShapeRules.None, differentiable: false, state: StateAccess.SideEffect);

    /// <summary>Makes an anonymous table, which lives as long as its handle. It is filled once; lookups of missing keys give a default.</summary>
    public static Tensor HashTable(DType keys, DType values) => Run(AnonymousHashTableOp, [], ("key_dtype", keys), ("value_dtype", values));
    /// <summary>Makes a named table, which has one node in an exported graph.</summary>
    public static Tensor HashTable(DType keys, DType values, string shared_name) =>
        Run(HashTableOp, [], ("key_dtype", keys), ("value_dtype", values), ("shared_name", shared_name));
    /// <summary>Makes a table that takes new keys at any time.</summary>
    public static Tensor MutableHashTable(DType keys, DType values) => Run(AnonymousMutableHashTableOp, [], ("key_dtype", keys), ("value_dtype", values));
    /// <summary>A mutable table with two keys that no entry has: TensorFlow marks its empty and deleted places by them.</summary>
    public static Tensor DenseHashTable(Tensor empty_key, Tensor deleted_key, DType values) => Run(AnonymousDenseHashTableOp, [empty_key, deleted_key], ("value_dtype", values));
    public static void InitializeTable(Tensor table, Tensor keys, Tensor values) => RunAll(InitializeTableOp, [table, keys, values]);
    /// <summary>Fills a table from a text file: a column index of -2 is the whole line, -1 the line number.</summary>
    public static void InitializeTable(Tensor table, Tensor filename, int key_index, int value_index, int vocab_size = -1, string delimiter = "\t",
        int offset = 0) => RunAll(InitializeTableFromFileOp, [table, filename],
        ("key_index", key_index), ("value_index", value_index), ("vocab_size", vocab_size), ("delimiter", delimiter), ("offset", offset));
    public static Tensor Lookup(Tensor table, Tensor keys, Tensor missing) => Run(LookupTableFindOp, table, keys, missing);
    public static Tensor TableSize(Tensor table) => Run(LookupTableSizeOp, table);
    public static (Tensor Keys, Tensor Values) ExportTable(Tensor table, DType keys, DType values) =>
        Pair(RunAll(LookupTableExportOp, [table], ("Tkeys", keys), ("Tvalues", values)));
    public static void InsertIntoTable(Tensor table, Tensor keys, Tensor values) => RunAll(LookupTableInsertOp, [table, keys, values]);
    /// <summary>Replaces everything in the table.</summary>
    public static void ImportTable(Tensor table, Tensor keys, Tensor values) => RunAll(LookupTableImportOp, [table, keys, values]);
    public static void RemoveFromTable(Tensor table, Tensor keys) => RunAll(LookupTableRemoveOp, [table, keys]);

    public static void Save(Tensor prefix, Tensor names, Tensor slices, ReadOnlySpan<Tensor> tensors) => RunAll(SaveOp, [prefix, names, slices, .. tensors]);
    public static Tensor[] Restore(Tensor prefix, Tensor names, Tensor slices, DType[] dtypes) =>
        RunAll(RestoreOp, [prefix, names, slices], ("dtypes", dtypes));
    public static void MergeCheckpoints(Tensor prefixes, Tensor destination) => RunAll(MergeCheckpointsOp, [prefixes, destination]);
    public static Tensor ReadFile(Tensor name) => Run(ReadFileOp, name);
    public static void WriteFile(Tensor name, Tensor contents) => RunAll(WriteFileOp, [name, contents]);

    /// <summary>Fails at run time, with the data in the message, if the condition is false; XLA ignores it.</summary>
    public static void Assert(Tensor condition, params ReadOnlySpan<Tensor> data) => RunAll(AssertOp, [condition, .. data]);
    public static void Print(Tensor line) => RunAll(PrintOp, [line]);
}
