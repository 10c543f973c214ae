namespace Keras.Transformers;

/// <summary>Makes tensors from images for pipelines.</summary>
static class PipelineImages
{
    /// <summary>The images of a batch, (B, C, H, W). As in Hugging Face's pipelines, files are first made upright and RGB, whatever the processor says; for a model of one channel they keep their mode.</summary>
    public static Tensors Tensors(Pipeline pipeline, IReadOnlyList<PipelineInput> batch)
    {
        var images = ImageInput.Create([.. batch.Select(i => i.Image(pipeline.task))]).Single().ConvertAll(Upright);
        if (images.Count != batch.Count) throw new ValueRangeException("An input is not one image", pipeline.task, "samples of three axes", "samples of four", "Give the images one by one.");
        return new(new Dictionary<string, Tensors> { ["pixel_values"] = pipeline.image_processor!.Apply(images.ToArray(), do_convert_rgb: AreRgb(pipeline.model), return_tensors: "tf").pixel_values });
    }

    /// <summary>Whether a model takes RGB images.</summary>
    public static bool AreRgb(TFPreTrainedModel model) => model.config is not ViTConfig { num_channels: 1 };

    static object Upright(object image) => image switch
    {
        string path => Picture.Open(path).Upright(),
        byte[] file => Picture.Open(file).Upright(),
        Stream file => Picture.Open(file).Upright(),
        Picture picture => picture.Upright(),
        _ => image,
    };
}
