using System.Collections;

namespace Keras;

/// <summary>The base of data sets that make each batch by its number: derive from it and give it to <c>fit</c>, <c>evaluate</c> or <c>predict</c>.</summary>
/// <remarks>Batches are read in order, on the training thread; to shuffle, change the order in <see cref="on_epoch_end"/>. Keras' __len__ and __getitem__ are
/// <see cref="num_batches"/> and <see cref="this[int]"/>. Source: keras/src/trainers/data_adapters/py_dataset_adapter.py.</remarks>
/// <example>
/// <code>
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: "adam", loss: "mse");
/// model.fit(new Sums(), epochs: 2);
///
/// sealed class Sums : PyDataset
/// {
///     public override int num_batches =&gt; 10;
///
///     public override Batch this[int index]
///     {
///         get
///         {
///             Tensor x = keras.random.normal((16, 4), seed: index);
///             return new Batch(x, ops.sum(x, axis: 1, keepdims: true));
///         }
///     }
/// }
/// </code>
/// </example>
public abstract class PyDataset : IDataAdapter
{
    /// <summary>The number of batches in an epoch.</summary>
    public abstract int num_batches { get; }

    /// <summary>A batch by its number, from 0 to <see cref="num_batches"/> - 1.</summary>
    public abstract Batch this[int index] { get; }

    /// <summary>Called before the first batch of an epoch.</summary>
    public virtual void on_epoch_begin() { }

    /// <summary>Called after the last batch of an epoch.</summary>
    public virtual void on_epoch_end() { }

    int? IDataAdapter.NumBatches => num_batches;

    int? IDataAdapter.BatchSize => null;

    /// <summary>The batches of an epoch.</summary>
    public IEnumerator<Batch> GetEnumerator()
    {
        on_epoch_begin();
        for (var i = 0; i < num_batches; i++) yield return this[i];
        on_epoch_end();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
