using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <content>New tensors.</content>
public sealed partial class OpsApi
{
    /// <summary>A tensor of zeros; default dtype <c>floatx</c>.</summary>
    public Tensor zeros(Dims shape, DType? dtype = null) => full(shape, 0, dtype);

    /// <summary>A tensor of ones; default dtype <c>floatx</c>.</summary>
    public Tensor ones(Dims shape, DType? dtype = null) => full(shape, 1, dtype);

    /// <summary>A tensor of any values, here zeros; default dtype <c>floatx</c>.</summary>
    public Tensor empty(Dims shape, DType? dtype = null) => zeros(shape, dtype);

    /// <summary>A tensor with one value everywhere; default dtype <c>floatx</c>.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="fill_value">The value, broadcast to the shape.</param>
    /// <param name="dtype">The dtype.</param>
    public Tensor full(Dims shape, TensorLike fill_value, DType? dtype = null)
    {
        if (Kept(fill_value) is { } kept) return kept.Run<Tensor>(shape, fill_value, dtype);
        ArgumentNullException.ThrowIfNull(shape);
        var value = fill_value.As(dtype ?? ConfigApi.FloatX);
        return shape.Count == 0 ? value : value.ndim == 0 ? Tf.Fill(shape.ToTensor(), value) : Tf.BroadcastTo(value, shape.ToTensor());
    }

    /// <summary>Zeros of a tensor's shape; default its dtype.</summary>
    public Tensor zeros_like(TensorLike x, DType? dtype = null) => full_like(x, 0, dtype);

    /// <summary>Ones of a tensor's shape; default its dtype.</summary>
    public Tensor ones_like(TensorLike x, DType? dtype = null) => full_like(x, 1, dtype);

    /// <summary>Any values of a tensor's shape; here zeros. Default its dtype.</summary>
    public Tensor empty_like(TensorLike x, DType? dtype = null) => zeros_like(x, dtype);

    /// <summary>One value everywhere, of a tensor's shape; default its dtype.</summary>
    public Tensor full_like(TensorLike x, TensorLike fill_value, DType? dtype = null)
    {
        if (Kept(x, fill_value) is { } kept) return kept.Run<Tensor>(x, fill_value, dtype);
        var tensor = x.Tensor;
        var value = fill_value.As(dtype ?? tensor.dtype);
        return value.ndim > 0 ? Tf.BroadcastTo(value, Tf.ShapeOf(tensor)) : tensor.ndim == 0 ? value : Tf.Fill(Tf.ShapeOf(tensor), value);
    }

    /// <summary>Numbers from 0 in steps of 1, up to but not including a limit.</summary>
    /// <param name="stop">The limit.</param>
    /// <param name="dtype">The dtype; default int32 for integers, <c>floatx</c> for others.</param>
    public Tensor arange(TensorLike stop, DType? dtype = null) => arange(0, stop, 1, dtype);

    /// <summary>Numbers from a start in steps, up to but not including a limit.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="stop">The limit.</param>
    /// <param name="step">The step, not 0; default 1.</param>
    /// <param name="dtype">The dtype; default int32 for integers, <c>floatx</c> for others.</param>
    public Tensor arange(TensorLike start, TensorLike stop, TensorLike? step = null, DType? dtype = null)
    {
        if (Kept(start, stop, step) is { } kept) return kept.Run<Tensor>(start, stop, step, dtype);
        var by = step ?? 1;
        var wanted = dtype ?? DTypePromotion.Result(start.Type, stop.Type, by.Type);
        var computed = wanted == DType.Bool || (wanted.Size < 4 && !wanted.IsFloating) || wanted.IsUnsignedInteger ? DType.Int32 : wanted.Size < 4 ? DType.Float32 : wanted;
        return Tf.Cast(Tf.Range(start.As(computed), stop.As(computed), by.As(computed)), wanted);
    }

    /// <summary>Numbers spread evenly between two.</summary>
    /// <param name="start">The first number, or tensor.</param>
    /// <param name="stop">The last number, or tensor.</param>
    /// <param name="num">The number of values; default 50.</param>
    /// <param name="endpoint">Whether the last number belongs to them; default true.</param>
    /// <param name="dtype">The dtype; default floating.</param>
    /// <param name="axis">The position of the new axis; default 0.</param>
    public Tensor linspace(TensorLike start, TensorLike stop, int num = 50, bool endpoint = true, DType? dtype = null, int axis = 0)
    {
        if (Kept(start, stop) is { } kept) return kept.Run<Tensor>(start, stop, num, endpoint, dtype, axis);
        var computed = DTypePromotion.Floating(start.Type, stop.Type);
        var (first, last) = (start.As(computed), stop.As(computed));
        var steps = Math.Max(endpoint ? num - 1 : num, 1);
        var share = Tf.Cast(Tf.Range(Tf.Int32Scalar(0), Tf.Int32Scalar(Require.Count(0, num)), Tf.Int32Scalar(1)), computed);
        var rank = Math.Max(first.ndim, last.ndim);
        share = Tf.Reshape(share, new Shape([-1, .. Enumerable.Repeat(1L, rank)]));
        var values = first + (share * ((last - first) / steps));
        if (endpoint && num > 1) values = Tf.SelectV2(Tf.Equal(share, Like(share, steps)), last, values);
        if (dtype is { IsInteger: true }) values = Tf.Floor(values);
        return Tf.Cast(axis == 0 ? values : moveaxis(values, 0, axis), dtype ?? computed);
    }

