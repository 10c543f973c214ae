using System.Runtime.CompilerServices;
using Keras.Engines;

namespace Keras.Transformers;

/// <summary>A pipeline whose outputs are of a known class.</summary>
/// <typeparam name="TOutput">The type of each dictionary.</typeparam>
public abstract class Pipeline<TOutput> : Pipeline where TOutput : PipelineOutput
{
    private protected Pipeline(string task, IReadOnlyList<string> optionNames, TFPreTrainedModel model, PreTrainedTokenizerBase? tokenizer, ViTImageProcessor? image_processor, int batch_size, PipelineOptions? options)
        : base(task, optionNames, model, tokenizer, image_processor, batch_size, options) { }

    /// <summary>Runs a batch of inputs.</summary>
    private protected abstract IReadOnlyList<PipelineOutputs<TOutput>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation);

    /// <inheritdoc cref="Pipeline.Apply(PipelineInput, PipelineOptions?, CancellationToken)"/>
    public new PipelineOutputs<TOutput> Apply(PipelineInput inputs, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        Batches([inputs ?? throw new ArgumentNullException(nameof(inputs))], Joined(options), cancellationToken).Single();

    /// <inheritdoc cref="Pipeline.Apply(IEnumerable{PipelineInput}, PipelineOptions?, CancellationToken)"/>
    public new IReadOnlyList<PipelineOutputs<TOutput>> Apply(IEnumerable<PipelineInput> inputs, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        [.. Batches(inputs ?? throw new ArgumentNullException(nameof(inputs)), Joined(options), cancellationToken)];

    /// <inheritdoc cref="Pipeline.Apply(IEnumerable{PipelineInput}, PipelineOptions?, CancellationToken)"/>
    public new IReadOnlyList<PipelineOutputs<TOutput>> Apply(IEnumerable<string> inputs, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        Apply(Each(inputs), options, cancellationToken);

    /// <inheritdoc cref="Pipeline.Stream(IEnumerable{PipelineInput}, PipelineOptions?, CancellationToken)"/>
    public new IEnumerable<PipelineOutputs<TOutput>> Stream(IEnumerable<PipelineInput> inputs, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        Batches(inputs ?? throw new ArgumentNullException(nameof(inputs)), Joined(options), cancellationToken);

    /// <inheritdoc cref="Pipeline.Stream(Dataset, string, string?, PipelineOptions?, CancellationToken)"/>
    public new IEnumerable<PipelineOutputs<TOutput>> Stream(Dataset dataset, string column, string? pair = null, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        Batches(Rows(dataset, column, pair), Joined(options), cancellationToken);

    /// <inheritdoc cref="Pipeline.StreamAsync(IAsyncEnumerable{PipelineInput}, PipelineOptions?, CancellationToken)"/>
    public new IAsyncEnumerable<PipelineOutputs<TOutput>> StreamAsync(IAsyncEnumerable<PipelineInput> inputs, PipelineOptions? options = null, CancellationToken cancellationToken = default) =>
        Arriving(inputs ?? throw new ArgumentNullException(nameof(inputs)), Joined(options), Engine.Current, cancellationToken);

    private protected sealed override IReadOnlyList<IReadOnlyList<PipelineOutput>> RunAll(IEnumerable<PipelineInput> inputs, PipelineOptions? options, CancellationToken cancellationToken) => Apply(inputs, options, cancellationToken);

    private protected sealed override IEnumerable<IReadOnlyList<PipelineOutput>> RunLazily(IEnumerable<PipelineInput> inputs, PipelineOptions? options, CancellationToken cancellationToken) => Stream(inputs, options, cancellationToken);

    private protected sealed override async IAsyncEnumerable<IReadOnlyList<PipelineOutput>> RunAsync(IAsyncEnumerable<PipelineInput> inputs, PipelineOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var outputs in StreamAsync(inputs, options, cancellationToken).ConfigureAwait(false)) yield return outputs;
    }

    IEnumerable<PipelineOutputs<TOutput>> Batches(IEnumerable<PipelineInput> inputs, PipelineOptions options, CancellationToken cancellation)
    {
        foreach (var batch in inputs.Chunk(batch_size))
        {
            cancellation.ThrowIfCancellationRequested();
            if (batch.Contains(null!)) throw new ArgumentNullException(nameof(inputs), "One of the inputs is null.");
            foreach (var outputs in PipelineTelemetry.Run(this, batch.Length, () => Run(batch, options, cancellation))) yield return outputs;
        }
    }

    async IAsyncEnumerable<PipelineOutputs<TOutput>> Arriving(IAsyncEnumerable<PipelineInput> inputs, PipelineOptions options, IEngine engine, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var batch = new List<PipelineInput>(batch_size);
        IReadOnlyList<PipelineOutputs<TOutput>> OnEngine(PipelineInput[] full)
        {
            using var chosen = Engine.Use(engine);
            return PipelineTelemetry.Run(this, full.Length, () => Run(full, options, cancellation));
        }
        await foreach (var input in inputs.WithCancellation(cancellation).ConfigureAwait(false))
        {
            batch.Add(input ?? throw new ArgumentNullException(nameof(inputs), "One of the inputs is null."));
            if (batch.Count < batch_size) continue;
            PipelineInput[] full = [.. batch];
            batch.Clear();
            foreach (var outputs in await Task.Run(() => OnEngine(full), cancellation).ConfigureAwait(false)) yield return outputs;
        }
        if (batch.Count == 0) yield break;
        foreach (var outputs in await Task.Run(() => OnEngine([.. batch]), cancellation).ConfigureAwait(false)) yield return outputs;
    }
}
