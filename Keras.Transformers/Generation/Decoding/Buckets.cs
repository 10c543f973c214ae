namespace Keras.Transformers;

/// <summary>Lengths that calls are rounded up to, so that few functions serve all.</summary>
static class Buckets
{
    /// <summary>A number of tokens: 16, 24, 32, 48, 64, 96...</summary>
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
