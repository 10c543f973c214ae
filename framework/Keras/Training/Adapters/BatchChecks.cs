using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Keras.Training;

/// <summary>Checks batches on the host before a step, in every mode.</summary>
static class BatchChecks
{
    /// <summary>The number of samples, which must be the same for every tensor.</summary>
    /// <exception cref="ShapeMismatchException">There is none, a tensor is a scalar, or the numbers differ.</exception>
    public static int SampleCount(Batch batch)
    {
        (string Path, Tensor Tensor)? first = null;
        foreach (var (path, tensor) in batch.Named())
        {
            if (tensor.ndim == 0)
                throw new ShapeMismatchException("The data have no samples", path, "a first dimension that counts the samples", "a scalar", "Give it a batch dimension.");
            if (first is { } known && known.Tensor.shape[0] != tensor.shape[0])
                throw new ShapeMismatchException("The data differ in the number of samples", path, $"{known.Tensor.shape[0]} as '{known.Path}'", $"{tensor.shape[0]} (shape {tensor.shape})", "Give every input, target and weight the same number of rows.");
            first ??= (path, tensor);
        }
        if (first is not { } found) throw new ShapeMismatchException("A batch holds no tensors", null, "at least one input", "none");
        return found.Tensor.shape[0] is > 0 and var count
            ? checked((int)count)
            : throw new ShapeMismatchException("The data are empty", found.Path, "at least one sample", $"shape {found.Tensor.shape}", "Leave empty batches out.");
    }

    /// <summary>Checks integer tensors that are named in <paramref name="ranges"/>.</summary>
    /// <param name="batch">The data.</param>
    /// <param name="ranges">Allowed values by path (<see cref="Batch.Named"/>).</param>
    /// <param name="firstRow">The index of the batch's first row in the whole data, for the message.</param>
    /// <exception cref="ValueRangeException">A value is outside its range.</exception>
    public static void Check(Batch batch, IReadOnlyDictionary<string, InputRange> ranges, long firstRow = 0)
    {
        if (ranges.Count == 0) return;
        foreach (var (path, tensor) in batch.Named())
        {
            if (tensor is not EagerTensor eager || !ranges.TryGetValue(path, out var range)) continue;
            if (eager.dtype == DType.Int32) Check<int>(path, eager, range, firstRow);
            else if (eager.dtype == DType.Int64) Check<long>(path, eager, range, firstRow);
        }
    }

    static void Check<T>(string path, EagerTensor tensor, InputRange range, long firstRow) where T : unmanaged, INumber<T>
    {
        var count = checked((int)tensor.shape.ElementCount);
        if (count == 0) return;
        var rented = ArrayPool<T>.Shared.Rent(count);
        try
        {
            var values = rented.AsSpan(0, count);
            tensor.Engine.CopyToHost(tensor.Handle, MemoryMarshal.AsBytes(values));
            if (long.CreateChecked(TensorPrimitives.Min<T>(values)) >= range.Min && long.CreateChecked(TensorPrimitives.Max<T>(values)) <= range.Max) return;
            for (var i = 0; i < count; i++)
            {
                var value = long.CreateChecked(values[i]);
                if (!range.Contains(value)) throw Outside(path, tensor.shape, range, i, value, firstRow);
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(rented);
        }
    }

    static ValueRangeException Outside(string path, Shape shape, InputRange range, long index, long value, long firstRow)
    {
        var perRow = Math.Max(1, shape.ElementCount / Math.Max(1, shape.Rank == 0 ? 1 : shape[0]));
        var position = new List<long>();
        for (var (axis, rest) = (shape.Rank - 1, index % perRow); axis > 0; rest /= shape[axis], axis--) position.Insert(0, rest % shape[axis]);
        return new("An input value is outside its range", $"'{path}', row {firstRow + (index / perRow)}{(position.Count == 0 ? "" : $", position {string.Join(", ", position)}")}",
            range.ToString(), $"{value}", "Use the tokenizer and the label numbers that belong to the model, or resize its embeddings.");
    }
}
