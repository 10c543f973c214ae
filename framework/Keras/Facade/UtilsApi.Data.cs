using System.Numerics;
using Keras.Backend;
using Keras.Graphs;

namespace Keras;

public sealed partial class UtilsApi
{
    /// <summary>Turns class indices into one-hot rows: 1 at the class, 0 elsewhere.</summary>
    /// <param name="x">Class indices, (N) or (N, ..., 1), integers from 0.</param>
    /// <param name="num_classes">The number of classes; default the largest index and 1.</param>
    /// <returns>(N, ..., C), floatx.</returns>
    /// <exception cref="ValueRangeException">An index is negative or not below num_classes.</exception>
    public Tensor to_categorical(TensorLike x, int? num_classes = null)
    {
        var indices = Api.ops.cast(x, "int64");
        if (indices.ndim > 1 && indices.shape[-1] == 1) indices = Api.ops.squeeze(indices, -1);
        var values = indices.ToArray<long>();
        var classes = num_classes ?? (values.Length == 0 ? 0 : checked((int)values.Max() + 1));
        foreach (var value in values)
            if (value < 0 || value >= classes) throw new ValueRangeException("Class indices do not fit the classes", nameof(x), $"indices from 0 to {classes - 1} ({nameof(num_classes)} - 1)", value.ToString(System.Globalization.CultureInfo.InvariantCulture), $"Give {nameof(num_classes)} of at least the largest index + 1.");
        return Api.ops.one_hot(indices, classes);
    }

    /// <summary>Scales vectors to length 1; those of length 0 stay unchanged.</summary>
    /// <param name="x">Numbers of any shape.</param>
    /// <param name="axis">The axis of the vectors; default the last.</param>
    /// <param name="order">The norm, 1 or 2 or more; default 2.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">order is not positive.</exception>
    public Tensor normalize(TensorLike x, int axis = -1, int order = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        var numbers = Api.ops.cast(x, DTypePromotion.Floating(x.Type));
        var length = Api.ops.power(Api.ops.sum(Api.ops.power(Api.ops.abs(numbers), order), axis, keepdims: true), 1.0 / order);
        return numbers / Api.ops.where(Api.ops.equal(length, 0), Tf.OnesLike(length), length);
    }

