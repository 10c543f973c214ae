namespace Keras.Export;

/// <summary>Options of an export: how it stores weights, and what else is written.</summary>
public sealed record ExportOptions
{
    static readonly DType[] WeightDTypes = [DType.Float32, DType.Float16, DType.BFloat16];

    /// <summary>The dtype in the file of float32 variables with two or more axes: "float32" (default), "float16" or "bfloat16", half as large. The graph converts them to float32, so it computes as before, with
    /// weights of 11 or 8 bits. Biases, normalisation parameters, and variables that are not weights (<see cref="ExportArchive.add_variable_collection"/>) stay float32.</summary>
    /// <exception cref="ArgumentException">It is another.</exception>
    public DType WeightDType
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!WeightDTypes.Contains(value)) throw new ArgumentException($"WeightDType is not supported. Expected: {Known.List(WeightDTypes.Select(d => d.Name))}. Received: {value.Name}.", nameof(value));
            field = value;
        }
    } = DType.Float32;

    /// <summary>Whether kernels of Dense and EinsumDense layers are 8-bit integers in the file, with a float32 factor for each output channel, max|w| / 127; default false. The graph makes float32 of
    /// them: the file shrinks, and memory by as much where the server keeps no float32 copy, but nothing runs faster. It is for layers that the archive, or the exported model, tracks.</summary>
    public bool Int8Kernels { get; init; }

    /// <summary>Whether variables become constants of the graph, with the values that they have when a signature is added; default false. Then there is no folder <c>variables</c> (but for collections of others), nothing that a server restores or could change, and loaders fold what is computed of
    /// weights alone. At most 1.9 GB; Python loads the signatures, without a list of variables.</summary>
    public bool Frozen { get; init; }

    /// <summary>Whether what is computed of constants alone is computed once, when the file is written, and its result held in its place; default null: where the export is <see cref="Frozen"/>. Left as they are: draws,
    /// texts, ops with effects, loops and branches, calls of functions; results that would make the file larger; and weights of 16 or 8 bits that the graph makes wide, which would undo their form.</summary>
    public bool? FoldConstants { get; init; }

    /// <summary>Requests that a server runs before it accepts others, written to <c>assets.extra/tf_serving_warmup_requests</c>; at most 1000, default none.</summary>
    public IReadOnlyList<WarmupRequest> Warmup { get; init; } = [];
}

/// <summary>A request that a server answers when it starts, to warm up.</summary>
/// <param name="Inputs">A value for each input of the signature by name, or the one tensor of a signature with one input. For classify and regress signatures: serialized tf.train.Example records, (B), string.</param>
/// <param name="Signature">The signature's name; default "serving_default".</param>
public sealed record WarmupRequest(Tensors Inputs, string Signature = "serving_default");
