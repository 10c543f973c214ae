namespace Keras.Layers;

/// <summary>A layer with saved state that is not a weight: files beside the weights (Keras' assets), and named arrays.</summary>
interface ISavedState
{
    /// <summary>The files that a saved model stores for the layer.</summary>
    IEnumerable<(string Name, byte[] Content)> Assets();

    /// <summary>Loads a file from a saved model.</summary>
    void Load(string asset, byte[] content, string where);

    /// <summary>The number of tokens in the files, according to the config; 0 if it does not say, or holds them itself.</summary>
    int KnownSize { get; }

    /// <summary>The number of tokens in the layer.</summary>
    int Size { get; }

    /// <summary>The arrays stored among the layer's weights, by name.</summary>
    IEnumerable<(string Name, float[] Values)> Arrays { get; }

    /// <summary>The shape that a named array must have; null for any.</summary>
    Shape? ShapeOf(string array);

    /// <summary>Loads a named array.</summary>
    void Load(string array, float[] values);
}
