namespace Keras;

/// <summary>keras.utils: random seeds, one-hot labels, padding, folders of files as data, pictures of models.</summary>
public sealed partial class UtilsApi
{
    internal UtilsApi() { }

    /// <summary>Makes a program repeatable: sets the seed from which every generator, initializer and shuffle without a seed of its own gets one.</summary>
    /// <param name="seed">The seed.</param>
    public void set_random_seed(int seed) => GlobalSeed.Set(seed);
}
