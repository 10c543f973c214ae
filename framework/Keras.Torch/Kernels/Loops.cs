namespace Keras.Engines.Torch;

/// <summary>Iterates over contiguous tensors together, some of them broadcast, with as few axes as possible; the last is the inner one.</summary>
sealed class Loops
{
    readonly long[] _dims;
    readonly long[][] _strides;

    /// <param name="result">The shape to which all inputs are broadcast.</param>
    /// <param name="inputs">The shapes of the inputs.</param>
    public Loops(Shape result, params ReadOnlySpan<Shape> inputs)
    {
        var dims = new List<long>();
        var strides = new List<long>[inputs.Length];
        var steps = new long[inputs.Length];
        for (var k = 0; k < strides.Length; k++) (strides[k], steps[k]) = ([], 1);
        Span<long> own = stackalloc long[inputs.Length];
        // From the last axis on, merges an axis with the one after it if every input can iterate over both as one.
        for (var i = 1; i <= result.Rank; i++)
        {
            var dim = result[^i];
            if (dim == 1) continue;
            var joins = dims.Count > 0;
            for (var k = 0; k < inputs.Length; k++)
            {
                var stretched = i > inputs[k].Rank || inputs[k][^i] == 1;
                own[k] = stretched ? 0 : steps[k];
                if (!stretched) steps[k] *= dim;
                joins &= dims.Count > 0 && own[k] == strides[k][^1] * dims[^1];
            }
            if (joins)
            {
                dims[^1] *= dim;
                continue;
            }
            dims.Add(dim);
            for (var k = 0; k < inputs.Length; k++) strides[k].Add(own[k]);
        }
        if (dims.Count == 0)
        {
            dims.Add(1);
            foreach (var s in strides) s.Add(0);
        }
        dims.Reverse();
        _dims = [.. dims];
        _strides = [.. strides.Select(s => { s.Reverse(); return s.ToArray(); })];
        Inner = _dims[^1];
        Rows = 1;
        foreach (var dim in _dims.AsSpan(0, _dims.Length - 1)) Rows *= dim;
    }

    /// <summary>The length of the inner axis, along which each input is contiguous or constant.</summary>
    public long Inner { get; }

    /// <summary>The number of passes over the inner axis.</summary>
    public long Rows { get; }

    /// <summary>Whether an input is constant along the inner axis.</summary>
    public bool IsScalar(int input) => _strides[input][^1] == 0 && Inner != 1;

    /// <summary>Iterates over some rows; offsets are in elements.</summary>
    public void Walk(long begin, long end, Action<long, long[]> row)
    {
        var index = new long[_dims.Length];
        var offsets = new long[_strides.Length];
        var rest = begin;
        for (var axis = _dims.Length - 2; axis >= 0; axis--)
        {
            index[axis] = rest % _dims[axis];
            rest /= _dims[axis];
            for (var k = 0; k < offsets.Length; k++) offsets[k] += index[axis] * _strides[k][axis];
        }
        for (var r = begin; r < end; r++)
        {
            row(r, offsets);
            for (var axis = _dims.Length - 2; axis >= 0; axis--)
            {
                for (var k = 0; k < offsets.Length; k++) offsets[k] += _strides[k][axis];
                if (++index[axis] < _dims[axis]) break;
                for (var k = 0; k < offsets.Length; k++) offsets[k] -= index[axis] * _strides[k][axis];
                index[axis] = 0;
            }
        }
    }
}
