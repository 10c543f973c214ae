namespace Keras.Layers;

/// <summary>A layer with something to save that is no weight: files beside the weights (Keras' assets), and arrays under names of their own.</summary>
interface ISavedState
{
    /// <summary>The files that a saved model holds for the layer.</summary>
    IEnumerable<(string Name, byte[] Content)> Assets();

    /// <summary>Takes a file of a saved model.</summary>
    void Load(string asset, byte[] content, string where);

    /// <summary>The arrays that stand among the layer's weights in files, by name.</summary>
    IEnumerable<(string Name, float[] Values)> Arrays { get; }

    /// <summary>Takes such an array.</summary>
    void Load(string array, float[] values);
}
