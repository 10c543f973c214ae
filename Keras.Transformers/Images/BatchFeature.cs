using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Keras.Transformers;

/// <summary>What an image processor returns: pixel_values, one per image.</summary>
/// <remarks>Images may differ in size until a tensor is requested.</remarks>
public sealed class BatchFeature : IReadOnlyDictionary<string, Tensor>
{
    const string Name = "pixel_values";

    readonly HostTensor? _stacked;
    readonly Lazy<HostTensor[]> _images;

    internal BatchFeature(PixelBatch batch) => (_stacked, _images) = (batch.Stacked(), new(batch.Images));

    /// <summary>All images as one tensor: (images, channels, height, width), or channels last on request.</summary>
    /// <exception cref="ShapeMismatchException">The images differ in size or dtype.</exception>
    public Tensor pixel_values => Tensor.Of(Stacked());

    /// <summary>Each image as a tensor without the batch axis.</summary>
    public IReadOnlyList<Tensor> Images => [.. Hosts.Select(i => Tensor.Of(i))];

    /// <summary>The tensor of this name, which can only be "pixel_values".</summary>
    /// <exception cref="KeyNotFoundException">There is no tensor of this name.</exception>
    public Tensor this[string key] => key == Name ? pixel_values : throw new KeyNotFoundException($"There is no '{key}'. There is: {Name}.");

    /// <summary>The values as tensors by name, for a model.</summary>
    public static implicit operator Tensors(BatchFeature feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        return new([KeyValuePair.Create(Name, new Tensors(feature.pixel_values))]);
    }

    /// <summary>The number of tensors, 1.</summary>
    public int Count => 1;

    /// <summary>The name of the tensor, pixel_values.</summary>
    public IEnumerable<string> Keys => [Name];

    /// <summary>The tensors: only pixel_values.</summary>
    public IEnumerable<Tensor> Values => [pixel_values];

    /// <summary>Whether the name is pixel_values.</summary>
    public bool ContainsKey(string key) => key == Name;

    /// <summary>Tries to get a tensor by name.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value)
    {
        value = key == Name ? pixel_values : null;
        return value is not null;
    }

    /// <summary>The tensor with its name.</summary>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator()
    {
        yield return new(Name, pixel_values);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal HostTensor Stacked()
    {
        if (_stacked is not null) return _stacked;
        var images = Hosts;
        var first = images[0];
        foreach (var image in images)
            if (image.Shape != first.Shape || image.DType != first.DType)
                throw new ShapeMismatchException("The images differ, so they make no tensor", Name, $"images of {first.DType.Name} {first.Shape}", $"{image.DType.Name} {image.Shape}",
                    "Leave do_resize on, or take the images one by one with return_tensors: null.");
        var size = first.Data.Length;
        var all = new byte[checked(size * images.Length)];
        for (var i = 0; i < images.Length; i++) images[i].Data.CopyTo(all, i * size);
        return HostTensor.OfBytes(first.DType, new Shape([images.Length, .. first.Shape.ToArray()]), all);
    }

    internal HostTensor[] Hosts => _images.Value;
}
