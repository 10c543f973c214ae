using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Collects the rows of batches on the host, one after another; rows are padded if the second axis differs in length.</summary>
sealed class RowCollector(string what)
{
    const long Filler = ModelLosses.Ignored;

    readonly List<List<HostTensor>> _columns = [];
    Tensors? _first;

    public void Add(Tensors batch)
    {
        HostTensor[] values = [.. batch.Flatten().Select(t => t.RequireEager().ToHost())];
        if (_first is null)
        {
            _first = batch;
            _columns.AddRange(values.Select(_ => new List<HostTensor>()));
        }
        if (values.Length != _columns.Count) throw new ShapeMismatchException($"Batches differ in their {what}", null, $"{_columns.Count} tensors, as in the first", $"{values.Length}");
        foreach (var (column, value) in _columns.Zip(values)) column.Add(value);
    }

    /// <summary>All rows, in the structure of the batches.</summary>
    /// <exception cref="ShapeMismatchException">There were no batches, or they differ in more than the length of the second axis.</exception>
    public Tensors All() => (_first ?? throw new ShapeMismatchException("The data are empty", "eval_dataset", "at least one batch", "none", "Give data that can be enumerated more than once."))
        .Pack(_columns.Select(c => Tf.Constant(Joined(c))));

    HostTensor Joined(List<HostTensor> parts)
    {
        var first = parts[0];
        int Size(HostTensor part, int axis) => (int)part.Shape[axis];
        if (parts.Any(p => p.Shape.Rank != first.Shape.Rank || p.DType != first.DType || p.Strings is not null || p.Shape.Rank == 0 || Enumerable.Range(2, Math.Max(0, first.Shape.Rank - 2)).Any(a => Size(p, a) != Size(first, a))))
            throw new ShapeMismatchException($"Batches of {what} cannot be joined", null, $"(B, T, ...) as {first.Shape}", Known.List(parts.Select(p => p.Shape).Distinct()));
        var (rows, width) = (parts.Sum(p => (long)Size(p, 0)), first.Shape.Rank == 1 ? 1 : parts.Max(p => Size(p, 1)));
        var cell = Enumerable.Range(2, Math.Max(0, first.Shape.Rank - 2)).Aggregate((long)first.DType.Size, (size, axis) => size * Size(first, axis));
        var bytes = rows * width * cell;
        if (bytes > Array.MaxLength) throw new ShapeMismatchException($"All {what} together are too large", null, $"at most {Array.MaxLength} bytes", $"{bytes}: {rows} rows of {width * cell}", "Give less data, or an output that is smaller, by output_cols.");
        if (first.Shape.Rank == 1) return HostTensor.OfBytes(first.DType, new Shape(rows), [.. parts.SelectMany(p => p.Data)]);
        var data = new byte[bytes];
        if (parts.Any(p => Size(p, 1) != width)) Fill(data, first.DType);
        var (row, to) = ((int)(width * cell), 0);
        foreach (var part in parts)
        {
            var size = (int)(Size(part, 1) * cell);
            for (var i = 0; i < Size(part, 0); i++, to += row) part.Data.AsSpan(i * size, size).CopyTo(data.AsSpan(to));
        }
        return HostTensor.OfBytes(first.DType, new Shape([rows, width, .. Enumerable.Range(2, first.Shape.Rank - 2).Select(a => Size(first, a))]), data);
    }

    static void Fill(byte[] data, DType dtype)
    {
        var filler = HostTensor.Scalar(Filler, dtype).Data;
        for (var i = 0; i < data.Length; i += filler.Length) filler.CopyTo(data, i);
    }
}
