using Keras.Graphs;

namespace Keras;

/// <content>Windows put together.</content>
public sealed partial class OpsApi
{
    /// <summary>Assembles images from windows as columns, the inverse of <see cref="unfold"/>, adding where windows overlap.</summary>
    /// <param name="x">(B, C · height · width, windows), numbers.</param>
    /// <param name="output_size">Height and width of the images.</param>
    /// <param name="kernel_size">Height and width of a window.</param>
    /// <param name="dilation">The distance between elements of a window; default 1.</param>
    /// <param name="padding">Zeros that were around the image; default 0.</param>
    /// <param name="stride">How far the window moves at each step; default 1.</param>
    /// <returns>(B, C, H, W).</returns>
    /// <exception cref="ShapeMismatchException">The columns are not of rank 3, or their length or number does not fit the sizes.</exception>
    /// <exception cref="ValueRangeException">A size is out of range, or a window larger than the image.</exception>
    public Tensor fold(TensorLike x, Axes output_size, Axes kernel_size, Axes? dilation = null, Axes? padding = null, Axes? stride = null)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, output_size, kernel_size, dilation, padding, stride);
        ArgumentNullException.ThrowIfNull(output_size);
        ArgumentNullException.ThrowIfNull(kernel_size);
        const string where = "ops.fold";
        var columns = x.Tensor;
        if (columns.ndim != 3) throw new ShapeMismatchException("The windows have the wrong rank", where, "rank 3: (batch, channels and window, windows)", columns.shape.ToString());
        int[] Both(Axes? a, int least, string name) => Pair(a, least, where, name);
        var (image, size, rates, border, steps) = (Both(output_size, 1, nameof(output_size)), Both(kernel_size, 1, nameof(kernel_size)), Both(dilation, 1, nameof(dilation)), Both(padding, 0, nameof(padding)), Both(stride, 1, nameof(stride)));
        int Windowed(int axis) => image[axis] + (2 * border[axis]) - (rates[axis] * (size[axis] - 1)) is > 0 and var room ? ((room - 1) / steps[axis]) + 1
            : throw new ValueRangeException("A window is larger than the image", where, $"an output_size with padding of at least {(rates[axis] * (size[axis] - 1)) + 1} along axis {axis}", $"{image[axis] + (2 * border[axis])}");
        var (rows, across, window) = (Windowed(0), Windowed(1), size[0] * size[1]);
        if (columns.shape[1] >= 0 && columns.shape[1] % window != 0) throw new ShapeMismatchException("Columns do not hold whole windows", where, $"a multiple of {window} (kernel_size) as second dimension", columns.shape.ToString());
        if (columns.shape[2] >= 0 && columns.shape[2] != rows * across) throw new ShapeMismatchException("The number of windows does not fit the sizes", where, $"{rows * across} windows, {rows} below another and {across} side by side", columns.shape.ToString());

        var (batch, channels) = (Dim.Of(columns, 0), Dim.Of(columns, 1) / window);
        var apart = Tf.Transpose(Tf.Reshape(columns, Dims.Create([batch, channels, window, rows * across]).ToTensor()), 2, 3, 0, 1);
        var elements = Tf.Reshape(apart, Dims.Create([window * rows * across, batch, channels]).ToTensor());
        var computed = elements.dtype.IsFloating && elements.dtype.Size < 4 ? Tf.Cast(elements, DType.Float32) : elements;
        var pixels = Tf.UnsortedSegmentSum(computed, Tf.Int32([.. Places(image, size, rates, border, steps, rows, across)]), Tf.Int32Scalar(image[0] * image[1]));
        return Tf.Reshape(Tf.Transpose(Tf.Cast(pixels, columns.dtype), 1, 2, 0), Dims.Create([batch, channels, image[0], image[1]]).ToTensor());
    }

    /// <summary>The pixel index of each window element in each window; -1 in the padding.</summary>
    static IEnumerable<int> Places(int[] image, int[] size, int[] rates, int[] border, int[] steps, int rows, int across)
    {
        for (var place = 0; place < size[0] * size[1]; place++)
        {
            for (var window = 0; window < rows * across; window++)
            {
                var row = (place / size[1] * rates[0]) + (window / across * steps[0]) - border[0];
                var column = (place % size[1] * rates[1]) + (window % across * steps[1]) - border[1];
                yield return row < 0 || row >= image[0] || column < 0 || column >= image[1] ? -1 : (row * image[1]) + column;
            }
        }
    }
}
