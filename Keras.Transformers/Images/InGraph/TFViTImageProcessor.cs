using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>ViT's image processor as a layer: takes images of any size and returns pixel_values, inside models and SavedModels.</summary>
/// <remarks>
/// <para>The values are those of <see cref="ViTImageProcessor"/>, which are Pillow's, bit for bit, so they are the same eagerly, in a graph and in a server. Only core ops of TensorFlow are used:
/// resizing is Pillow's arithmetic in integers. TensorFlow's own resize ops differ from it. Measured on the golden pictures, rounded to bytes: without antialias (ResizeBilinear,
/// ResizeBicubic) by up to 114 of 255 for bilinear (mean 1.7) and 133 for bicubic (2.1), lanczos 149 (2.3); with antialias (ScaleAndTranslate) by 1 in 2.5 % of the samples for bilinear and 3.6 %
/// for bicubic, by up to 4 in 4.3 % for lanczos; nearest differs in 0.1 %, there by up to 163, because another pixel is taken.</para>
/// <para>Files are read by TensorFlow's DecodeJpeg and DecodeImage. Known deviations from <see cref="ViTImageProcessor"/>: PNG files of 16 bits grey (their high bytes are taken, Pillow clips at
/// 255), BMP files with palettes or fewer than 24 bits, and WebP files, which TensorFlow does not read.</para>
/// </remarks>
public sealed class TFViTImageProcessor : Layer
{
    const string First = "channels_first", Last = "channels_last";
    const int FileChannels = 3;
    const int ByteValues = 256;

    readonly ViTImageProcessor _settings;
    readonly Dictionary<int, TableConstant> _tables = [];

    /// <summary>Creates the layer with Hugging Face's defaults.</summary>
    /// <param name="do_resize">Whether images are resized. Default true.</param>
    /// <param name="size">Height and width after that. Default 224, 224.</param>
    /// <param name="resample">Pillow's number of the filter: 0 nearest, 1 lanczos, 2 bilinear (default), 3 bicubic, 4 box, 5 hamming.</param>
    /// <param name="do_rescale">Whether samples are multiplied by <paramref name="rescale_factor"/>. Default true.</param>
    /// <param name="rescale_factor">Default 1/255.</param>
    /// <param name="do_normalize">Whether to subtract the mean and divide by the standard deviation. Default true.</param>
    /// <param name="image_mean">The value of each channel, or one number for all. Default 0.5.</param>
    /// <param name="image_std">The value of each channel, or one number for all. Default 0.5.</param>
    /// <param name="do_center_crop">Whether the middle of the image is cut out after it was resized. Default false.</param>
    /// <param name="crop_size">Height and width of the middle. Default: as <paramref name="size"/>.</param>
    /// <param name="data_format">"channels_first" (default) or "channels_last": the order of the result.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="ValueRangeException">A setting is impossible.</exception>
    /// <exception cref="ArgumentException">The order has another name.</exception>
    public TFViTImageProcessor(bool do_resize = true, int[]? size = null, int? resample = 2, bool do_rescale = true, double rescale_factor = 1 / 255.0, bool do_normalize = true,
        double[]? image_mean = null, double[]? image_std = null, bool do_center_crop = false, int[]? crop_size = null, string data_format = First, string? name = null) : base(name)
    {
        Known.OneOf(data_format, nameof(data_format), First, Last);
        HeightWidth? Size(int[]? pair, string what) => pair is null ? (HeightWidth?)null : ((HeightWidth)pair).OfImages(what);
        ChannelValues? Values(double[]? values) => values is null ? null : values is [var one] ? (ChannelValues)one : values;
        _settings = new(do_resize, Size(size, nameof(size)), resample, do_rescale, rescale_factor, do_normalize, Values(image_mean), Values(image_std), null, do_center_crop, Size(crop_size, nameof(crop_size)));
        if (do_resize) Resampler.CheckFilter(resample ?? throw new ValueRangeException("Images cannot be resized without a filter", nameof(resample), "0 to 5", "null", "Give resample, or set do_resize to false."));
        if (!double.IsFinite(rescale_factor)) throw new ValueRangeException("The factor is not a number", nameof(rescale_factor), "a finite number", $"{rescale_factor}");
        this.data_format = data_format;
        built = true;
    }

