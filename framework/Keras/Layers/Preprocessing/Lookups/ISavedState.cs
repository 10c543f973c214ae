namespace Keras.Layers;

/// <summary>A layer with something to save that is not a weight: files beside the weights (Keras' assets), and arrays under names of their own.</summary>
interface ISavedState
{
    /// <summary>The files that a saved model holds for the layer.</summary>
    IEnumerable<(string Name, byte[] Content)> Assets();

    /// <summary>Takes a file of a saved model.</summary>
    void Load(string asset, byte[] content, string where);

    /// <summary>How many tokens the files hold by the config; 0 where the config does not say, or has them itself.</summary>
    int KnownSize { get; }

    /// <summary>How many tokens the layer has.</summary>
    int Size { get; }

    /// <summary>The arrays that stand among the layer's weights in files, by name.</summary>
    IEnumerable<(string Name, float[] Values)> Arrays { get; }

    /// <summary>The shape that such an array has; null where any will do.</summary>
    Shape? ShapeOf(string array);

    /// <summary>Takes such an array.</summary>
    void Load(string array, float[] values);
}
