using Keras.Graphs;

namespace Keras.SavedModels;

/// <summary>The contents of a SavedModel to write.</summary>
sealed class SavedModelContents
{
    /// <summary>The key of the default signature in TensorFlow Serving and elsewhere.</summary>
    public const string DefaultSignature = "serving_default";

    /// <summary>Traced functions by the names that callers use.</summary>
    public required IReadOnlyDictionary<string, SavedModelSignature> Signatures { get; init; }

    /// <summary>Every variable that the functions capture, and any others that go into the checkpoint.</summary>
    public IReadOnlyList<SavedModelVariable> Variables { get; init; } = [];

    /// <summary>Lists of variables, which Python finds as attributes of the loaded model; null for the usual lists of all, trainable and other variables.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<SavedModelVariable>>? VariableLists { get; init; }

    /// <summary>Every table that the functions capture.</summary>
    public IReadOnlyList<SavedModelTable> Tables { get; init; } = [];

    /// <summary>Whether a model without variables also has no checkpoint; then it only has the flat form, since Python restores objects from a checkpoint.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Computes what depends on constants alone before it is written; null leaves that to loaders.</summary>
    public ConstantFolding? Folding { get; init; }

    /// <summary>Whether the object form is written; not with tables, which Python creates by special functions that are not written here.</summary>
    public bool HasObjects => Tables.Count == 0 && HasCheckpoint;

    /// <summary>Whether there is a checkpoint.</summary>
    public bool HasCheckpoint => !IsFrozen || Variables.Count > 0;

    /// <summary>Files that belong to the model although no table reads them, such as a tokenizer's vocabulary, by their names in the folder assets.</summary>
    public IReadOnlyDictionary<string, byte[]> Assets { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Other files, by their path in the folder ("assets.extra/tf_serving_warmup_requests").</summary>
    public IReadOnlyDictionary<string, Action<Stream>> ExtraFiles { get; init; } = new Dictionary<string, Action<Stream>>();
}

/// <summary>A function that callers can run by name.</summary>
/// <param name="Function">The traced function; parameters may have unknown dimensions. It is lowered when written.</param>
/// <param name="InputNames">The names of its parameters, in order.</param>
/// <param name="OutputNames">The names of its outputs, in order.</param>
sealed record SavedModelSignature(FunctionGraph Function, IReadOnlyList<string> InputNames, IReadOnlyList<string> OutputNames)
{
    /// <summary>The method name in the file, which tells TensorFlow Serving the kind of request.</summary>
    public string MethodName { get; init; } = PredictMethod;

    public const string PredictMethod = "tensorflow/serving/predict";
    public const string ClassifyMethod = "tensorflow/serving/classify";
    public const string RegressMethod = "tensorflow/serving/regress";

    /// <summary>How Python calls it as an attribute of the loaded model; null for a signature only.</summary>
    public CallForm? Form { get; init; }
}

/// <summary>The form of a function with one structured argument. Parameters and outputs are in Python's order of these structures: dictionaries by sorted keys.</summary>
/// <param name="Input">The structure of the argument.</param>
/// <param name="Output">The structure of the result.</param>
/// <param name="JitCompile">Whether XLA must compile it; null leaves it to the caller.</param>
sealed record CallForm(Tensors Input, Tensors Output, bool? JitCompile = null);

/// <summary>A variable: its place in the graph, its name in the checkpoint and its value.</summary>
/// <param name="Name">The unique name.</param>
/// <param name="Handle">The resource that traced functions capture.</param>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The fully known shape.</param>
/// <param name="Trainable">Whether loaders list it as trainable.</param>
/// <param name="Read">Makes the value in memory that the writer disposes; called while writing, one variable at a time.</param>
sealed record SavedModelVariable(string Name, Tensor Handle, DType DType, Shape Shape, bool Trainable, Func<HostMemory> Read)
{
    /// <summary>Describes a variable, under its own path or another name.</summary>
    public static SavedModelVariable Of(Variable variable, string? name = null) =>
        new(name ?? variable.path, variable.Handle, variable.dtype, variable.shape, variable.trainable, () => ToHost(variable));

    static AlignedMemory ToHost(Variable variable)
    {
        using var value = variable.value.RequireEager();
        var memory = new AlignedMemory(variable.size * variable.dtype.Size);
        value.Engine.CopyToHost(value.Handle, memory.AsSpan());
        return memory;
    }
}

/// <summary>A lookup table, filled by the model's init op.</summary>
/// <param name="Name">The unique name of its node.</param>
/// <param name="Handle">The resource that traced functions capture.</param>
/// <param name="KeyDType">The type of keys.</param>
/// <param name="ValueDType">The type of values.</param>
/// <param name="Source">The source of its entries.</param>
sealed record SavedModelTable(string Name, Tensor Handle, DType KeyDType, DType ValueDType, TableSource Source);

/// <summary>The source of a table's entries.</summary>
abstract record TableSource;

/// <summary>Keys and their values, two vectors of equal length.</summary>
sealed record TableEntries(HostTensor Keys, HostTensor Values) : TableSource;

/// <summary>A text file with one entry per line, copied into the model's assets.</summary>
/// <param name="Path">The file.</param>
/// <param name="KeyIndex">The column of keys; -2 for the whole line, -1 for the line's number.</param>
/// <param name="ValueIndex">The column of values; the same special numbers.</param>
/// <param name="Delimiter">The text between columns.</param>
sealed record TableFile(string Path, long KeyIndex = TableFile.WholeLine, long ValueIndex = TableFile.LineNumber, string Delimiter = "\t") : TableSource
{
    public const long WholeLine = -2;
    public const long LineNumber = -1;
}
