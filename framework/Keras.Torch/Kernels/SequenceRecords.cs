using Keras.Checkpoints;

namespace Keras.Engines.Torch;

/// <summary>Parses tf.train.SequenceExample records into tensors.</summary>
/// <remarks>Source: tensorflow/core/util/example_proto_fast_parsing.cc. Rows and steps of unequal length are padded to the longest, as in TensorFlow, up to a limit; all other memory is a small multiple of the records.</remarks>
static class SequenceRecords
{
    const int FirstDefault = 9, MissingIsEmpty = 8;

    public static unsafe void Parse(KernelCall c)
    {
        string[] sparse = ExampleRecords.Keys(c, 5), dense = ExampleRecords.Keys(c, 6), ragged = ExampleRecords.Keys(c, 7);
        var names = c.Strings(1).Values;
        var first = ExampleRecords.Parse(c, ExampleRecords.Keys(c, 2), ExampleRecords.Keys(c, 3), ExampleRecords.Keys(c, 4), FirstDefault, names, "context_dense_shapes");
        var (records, shapes) = (c.Strings(0), c.Get<Shape[]>("feature_list_dense_shapes"));
        var afterSparse = first + (3 * sparse.Length);
        var afterDense = afterSparse + (2 * dense.Length);
        var mayLack = c.Tensor(MissingIsEmpty).As<bool>().ToArray();
        StepColumn[] columns =
        [
            .. sparse.Select((key, i) => new StepColumn(key, c.DTypes[first + sparse.Length + i], null, mayLack: true)),
            .. dense.Select((key, i) => new StepColumn(key, c.DTypes[afterSparse + i], shapes[i], mayLack[i])),
            .. ragged.Select((key, i) => new StepColumn(key, c.DTypes[afterDense + i], null, mayLack: true)),
        ];
        ExampleRecords.Fill(c, columns, records.Values, names, TfExampleWire.ReadLists, "A list of features", "tf.train.SequenceExample");
        var isSingle = records.Shape.Rank == 0;
        if (isSingle)
            for (var i = first - c.ShapeOf(4).ElementCount; i < first; i++)
            {
                c.Outputs[i]!.Dispose();
                Structure.WriteIntegers(c.Result((int)i, Shape.Scalar), [0]);
            }
        for (var i = 0; i < sparse.Length; i++) columns[i].Sparse(c, isSingle, first + i, sparse.Length);
        for (var i = 0; i < dense.Length; i++) columns[sparse.Length + i].Dense(c, isSingle, afterSparse + i, dense.Length);
        for (var i = 0; i < ragged.Length; i++) columns[sparse.Length + dense.Length + i].Ragged(c, isSingle, afterDense + i, ragged.Length);
    }
}

/// <summary>One feature list of all records of a call.</summary>
/// <param name="key">Its name.</param>
/// <param name="dtype">Its element type.</param>
/// <param name="shape">The shape of each step of a dense list; null if steps may have any length.</param>
/// <param name="mayLack">Whether a record may lack it.</param>
sealed class StepColumn(string key, DType dtype, Shape? shape, bool mayLack) : IRecordColumn
{
    readonly ExampleValues _values = ExampleValues.Of(dtype);

    /// <summary>The steps up to the end of each record, and the values up to the end of each step.</summary>
    readonly List<long> _steps = [], _ends = [];

    int _row = -1;

    public string Key => key;

    TfExampleKind Kind => dtype == DType.String ? TfExampleKind.Bytes : dtype == DType.Float32 ? TfExampleKind.Floats : TfExampleKind.Integers;

    public void Read(KernelCall c, ReadOnlyMemory<byte> entry, int row, string where)
    {
        if (_row == row) return;
        _row = row;
        foreach (var feature in TfExampleWire.StepsOf(entry))
        {
            var (kind, values) = TfExampleWire.ListOf(feature);
            if (kind != TfExampleKind.None && kind != Kind) throw c.Fail($"{Kind} in list \"{key}\"", $"{kind}, {where}", "A feature has a list of another type");
            var before = _values.Count;
            if (kind != TfExampleKind.None) _values.Read(values);
            if (shape is not null && _values.Count - before != shape.ElementCount)
                throw c.Fail($"{shape.ElementCount} values in each step of list \"{key}\", whose shape is {shape}", $"{_values.Count - before}, {where}", "A step has another number of values");
            _ends.Add(_values.Count);
        }
    }

    public void EndRow(KernelCall c, int row, string where)
    {
        if (_row != row && !mayLack) throw c.Fail($"list \"{key}\", which no record may lack", $"none, {where}", "A record lacks a list of features");
        _steps.Add(_ends.Count);
    }

    static long Longest(List<long> ends)
    {
        var (start, longest) = (0L, 0L);
        foreach (var end in ends)
        {
            longest = Math.Max(longest, end - start);
            start = end;
        }
        return longest;
    }

    /// <summary>Writes indices, values and dense shape, as outputs at a fixed distance.</summary>
    public unsafe void Sparse(KernelCall c, bool isSingle, int output, int count)
    {
        var places = (long*)c.Result(output, new Shape(_values.Count, isSingle ? 2 : 3)).Data;
        var (step, at) = (0, 0L);
        for (var row = 0; row < _steps.Count; row++)
            for (var first = step; step < _steps[row]; step++)
                for (var value = 0L; at < _ends[step]; at++, value++)
                {
                    if (!isSingle) *places++ = row;
                    *places++ = step - first;
                    *places++ = value;
                }
        c.Outputs[count + output] = _values.Flat(new Shape(_values.Count));
        long[] shape = [Longest(_steps), Longest(_ends)];
        Structure.WriteIntegers(c.Result((2 * count) + output, new Shape(isSingle ? 2 : 3)), isSingle ? shape : [_steps.Count, .. shape]);
    }

    /// <summary>Writes the steps, and their number in each record.</summary>
    public void Dense(KernelCall c, bool isSingle, int output, int count)
    {
        var longest = Longest(_steps);
        var whole = (isSingle ? new Shape(longest) : new Shape(_steps.Count, longest)).Concat(shape!);
        var most = ExampleColumn.MostPadded(_values.Count);
        if (PackedBytes.Count(whole.ToArray()) > most) throw c.Fail($"at most {most} values of list \"{key}\" with its padding", $"{whole}", "Lists of unequal length are too many or too long");
        var width = shape!.ElementCount;
        using var nothing = Structure.OfHost(dtype == DType.String ? HostTensor.OfStrings(Shape.Scalar, [[]]) : HostTensor.Scalar(0, dtype));
        c.Outputs[output] = isSingle ? _values.Flat(whole) : _values.Padded(whole, [.. _steps.Select(s => s * width)], longest * width, nothing);
        var start = 0L;
        var lengths = new long[_steps.Count];
        for (var row = 0; row < lengths.Length; row++) (lengths[row], start) = (_steps[row] - start, _steps[row]);
        Structure.WriteIntegers(c.Result(count + output, isSingle ? Shape.Scalar : new Shape(lengths.Length)), lengths);
    }

    /// <summary>Writes the values, the steps of each record, and the values of each step.</summary>
    public void Ragged(KernelCall c, bool isSingle, int output, int count)
    {
        c.Outputs[output] = _values.Flat(new Shape(_values.Count));
        Structure.WriteIntegers(c.Result(count + output, isSingle ? Shape.Scalar : new Shape(_steps.Count + 1)), isSingle ? [0] : [0, .. _steps]);
        Structure.WriteIntegers(c.Result((2 * count) + output, new Shape(_ends.Count + 1)), [0, .. _ends]);
    }
}