    /// <summary>Numbers evenly spaced on a logarithmic scale between two.</summary>
    public Tensor logspace(TensorLike start, TensorLike stop, int num = 50, bool endpoint = true, double @base = 10, DType? dtype = null, int axis = 0)
    {
        if (Kept(start, stop) is { } kept) return kept.Run<Tensor>(start, stop, num, endpoint, @base, dtype, axis);
        var exponents = linspace(start, stop, num, endpoint, null, axis);
        return Tf.Cast(Tf.Pow(Like(exponents, Require.Finite(@base, "base")), exponents), dtype ?? exponents.dtype);
    }

    /// <summary>Numbers of a geometric series: each is the one before times a constant.</summary>
    public Tensor geomspace(TensorLike start, TensorLike stop, int num = 50, bool endpoint = true, DType? dtype = null, int axis = 0)
    {
        if (Kept(start, stop) is { } kept) return kept.Run<Tensor>(start, stop, num, endpoint, dtype, axis);
        var (first, last) = PromoteFloat(start, stop);
        var (sign, ratio) = (Tf.Sign(first), last / first);
        var magnitudes = Tf.Exp(linspace(Tf.Log(Tf.Abs(first)), Tf.Log(Tf.Abs(first)) + Tf.Log(ratio), num, endpoint));
        var values = sign * magnitudes;
        return Tf.Cast(axis == 0 ? values : moveaxis(values, 0, axis), dtype ?? values.dtype);
    }

    /// <summary>Ones on a diagonal, zeros elsewhere.</summary>
    /// <param name="N">The number of rows.</param>
    /// <param name="M">The number of columns; default N.</param>
    /// <param name="k">The diagonal: 0 the main one, above it positive; default 0.</param>
    /// <param name="dtype">The dtype; default <c>floatx</c>.</param>
    public Tensor eye(int N, int? M = null, int k = 0, DType? dtype = null) =>
        Tf.Cast(Tf.Equal(Columns(Require.Count(0, M ?? N, M is null ? nameof(N) : nameof(M))), Rows(Require.Count(0, N)) + Tf.Int32Scalar(k)), dtype ?? ConfigApi.FloatX);

    /// <summary>A square matrix with ones on its diagonal; default dtype <c>floatx</c>.</summary>
    public Tensor identity(int n, DType? dtype = null) => eye(Require.Count(0, n), dtype: dtype);

    /// <summary>Ones on and below a diagonal, zeros above.</summary>
    public Tensor tri(int N, int? M = null, int k = 0, DType? dtype = null) =>
        Tf.Cast(Tf.LessEqual(Columns(Require.Count(0, M ?? N, M is null ? nameof(N) : nameof(M))), Rows(Require.Count(0, N)) + Tf.Int32Scalar(k)), dtype ?? ConfigApi.FloatX);

    /// <summary>Matrices with zeros above a diagonal.</summary>
    public Tensor tril(TensorLike x, int k = 0) => Kept(x)?.Run<Tensor>(x, k) ?? Triangle(x.Tensor, k, Tf.LessEqual);

    /// <summary>Matrices with zeros below a diagonal.</summary>
    public Tensor triu(TensorLike x, int k = 0) => Kept(x)?.Run<Tensor>(x, k) ?? Triangle(x.Tensor, k, Tf.GreaterEqual);

    static Tensor Triangle(Tensor x, int k, Func<Tensor, Tensor, Tensor> keeps)
    {
        if (x.ndim < 2) throw new ShapeMismatchException("The tensor is not a matrix, so it has no triangles", "ops.tril", "rank of at least 2", x.shape.ToString());
        return Tf.SelectV2(keeps(Columns(Dim.Of(x, -1)), Rows(Dim.Of(x, -2)) + Tf.Int32Scalar(k)), x, Tf.ZerosLike(x));
    }

