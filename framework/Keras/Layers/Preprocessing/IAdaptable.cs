namespace Keras.Layers;

/// <summary>A layer that learns from data before training.</summary>
interface IAdaptable
{
    /// <summary>Learns from data, replacing what was learned before.</summary>
    void adapt(Tensors data);

    /// <summary>Clears the counts.</summary>
    void reset_state();

    /// <summary>Adds a batch to the counts.</summary>
    void update_state(Tensors data);

    /// <summary>Computes what the layer applies from the counts.</summary>
    void finalize_state();
}
