namespace Keras.Layers;

/// <summary>A layer that learns from data before training.</summary>
interface IAdaptable
{
    /// <summary>Learns from data.</summary>
    void adapt(Tensors data);

    /// <summary>Forgets what was counted.</summary>
    void reset_state();

    /// <summary>Counts a batch.</summary>
    void update_state(Tensors data);

    /// <summary>Makes what the layer applies of what was counted.</summary>
    void finalize_state();
}
