using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Evens out contrast in each part of an image, up to a limit (CLAHE); at inference too.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/clahe.py; Pizer et al., "Adaptive histogram equalization and its variations", 1987. Images keep their dtype.</remarks>
public sealed class ContrastLimitedAdaptiveHistogramEqualization : ColorAugmentation
{
    const int Values = 256;
    readonly double _clipLimit;
    readonly int[] _grid;

    /// <summary>Evens out contrast in each part of an image, up to a limit (CLAHE); at inference too.</summary>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="clip_limit">The limit for the count of a value, as a multiple of the mean; 0 for no limit. Default 4.</param>
    /// <param name="tile_grid_size">The number of parts from top to bottom and from left to right; default 8.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public ContrastLimitedAdaptiveHistogramEqualization(ValueRange? value_range = null, double clip_limit = 4, Axes? tile_grid_size = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) : base(false, value_range, bounding_box_format, data_format, null, name, dtype) =>
        (_clipLimit, _grid) = (Require.AtLeast(0, clip_limit), ConfigForms.PerAxis(tile_grid_size ?? 8, 2, nameof(tile_grid_size)));

    private protected override bool IsAlwaysOn => true;

    private protected override bool KeepsDType => true;

    /// <exception cref="ShapeMismatchException">The images are too small for so many parts.</exception>
    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var batch = Range.To(ValueRange.Bytes, Tf.Cast(ChannelsFirst ? Tf.Transpose(images, 0, 2, 3, 1) : images, DType.Float32));
        var equalized = Tf.Cast(ValueRange.Bytes.To(Range, Equalized(batch)), images.dtype);
        return ChannelsFirst ? Tf.Transpose(equalized, 0, 3, 1, 2) : equalized;
    }

    Tensor Equalized(Tensor images)
    {
        var d = Dims.Of(images);
        var (rows, columns) = (new Tiles(d[1], _grid[0], Where), new Tiles(d[2], _grid[1], Where));
        // Fills the last tiles up with the image's mirror image.
        var whole = Tf.Gather(Tf.Gather(images, rows.Mirrored, 1), columns.Mirrored, 2);
        var pixels = Tf.Cast(ValueRange.Bytes.Clip(whole), DType.Int32);
        Tensor Numbers(Dim count) => Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1));
        var (image, channel) = (Tf.Reshape(Numbers(d[0]), Tf.Int32(-1, 1, 1, 1)), Numbers(d[3]));
        // The index of a pixel's value among the values of all tiles.
        Tensor Number(Tensor row, Tensor column) =>
            ((((image * Tf.Int32Scalar(_grid[0]) + Tf.Reshape(row, Tf.Int32(-1, 1, 1))) * Tf.Int32Scalar(_grid[1]) + Tf.Reshape(column, Tf.Int32(-1, 1))) * d[3].ToTensor() + channel) * Tf.Int32Scalar(Values)) + pixels;
        var counted = Tf.Reshape(Number(rows.Own, columns.Own), Tf.Int32(-1));
        var tiles = d[0] * (_grid[0] * _grid[1]) * d[3];
        var counts = Tf.Reshape(Tf.UnsortedSegmentSum(Tf.Cast(Tf.OnesLike(counted), DType.Float32), counted, tiles * Values), Tf.Int32(-1, Values));
        var table = Tf.Reshape(Table(counts, Tf.Cast(rows.Length * columns.Length, DType.Float32)), Tf.Int32(-1));
        Tensor Looked(Tensor row, Tensor column) => Tf.Gather(table, Number(row, column), 0);
        var (down, right) = (Tf.Reshape(rows.Share, Tf.Int32(-1, 1, 1)), Tf.Reshape(columns.Share, Tf.Int32(-1, 1)));
        var upper = (Looked(rows.Before, columns.Before) * (1 - right)) + (Looked(rows.Before, columns.Behind) * right);
        var lower = (Looked(rows.Behind, columns.Before) * (1 - right)) + (Looked(rows.Behind, columns.Behind) * right);
        return Api.ops.slice((upper * (1 - down)) + (lower * down), [0, 0, 0, 0], d);
    }

    /// <summary>Maps each value of a tile to its equalized value, (tiles, values), from counts clipped at the limit.</summary>
    Tensor Table(Tensor counts, Tensor size)
    {
        if (_clipLimit > 0)
        {
            var clipped = Tf.Minimum(counts, size * (_clipLimit / Values));
            counts = clipped + (Tf.Sum(counts - clipped, [1], keep_dims: true) / Values);
        }
        var places = Tf.Cumsum(counts, 1);
        var first = Tf.Min(places, [1], keep_dims: true);
        var rest = size - first;
        return ValueRange.Bytes.Clip((places - first) * 255 / Tf.SelectV2(Tf.Equal(rest, Tf.ZerosLike(rest)), Tf.OnesLike(rest), rest));
    }

    /// <summary>The tiles of one axis.</summary>
    sealed class Tiles
    {
        public Tiles(Dim size, int count, string where)
        {
            Length = (size + (count - 1)) / count;
            var whole = Length * count;
            if (size.Known is { } known && whole.Known > 2 * known)
                throw new ShapeMismatchException("Images are too small for so many tiles", where, $"at least {(count + 1) / 2} pixels for {count} tiles", $"{known}", "Choose a smaller tile_grid_size.");
            var places = Tf.Range(Tf.Int32Scalar(0), whole, Tf.Int32Scalar(1));
            Mirrored = Tf.Minimum(places, (size * 2 - 1).ToTensor() - places);
            Own = Tf.FloorDiv(places, Length.ToTensor());
            var length = Tf.Cast(Length, DType.Float32);
            var at = ((Tf.Cast(places, DType.Float32) - (length / 2)) / length) + 1;
            var before = Tf.Floor(at);
            Share = at - before;
            // The tables of the first and last tile also apply beyond their centres.
            Tensor Within(Tensor tile) => Tf.Minimum(Tf.Maximum(Tf.Cast(tile, DType.Int32) - Tf.Int32Scalar(1), Tf.Int32Scalar(0)), Tf.Int32Scalar(count - 1));
            (Before, Behind) = (Within(before), Within(before + 1));
        }

        /// <summary>The number of rows or columns in a tile.</summary>
        public Dim Length { get; }

        /// <summary>The position in the image for each position in the padded image.</summary>
        public Tensor Mirrored { get; }

        /// <summary>The tile of each position.</summary>
        public Tensor Own { get; }

        /// <summary>The tile whose centre comes before each position.</summary>
        public Tensor Before { get; }

        /// <summary>The tile whose centre comes after each position.</summary>
        public Tensor Behind { get; }

        /// <summary>The weight of the tile after each position.</summary>
        public Tensor Share { get; }
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["value_range"] = Range.Form, ["clip_limit"] = _clipLimit, ["tile_grid_size"] = _grid };
}
