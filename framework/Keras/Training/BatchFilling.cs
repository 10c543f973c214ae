using Keras.Graphs;

namespace Keras.Training;

/// <summary>Pads batches with fewer rows than the first to its size, so that XLA compiles a step only once.</summary>
/// <param name="filler">The value in padding rows, by path; null for the values of the first row, which are always valid.</param>
sealed class BatchFilling(Func<string, long?> filler)
{
    int? _size;

    public Batch Fill(Batch batch)
    {
        var rows = BatchChecks.SampleCount(batch);
        _size = Math.Max(_size ?? 0, rows);
        var counted = new float[_size.Value];
        counted.AsSpan(0, rows).Fill(1);
        var mask = Tf.Constant(HostTensor.Vector<float>(counted));
        if (rows == _size) return new(batch.x, batch.y, batch.sample_weight) { IsTemporary = batch.IsTemporary, Counted = mask };
        var indices = new int[_size.Value];
        for (var i = 0; i < rows; i++) indices[i] = i;
        var order = Tf.Constant(HostTensor.Vector<int>(indices));
        var paths = batch.Named().Select(n => n.Path).GetEnumerator();
        Tensor Filled(Tensor tensor)
        {
            paths.MoveNext();
            if (filler(paths.Current) is not { } value) return Tf.Gather(tensor, order, 0);
            long[] dims = [_size.Value - rows, .. tensor.shape[1..].Symbolic];
            return Tf.Concat([tensor, Tf.Full(new Shape(dims), value, tensor.dtype)], 0);
        }
        var filled = new Batch(batch.x.Map(Filled), batch.y?.Map(Filled), batch.sample_weight?.Map(Filled)) { IsTemporary = true, Counted = mask };
        batch.Release();
        return filled;
    }
}
