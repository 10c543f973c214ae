namespace Keras.Training;

/// <summary>The order in which samples are trained on.</summary>
static class Shuffling
{
    /// <summary>A generator for the epochs of one fit.</summary>
    public static Random NewOrder() => new();
}