    /// <summary>Pads or cuts sequences to one length, so that they become one tensor.</summary>
    /// <param name="sequences">The sequences, such as <c>int[][]</c>.</param>
    /// <param name="maxlen">The length of all; default that of the longest.</param>
    /// <param name="dtype">The dtype; default "int32".</param>
    /// <param name="padding">The side on which short sequences are padded: "pre" (default) or "post".</param>
    /// <param name="truncating">The side on which long sequences are cut: "pre" (default) or "post".</param>
    /// <param name="value">The value of the padding; default 0.</param>
    /// <returns>(N, maxlen).</returns>
    /// <exception cref="ArgumentException">padding or truncating is another text, or maxlen is negative.</exception>
    /// <exception cref="ValueRangeException">A number is beyond the dtype; for integer dtypes, fractions are truncated, as in Keras.</exception>
    public Tensor pad_sequences<T>(IEnumerable<IEnumerable<T>> sequences, int? maxlen = null, DType? dtype = null, string padding = "pre", string truncating = "pre", double value = 0)
        where T : struct, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(sequences);
        RequireSide(padding, nameof(padding));
        RequireSide(truncating, nameof(truncating));
        T[][] rows = [.. sequences.Select(s => (s ?? throw new ArgumentException("A sequence is null. Give an empty one.", nameof(sequences))).ToArray())];
        var length = maxlen ?? (rows.Length == 0 ? 0 : rows.Max(r => r.Length));
        ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(maxlen));
        var type = dtype ?? DType.Int32;
        return Api.ops.cast(type.IsInteger
            ? Tensor.Of(Padded(rows, length, padding, truncating, n => Whole(n, type, nameof(sequences)), Whole(value, type, nameof(value))))
            : Tensor.Of(Padded(rows, length, padding, truncating, double.CreateChecked, value)), type);
    }

    static TOut[,] Padded<T, TOut>(T[][] rows, int length, string padding, string truncating, Func<T, TOut> convert, TOut value)
    {
        var padded = new TOut[rows.Length, length];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i].Length <= length ? rows[i] : truncating == "pre" ? rows[i][^length..] : rows[i][..length];
            var start = padding == "pre" ? length - row.Length : 0;
            for (var j = 0; j < length; j++) padded[i, j] = j >= start && j < start + row.Length ? convert(row[j - start]) : value;
        }
        return padded;
    }

    /// <summary>Truncates a number to an integer that the dtype can hold.</summary>
    static long Whole<T>(T number, DType dtype, string name) where T : INumber<T>
    {
        var (low, high) = Limits.Of(dtype);
        try
        {
            if (long.CreateChecked(number) is var whole && whole >= low && whole <= high) return whole;
        }
        catch (OverflowException)
        {
            // NaN, infinite, or beyond every integer dtype used here.
        }
        throw new ValueRangeException("A number is beyond the dtype", name, $"numbers from {low:R} to {high:R} ({dtype.Name})", $"{number}", "Give a wider dtype, such as \"int64\" or \"float32\".");
    }

    static void RequireSide(string side, string name)
    {
        Known.OneOf(side, name, "pre", "post");
    }

    /// <summary>Cuts a time series into sliding windows, as batches of (windows, targets).</summary>
    /// <param name="data">The series, (T, ...).</param>
    /// <param name="targets">The target of the window that begins at each position, (T, ...); null for windows only.</param>
    /// <param name="sequence_length">The length of a window.</param>
    /// <param name="sequence_stride">The distance between the starts of windows; default 1.</param>
    /// <param name="sampling_rate">The distance between values of a window; default 1.</param>
    /// <param name="batch_size">Windows in a batch; default 128.</param>
    /// <param name="shuffle">Whether windows are shuffled, in the same order each epoch; default false.</param>
    /// <param name="seed">The seed of the shuffle; default 0.</param>
    /// <param name="start_index">The first position to use; default 0.</param>
    /// <param name="end_index">The end of the data to use, exclusive; default all.</param>
    /// <returns>Batches of (B, sequence_length, ...) and (B, ...).</returns>
    /// <exception cref="ArgumentException">A number is not positive, or the positions are not within the data.</exception>
    public PyDataset timeseries_dataset_from_array(TensorLike data, Tensor? targets, int sequence_length, int sequence_stride = 1, int sampling_rate = 1, int batch_size = 128,
        bool shuffle = false, int seed = 0, int? start_index = null, int? end_index = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequence_length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequence_stride);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampling_rate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch_size);
        var series = Api.ops.convert_to_tensor(data);
        var (first, behind) = (start_index ?? 0, end_index ?? checked((int)series.shape[0]));
        if (first < 0 || behind > series.shape[0] || first >= behind)
            throw new ArgumentException($"The places do not lie within the data. Expected: 0 <= {nameof(start_index)} < {nameof(end_index)} <= {series.shape[0]}. Received: {first} and {behind}.", nameof(start_index));
        var count = behind - first - ((sequence_length - 1) * sampling_rate);
        if (targets is not null) count = (int)Math.Min(count, targets.shape[0]);
        var starts = Enumerable.Range(0, Math.Max(0, count)).Where(i => i % sequence_stride == 0).ToArray();
        if (shuffle) new Random(seed).Shuffle(starts);
        return new Windows(series, targets, starts, first, sequence_length, sampling_rate, batch_size);
    }

    sealed class Windows(Tensor series, Tensor? targets, int[] starts, int first, int length, int rate, int size) : PyDataset
    {
        public override int num_batches => (starts.Length + size - 1) / size;

        public override Batch this[int index]
        {
            get
            {
                var own = starts[(index * size)..Math.Min(starts.Length, (index + 1) * size)];
                var places = new int[own.Length, length];
                for (var i = 0; i < own.Length; i++)
                    for (var j = 0; j < length; j++) places[i, j] = first + own[i] + (j * rate);
                return new(Api.ops.take(series, Tensor.Of(places), 0), targets is null ? null : Api.ops.take(targets, Tensor.Of(own), 0));
            }
        }
    }

    /// <summary>Packs inputs, truth and sample weights into one batch.</summary>
    public Batch pack_x_y_sample_weight(Tensors x, Tensors? y = null, Tensors? sample_weight = null) => new(x, y, sample_weight);

    /// <summary>Unpacks a batch; parts that it does not have are null.</summary>
    public (Tensors x, Tensors? y, Tensors? sample_weight) unpack_x_y_sample_weight(Batch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return (data.x, data.y, data.sample_weight);
    }

    /// <summary>Whether a tensor is symbolic: made by <c>keras.Input</c>, or by a layer of one that is.</summary>
    public bool is_keras_tensor(Tensor x) => x is SymbolicTensor;

    /// <summary>The name of a dtype; that of floatx for null.</summary>
    public string standardize_dtype(DType? dtype) => (dtype ?? ConfigApi.FloatX).Name;
}
