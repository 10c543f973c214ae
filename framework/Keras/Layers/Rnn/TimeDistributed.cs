namespace Keras.Layers;

/// <summary>Applies a layer to every step of a sequence: (B, T, ...) is treated as B · T samples.</summary>
/// <remarks>Source: keras/src/layers/rnn/time_distributed.py. Steps are samples of one call here, so what depends on the batch (a batch
/// normalisation in training) sees all steps together.</remarks>
public sealed class TimeDistributed : Wrapper
{
    /// <summary>Applies a layer to every step of a sequence: (B, T, ...) is treated as B · T samples.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">The name of this one.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TimeDistributed(Layer layer, string? name = null, DTypePolicy? dtype = null) : base(layer, name, dtype)
    {
        supports_masking = true;
        input_spec = new(min_ndim: 3);
    }

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        base.build(input_shape[..1].Concat(input_shape[2..]));
    }

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        Tensor x = args.Inputs;
        var shape = Api.ops.shape(x);
        var mask = args.Mask;
        if (mask is not null && !mask.shape[..2].IsCompatibleWith(x.shape[..2]))
            throw new ShapeMismatchException("A mask does not fit the inputs", $"layer '{name}'", $"(B, T, ...) as {x.shape}", mask.shape.ToString());
        var steps = Api.ops.reshape(x, Dims.Create([-1, .. shape[2..]]));
        Tensor output = layer.Apply(steps, args.Training, mask is null ? null : Api.ops.reshape(mask, Dims.Create([-1, .. Api.ops.shape(mask)[2..]])));
        return Api.ops.reshape(output, Dims.Create([shape[0], shape[1], .. Api.ops.shape(output)[1..]]));
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        var inside = layer.compute_output_shape(input_shape[..1].Concat(input_shape[2..]));
        return input_shape[..2].Concat(inside[1..]);
    }
}
