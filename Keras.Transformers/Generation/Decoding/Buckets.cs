namespace Keras.Transformers;

/// <summary>Sizes that calls are rounded up to, so that few functions serve all.</summary>
static class Buckets
{
    /// <summary>A number of rows: 1, 2, 3, 4, 6, 8, 12, 16...</summary>
    public static int Rows(int count) => Up(count, 1);

    /// <summary>A number of tokens: 16, 24, 32, 48, 64, 96...</summary>
    public static int Tokens(int count) => Up(count, 16);

    /// <summary>The next of a power of two and one and a half times a power of two.</summary>
    static int Up(int count, int least)
    {
        var size = least;
        while (size < count)
        {
            var half = size + (size / 2);
            if (half >= count && half > size) return half;
            size *= 2;
        }
        return size;
    }
}
