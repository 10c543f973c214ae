using Keras.Events;
using Keras.Images;

namespace Keras.Callbacks;

/// <summary>Writes a model's weights as histograms and images, as Keras' TensorBoard callback shows them.</summary>
static class WeightSummaries
{
    public static void Write(EventFileWriter writer, Model model, bool images, long step)
    {
        foreach (var weight in LayersOf(model).SelectMany(l => l.weights).Where(w => w.dtype.IsNumeric))
        {
            var name = weight.path.Replace(':', '_');
            var host = ((Tensor)weight.value).RequireEager().ToHost();
            var values = host.ToDouble();
            writer.Histogram($"{name}/histogram", values, step);
            if (images) WriteImages(writer, $"{name}/image", values, [.. host.Shape.ToArray().Where(d => d != 1).Select(d => (int)d)], step);
        }
    }

    /// <summary>The layers whose weights are shown.</summary>
    static IEnumerable<Layer> LayersOf(Model model) => model.layers;

    /// <summary>Writes a weight as images: a vector as one row, a matrix with its longer side horizontal, three axes as one image per last index; none for more axes.</summary>
    static void WriteImages(EventFileWriter writer, string tag, double[] values, int[] shape, long step)
    {
        var (count, height, width) = shape.Length switch
        {
            1 => (1, 1, shape[0]),
            2 => (1, Math.Min(shape[0], shape[1]), Math.Max(shape[0], shape[1])),
            3 => (shape[2], shape[0], shape[1]),
            _ => (0, 0, 0),
        };
        if (count == 0 || values.Length == 0) return;
        double At(int picture, int row, int column) => shape.Length switch
        {
            2 when shape[0] > shape[1] => values[(column * shape[1]) + row],
            3 => values[(((row * width) + column) * count) + picture],
            _ => values[(row * width) + column],
        };
        byte Grey(double value) => double.IsNaN(value) ? (byte)0 : (byte)Math.Clamp(value * 255, 0, 255);
        writer.Images(tag, width, height, Enumerable.Range(0, count).Select(p =>
            PngWriter.Write([.. Enumerable.Range(0, height * width).Select(i => Grey(At(p, i / width, i % width)))], height, width, channels: 1, depth: 8, compression: -1)), step);
    }
}
