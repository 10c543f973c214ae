using System.Collections;
using System.Runtime.CompilerServices;

namespace Keras.Transformers;

/// <summary>Images for an image processor: the path of a file, its bytes or a stream of it, a <see cref="Picture"/>, an array or tensor (height, width, channels) or (channels,
/// height, width) of any dtype; an array or tensor with a batch axis before these; or a list of any of them.</summary>
[CollectionBuilder(typeof(ImageInput), nameof(Create))]
public sealed class ImageInput : IEnumerable<ImageInput>
{
    readonly object? _value;

    ImageInput(object? value) => _value = value;

    /// <summary>Several images of any kind.</summary>
    public static ImageInput Create(ReadOnlySpan<ImageInput> images) => new(images.ToArray());

    /// <summary>The path of a file.</summary>
    public static implicit operator ImageInput(string path) => new(path);

    /// <summary>A stream with the content of a file.</summary>
    public static implicit operator ImageInput(Stream file) => new(file);

    /// <summary>Converts a decoded image.</summary>
    public static implicit operator ImageInput(Picture picture) => new(picture);

    /// <summary>The samples of one image or several.</summary>
    public static implicit operator ImageInput(Tensor samples) => new(samples);

    /// <summary>The bytes of a file; an array of samples with three or four axes; or an array of paths, files, pictures or samples.</summary>
    public static implicit operator ImageInput(Array images) => new(images);

    /// <summary>Converts a list of file paths.</summary>
    public static implicit operator ImageInput(List<string> paths) => new(paths);

    /// <summary>Converts a list of files' bytes.</summary>
    public static implicit operator ImageInput(List<byte[]> files) => new(files);

    /// <summary>Converts a list of decoded images.</summary>
    public static implicit operator ImageInput(List<Picture> pictures) => new(pictures);

    /// <summary>Several images of any kind.</summary>
    public static implicit operator ImageInput(List<ImageInput> images) => new(images);

    /// <summary>The images one by one.</summary>
    public IEnumerator<ImageInput> GetEnumerator() => Single().Select(v => new ImageInput(v)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The images as given: paths, bytes, streams, pictures, or samples with three axes.</summary>
    /// <exception cref="ValueRangeException">There is no image, or an item is not an image.</exception>
    internal List<object> Single()
    {
        var all = Flat(_value, isTop: true).ToList();
        return all.Count > 0 ? all : throw new ValueRangeException("There is no image", "images", "one or more", "an empty list");
    }

    static IEnumerable<object> Flat(object? value, bool isTop) => value switch
    {
        ImageInput input => Flat(input._value, isTop),
        string or byte[] or Stream or Picture or ImageSamples => [value],
        Tensor tensor => Samples(tensor.RequireEager().ToHost()),
        // For the runtime an array of sbyte is one of byte too.
        Array { Rank: 3 or 4 } bytes when bytes.GetType().GetElementType() == typeof(byte) => Samples(DType.UInt8, ShapeOf(bytes), bytes),
        Array array when array.Rank > 1 || IsNumber(array.GetType().GetElementType()!) => Samples(HostTensor.From(array)),
        IEnumerable list when isTop => list.Cast<object?>().SelectMany(v => Flat(v, isTop: false)),
        _ => throw new ValueRangeException("The value is not an image", "images", "a path, the bytes of a file, a stream, a Picture, an array or a tensor, or a list of these", value is null ? "null" : value.GetType().Name),
    };

    static bool IsNumber(Type type) => type.IsPrimitive || type == typeof(Half);

    static Shape ShapeOf(Array array) => new([.. Enumerable.Range(0, array.Rank).Select(array.GetLongLength)]);

    /// <summary>Splits samples with four axes into images; samples with three are one image.</summary>
    static IEnumerable<object> Samples(HostTensor samples)
    {
        if (samples.Shape.Rank is not (3 or 4)) throw new ShapeMismatchException("An array does not have the axes of an image", "images", "3 axes, or 4 for several images", samples.Shape.ToString());
        if (samples.Strings is not null || samples.DType.IsComplex) throw new DTypeMismatchException("The samples are not numbers", "images", "numbers", samples.DType.Name);
        return Samples(samples.DType, samples.Shape, samples.Data);
    }

    /// <summary>Splits samples with four axes into images, without a copy; samples with three are one image.</summary>
    static IEnumerable<object> Samples(DType dtype, Shape shape, Array data)
    {
        var (count, image) = shape.Rank == 3 ? (1, shape) : ((int)shape[0], shape[1..]);
        var size = checked((int)(image.ElementCount * dtype.Size));
        return Enumerable.Range(0, count).Select(i => (object)new ImageSamples(dtype, image, new(data, (long)i * size, size)));
    }
}