    /// <summary>Creates a layer that does the same as a processor.</summary>
    /// <param name="image_processor">The processor; later changes of it are not seen.</param>
    /// <param name="data_format">"channels_first" (default) or "channels_last": the order of the result.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="ValueRangeException">A setting of the processor is impossible.</exception>
    /// <exception cref="ArgumentException">The order has another name.</exception>
    public static TFViTImageProcessor from_processor(ViTImageProcessor image_processor, string data_format = First, string? name = null)
    {
        var p = image_processor ?? throw new ArgumentNullException(nameof(image_processor));
        int[] size = [p.size.Height, p.size.Width];
        return new(p.do_resize, size, p.resample, p.do_rescale, p.rescale_factor, p.do_normalize, [.. p.image_mean.Values], [.. p.image_std.Values], p.do_center_crop,
            p.crop_size is { } crop ? [crop.Height, crop.Width] : null, data_format, name);
    }

    /// <summary>Creates the layer from the processor's file in a folder.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model, or a repository of the hub, "organisation/name".</param>
    /// <param name="data_format">"channels_first" (default) or "channels_last": the order of the result.</param>
    /// <param name="subfolder">The folder within it that holds the files; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="FileFormatException">There is no preprocessor_config.json, or it is damaged.</exception>
    /// <exception cref="UnsupportedException">The files name another processor, or none.</exception>
    public static TFViTImageProcessor from_pretrained(string pretrained_model_name_or_path, string data_format = First,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        from_processor(ViTImageProcessor.from_pretrained(pretrained_model_name_or_path, subfolder, revision, token, cache_dir, local_files_only, force_download), data_format);

    /// <summary>The order of the result's axes.</summary>
    public string data_format { get; }

    /// <summary>Whether all images get one size, so that files of different sizes can form a batch.</summary>
    internal bool HasOneSize => _settings.do_resize || _settings.do_center_crop;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => ["images"];

    /// <summary>Turns images into pixel_values.</summary>
    /// <param name="images">Images (B, H, W, C), uint8, with 1 or 3 channels; or the bytes of JPEG, PNG, GIF (the first frame) or BMP files, (B), string, which become RGB and may differ in size.</param>
    /// <returns>pixel_values, (B, C, H, W) or (B, H, W, C), float32; uint8 if the processor neither scales nor normalises.</returns>
    /// <exception cref="DTypeMismatchException">The images are neither uint8 nor strings.</exception>
    /// <exception cref="ShapeMismatchException">The images have another number of axes or channels.</exception>
    /// <exception cref="UnsupportedException">Files are given, and the processor leaves images in their own sizes.</exception>
    public Tensor Apply(Tensor images) => base.Apply(new Tensors(images)).Single;

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var images = args.Inputs.Single;
        RequireImages(images);
        var sized = images.dtype == DType.String ? OfFiles(images) : Sized(images);
        var values = Finished(sized);
        return data_format == First ? Tf.Transpose(values, 0, 3, 1, 2) : values;
    }

