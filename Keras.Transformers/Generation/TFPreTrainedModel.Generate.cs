namespace Keras.Transformers;

/// <summary>Text generation.</summary>
public abstract partial class TFPreTrainedModel
{
    /// <summary>Compiled functions and caches of <c>generate</c>.</summary>
    internal DecoderStore Decoders { get; } = new();

    internal override void DropFunctions()
    {
        base.DropFunctions();
        Decoders.Drop();
    }
}
