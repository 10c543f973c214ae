namespace Keras;

/// <summary>keras.utils: helpers.</summary>
public sealed partial class UtilsApi
{
    internal UtilsApi() { }

    /// <summary>Sets the seed from which every generator, initializer and shuffle without a seed of its own gets one.</summary>
    /// <param name="seed">The seed.</param>
    public void set_random_seed(int seed) => GlobalSeed.Set(seed);
}