    static Tensor Columns(Dim count) => Tf.ExpandDims(Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1)), 0);

    static Tensor Rows(Dim count) => Tf.ExpandDims(Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1)), 1);

    /// <summary>Makes a matrix with a vector on its diagonal, or takes the diagonal of a matrix.</summary>
    /// <param name="x">A vector or a matrix.</param>
    /// <param name="k">The diagonal: 0 the main one, above it positive; default 0.</param>
    public Tensor diag(TensorLike x, int k = 0) => Kept(x)?.Run<Tensor>(x, k) ?? x.Rank switch
    {
        1 => diagflat(x, k),
        2 => diagonal(x, k),
        _ => throw new ShapeMismatchException("The tensor is neither a vector nor a matrix", "ops.diag", "rank 1 or 2", x.Tensor.shape.ToString()),
    };

    /// <summary>The matrix with the flattened tensor on a diagonal.</summary>
    public Tensor diagflat(TensorLike x, int k = 0)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, k);
        var vector = ravel(x);
        var size = Dim.Of(vector, 0) + Math.Abs(k);
        var spread = Tf.PadV2(vector, Tf.Reshape(Tf.Int32(Math.Max(-k, 0), Math.Max(k, 0)), Tf.Int32(1, 2)), Like(vector, 0));
        return Tf.SelectV2(Tf.Equal(Columns(size), Rows(size) + Tf.Int32Scalar(k)), Tf.ExpandDims(spread, 1), Like(vector, 0));
    }

    /// <summary>Diagonals of the matrices of two axes, as the last axis.</summary>
    public Tensor diagonal(TensorLike x, int offset = 0, int axis1 = 0, int axis2 = 1)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, offset, axis1, axis2);
        var tensor = moveaxis(x, (axis1, axis2), (-2, -1));
        var (rows, columns) = (Dim.Of(tensor, -2), Dim.Of(tensor, -1));
        // In the flattened matrix, diagonal elements are columns + 1 apart.
        var (top, left) = (Math.Max(-offset, 0), Math.Max(offset, 0));
        var count = Tf.Maximum(Tf.Minimum(rows - top, columns - left), Tf.Int32Scalar(0));
        var places = (Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1)) * (columns + 1).ToTensor()) + ((columns * top) + left).ToTensor();
        return Tf.Gather(Tf.Reshape(tensor, Dims.Of(tensor)[..^2].Concat(-1).ToTensor()), places, tensor.ndim - 2);
    }

    /// <summary>The sums of diagonals; bool and small integers in int32 or uint32.</summary>
    public Tensor trace(TensorLike x, int offset = 0, int axis1 = 0, int axis2 = 1) =>
        Kept(x)?.Run<Tensor>(x, offset, axis1, axis2)
        ?? sum(diagonal(x, offset, axis1, axis2), -1);

    /// <summary>Powers of a vector as columns, the highest first.</summary>
    /// <param name="x">A vector (M).</param>
    /// <param name="N">The number of columns; default M.</param>
    /// <param name="increasing">Whether the lowest power comes first; default false.</param>
    public Tensor vander(TensorLike x, int? N = null, bool increasing = false)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, N, increasing);
        var vector = Float(x);
        var count = N is { } n ? Tf.Int32Scalar(Require.Count(0, n, nameof(N))) : Tf.DimOf(vector, 0);
        var powers = Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1));
        if (!increasing) powers = count - powers - Tf.Int32Scalar(1);
        return Tf.Cast(Tf.Pow(Tf.ExpandDims(vector, 1), Tf.ExpandDims(Tf.Cast(powers, vector.dtype), 0)), x.DType == DType.Bool ? DType.Int32 : x.DType);
    }

    /// <summary>The Bartlett window: a triangle, floating.</summary>
    public Tensor bartlett(int x) => Window(x, i => 1 - Math.Abs((2.0 * i / (x - 1)) - 1));

    /// <summary>The Hann window, floating.</summary>
    public Tensor hanning(int x) => Window(x, i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / (x - 1))));

    /// <summary>The Hamming window, floating.</summary>
    public Tensor hamming(int x) => Window(x, i => 0.54 - (0.46 * Math.Cos(2 * Math.PI * i / (x - 1))));

    /// <summary>The Blackman window, floating.</summary>
    public Tensor blackman(int x) => Window(x, i => 0.42 - (0.5 * Math.Cos(2 * Math.PI * i / (x - 1))) + (0.08 * Math.Cos(4 * Math.PI * i / (x - 1))));

    /// <summary>The Kaiser window of a shape parameter, floating.</summary>
    public Tensor kaiser(int x, double beta)
    {
        var radii = convert_to_tensor(Enumerable.Range(0, Math.Max(x, 0)).Select(i => x == 1 ? 0 : Math.Sqrt(Math.Max(0, 1 - Math.Pow((2.0 * i / (x - 1)) - 1, 2)))).ToArray(), ConfigApi.FloatX);
        return i0(radii * Require.Finite(beta)) / i0(Like(radii, beta));
    }

    Tensor Window(int size, Func<int, double> value) =>
        size == 1 ? ones(1) : convert_to_tensor(Enumerable.Range(0, Math.Max(size, 0)).Select(value).ToArray(), ConfigApi.FloatX);
}
