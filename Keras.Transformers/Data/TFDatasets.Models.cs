using Keras.Data;

namespace Keras.Transformers;

// Selects the columns of a table that a model takes.
public static partial class TFDatasets
{
    /// <summary>Builds a pipeline of batches for fit, evaluate and predict: the columns that the model takes, collated, with labels split off.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">The table: encoded texts with their labels.</param>
    /// <param name="batch_size">The rows of a batch; default 8.</param>
    /// <param name="shuffle">Whether each epoch has a new order; default true.</param>
    /// <param name="tokenizer">Pads rows if there is no collate_fn; without both, rows must have the same length.</param>
    /// <param name="collate_fn">Makes a batch of rows; default <see cref="DataCollatorWithPadding"/> with a tokenizer, otherwise <see cref="DefaultDataCollator"/>.</param>
    /// <param name="collate_fn_args">Arguments for a <see cref="DataCollatorFunction"/>; default none.</param>
    /// <param name="drop_remainder">Whether a last batch of fewer rows is left out; default <paramref name="shuffle"/>.</param>
    /// <param name="prefetch">Whether batches are made ahead on a thread; default true.</param>
    /// <param name="group_by_length">Whether batches hold rows of similar length, so that little is padded; default false.</param>
    /// <param name="seed">Makes the orders reproducible; default drawn from the global seed.</param>
    /// <returns>Elements of inputs, or (inputs, labels); columns that the model does not take are left out, label and label_ids become labels.</returns>
    /// <remarks>Source: transformers/modeling_tf_utils.py, TFPreTrainedModel.prepare_tf_dataset.</remarks>
    /// <exception cref="ArgumentException">The table is empty, or lacks a column that the tokenizer needs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">batch_size is not positive, or seed is negative.</exception>
    /// <exception cref="ShapeMismatchException">Rows of a batch differ in length after collating.</exception>
    public static DataPipeline prepare_tf_dataset(this TFPreTrainedModel model, IColumnSource dataset, int? batch_size = 8, bool shuffle = true, PreTrainedTokenizerBase? tokenizer = null, DataCollator? collate_fn = null,
        IReadOnlyDictionary<string, object?>? collate_fn_args = null, bool? drop_remainder = null, bool prefetch = true, bool group_by_length = false, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        if (batch_size is { } size) Require.Count(1, size, nameof(batch_size));
        if (seed is { } given) Require.Count(0, given, nameof(seed));
        collate_fn ??= tokenizer is null ? new DefaultDataCollator("np") : new DataCollatorWithPadding(tokenizer, return_tensors: "np");
        var made = new BatchMaker(dataset, model.InputNames, collate_fn.With(collate_fn_args), isBatched: true).Spec(null, most: 1).Keys;
        string[] labels = [.. made.Where(model.LabelNames.Contains)];
        string[] inputs = [.. made.Where(n => model.InputNames.Contains(n) && !labels.Contains(n))];
        if (inputs.Length == 0) throw new ArgumentException($"The table has no column that {model.GetType().Name} takes. Expected: some of {Known.List(model.InputNames)}. Received: {Known.List(dataset.ColumnNames)}.", nameof(dataset));
        return dataset.to_tf_dataset(batch_size, inputs, shuffle, collate_fn, drop_remainder ?? shuffle, collate_fn_args, labels, prefetch, group_by_length, seed);
    }

    /// <summary>Builds a pipeline of batches for a model from a tokenizer's columns.</summary>
    /// <inheritdoc cref="prepare_tf_dataset(TFPreTrainedModel, IColumnSource, int?, bool, PreTrainedTokenizerBase, DataCollator, IReadOnlyDictionary{string, object}, bool?, bool, bool, int?)"/>
    public static DataPipeline prepare_tf_dataset(this TFPreTrainedModel model, IReadOnlyDictionary<string, BatchColumn> dataset, int? batch_size = 8, bool shuffle = true, PreTrainedTokenizerBase? tokenizer = null, DataCollator? collate_fn = null,
        IReadOnlyDictionary<string, object?>? collate_fn_args = null, bool? drop_remainder = null, bool prefetch = true, bool group_by_length = false, int? seed = null) =>
        model.prepare_tf_dataset(ColumnSource.Of(dataset ?? throw new ArgumentNullException(nameof(dataset))), batch_size, shuffle, tokenizer, collate_fn, collate_fn_args, drop_remainder, prefetch, group_by_length, seed);
}
