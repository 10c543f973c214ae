namespace Keras.Data;

// Steps that make batches of elements, and pipelines of several.
public sealed partial class DataPipeline
{
    /// <summary>Stacks elements into batches, along a new first axis.</summary>
    /// <param name="batch_size">The number of elements in a batch.</param>
    /// <param name="drop_remainder">Whether a last batch of fewer elements is left out; default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">batch_size is not positive.</exception>
    /// <exception cref="ShapeMismatchException">While walking: elements of a batch differ in shape.</exception>
    public DataPipeline batch(int batch_size, bool drop_remainder = false) =>
        new(new BatchStage(_stage, Require.Count(1, batch_size), drop_remainder, null, "batch"));

    /// <summary>Pads elements of different shapes and stacks them into batches, along a new first axis.</summary>
    /// <param name="batch_size">The number of elements in a batch.</param>
    /// <param name="padded_shapes">The shape of each component of an element; unknown dimensions become those of the batch's largest. Default unknown everywhere.</param>
    /// <param name="padding_values">The padding value of each component; default 0 and the empty string.</param>
    /// <param name="drop_remainder">Whether a last batch of fewer elements is left out; default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">batch_size is not positive.</exception>
    /// <exception cref="ShapeMismatchException">While walking: an element is larger than its padded shape.</exception>
    public DataPipeline padded_batch(int batch_size, Components<Shape>? padded_shapes = null, Components<double>? padding_values = null, bool drop_remainder = false) =>
        new(new BatchStage(_stage, Require.Count(1, batch_size), drop_remainder, new(padded_shapes, padding_values), "padded_batch"));

    /// <summary>Splits batches: each row becomes an element.</summary>
    public DataPipeline unbatch() => new(new UnbatchStage(_stage));

    /// <summary>Regroups the rows of batches into batches of another size.</summary>
    /// <param name="batch_size">The rows of a batch.</param>
    /// <param name="drop_remainder">Whether a last batch of fewer rows is left out; default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">batch_size is not positive.</exception>
    public DataPipeline rebatch(int batch_size, bool drop_remainder = false) =>
        new(new BatchStage(new UnbatchStage(_stage), Require.Count(1, batch_size), drop_remainder, null, "rebatch"));

    /// <summary>Makes batches of elements of similar length, so that little is padded.</summary>
    /// <param name="element_length_func">The length of an element.</param>
    /// <param name="bucket_boundaries">The ascending bucket boundaries: an element shorter than the first boundary falls into the first bucket, and so on.</param>
    /// <param name="bucket_batch_sizes">The elements of a batch of each kind: one more than boundaries.</param>
    /// <param name="padded_shapes">As in <see cref="padded_batch"/>.</param>
    /// <param name="padding_values">As in <see cref="padded_batch"/>.</param>
    /// <param name="pad_to_bucket_boundary">Whether unknown dimensions become one less than the boundary, so that there are as many shapes as kinds; default false, the batch's largest.</param>
    /// <param name="no_padding">Whether elements have equal shapes and need no padding; default false.</param>
    /// <param name="drop_remainder">Whether batches that the end leaves incomplete are left out; default false.</param>
    /// <exception cref="ArgumentException">Boundaries are missing or not ascending, or the number of sizes is not one more.</exception>
    public DataPipeline bucket_by_sequence_length(Func<Tensors, long> element_length_func, IReadOnlyList<long> bucket_boundaries, IReadOnlyList<int> bucket_batch_sizes,
        Components<Shape>? padded_shapes = null, Components<double>? padding_values = null, bool pad_to_bucket_boundary = false, bool no_padding = false, bool drop_remainder = false)
    {
        ArgumentNullException.ThrowIfNull(element_length_func);
        ArgumentNullException.ThrowIfNull(bucket_boundaries);
        ArgumentNullException.ThrowIfNull(bucket_batch_sizes);
        if (bucket_boundaries.Count == 0 || bucket_boundaries[0] < 1 || bucket_boundaries.Zip(bucket_boundaries.Skip(1)).Any(b => b.First >= b.Second))
            throw new ArgumentException($"bucket_boundaries must be positive and ascend. Received: {Known.Say(bucket_boundaries)}.", nameof(bucket_boundaries));
        if (bucket_batch_sizes.Count != bucket_boundaries.Count + 1)
            throw new ArgumentException($"bucket_batch_sizes must have one entry more than bucket_boundaries. Expected: {bucket_boundaries.Count + 1}. Received: {bucket_batch_sizes.Count}.", nameof(bucket_batch_sizes));
        foreach (var size in bucket_batch_sizes) Require.Count(1, size, nameof(bucket_batch_sizes));
        if (no_padding && (pad_to_bucket_boundary || padded_shapes is not null || padding_values is not null))
            throw new ArgumentException("no_padding has no meaning together with padded_shapes, padding_values or pad_to_bucket_boundary. Leave one out.", nameof(no_padding));
        return new(new BucketStage(_stage, e => element_length_func(e.ToTensors()), [.. bucket_boundaries], [.. bucket_batch_sizes],
            no_padding ? null : new(padded_shapes, padding_values), pad_to_bucket_boundary, drop_remainder));
    }

    /// <summary>Appends the elements of another pipeline.</summary>
    /// <param name="dataset">The other pipeline; its elements must be alike.</param>
    public DataPipeline concatenate(DataPipeline dataset) => new(new ConcatenateStage(_stage, (dataset ?? throw new ArgumentNullException(nameof(dataset)))._stage));

    /// <summary>Pairs the elements with those of other pipelines; it ends with the shortest.</summary>
    /// <param name="datasets">The other pipelines.</param>
    public DataPipeline zip(params DataPipeline[] datasets) => DataApi.Instance.zip([this, .. datasets ?? throw new ArgumentNullException(nameof(datasets))]);

    /// <summary>Makes a pipeline from each element, and concatenates them.</summary>
    /// <param name="map_func">Takes an element and gives a pipeline.</param>
    public DataPipeline flat_map(Func<Tensors, DataPipeline> map_func) => Interleaved(map_func, 1, 1, false, nameof(flat_map));

    /// <summary>Makes a pipeline from each element, and interleaves the elements of several.</summary>
    /// <param name="map_func">Takes an element and gives a pipeline.</param>
    /// <param name="cycle_length">The number of pipelines to interleave; default 4. (tf.data takes one per processor, so that the order depends on the machine.)</param>
    /// <param name="block_length">The number of consecutive elements from each; default 1.</param>
    /// <param name="num_parallel_calls">Whether each of them has a thread that works ahead: any number, or AUTOTUNE, for yes; the order stays the same. Default no.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public DataPipeline interleave(Func<Tensors, DataPipeline> map_func, int cycle_length = 4, long block_length = 1, int? num_parallel_calls = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(block_length, 1);
        return Interleaved(map_func, Require.Count(1, cycle_length), block_length, Workers(num_parallel_calls) is not null, nameof(interleave));
    }

    DataPipeline Interleaved(Func<Tensors, DataPipeline> map_func, int cycle, long block, bool parallel, string name)
    {
        ArgumentNullException.ThrowIfNull(map_func);
        return new(new InterleaveStage(_stage, e => (map_func(e.ToTensors()) ?? throw new ArgumentException("map_func returned null. Expected: a pipeline.")).Stage, cycle, block, parallel, name));
    }
}
