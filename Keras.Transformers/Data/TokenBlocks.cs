namespace Keras.Transformers;

/// <summary>Cuts rows of tokens, joined one after another, into blocks of one length, as they arrive.</summary>
/// <remarks>Source: transformers/examples/pytorch/language-modeling/run_clm.py, group_texts.</remarks>
public static class TokenBlocks
{
    /// <summary>Cuts rows of tokens into blocks.</summary>
    /// <param name="examples">Rows of tokens, of any lengths.</param>
    /// <param name="block_size">The tokens of a block.</param>
    /// <param name="drop_remainder">Whether the tokens after the last full block are left out; default true. Otherwise they are a last, shorter block.</param>
    /// <exception cref="ArgumentOutOfRangeException">block_size is below 2, which leaves nothing to predict.</exception>
    public static IEnumerable<int[]> group_texts(IEnumerable<IEnumerable<int>> examples, int block_size, bool drop_remainder = true)
    {
        ArgumentNullException.ThrowIfNull(examples);
        CheckLength(block_size, nameof(block_size));
        return examples.SelectMany(row => row).Chunk(block_size).Where(block => !drop_remainder || block.Length == block_size);
    }

    /// <summary>Cuts rows of tokens that arrive asynchronously into blocks.</summary>
    /// <inheritdoc cref="group_texts(IEnumerable{IEnumerable{int}}, int, bool)"/>
    public static IAsyncEnumerable<int[]> group_texts(IAsyncEnumerable<IEnumerable<int>> examples, int block_size, bool drop_remainder = true)
    {
        ArgumentNullException.ThrowIfNull(examples);
        CheckLength(block_size, nameof(block_size));
        return examples.SelectMany(row => row).Chunk(block_size).Where(block => !drop_remainder || block.Length == block_size);
    }

    internal static void CheckLength(int length, string name)
    {
        if (length < 2) throw new ArgumentOutOfRangeException(name, length, "Expected: at least 2, because each token but the first of a block is predicted from those before it.");
    }
}
