namespace Keras.Transformers.Tests;

/// <summary>A vision transformer that is quick to run, and images for it.</summary>
static class SmallViT
{
    public static ViTConfig Config(int labels = 3) => new()
    {
        image_size = 8, patch_size = 4, num_channels = 3, encoder_stride = 4, hidden_size = 12, num_hidden_layers = 2, num_attention_heads = 3, intermediate_size = 20,
        initializer_range = 0.25f, num_labels = labels,
    };

    /// <summary>Images (B, C, H, W), the same on every call.</summary>
    public static Tensor Images(int count, int height = 8, int width = 8, int channels = 3) => Graphs.Tf.Constant(HostTensor.Of<float>(
        [.. Enumerable.Range(0, count * channels * height * width).Select(k => (float)Math.Sin((0.7 * k) + (0.013 * k * k)))], new Shape(count, channels, height, width)));
}
