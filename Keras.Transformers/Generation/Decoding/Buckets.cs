namespace Keras.Transformers;

/// <summary>Rounds lengths of calls up, so that few traced functions serve all.</summary>
static class Buckets
{
    /// <summary>Rounds a number of tokens up to 16, 24, 32, 48, 64, 96...</summary>
    public static int Tokens(int count)
    {
        var size = 16;
        while (size < count)
        {
            if (size + (size / 2) >= count) return size + (size / 2);
            size *= 2;
        }
        return size;
    }
}
