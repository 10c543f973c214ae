using Keras.Images;

namespace Keras.Transformers;

/// <summary>Turns images into a model's pixel_values: resizes, rescales and normalises them, with the same values as Hugging Face's class on Pillow.</summary>
/// <remarks>
/// Files are read as RGB. Arrays and tensors have 1 or 3 channels; where input_data_format does not say which axis these are, the first image decides for all, and the last axis comes
/// before the first (Hugging Face: the first, which misreads images that are 1 or 3 pixels high). do_convert_rgb converts pictures of other modes, as in later versions than 4.46.
/// </remarks>
/// <example>
/// <code>
/// var processor = ViTImageProcessor.from_pretrained("google/vit-base-patch16-224");
/// Tensor pixels = processor.Apply(["cat.jpg", "dog.png"]).pixel_values;   // (2, 3, 224, 224)
/// var small = new ViTImageProcessor(size: 96);
/// Tensor pixel_values = small.Apply("cat.jpg").pixel_values;   // (1, 3, 96, 96)
/// </code>
/// </example>
public partial class ViTImageProcessor : IProcessor
{
    const string First = "channels_first", Last = "channels_last";

    /// <summary>Creates a processor with Hugging Face's defaults.</summary>
    /// <param name="do_resize">Whether images are resized. Default true.</param>
    /// <param name="size">The size after that. Default 224 x 224.</param>
    /// <param name="resample">Pillow's number of the filter: 0 nearest, 1 lanczos, 2 bilinear (default), 3 bicubic, 4 box, 5 hamming.</param>
    /// <param name="do_rescale">Whether samples are multiplied by <paramref name="rescale_factor"/>. Default true.</param>
    /// <param name="rescale_factor">Default 1/255.</param>
    /// <param name="do_normalize">Whether to subtract the mean and divide by the standard deviation. Default true.</param>
    /// <param name="image_mean">The value of each channel, or one for all. Default 0.5.</param>
    /// <param name="image_std">The value of each channel, or one for all. Default 0.5.</param>
    /// <param name="do_convert_rgb">Whether pictures of other modes become RGB. Default false; files are read as RGB always.</param>
    /// <param name="do_center_crop">Whether the middle of the image is cut out after it was resized. Default false.</param>
    /// <param name="crop_size">The size of the centre; if it is larger than the image, the surrounding area is 0. Default: as <paramref name="size"/>.</param>
    public ViTImageProcessor(bool do_resize = true, HeightWidth? size = null, int? resample = 2, bool do_rescale = true, double rescale_factor = 1 / 255.0, bool do_normalize = true,
        ChannelValues? image_mean = null, ChannelValues? image_std = null, bool? do_convert_rgb = null, bool do_center_crop = false, HeightWidth? crop_size = null)
    {
        (this.do_resize, this.size, this.resample, this.do_rescale, this.rescale_factor, this.do_normalize) = (do_resize, size ?? 224, resample, do_rescale, rescale_factor, do_normalize);
        (this.do_center_crop, this.crop_size) = (do_center_crop, crop_size);
        (this.image_mean, this.image_std, this.do_convert_rgb) = (image_mean ?? new double[] { 0.5, 0.5, 0.5 }, image_std ?? new double[] { 0.5, 0.5, 0.5 }, do_convert_rgb);
    }

    /// <summary>Whether images are resized.</summary>
    public bool do_resize { get; set; }

    /// <summary>The size that images are resized to.</summary>
    public HeightWidth size { get; set; }

    /// <summary>The resampling filter, by Pillow's number.</summary>
    public int? resample { get; set; }

    /// <summary>Whether samples are multiplied by <see cref="rescale_factor"/>.</summary>
    public bool do_rescale { get; set; }

    /// <summary>The factor that samples are multiplied by.</summary>
    public double rescale_factor { get; set; }

    /// <summary>Whether samples are normalised.</summary>
    public bool do_normalize { get; set; }

    /// <summary>The mean that is subtracted, for each channel or for all.</summary>
    public ChannelValues image_mean { get; set; }

    /// <summary>The standard deviation that samples are divided by, for each channel or for all.</summary>
    public ChannelValues image_std { get; set; }

    /// <summary>Whether pictures of other modes are converted to RGB.</summary>
    public bool? do_convert_rgb { get; set; }

    /// <summary>Whether images are cropped to their centre.</summary>
    public bool do_center_crop { get; set; }

    /// <summary>The size of the crop; null for <see cref="size"/>.</summary>
    public HeightWidth? crop_size { get; set; }

