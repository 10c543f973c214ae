namespace Keras;

/// <summary>keras.utils: helpers.</summary>
public sealed partial class UtilsApi
{
    internal UtilsApi() { }

    /// <summary>Makes all later seeds, and with them initial weights, dropout and shuffling, depend on this one alone.</summary>
    /// <param name="seed">The seed.</param>
    public void set_random_seed(int seed) => GlobalSeed.Set(seed);
}
