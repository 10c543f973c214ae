using Keras.Training;

namespace Keras.Layers;

/// <summary>Adapts layers to data that arrives in batches.</summary>
static class LayerData
{
    /// <summary>Adapts a layer to the inputs of batches.</summary>
    /// <exception cref="ArgumentException">A batch has more than inputs, or there are no batches.</exception>
    public static void Adapt(IAdaptable layer, IEnumerable<Batch> data, int? steps)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (steps is { } given) Require.Count(1, given, nameof(steps));
        if (steps is null && data is IResumableData { IsInfinite: true }) throw new ArgumentException("A layer cannot learn from data without end. Give steps: how many batches to learn from.", nameof(steps));
        layer.reset_state();
        var any = false;
        foreach (var batch in steps is { } count ? data.Take(count) : data)
        {
            if (batch.y is not null) throw new ArgumentException("A layer cannot learn from (x, y). Expected: batches of inputs alone. Received: (x, y). Leave y out first: pipeline.map((x, y) => x).", nameof(data));
            layer.update_state(batch.x);
            any = true;
        }
        if (!any) throw new ArgumentException("There are no data to learn from: they end before the first batch.", nameof(data));
        layer.finalize_state();
    }
}

public abstract partial class IndexLookup
{
    /// <inheritdoc cref="adapt(Tensors)"/>
    /// <param name="data">Batches of tokens, such as a pipeline: (N) is one document, (B, ...) has a document a row.</param>
    /// <param name="steps">The number of batches; default all.</param>
    /// <exception cref="ArgumentException">A batch has more than inputs, there is no batch, or endless data is given without steps.</exception>
    public void adapt(IEnumerable<Batch> data, int? steps = null) => LayerData.Adapt(this, data, steps);
}

public sealed partial class TextVectorization
{
    /// <inheritdoc cref="adapt(Tensors)"/>
    /// <param name="data">Batches of texts, (B) or (B, 1), such as a pipeline.</param>
    /// <param name="batch_size">No effect: batches keep their size; Keras has the argument too.</param>
    /// <param name="steps">The number of batches; default all.</param>
    /// <exception cref="ArgumentException">A batch has more than inputs, there is no batch, or endless data is given without steps.</exception>
    public void adapt(IEnumerable<Batch> data, int? batch_size = null, int? steps = null)
    {
        if (batch_size is not null) throw new ArgumentException("batch_size was given, but the data come in batches already. Leave it out.", nameof(batch_size));
        LayerData.Adapt(this, data, steps);
    }
}

public sealed partial class Discretization
{
    /// <inheritdoc cref="adapt(Tensors)"/>
    /// <param name="data">Batches of numbers of any shape, such as a pipeline.</param>
    /// <param name="steps">The number of batches; default all.</param>
    /// <exception cref="ArgumentException">A batch has more than inputs, there is no batch, or endless data is given without steps.</exception>
    public void adapt(IEnumerable<Batch> data, int? steps = null) => LayerData.Adapt(this, data, steps);
}

public sealed partial class Normalization
{
    /// <inheritdoc cref="adapt(Tensors)"/>
    /// <param name="data">Batches (B, ...) as the inputs, such as a pipeline.</param>
    /// <param name="steps">The number of batches; default all.</param>
    /// <exception cref="ArgumentException">A batch has more than inputs, there is no batch, or endless data is given without steps.</exception>
    public void adapt(IEnumerable<Batch> data, int? steps = null) => LayerData.Adapt(this, data, steps);
}