    /// <summary>Turns images into pixel_values, on all cores: Hugging Face's <c>processor(images, ...)</c>. Arguments that are not given follow the properties.</summary>
    /// <param name="images">One image or several.</param>
    /// <param name="do_resize">Whether images are resized.</param>
    /// <param name="size">The size after that.</param>
    /// <param name="resample">Pillow's number of the filter.</param>
    /// <param name="do_rescale">Whether samples are scaled.</param>
    /// <param name="rescale_factor">The factor.</param>
    /// <param name="do_normalize">Whether samples are normalised.</param>
    /// <param name="image_mean">The mean of each channel, or of all.</param>
    /// <param name="image_std">The standard deviation of each channel, or of all.</param>
    /// <param name="do_convert_rgb">Whether pictures of other modes become RGB.</param>
    /// <param name="do_center_crop">Whether the middle is cut out.</param>
    /// <param name="crop_size">The size of the middle.</param>
    /// <param name="return_tensors">"tf" or "np": the images must be equally large. Default null.</param>
    /// <param name="data_format">"channels_first" (default) or "channels_last": the order of the result.</param>
    /// <param name="input_data_format">The order of arrays and tensors. Default: it is looked for.</param>
    /// <returns>pixel_values (B, C, H, W), float32; uint8 if only the size was changed.</returns>
    /// <exception cref="ValueRangeException">Something is not an image, samples are not numbers or cannot be resized, or an option fits no image.</exception>
    /// <exception cref="ShapeMismatchException">An image has another rank or number of channels, or no pixel; or return_tensors is given and sizes differ.</exception>
    /// <exception cref="FileFormatException">A file is not an image, is damaged, or is too large.</exception>
    /// <exception cref="UnsupportedException">A file is of a kind that is not read.</exception>
    public BatchFeature Apply(ImageInput images, bool? do_resize = null, HeightWidth? size = null, int? resample = null, bool? do_rescale = null, double? rescale_factor = null,
        bool? do_normalize = null, ChannelValues? image_mean = null, ChannelValues? image_std = null, bool? do_convert_rgb = null, string? return_tensors = null,
        string data_format = First, string? input_data_format = null, bool? do_center_crop = null, HeightWidth? crop_size = null)
    {
        Known.OneOf(data_format, nameof(data_format), First, Last);
        Known.OneOf(input_data_format, nameof(input_data_format), First, Last, null);
        Known.OneOf(return_tensors, nameof(return_tensors), "tf", "np", null);
        if (images is null) throw new ValueRangeException("There is no image", nameof(images), "one or more", "null");
        var (isResized, isNormalized, convert) = (do_resize ?? this.do_resize, do_normalize ?? this.do_normalize, do_convert_rgb ?? this.do_convert_rgb ?? false);
        var (newSize, filter) = ((size ?? this.size).OfImages(nameof(size)), resample ?? this.resample);
        if (isResized) Resampler.CheckFilter(filter ?? throw new ValueRangeException("Images cannot be resized without a filter", nameof(resample), "0 to 5", "null", "Give resample, or set do_resize to false."));
        double? factor = (do_rescale ?? this.do_rescale) ? rescale_factor ?? this.rescale_factor : null;
        if (factor is { } f && !double.IsFinite(f)) throw new ValueRangeException("The factor is not a number", nameof(rescale_factor), "a finite number", $"{f}");
        HeightWidth? middle = (do_center_crop ?? this.do_center_crop) ? (crop_size ?? this.crop_size ?? newSize).OfImages(nameof(crop_size)) : (HeightWidth?)null;
        var (mean, deviation) = (image_mean ?? this.image_mean, image_std ?? this.image_std);

        var single = images.Single();
        var isChannelsFirst = single.OfType<ImageSamples>().Cast<ImageSamples?>().FirstOrDefault() is { } samples && IsChannelsFirst(samples.Shape, input_data_format);
        var batch = new PixelBatch(single.Count, isOneSize: isResized || middle is not null);
        try
        {
            if (single.Count == 1) Process(0);
            else Parallel.For(0, single.Count, Process);
        }
        catch (AggregateException e)
        {
            // As with a loop, the caller sees the error of one image only.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        var feature = new BatchFeature(batch);
        if (return_tensors is not null) feature.Stacked();
        return feature;

        void Process(int place)
        {
            using var scratch = new Scratch();
            var block = Block(single[place], convert, isChannelsFirst, scratch);
            if (block.Channels is not (1 or 3)) throw PixelBlock.WrongChannels($"{block.Channels}");
            (double[], double[])? normalize = isNormalized ? (mean.For(block.Channels, nameof(image_mean)), deviation.For(block.Channels, nameof(image_std))) : null;
            if (isResized) block = block.Resize(newSize, filter!.Value, scratch);
            if (middle is { } cropped) block = block.Crop(cropped, scratch);
            block.Finish(factor, normalize, data_format == First, batch, place);
        }
    }

    /// <summary>The result of each of a byte's 256 values, channel by channel.</summary>
    /// <exception cref="ValueRangeException">Mean or standard deviation fit another number of channels.</exception>
    internal float[] ValuesOfBytes(int channels)
    {
        var bytes = new byte[(byte.MaxValue + 1) * channels];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i / channels);
        var block = PixelBlock.Of(new ImageSamples(DType.UInt8, new Shape(byte.MaxValue + 1, 1, channels), new(bytes, bytes.Length)), isChannelsFirst: false, Scratch.None);
        var batch = new PixelBatch(1, isOneSize: true);
        block.Finish(do_rescale ? rescale_factor : null, do_normalize ? (image_mean.For(channels, nameof(image_mean)), image_std.For(channels, nameof(image_std))) : null, isChannelsFirst: true, batch, 0);
        return batch.Stacked()!.As<float>().ToArray();
    }

