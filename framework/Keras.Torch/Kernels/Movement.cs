namespace Keras.Engines.Torch;

/// <summary>Copies elements between memory with arbitrary strides.</summary>
static unsafe class Movement
{
    const int Tile = 16;

    /// <summary>Copies a block of elements.</summary>
    /// <param name="source">The first element to read.</param>
    /// <param name="sourceStrides">The stride of each axis, in elements; 0 repeats, a negative one goes backwards.</param>
    /// <param name="target">The first element to write.</param>
    /// <param name="targetStrides">The strides of the target.</param>
    /// <param name="dims">The size of each axis.</param>
    /// <param name="size">The bytes of an element.</param>
    public static void Copy(byte* source, ReadOnlySpan<long> sourceStrides, byte* target, ReadOnlySpan<long> targetStrides, ReadOnlySpan<long> dims, int size)
    {
        var (d, s, t) = (new List<long>(), new List<long>(), new List<long>());
        for (var i = 0; i < dims.Length; i++)
        {
            if (dims[i] == 0) return;
            if (dims[i] == 1) continue;
            // Merges an axis with the one before it if both can be iterated as one.
            if (d.Count > 0 && s[^1] == sourceStrides[i] * dims[i] && t[^1] == targetStrides[i] * dims[i])
            {
                d[^1] *= dims[i];
                (s[^1], t[^1]) = (sourceStrides[i], targetStrides[i]);
                continue;
            }
            d.Add(dims[i]);
            s.Add(sourceStrides[i]);
            t.Add(targetStrides[i]);
        }
        if (d.Count == 0)
        {
            d.Add(1);
            s.Add(1);
            t.Add(1);
        }
        var plan = new Plan([.. d], [.. s], [.. t], source, target, size);
        switch (size)
        {
            case 1: plan.Run<byte>(); break;
            case 2: plan.Run<ushort>(); break;
            case 4: plan.Run<uint>(); break;
            case 8: plan.Run<ulong>(); break;
            default: plan.Run<UInt128>(); break;
        }
    }

    /// <summary>The strides of a contiguous tensor.</summary>
    public static long[] StridesOf(ReadOnlySpan<long> dims)
    {
        var strides = new long[dims.Length];
        var step = 1L;
        for (var i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= dims[i];
        }
        return strides;
    }

    sealed class Plan(long[] dims, long[] from, long[] to, byte* source, byte* target, int size)
    {
        public void Run<T>() where T : unmanaged
        {
            var inner = dims[^1];
            var rows = 1L;
            foreach (var dim in dims.AsSpan(0, dims.Length - 1)) rows *= dim;
            if (from[^1] == 1 && to[^1] == 1 && rows == 1) Workers.Copy(source, target, inner * size);
            else if (dims.Length >= 2 && from[^1] != 1 && from[^1] != 0 && from[^2] == 1 && to[^1] == 1) RunTiled<T>();
            else if (rows == 1)
            {
                Workers.Run(inner, 2 * size, (begin, end) =>
                {
                    T* s = (T*)source + (begin * from[0]), t = (T*)target + (begin * to[0]);
                    for (var i = begin; i < end; i++, s += from[0], t += to[0]) *t = *s;
                });
            }
            else Workers.Run(rows, inner * 2 * size, (begin, end) => Walk(begin, end, dims.Length - 1, (s, t) => Row((T*)source + s, (T*)target + t, inner)));
        }

        void Row<T>(T* s, T* t, long count) where T : unmanaged
        {
            var (ds, dt) = (from[^1], to[^1]);
            if (ds == 1 && dt == 1) new ReadOnlySpan<T>(s, (int)count).CopyTo(new Span<T>(t, (int)count));
            else if (ds == 0 && dt == 1) new Span<T>(t, (int)count).Fill(*s);
            else for (var i = 0L; i < count; i++, s += ds, t += dt) *t = *s;
        }

        /// <summary>Transposes the last two axes in small squares, so that both sides use whole cache lines.</summary>
        void RunTiled<T>() where T : unmanaged
        {
            var (rows, columns) = (dims[^2], dims[^1]);
            var (ds, dt) = (from[^1], to[^2]);
            var outer = 1L;
            foreach (var dim in dims.AsSpan(0, dims.Length - 2)) outer *= dim;
            var bands = (rows + Tile - 1) / Tile;
            Workers.Run(outer * bands, Tile * columns * 2 * size, (begin, end) =>
            {
                for (var band = begin; band < end; band++)
                {
                    var (firstRow, lastRow) = (band % bands * Tile, Math.Min(rows, ((band % bands) + 1) * Tile));
                    Walk(band / bands, (band / bands) + 1, dims.Length - 2, (s0, t0) =>
                    {
                        T* s = (T*)source + s0, t = (T*)target + t0;
                        for (var left = 0L; left < columns; left += Tile)
                        {
                            var right = Math.Min(columns, left + Tile);
                            for (var r = firstRow; r < lastRow; r++)
                                for (var c = left; c < right; c++) t[(r * dt) + c] = s[r + (c * ds)];
                        }
                    });
                }
            });
        }

        /// <summary>Visits the offsets of a range of positions on the outer axes.</summary>
        void Walk(long begin, long end, int axes, Action<long, long> visit)
        {
            var index = new long[axes];
            var (s, t, rest) = (0L, 0L, begin);
            for (var axis = axes - 1; axis >= 0; axis--)
            {
                index[axis] = rest % dims[axis];
                rest /= dims[axis];
                s += index[axis] * from[axis];
                t += index[axis] * to[axis];
            }
            for (var r = begin; r < end; r++)
            {
                visit(s, t);
                for (var axis = axes - 1; axis >= 0; axis--)
                {
                    s += from[axis];
                    t += to[axis];
                    if (++index[axis] < dims[axis]) break;
                    s -= index[axis] * from[axis];
                    t -= index[axis] * to[axis];
                    index[axis] = 0;
                }
            }
        }
    }

    /// <summary>Extends a kernel that only moves elements to strings, by moving their indices.</summary>
    public static Kernel ForStringsToo(Kernel move) => c =>
    {
        if (!Array.Exists(c.Inputs, i => i is TorchStrings))
        {
            move(c);
            return;
        }
        var all = new List<byte[]>();
        var places = new TorchValue[c.Inputs.Length];
        for (var i = 0; i < places.Length; i++)
        {
            if (c.Inputs[i] is not TorchStrings strings)
            {
                places[i] = c.Inputs[i];
                continue;
            }
            var own = TorchTensor.Allocate(DType.Int64, strings.Shape);
            for (var k = 0; k < strings.Values.Length; k++) ((long*)own.Data)[k] = all.Count + k;
            all.AddRange(strings.Values);
            places[i] = own;
        }
        var outputs = new TorchValue?[c.Outputs.Length];
        move(new KernelCall().Set(c.Op, c.Where, c.Attributes, places, Array.ConvertAll(c.DTypes, d => d == DType.String ? DType.Int64 : d), c.Shapes, outputs));
        for (var i = 0; i < outputs.Length; i++)
        {
            var moved = (TorchTensor)outputs[i]!;
            if (c.DTypes[i] == DType.String) c.Result(i, [.. moved.As<long>().ToArray().Select(k => k >= 0 && k < all.Count ? all[(int)k] : [])], moved.Shape);
            else c.Outputs[i] = moved;
        }
    };
}
