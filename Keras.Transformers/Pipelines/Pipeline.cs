namespace Keras.Transformers;

/// <summary>A model with its tokenizer or image processor, for one task: texts or images in, dictionaries with Hugging Face's keys out.</summary>
/// <remarks>Safe from many threads at once, as long as nobody changes the model or the tokenizer. <see cref="Pipelines.pipeline"/> makes one by the name of its task; a class of its own,
/// <see cref="TextClassificationPipeline"/> and so on, says the type of what it returns. Source: transformers/pipelines.</remarks>
public abstract class Pipeline
{
    private protected Pipeline(string task, IReadOnlyList<string> optionNames, TFPreTrainedModel model, PreTrainedTokenizerBase? tokenizer, ViTImageProcessor? image_processor, int batch_size, PipelineOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        (this.task, OptionNames, this.model, this.tokenizer, this.image_processor) = (task, optionNames, model, tokenizer, image_processor);
        this.batch_size = batch_size >= 1 ? batch_size : throw new ValueRangeException("A batch holds nothing", $"{task}, batch_size", "1 or more", $"{batch_size}");
        Options = options ?? new();
        Options.Check(task, optionNames);
    }

    /// <summary>The name of the task: "text-classification".</summary>
    public string task { get; }

    /// <summary>The model.</summary>
    public TFPreTrainedModel model { get; }

    /// <summary>The tokenizer; null if the task has no texts.</summary>
    public PreTrainedTokenizerBase? tokenizer { get; }

    /// <summary>The image processor; null if the task has no images.</summary>
    public ViTImageProcessor? image_processor { get; }

    /// <summary>The number of inputs in one call of the model.</summary>
    public int batch_size { get; }

    /// <summary>The default options of calls.</summary>
    public PipelineOptions Options { get; }

    /// <summary>The options that the task knows.</summary>
    public IReadOnlyList<string> OptionNames { get; }

    /// <summary>The tokenizer, for tasks that need one.</summary>
    internal PreTrainedTokenizerBase Tokenizer => tokenizer!;

    /// <summary>Merges a call's options with the pipeline's; the call's take precedence.</summary>
    private protected PipelineOptions Joined(PipelineOptions? options)
    {
        if (options is null) return Options;
        var joined = options.Over(Options);
        joined.Check(task, OptionNames);
        return joined;
    }

    private protected abstract IReadOnlyList<IReadOnlyList<PipelineOutput>> RunAll(IEnumerable<PipelineInput> inputs, PipelineOptions? options, CancellationToken cancellationToken);

    private protected abstract IEnumerable<IReadOnlyList<PipelineOutput>> RunLazily(IEnumerable<PipelineInput> inputs, PipelineOptions? options, CancellationToken cancellationToken);

    private protected abstract IAsyncEnumerable<IReadOnlyList<PipelineOutput>> RunAsync(IAsyncEnumerable<PipelineInput> inputs, PipelineOptions? options, CancellationToken cancellationToken);

    /// <summary>Runs one input.</summary>
    /// <param name="inputs">A text, two texts, or an image.</param>
    /// <param name="options">Options of this call that override the pipeline's; default none.</param>
    /// <param name="cancellationToken">Cancels between batches, and between tokens of generated texts.</param>
    /// <returns>Dictionaries, the best first.</returns>
    /// <exception cref="ValueRangeException">The input is of the wrong kind, empty or too long, or an option is out of range.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    /// <exception cref="FileFormatException">An image's file is damaged or none.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<PipelineOutput> Apply(PipelineInput inputs, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAll([inputs ?? throw new ArgumentNullException(nameof(inputs))], options, cancellationToken)[0];

    /// <summary>Runs inputs, <see cref="batch_size"/> at once.</summary>
    /// <param name="inputs">Texts, pairs of texts, or images; there may be none.</param>
    /// <param name="options">Options of this call that override the pipeline's; default none.</param>
    /// <param name="cancellationToken">Cancels between batches, and between tokens of generated texts.</param>
    /// <returns>For each input its dictionaries, in the order of the inputs.</returns>
    /// <inheritdoc cref="Apply(PipelineInput, PipelineOptions?, CancellationToken)" path="/exception"/>
    public IReadOnlyList<IReadOnlyList<PipelineOutput>> Apply(IEnumerable<PipelineInput> inputs, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAll(inputs ?? throw new ArgumentNullException(nameof(inputs)), options, cancellationToken);

    /// <inheritdoc cref="Apply(IEnumerable{PipelineInput}, PipelineOptions?, CancellationToken)"/>
    public IReadOnlyList<IReadOnlyList<PipelineOutput>> Apply(IEnumerable<string> inputs, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAll(Each(inputs), options, cancellationToken);

    /// <summary>Runs inputs one batch after the other, as they are read: nothing is read ahead of a batch.</summary>
    /// <param name="inputs">Texts, pairs of texts, or images; they may be without end.</param>
    /// <param name="options">Options of this call that override the pipeline's; default none.</param>
    /// <param name="cancellationToken">Cancels between batches, and between tokens of generated texts.</param>
    /// <returns>For each input its dictionaries, in the order of the inputs.</returns>
    /// <inheritdoc cref="Apply(PipelineInput, PipelineOptions?, CancellationToken)" path="/exception"/>
    public IEnumerable<IReadOnlyList<PipelineOutput>> Stream(IEnumerable<PipelineInput> inputs, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        RunLazily(inputs ?? throw new ArgumentNullException(nameof(inputs)), options, cancellationToken);

    /// <summary>Runs a column of a data set, one batch after the other: Python's <c>KeyDataset</c> and <c>KeyPairDataset</c>.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="column">The column of texts or images.</param>
    /// <param name="pair">The column of the second texts, or contexts; default none.</param>
    /// <param name="options">Options of this call that override the pipeline's; default none.</param>
    /// <param name="cancellationToken">Cancels between batches, and between tokens of generated texts.</param>
    /// <returns>For each row its dictionaries, in the order of the rows.</returns>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <inheritdoc cref="Apply(PipelineInput, PipelineOptions?, CancellationToken)" path="/exception"/>
    public IEnumerable<IReadOnlyList<PipelineOutput>> Stream(Dataset dataset, string column, string? pair = null, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        RunLazily(Rows(dataset, column, pair), options, cancellationToken);

    /// <summary>Runs inputs as they arrive, on another thread.</summary>
    /// <inheritdoc cref="Stream(IEnumerable{PipelineInput}, PipelineOptions?, CancellationToken)"/>
    public IAsyncEnumerable<IReadOnlyList<PipelineOutput>> StreamAsync(IAsyncEnumerable<PipelineInput> inputs, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(inputs ?? throw new ArgumentNullException(nameof(inputs)), options, cancellationToken);

    private protected static IEnumerable<PipelineInput> Each(IEnumerable<string> inputs) => (inputs ?? throw new ArgumentNullException(nameof(inputs))).Select(i => (PipelineInput)i);

    private protected static IEnumerable<PipelineInput> Rows(Dataset dataset, string column, string? pair)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(column);
        foreach (var name in new[] { column, pair }.OfType<string>()) _ = dataset[name];
        return dataset.Select(r => PipelineInput.Of(r[column].ToObject(), column, pair is null ? null : (string?)r[pair]));
    }

    /// <summary>The task and the model.</summary>
    public override string ToString() => $"{GetType().Name}(task='{task}', model={model.GetType().Name}, batch_size={batch_size})";
}
