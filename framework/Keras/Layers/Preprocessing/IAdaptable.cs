namespace Keras.Layers;

/// <summary>A layer that learns from data before training.</summary>
interface IAdaptable
{
    /// <summary>Learns from data.</summary>
    void adapt(Tensors data);
}
