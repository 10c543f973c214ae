using System.Globalization;
using Keras.Training;

namespace Keras;

/// <summary>The size of a part of a data set: an integer of samples, or a fraction between 0 and 1.</summary>
public readonly record struct SplitSize
{
    SplitSize(double value, bool isFraction) => (Value, IsFraction) = (value, isFraction);

    double Value { get; }

    bool IsFraction { get; }

    /// <summary>A number of samples.</summary>
    public static implicit operator SplitSize(int samples) => new(samples, false);

    /// <summary>A fraction of all samples.</summary>
    public static implicit operator SplitSize(double fraction) => new(fraction, true);

    /// <summary>The sizes of both parts; one that is not given is the remainder.</summary>
    /// <exception cref="ArgumentException">A size is missing, out of range, or leaves a part empty.</exception>
    internal static (int Left, int Right) Of(SplitSize? left_size, SplitSize? right_size, int total)
    {
        if (left_size is null && right_size is null)
            throw new ArgumentException($"The size of the parts is missing. Expected: {nameof(left_size)}, {nameof(right_size)} or both. Received: neither.", nameof(left_size));
        if (left_size is { IsFraction: true } l && right_size is { IsFraction: true } r && l.Value + r.Value > 1)
            throw new ArgumentException($"The parts are larger than the data set. Expected: {nameof(left_size)} + {nameof(right_size)} of at most 1. Received: {l} + {r}.", nameof(left_size));
        var (left, right) = (left_size?.Samples(total, nameof(left_size)), right_size?.Samples(total, nameof(right_size)));
        (left, right) = (left ?? total - right!.Value, right ?? total - left!.Value);
        if (left + right > total)
            throw new ArgumentException($"The parts are larger than the data set. Expected: {nameof(left_size)} + {nameof(right_size)} of at most {total} samples. Received: {left} + {right}.", nameof(left_size));
        if (left == 0 || right == 0)
            throw new ArgumentException($"A part of a data set of {total} samples would be empty: {left} left, {right} right. Give another size or more data.", left == 0 ? nameof(left_size) : nameof(right_size));
        return (left.Value, right.Value);
    }

    int Samples(int total, string parameter)
    {
        if (!(Value > 0 && Value < (IsFraction ? 1 : total)))
            throw new ArgumentException($"The size of a part is out of range. Expected: {(IsFraction ? "a fraction between 0 and 1" : $"a number of samples between 0 and all {total}")}, both excluded. Received: {this}.", parameter);
        return IsFraction ? (int)Math.Round(Value * total) : (int)Value;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

public sealed partial class UtilsApi
{
    /// <summary>Splits arrays into two parts by their samples, such as for training and validation.</summary>
    /// <param name="dataset">Arrays with the same number of samples, each (N, ...): one, a list or a dictionary; a tuple (x, y) or (x, y, sample_weight); or batches, which are
    /// then what is counted.</param>
    /// <param name="left_size">The size of the first part, a number of samples or a fraction; default all that is not in the second.</param>
    /// <param name="right_size">The size of the second part; default all that is not in the first. If both are given, further samples are left out.</param>
    /// <param name="shuffle">Whether the order is shuffled before; default false.</param>
    /// <param name="seed">The seed of the shuffle; default one from <see cref="set_random_seed"/>.</param>
    /// <returns>Both parts, in the form of the data set.</returns>
    /// <exception cref="ArgumentException">No size is given, or a part would be empty or too large.</exception>
    /// <exception cref="ShapeMismatchException">The arrays differ in the number of samples, or have none.</exception>
    /// <remarks>Source: keras/src/utils/dataset_utils.py, which gives two tf.data sets of single samples; here the parts of arrays are arrays, as <c>fit</c> takes them.</remarks>
    public (Tensors left, Tensors right) split_dataset(Tensors dataset, SplitSize? left_size = null, SplitSize? right_size = null, bool shuffle = false, int? seed = null)
    {
        var (left, right) = Split(new(dataset), left_size, right_size, shuffle, seed);
        return (left.x, right.x);
    }

    /// <inheritdoc cref="split_dataset(Tensors, SplitSize?, SplitSize?, bool, int?)"/>
    public ((Tensors x, Tensors y) left, (Tensors x, Tensors y) right) split_dataset((Tensors x, Tensors y) dataset, SplitSize? left_size = null, SplitSize? right_size = null,
        bool shuffle = false, int? seed = null)
    {
        var (left, right) = Split(new(dataset.x, dataset.y ?? throw new ArgumentNullException(nameof(dataset))), left_size, right_size, shuffle, seed);
        return ((left.x, left.y!), (right.x, right.y!));
    }

    /// <inheritdoc cref="split_dataset(Tensors, SplitSize?, SplitSize?, bool, int?)"/>
    public ((Tensors x, Tensors y, Tensors sample_weight) left, (Tensors x, Tensors y, Tensors sample_weight) right) split_dataset((Tensors x, Tensors y, Tensors sample_weight) dataset,
        SplitSize? left_size = null, SplitSize? right_size = null, bool shuffle = false, int? seed = null)
    {
        var all = new Batch(dataset.x, dataset.y ?? throw new ArgumentNullException(nameof(dataset)), dataset.sample_weight ?? throw new ArgumentNullException(nameof(dataset)));
        var (left, right) = Split(all, left_size, right_size, shuffle, seed);
        return ((left.x, left.y!, left.sample_weight!), (right.x, right.y!, right.sample_weight!));
    }

    /// <inheritdoc cref="split_dataset(Tensors, SplitSize?, SplitSize?, bool, int?)"/>
    public (PyDataset left, PyDataset right) split_dataset(PyDataset dataset, SplitSize? left_size = null, SplitSize? right_size = null, bool shuffle = false, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var (left, right) = Orders(dataset.num_batches, left_size, right_size, shuffle, seed);
        return (new SomeBatches(dataset, left), new SomeBatches(dataset, right));
    }

    /// <inheritdoc cref="split_dataset(Tensors, SplitSize?, SplitSize?, bool, int?)"/>
    public (IReadOnlyList<Batch> left, IReadOnlyList<Batch> right) split_dataset(IEnumerable<Batch> dataset, SplitSize? left_size = null, SplitSize? right_size = null, bool shuffle = false,
        int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Batch[] all = [.. dataset.Select(b => b.IsTemporary ? new Batch(b.x, b.y, b.sample_weight) : b)];
        var (left, right) = Orders(all.Length, left_size, right_size, shuffle, seed);
        return (Array.ConvertAll(left, i => all[i]), Array.ConvertAll(right, i => all[i]));
    }

    static (Batch Left, Batch Right) Split(Batch all, SplitSize? left_size, SplitSize? right_size, bool shuffle, int? seed)
    {
        var (left, right) = Orders(BatchChecks.SampleCount(all), left_size, right_size, shuffle, seed);
        return (ArrayAdapter.Rows(all, left), ArrayAdapter.Rows(all, right));
    }

    static (int[] Left, int[] Right) Orders(int total, SplitSize? left_size, SplitSize? right_size, bool shuffle, int? seed)
    {
        var (left, right) = SplitSize.Of(left_size, right_size, total);
        int[] order = [.. Enumerable.Range(0, total)];
        if (shuffle) (seed is { } number ? new System.Random(number) : Shuffling.NewOrder()).Shuffle(order);
        return (order[..left], order[left..(left + right)]);
    }

    /// <summary>A subset of a data set's batches, each made on demand.</summary>
    sealed class SomeBatches(PyDataset all, int[] numbers) : PyDataset
    {
        public override int num_batches => numbers.Length;

        public override Batch this[int index] => all[numbers[index]];

        public override void on_epoch_begin() => all.on_epoch_begin();

        public override void on_epoch_end() => all.on_epoch_end();
    }
}
