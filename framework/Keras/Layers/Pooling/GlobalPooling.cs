using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The base of pooling layers that reduce each channel to one value.</summary>
/// <remarks>Source: keras/src/layers/pooling/base_global_pooling.py.</remarks>
public abstract class GlobalPooling : Layer
{
    /// <summary>Makes a pooling over this many spatial axes.</summary>
    private protected GlobalPooling(int rank, string? data_format, bool keepdims, string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        (Format, KeepDims) = (ConfigForms.DataFormat(data_format), keepdims);
        Spatial = [.. Enumerable.Range(Format == "channels_first" ? 2 : 1, rank)];
        input_spec = new(ndim: rank + 2);
        built = true;
    }

    private protected string Format { get; }

    private protected bool KeepDims { get; }

    /// <summary>The axes that are pooled away.</summary>
    private protected int[] Spatial { get; }

    /// <summary>The mean over the pooled axes, in float32, as sums in half precision would overflow and lose digits.</summary>
    private protected Tensor Mean(Tensor x) => Tf.Cast(Api.ops.mean(Wide(x), Spatial, KeepDims), x.dtype);

    /// <summary>Casts to float32 if the dtype is narrower.</summary>
    private protected static Tensor Wide(Tensor x) => x.dtype.IsFloating && x.dtype.Size < 4 ? Tf.Cast(x, DType.Float32) : x;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["data_format"] = Format, ["keepdims"] = KeepDims };
}