    static PixelBlock Block(object image, bool convert, bool isChannelsFirst, Scratch scratch) => image switch
    {
        Picture picture => PixelBlock.Of(convert ? picture.Convert("RGB", scratch) : picture),
        string path => PixelBlock.Of(Picture.Open(path, scratch).Convert("RGB", scratch)),
        byte[] file => PixelBlock.Of(Picture.Open(file, scratch).Convert("RGB", scratch)),
        Stream file => PixelBlock.Of(Picture.Open(file, scratch).Convert("RGB", scratch)),
        _ => PixelBlock.Of((ImageSamples)image, isChannelsFirst, scratch),
    };

    static bool IsChannelsFirst(Shape shape, string? format)
    {
        if (format is not null) return format == First;
        if (shape[2] is 1 or 3) return false;
        if (shape[0] is 1 or 3) return true;
        throw new ShapeMismatchException("An array has no axis that can hold the channels", "images", "1 or 3 as the first or the last of the three axes", shape.ToString(), "Give images of one or three channels.");
    }
}

/// <summary>The same processor under the name that newer files use.</summary>
/// <inheritdoc cref="ViTImageProcessor" path="/remarks"/>
public sealed class ViTImageProcessorFast : ViTImageProcessor
{
    /// <inheritdoc cref="ViTImageProcessor(bool, HeightWidth?, int?, bool, double, bool, ChannelValues?, ChannelValues?, bool?, bool, HeightWidth?)"/>
    public ViTImageProcessorFast(bool do_resize = true, HeightWidth? size = null, int? resample = 2, bool do_rescale = true, double rescale_factor = 1 / 255.0, bool do_normalize = true,
        ChannelValues? image_mean = null, ChannelValues? image_std = null, bool? do_convert_rgb = null, bool do_center_crop = false, HeightWidth? crop_size = null)
        : base(do_resize, size, resample, do_rescale, rescale_factor, do_normalize, image_mean, image_std, do_convert_rgb, do_center_crop, crop_size) { }

    /// <inheritdoc cref="ViTImageProcessor.from_pretrained"/>
    public static new ViTImageProcessorFast from_pretrained(string pretrained_model_name_or_path,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        Read(new ViTImageProcessorFast(), PretrainedSource.Folder(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), FileName));
}

/// <summary>The same processor under its old name.</summary>
/// <inheritdoc cref="ViTImageProcessor" path="/remarks"/>
public sealed class ViTFeatureExtractor : ViTImageProcessor
{
    /// <inheritdoc cref="ViTImageProcessor(bool, HeightWidth?, int?, bool, double, bool, ChannelValues?, ChannelValues?, bool?, bool, HeightWidth?)"/>
    public ViTFeatureExtractor(bool do_resize = true, HeightWidth? size = null, int? resample = 2, bool do_rescale = true, double rescale_factor = 1 / 255.0, bool do_normalize = true,
        ChannelValues? image_mean = null, ChannelValues? image_std = null, bool? do_convert_rgb = null, bool do_center_crop = false, HeightWidth? crop_size = null)
        : base(do_resize, size, resample, do_rescale, rescale_factor, do_normalize, image_mean, image_std, do_convert_rgb, do_center_crop, crop_size) { }

    /// <inheritdoc cref="ViTImageProcessor.from_pretrained"/>
    public static new ViTFeatureExtractor from_pretrained(string pretrained_model_name_or_path,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        Read(new ViTFeatureExtractor(), PretrainedSource.Folder(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), FileName));
}
