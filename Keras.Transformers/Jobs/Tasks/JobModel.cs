using System.Collections;

namespace Keras.Transformers;

/// <summary>The settings with which a job loads a task's model.</summary>
/// <param name="Folder">The folder or repository of the model.</param>
/// <param name="Columns">The table's columns by role.</param>
sealed record JobRequest(string Folder, IReadOnlyDictionary<string, string> Columns)
{
    /// <summary>The classes of a new head; null for those of the model.</summary>
    public JobLabels? Labels { get; init; }

    /// <summary>The kind of labels, for a new head; null for the kind the model was trained for.</summary>
    public JobProblem? Problem { get; init; }

    /// <summary>The dtype policy; null for the global one.</summary>
    public string? Policy { get; init; }

    /// <summary>Whether to reject a model whose head is untrained.</summary>
    public bool IsTrained { get; init; }

    public int BatchSize { get; init; } = 8;

    public int? MaxLength { get; init; }

    /// <summary>Lengths are rounded up to a multiple of this, so that XLA compiles few shapes.</summary>
    public int? Multiple { get; init; }

    public int TopK { get; init; } = 1;

    public int Stride { get; init; } = 128;

    public double MaskShare { get; init; } = 0.15;

    public int MaxNewTokens { get; init; } = 32;

    public int Seed { get; init; } = 42;

    /// <summary>The folder to which image paths are relative.</summary>
    public string ImageFolder { get; init; } = "";
}

/// <summary>A model for one task with its tokenizer or processor: trains on rows, evaluates them, and predicts.</summary>
abstract class JobModel(JobRequest request, TFPreTrainedModel model)
{
    protected JobRequest Request => request;

    public TFPreTrainedModel Model => model;

    /// <summary>The metrics that training shows besides the loss.</summary>
    public virtual string[] Metrics => ["accuracy"];

    /// <summary>The names of the classes; empty if there are none.</summary>
    public IReadOnlyList<string> Labels => request.Problem == JobProblem.Number ? [] : request.Labels?.Names ?? [];

    /// <summary>The kind of labels.</summary>
    protected JobProblem Problem => request.Problem ?? JobProblem.Of(model.config);

    JobLabels Classes => field ??= request.Labels ?? JobLabels.Of(model.config, Problem);

    /// <summary>The training batches with their number; in row order if <paramref name="order"/> is null.</summary>
    public abstract RowBatches Batches(Dataset data, Random? order);

    /// <summary>Evaluates the model.</summary>
    public abstract Dictionary<string, double> Evaluate(Dataset data, Action<long> done, CancellationToken cancellation);

    /// <summary>The pipeline's outputs for each row, the best first.</summary>
    public IReadOnlyList<IReadOnlyList<PipelineOutput>> Predict(DatasetBatch rows, CancellationToken cancellation) => Pipeline.Apply(Asked(rows), cancellationToken: cancellation);

    Pipeline Pipeline => field ??= Answering();

    /// <summary>The task's pipeline on this model, with the options of the request.</summary>
    protected abstract Pipeline Answering();

    /// <summary>The pipeline's input for each row.</summary>
    protected abstract IEnumerable<PipelineInput> Asked(DatasetBatch rows);

    /// <summary>Writes the tokenizer or processor into the model's folder.</summary>
    public abstract void SaveBeside(string folder);

    protected string Column(ColumnRole role) => request.Columns[role.Name];

    protected string? OptionalColumn(ColumnRole role) => request.Columns.GetValueOrDefault(role.Name);

    /// <summary>Runs the model and returns an output as float32, row-major.</summary>
    protected (float[] Values, int[] Shape) Run(Tensors inputs, string output = "logits")
    {
        Tensor scores = model.predict(inputs, verbose: 0)[output];
        var values = Api.ops.cast(scores, "float32");
        return (values.ToArray<float>(), [.. scores.shape.ToArray().Select(d => (int)d)]);
    }

    /// <summary>The targets of rows: a class index, a flag for each class, or a number.</summary>
    protected Tensors TruthOf(DatasetBatch rows) => Problem.Encode(rows[Column(ColumnRole.Label)], Classes);

    /// <summary>Evaluates a model that predicts a class or a number for each row.</summary>
    protected Dictionary<string, double> EvaluateRows(Dataset data, Func<DatasetBatch, Tensors> encode, Action<long> done, CancellationToken cancellation)
    {
        var scores = Problem.Judge(Classes);
        foreach (var part in Parts(data, done, cancellation))
        {
            var (truth, (logits, shape)) = (part[Column(ColumnRole.Label)], Run(encode(part)));
            for (var row = 0; row < part.num_rows; row++) scores.Add(truth[row], logits.AsSpan(row * shape[1], shape[1]));
        }
        return scores.Result();
    }

    /// <summary>Parts of a data set, in order.</summary>
    protected IEnumerable<DatasetBatch> Parts(Dataset data, Action<long> done, CancellationToken cancellation)
    {
        long rows = 0;
        foreach (var part in data.iter(request.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return part;
            done(rows += part.num_rows);
        }
    }

    /// <summary>Loads the model; if the rows have other classes, its head has their number and starts untrained.</summary>
    protected static TFPreTrainedModel Load<TAuto>(JobRequest request) where TAuto : AutoModelClass<TAuto>
    {
        if (request.Labels is not { } labels)
        {
            var model = AutoModelClass<TAuto>.from_pretrained(request.Folder, out var report, dtype: request.Policy);
            if (request.IsTrained) PipelineTask.Of(typeof(TAuto)).RequireTrained(request.Folder, report);
            return model;
        }
        var isOther = AutoConfig.from_pretrained(request.Folder).num_labels != labels.Names.Count;
        return AutoModelClass<TAuto>.from_pretrained(request.Folder, id2label: labels.ById, ignore_mismatched_sizes: isOther, dtype: request.Policy,
            // The rows decide the kind of labels, whatever the model was trained for.
            config: new Dictionary<string, object?> { ["problem_type"] = request.Problem is { } problem && problem != JobProblem.OneClass ? problem.Name : null });
    }
}

/// <summary>Batches of a table's rows, reshuffled in each pass; if lengths are known, rows of similar length share a batch.</summary>
sealed class RowBatches(int rows, int size, Random? order, Func<int[], Batch> make, int[]? lengths = null) : IEnumerable<Batch>
{
    /// <summary>The number of batches whose rows are sorted by length together.</summary>
    const int SortedTogether = 50;

    public int Steps => (rows + size - 1) / size;

    public IEnumerator<Batch> GetEnumerator() => Chunks().Select(make).GetEnumerator();

    IEnumerable<int[]> Chunks()
    {
        int[] numbers = [.. Enumerable.Range(0, rows)];
        if (order is null) return numbers.Chunk(size);
        order.Shuffle(numbers);
        if (lengths is null) return numbers.Chunk(size);
        int[][] chunks = [.. numbers.Chunk(size * SortedTogether).SelectMany(c => c.OrderBy(i => lengths[i]).Chunk(size))];
        order.Shuffle(chunks);
        return chunks;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
