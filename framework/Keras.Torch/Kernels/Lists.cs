namespace Keras.Engines.Torch;

/// <summary>Kernels that create, change and read lists of tensors.</summary>
static class Lists
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["EmptyTensorList"] = c => Make(c, Described(c, 0), [], c.Long(1)),
        ["TensorListReserve"] = c => Make(c, Described(c, 0), Enumerable.Repeat<TorchValue?>(null, Count(c, c.Long(1)))),
        ["TensorListFromTensor"] = FromTensor,
        ["TensorListSplit"] = Split,
        ["TensorListScatter"] = c => Scatter(c, -1),
        ["TensorListScatterV2"] = c => Scatter(c, c.Long(3)),
        ["TensorListScatterIntoExistingList"] = ScatterInto,
        ["TensorListSetItem"] = SetItem,
        ["TensorListPushBack"] = PushBack,
        ["TensorListPopBack"] = PopBack,
        ["TensorListResize"] = c => Changed(c).Resize(Count(c, c.Long(1))),
        ["TensorListConcatLists"] = ConcatLists,
        ["TensorListLength"] = c => Structure.Integers(c, ListOf(c, 0).Items.Count),
        ["TensorListElementShape"] = ElementShape,
        ["TensorListGetItem"] = GetItem,
        ["TensorListStack"] = Stack,
        ["TensorListGather"] = c => Joined(c, [.. Positions(c, 1, ListOf(c, 0).Items.Count).Select(i => ListOf(c, 0).Items[(int)i])], Described(c, 2)),
        ["TensorListConcatV2"] = Concat,
    };

    static TorchList ListOf(KernelCall c, int input) => c.Inputs[input] as TorchList ?? throw c.Fail("a list of tensors", c.Inputs[input].GetType().Name);

    /// <summary>Reads an element shape from an input: a vector with -1 for unknown dimensions, or the scalar -1.</summary>
    static Shape Described(KernelCall c, int input)
    {
        var dims = c.Longs(input);
        var isScalar = c.ShapeOf(input).Rank == 0;
        if (Array.Exists(dims, d => d < -1) || (isScalar && dims[0] != -1)) throw c.Fail("dimensions of at least 0, or -1", string.Join(", ", dims), "The shape of a list's elements is malformed");
        return isScalar ? Shape.Unknown : new Shape(dims);
    }

    static int Count(KernelCall c, long count) => count is >= 0 and <= int.MaxValue ? (int)count : throw c.Fail("a number of elements from 0", $"{count}");

    static void Make(KernelCall c, Shape elements, IEnumerable<TorchValue?> items, long maximum = -1) =>
        c.Outputs[0] = new TorchList(c.Attributes.TryGet("element_dtype", out var dtype) ? (DType)dtype : c.DTypeOf(0), elements, items, maximum);

    /// <summary>Passes the first input on as an output that the kernel may change.</summary>
    static TorchList Changed(KernelCall c)
    {
        var list = ListOf(c, 0).Own(isGivenUp: (c.Dying & 1) != 0);
        c.Outputs[0] = list;
        return list;
    }

    static TorchValue Fitting(KernelCall c, TorchList list, TorchValue item)
    {
        if (item.DType != list.ElementDType) throw c.Fail(list.ElementDType.Name, item.DType.Name, "An element has another dtype than its list");
        if (!list.ElementShape.IsCompatibleWith(item.Shape)) throw c.Fail(list.ElementShape.ToString(), item.Shape.ToString(), "An element has another shape than its list");
        return item;
    }

    static int Place(KernelCall c, TorchList list, long index) => index >= 0 && index < list.Items.Count ? (int)index
        : throw c.Fail($"an index below {list.Items.Count}, the length of the list", $"{index}", "An index is out of range");

    /// <summary>Reads an index input, checked against a length.</summary>
    static long[] Positions(KernelCall c, int input, long length)
    {
        var positions = c.Longs(input);
        foreach (var position in positions)
            if (position < 0 || position >= length) throw c.Fail($"indices from 0 to {length - 1}", $"{position}", "An index is out of range");
        return positions;
    }

    static void FromTensor(KernelCall c)
    {
        var (rows, shape) = (Rows(c, 0), Described(c, 1));
        if (!shape.IsCompatibleWith(c.ShapeOf(0)[1..])) throw c.Fail($"rows of shape {shape}", c.ShapeOf(0).ToString());
        Make(c, shape, rows.Each);
    }

    static void Split(KernelCall c)
    {
        var (rows, shape, lengths) = (Rows(c, 0), Described(c, 1), c.Longs(2));
        if (!shape.IsCompatibleWith(Shape.OfRank(1).Concat(c.ShapeOf(0)[1..]))) throw c.Fail($"parts of shape {shape}", c.ShapeOf(0).ToString());
        if (Array.Exists(lengths, l => l < 0) || Total(lengths) != rows.Count) throw c.Fail($"lengths that sum to {rows.Count}", string.Join(", ", lengths));
        var first = 0L;
        Make(c, shape, lengths.Select(length => rows.Take((first += length) - length, length)).ToArray());
    }

    static void Scatter(KernelCall c, long count)
    {
        var (rows, shape) = (Rows(c, 0), Described(c, 2));
        var indices = Positions(c, 1, count >= 0 ? count : int.MaxValue);
        if (!shape.IsCompatibleWith(c.ShapeOf(0)[1..])) throw c.Fail($"rows of shape {shape}", c.ShapeOf(0).ToString());
        Make(c, shape, []);
        Put(c, (TorchList)c.Outputs[0]!, rows, indices, Math.Max(count, indices.DefaultIfEmpty(-1).Max() + 1));
    }

    static void ScatterInto(KernelCall c)
    {
        var (rows, indices) = (Rows(c, 1), Positions(c, 2, int.MaxValue));
        var list = ListOf(c, 0);
        if (c.DTypeOf(1) != list.ElementDType || !list.ElementShape.IsCompatibleWith(c.ShapeOf(1)[1..]))
            throw c.Fail($"rows of {list.ElementDType} {list.ElementShape}", $"{c.DTypeOf(1)} {c.ShapeOf(1)}", "Elements do not fit their list");
        Put(c, Changed(c), rows, indices, Math.Max(list.Items.Count, indices.DefaultIfEmpty(-1).Max() + 1));
    }

    static void Put(KernelCall c, TorchList list, RowsOf rows, long[] indices, long count)
    {
        if (indices.Length != rows.Count) throw c.Fail($"{rows.Count} indices", $"{indices.Length}");
        list.Resize(Count(c, count));
        for (var i = 0; i < indices.Length; i++) list.Set((int)indices[i], rows.At(i));
    }

    static void SetItem(KernelCall c)
    {
        var (list, index) = (ListOf(c, 0), c.Long(1));
        if (index < 0 || !c.Flag("resize_if_index_out_of_bounds")) index = Place(c, list, index);
        var item = Fitting(c, list, c.Inputs[2]);
        var changed = Changed(c);
        if (index >= changed.Items.Count) changed.Resize(Count(c, index + 1));
        changed.Set((int)index, item.Share());
    }

    static void PushBack(KernelCall c)
    {
        var list = ListOf(c, 0);
        var item = Fitting(c, list, c.Inputs[1]);
        if (list.Maximum >= 0 && list.Items.Count >= list.Maximum) throw c.Fail($"at most {list.Maximum} elements", $"{list.Items.Count + 1}", "An element is pushed into a full list");
        Changed(c).Add(item.Share());
    }

    static void PopBack(KernelCall c)
    {
        var list = ListOf(c, 0);
        if (list.Items.Count == 0) throw c.Fail("a list with elements", "an empty one");
        c.Outputs[1] = Read(c, list, list.Items.Count - 1, Described(c, 1), others: false);
        Changed(c).Resize(list.Items.Count - 1);
    }

    static void ConcatLists(KernelCall c)
    {
        var (a, b) = (ListOf(c, 0), ListOf(c, 1));
        RequireDType(c, a);
        if (a.ElementDType != b.ElementDType || a.ElementShape != b.ElementShape)
            throw c.Fail($"lists of {a.ElementDType} {a.ElementShape}", $"{b.ElementDType} {b.ElementShape}", "Two lists do not fit each other");
        Make(c, a.ElementShape, [.. a.Items.Concat(b.Items).Select(i => i?.Share())]);
    }

    static void ElementShape(KernelCall c)
    {
        var shape = ListOf(c, 0).ElementShape;
        Structure.WriteIntegers(c.Result(0, shape.HasRank ? new Shape(shape.Rank) : Shape.Scalar), shape.HasRank ? shape.ToArray() : [-1]);
    }

    static void GetItem(KernelCall c)
    {
        var list = ListOf(c, 0);
        c.Outputs[0] = Read(c, list, Place(c, list, c.Long(1)), Described(c, 2), others: true);
    }

    /// <summary>Reads an element; one that was never set is zeros, if needed in the shape of the other elements.</summary>
    static TorchValue Read(KernelCall c, TorchList list, int index, Shape shape, bool others)
    {
        RequireDType(c, list);
        if (list.Items[index] is { } item) return item.Share();
        return Zeros(c, list.ElementDType, Common(c, list, others ? list.Items : [], shape));
    }

    static void RequireDType(KernelCall c, TorchList list)
    {
        if (c.Get<DType>("element_dtype") is var dtype && dtype != list.ElementDType) throw c.Fail(list.ElementDType.Name, dtype.Name, "A list is read as another dtype");
    }

    /// <summary>The common, fully known shape of some elements.</summary>
    static Shape Common(KernelCall c, TorchList list, IEnumerable<TorchValue?> items, Shape shape)
    {
        var common = Merged(c, list.ElementShape, shape);
        if (!common.IsFullyKnown)
            foreach (var item in items)
                if (item is not null) common = Merged(c, common, item.Shape);
        return common.IsFullyKnown ? common : throw c.Fail("a shape that is known", $"{common}, and no element that says more", "The shape of elements that were never set is not known");
    }

    static Shape Merged(KernelCall c, Shape a, Shape b) => a.IsCompatibleWith(b) ? a.MergeWith(b) : throw c.Fail($"elements of shape {a}", b.ToString(), "The elements of a list differ in shape");

    static TorchValue Zeros(KernelCall c, DType dtype, Shape shape)
    {
        if (dtype == DType.String) return new TorchStrings([.. Enumerable.Repeat(Array.Empty<byte>(), checked((int)shape.ElementCount))], shape);
        if (!dtype.IsNumeric) throw c.NotFor(dtype);
        var zeros = TorchTensor.Allocate(dtype, shape);
        Structure.Clear(zeros);
        return zeros;
    }

    static void Stack(KernelCall c)
    {
        var (list, wanted) = (ListOf(c, 0), c.Get<long>("num_elements"));
        if (wanted >= 0 && wanted != list.Items.Count) throw c.Fail($"a list of {wanted} elements", $"{list.Items.Count}");
        Joined(c, list.Items, Described(c, 1));
    }

    /// <summary>Stacks elements of the list as rows of one tensor.</summary>
    static void Joined(KernelCall c, IReadOnlyList<TorchValue?> items, Shape described)
    {
        var list = ListOf(c, 0);
        RequireDType(c, list);
        if (list.ElementDType == DType.Variant && items.All(i => i is TorchRagged { Shape.Rank: 0 }))
        {
            c.Outputs[0] = TorchRagged.Joined(items.Cast<TorchRagged>(), new Shape(items.Count));
            return;
        }
        var shape = Common(c, list, items, described);
        foreach (var item in items)
            if (item is not null) Merged(c, shape, item.Shape);
        var (rows, at) = (RowsOf.New(c, list.ElementDType, new Shape(items.Count).Concat(shape)), 0L);
        foreach (var item in items)
        {
            if (item is null) rows.Clear(at++, 1);
            else rows.Write(at++, 1, item);
        }
        c.Outputs[0] = rows.Whole;
    }

    /// <summary>Concatenates elements along their first axis; one never set takes its length from the leading dimensions.</summary>
    static void Concat(KernelCall c)
    {
        var (list, leading) = (ListOf(c, 0), c.Longs(2));
        RequireDType(c, list);
        var whole = Merged(c, list.ElementShape, Described(c, 1));
        var inner = !whole.HasRank ? whole : whole.Rank > 0 ? whole[1..] : throw c.Fail("elements with an axis", whole.ToString());
        foreach (var item in list.Items)
            if (item is not null) inner = Merged(c, inner, item.Shape.Rank > 0 ? item.Shape[1..] : throw c.Fail("elements with an axis", item.Shape.ToString()));
        if (!inner.IsFullyKnown) throw c.Fail("a shape that is known but for the first axis", inner.ToString(), "The shape of elements that were never set is not known");
        long Length(int i) => list.Items[i] is { } item ? item.Shape[0] : whole is { HasRank: true } && whole[0] >= 0 ? whole[0] : i < leading.Length && leading[i] >= 0 ? leading[i]
            : throw c.Fail($"a leading dimension of element {i}, which was never set", $"{leading.Length} leading dimensions");
        long[] lengths = [.. Enumerable.Range(0, list.Items.Count).Select(Length)];
        if (Total(lengths) > long.MaxValue) throw c.Fail($"at most {long.MaxValue} rows", $"{Total(lengths)}", "The elements of a list are too long together");
        var (rows, at) = (RowsOf.New(c, list.ElementDType, new Shape((long)Total(lengths)).Concat(inner)), 0L);
        for (var i = 0; i < lengths.Length; i++)
        {
            if (list.Items[i] is { } item) rows.Write(at, lengths[i], item);
            else rows.Clear(at, lengths[i]);
            at += lengths[i];
        }
        c.Outputs[0] = rows.Whole;
        Structure.WriteIntegers(c.Result(1, new Shape(lengths.Length)), lengths);
    }

    /// <summary>The sum of lengths, which cannot overflow in 128 bits.</summary>
    static Int128 Total(long[] lengths) => lengths.Aggregate(Int128.Zero, (sum, length) => sum + length);

    static RowsOf Rows(KernelCall c, int input) => c.ShapeOf(input).Rank > 0 ? new(c, c.Inputs[input]) : throw c.Fail("a tensor with an axis of elements", c.ShapeOf(input).ToString());

    /// <summary>Accesses a tensor of numbers or strings by rows of its first axis.</summary>
    sealed unsafe class RowsOf
    {
        readonly Shape _row;
        readonly long _size;

        public RowsOf(KernelCall c, TorchValue whole)
        {
            if (whole is not TorchTensor and not TorchStrings and not TorchRagged) throw c.NotFor(whole.DType);
            (Whole, _row) = (whole, whole.Shape[1..]);
            _size = _row.ElementCount * (whole is TorchTensor ? whole.DType.Size : 1);
        }

        public static RowsOf New(KernelCall c, DType dtype, Shape shape)
        {
            if (dtype != DType.String && !dtype.IsNumeric) throw c.NotFor(dtype);
            var (elements, most) = ((Int128)1, dtype == DType.String ? Array.MaxLength : long.MaxValue / dtype.Size);
            foreach (var dim in shape.ToArray())
                if ((elements *= dim) > most) throw c.Fail($"at most {most} elements", $"a shape of {shape}", "A result is too large");
            return new(c, dtype == DType.String ? new TorchStrings(new byte[(long)elements][], shape) : TorchTensor.Allocate(dtype, shape));
        }

        public TorchValue Whole { get; }

        public long Count => Whole.Shape[0];

        public IEnumerable<TorchValue> Each => Enumerable.Range(0, checked((int)Count)).Select(i => At(i));

        /// <summary>Copies one row.</summary>
        public TorchValue At(long row) => Copy(row, 1, _row);

        /// <summary>Copies some rows.</summary>
        public TorchValue Take(long first, long count) => Copy(first, count, new Shape(count).Concat(_row));

        /// <summary>Copies a tensor into some rows.</summary>
        public void Write(long first, long count, TorchValue source)
        {
            if (Whole is TorchStrings strings) Array.Copy(((TorchStrings)source).Values, 0, strings.Values, first * _size, count * _size);
            else Workers.Copy(((TorchTensor)source).Data, ((TorchTensor)Whole).Data + (first * _size), count * _size);
        }

        /// <summary>Sets some rows to zero, or to empty strings.</summary>
        public void Clear(long first, long count)
        {
            if (Whole is TorchStrings strings) Array.Fill(strings.Values, [], checked((int)(first * _size)), checked((int)(count * _size)));
            else System.Runtime.InteropServices.NativeMemory.Clear(((TorchTensor)Whole).Data + (first * _size), (nuint)(count * _size));
        }

        TorchValue Copy(long first, long count, Shape shape)
        {
            if (Whole is TorchRagged ragged) return ragged.Take(first * _size, count * _size, shape);
            if (Whole is TorchStrings strings) return new TorchStrings(strings.Values.AsSpan(checked((int)(first * _size)), checked((int)(count * _size))).ToArray(), shape);
            var copy = TorchTensor.Allocate(Whole.DType, shape);
            Workers.Copy(((TorchTensor)Whole).Data + (first * _size), copy.Data, count * _size);
            return copy;
        }
    }
}