    /// <summary>The arguments of the constructor.</summary>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["do_resize"] = _settings.do_resize,
        ["size"] = new[] { _settings.size.Height, _settings.size.Width },
        ["resample"] = _settings.resample,
        ["do_rescale"] = _settings.do_rescale,
        ["rescale_factor"] = _settings.rescale_factor,
        ["do_normalize"] = _settings.do_normalize,
        ["image_mean"] = _settings.image_mean.Values.ToArray(),
        ["image_std"] = _settings.image_std.Values.ToArray(),
        ["do_center_crop"] = _settings.do_center_crop,
        ["crop_size"] = _settings.crop_size is { } crop ? new[] { crop.Height, crop.Width } : null,
        [nameof(data_format)] = data_format,
    };

    void RequireImages(Tensor images)
    {
        var isFiles = images.dtype == DType.String;
        if (!isFiles && images.dtype != DType.UInt8) throw new DTypeMismatchException("Images for the processor have another dtype than bytes", $"{name}, images", "uint8 (B, H, W, C) with values from 0 to 255, or files as string (B)", images.dtype.Name, "Cast samples to uint8, or use ViTImageProcessor outside of the graph.");
        var (rank, form) = isFiles ? (1, "the bytes of files, (B)") : (4, "(B, H, W, C)");
        if (!images.shape.HasRank || images.ndim != rank) throw new ShapeMismatchException("Images have another number of axes", $"{name}, images", form, images.shape.ToString(), $"For a single {(isFiles ? "file" : "image")}, ops.expand_dims(images, 0) adds the first axis.");
        if (isFiles && !HasOneSize) throw new UnsupportedException("Files that may differ in size cannot make a batch", $"{name}, images", "a processor with do_resize or do_center_crop", "one without", "Give decoded images of one size as uint8.");
        if (!isFiles && images.shape[3] is not (1 or FileChannels)) throw new ShapeMismatchException("Images have another number of channels", $"{name}, images", "(B, H, W, C) with C 1 or 3, known before run time", images.shape.ToString());
        for (var axis = 1; axis < images.ndim - 1; axis++)
            if (images.shape[axis] == 0) throw new ShapeMismatchException("An image has no pixels", $"{name}, images", "no axis of 0", images.shape.ToString());
    }

    /// <summary>Reads files one by one into a batch, each in its final size.</summary>
    Tensor OfFiles(Tensor files)
    {
        var (height, width) = FinalSize;
        var count = Tf.SizeOf(files);
        var all = Tf.Fill(Tf.Stack([count, Tf.Int32Scalar(height), Tf.Int32Scalar(width), Tf.Int32Scalar(FileChannels)], 0), Tf.Constant(0, DType.UInt8));
        return ControlFlow.While(v => Tf.Less(v[0], count), v =>
        {
            var image = Sized(Tf.ExpandDims(Decoded(Tf.Gather(files, v[0], 0)), 0));
            return [v[0] + Tf.Int32Scalar(1), Tf.TensorScatterUpdate(v[1], Tf.Reshape(v[0], Tf.Int32(1, 1)), image)];
        }, [Tf.Int32Scalar(0), all])[1];
    }

    HeightWidth FinalSize => _settings.do_center_crop ? _settings.crop_size ?? _settings.size : _settings.size;

    /// <summary>Decodes a file to (H, W, 3). For JPEG files, DecodeJpeg gives Pillow's values, DecodeImage does not.</summary>
    static Tensor Decoded(Tensor file)
    {
        var begin = Tf.Substr(file, Tf.Int32Scalar(0), Tf.Int32Scalar(3), "BYTE");
        var isJpeg = Tf.Equal(begin, Tf.Constant(HostTensor.OfStrings(Shape.Scalar, [[0xFF, 0xD8, 0xFF]])));
        return ControlFlow.If(isJpeg, () => [Tf.DecodeJpeg(file, FileChannels)], () => [Tf.DecodeImage(file, FileChannels, DType.UInt8)])[0];
    }

    Tensor Sized(Tensor images)
    {
        if (_settings.do_resize) images = GraphResampler.Resize(images, _settings.size, _settings.resample!.Value);
        return _settings.do_center_crop ? GraphResampler.Crop(images, FinalSize) : images;
    }

    /// <summary>Scales and normalizes bytes by a lookup of their 256 values, so that no engine rounds differently.</summary>
    Tensor Finished(Tensor images)
    {
        if (!_settings.do_rescale && !_settings.do_normalize) return images;
        var channels = (int)images.shape[3];
        if (!_tables.TryGetValue(channels, out var table)) lock (_tables) _tables[channels] = table = new(HostTensor.Of<float>(_settings.ValuesOfBytes(channels), new Shape(channels * ByteValues)));
        var places = Tf.Cast(images, DType.Int32) + Tf.Int32([.. Enumerable.Range(0, channels).Select(c => c * ByteValues)]);
        return Tf.Gather(table.Value, places, 0);
    }
}
