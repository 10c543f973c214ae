using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The base of layers that change the colours of images; labels, boxes and masks stay unchanged.</summary>
public abstract class ColorAugmentation : BaseImagePreprocessingLayer
{
    private protected ColorAugmentation(bool isRandom, ValueRange? value_range, string? bounding_box_format, string? data_format, long? seed, string? name, DTypePolicy? dtype)
        : base(isRandom, bounding_box_format, data_format, seed, name, dtype) => Range = value_range ?? ValueRange.Bytes;

    /// <summary>The range of the images' values.</summary>
    private protected ValueRange Range { get; }

    private protected override bool MovesBoxes => false;

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation) => boxes;

    /// <summary>Checks that images are RGB and returns them.</summary>
    /// <exception cref="ShapeMismatchException">They have another number of channels.</exception>
    private protected Tensor Colored(Tensor images) => images.shape[ChannelAxis(4)] is 3 or < 0 ? images
        : throw new ShapeMismatchException("The images do not have three colour channels", Where, $"3 channels, with data_format \"{data_format}\" the {(ChannelsFirst ? "second" : "last")} of 4 dimensions", images.shape.ToString());

    private protected static double[] Form((double Lower, double Upper) bounds) => [bounds.Lower, bounds.Upper];

    /// <summary>Changes one channel of the images.</summary>
    private protected Tensor WithChannel(Tensor images, int channel, Func<Tensor, Tensor> change)
    {
        var at = ChannelAxis(4);
        Tensor[] parts = [.. Enumerable.Range(0, 3).Select(c => Slices.Of(images, at, c, c + 1))];
        parts[channel] = change(parts[channel]);
        return Tf.Concat(parts, at);
    }
}
