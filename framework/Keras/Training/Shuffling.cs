namespace Keras.Training;

/// <summary>The order in which samples are trained on.</summary>
static class Shuffling
{
    /// <summary>A generator for the epochs of one fit; <c>keras.utils.set_random_seed</c> makes it repeatable.</summary>
    public static System.Random NewOrder() => new(unchecked((int)GlobalSeed.Next()));
}
