using Keras.Graphs;

namespace Keras;

/// <summary>A window over spatial axes with strides, padding and dilation: converts Keras' arguments to those of the engines' 2D and 3D kernels.</summary>
sealed class Windows
{
    readonly int _spatial;
    readonly bool _channelsFirst;
    readonly int[] _strides;
    readonly int[] _dilations;
    readonly string _padding;
    readonly string _where;

    Windows(int spatial, bool channelsFirst, string padding, Axes? strides, Axes? dilations, string where)
    {
        (_spatial, _channelsFirst, _padding, _where) = (spatial, channelsFirst, padding, where);
        (_strides, _dilations) = (Spread(strides ?? 1, where, "strides"), Spread(dilations ?? 1, where, "dilation_rate"));
    }

    public static Windows Of(Tensor x, string data_format, string padding, Axes? strides, Axes? dilations, string where)
    {
        if (x.ndim is < 3 or > 5) throw new ShapeMismatchException("The inputs have the wrong number of spatial axes for a window", where, "rank 3 to 5", x.shape.ToString());
        Known.OneOf(data_format, nameof(data_format), "channels_last", "channels_first");
        Known.OneOf(padding, nameof(padding), "valid", "same");
        return new(x.ndim - 2, data_format == "channels_first", padding.ToUpperInvariant(), strides, dilations, where);
    }

    public static void CheckPositive(Axes given, string where, string name)
    {
        if (given.Any(g => g < 1)) throw new ValueRangeException("The numbers of a window are out of range", where, $"{name} of at least 1", given.ToString());
    }

    /// <summary>Expands a value to one number for each spatial axis.</summary>
    public int[] Spread(Axes given, string where, string name)
    {
        if (given.Count != 1 && given.Count != _spatial) throw new ShapeMismatchException("The numbers of a window do not fit the spatial axes", where, $"{name} of 1 or {_spatial} numbers", given.ToString());
        CheckPositive(given, where, name);
        return given.Count == 1 ? [.. Enumerable.Repeat(given[0], _spatial)] : [.. given];
    }

    /// <summary>Runs a function with channels last.</summary>
    public Tensor Run(Tensor x, Func<Tensor, Tensor> compute)
    {
        if (!_channelsFirst) return compute(x);
        var last = x.ndim - 1;
        return Tf.Transpose(compute(Tf.Transpose(x, [0, .. Enumerable.Range(2, _spatial), 1])), [0, last, .. Enumerable.Range(1, _spatial)]);
    }

    /// <summary>Adds a height of 1 if there is one spatial axis, for 2D kernels.</summary>
    Tensor Raised(Tensor x, Func<Tensor, Tensor> compute) => _spatial == 1 ? Tf.Squeeze(compute(Tf.ExpandDims(x, 1)), 1) : compute(x);

    int[] Full(int[] spatial) => _spatial == 1 ? [1, 1, spatial[0], 1] : [1, .. spatial, 1];

    Tensor RaisedFilter(Tensor filter) => _spatial == 1 ? Tf.ExpandDims(filter, 0) : filter;

    public Tensor Convolve(Tensor x, Tensor filter)
    {
        if (filter.ndim != x.ndim) throw new ShapeMismatchException("The kernel has the wrong rank", _where, $"rank {x.ndim}", filter.shape.ToString());
        return Raised(x, image => _spatial == 3
            ? Tf.Convolve3D(image, filter, Full(_strides), _padding, Full(_dilations))
            : Tf.Convolve2D(image, RaisedFilter(filter), Full(_strides), _padding, Full(_dilations)));
    }

    /// <summary>Depthwise convolution; the kernels only support equal strides, and dilation without strides, so others are built from these.</summary>
    public Tensor Depthwise(Tensor x, Tensor filter)
    {
        if (_spatial == 3) throw new UnsupportedException("A depthwise convolution of so many spatial axes is not supported", _where, "rank 3 or 4", x.shape.ToString());
        if (_spatial == 2 && _strides[0] != _strides[1]) throw new UnsupportedException("A depthwise convolution with different strides is not supported", _where, "equal strides", $"({_strides[0]}, {_strides[1]})");
        int[] strides = [1, _strides[^1], _strides[^1], 1];
        return Raised(x, image => Tf.ConvolveDepthwise(image, RaisedFilter(filter), strides, _padding, Full(_dilations)));
    }

    public Tensor Transposed(Tensor x, Tensor filter, Axes? output_padding)
    {
        if (filter.ndim != x.ndim) throw new ShapeMismatchException("The kernel has the wrong rank", _where, $"rank {x.ndim}", filter.shape.ToString());
        var dims = Dims.Of(x);
        var added = output_padding is null ? null : output_padding.Count == 1 ? Enumerable.Repeat(output_padding[0], _spatial).ToArray() : [.. output_padding];
        for (var i = 0; i < added?.Length; i++)
            if (added.Length != _spatial || added[i] < 0 || added[i] >= _strides[i])
                throw new ValueRangeException("The output_padding is out of range", _where, $"output_padding from 0 and below the strides, 1 or {_spatial} numbers", output_padding!.ToString());
        var lengths = Enumerable.Range(0, _spatial).Select(i => Length(dims[i + 1], Dim.Of(filter, i), i, added?[i]));
        Dims sizes = [dims[0], .. _spatial == 1 ? [(Dim)1] : Array.Empty<Dim>(), .. lengths, Dim.Of(filter, -2)];
        return Raised(x, image => _spatial == 3
            ? Tf.Convolve3DTranspose(sizes.ToTensor(), filter, image, Full(_strides), _padding, Full(_dilations))
            : Tf.Convolve2DTranspose(sizes.ToTensor(), RaisedFilter(filter), image, Full(_strides), _padding, Full(_dilations)));
    }

    /// <summary>The size of an output axis.</summary>
    Dim Length(Dim input, Dim window, int axis, int? added)
    {
        var (stride, reach) = (_strides[axis], (window - 1) * _dilations[axis] + 1);
        if (added is { } more) return (input - 1) * stride + reach + more - (_padding == "SAME" ? reach / 2 * 2 : 0);
        return _padding == "SAME" ? input * stride : input * stride + AtLeastZero(reach - stride);
    }

    static Dim AtLeastZero(Dim size) => size.Known is { } known ? Math.Max(known, 0) : Tf.Maximum(size, Tf.Int32Scalar(0));

    public Tensor Pooled(Tensor x, Axes pool_size, Func<Tensor, int[], int[], string, Tensor> pool) =>
        Raised(x, image => pool(image, Full(Spread(pool_size, _where, nameof(pool_size))), Full(_strides), _padding));
}
