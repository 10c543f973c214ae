namespace Keras.Transformers.Tests;

/// <summary>A BERT that is quick to run, and inputs for it.</summary>
static class SmallBert
{
    public const int Vocabulary = 41;
    public const int Longest = 16;

    public static BertConfig Config(int labels = 3, int heads = 3) => new()
    {
        vocab_size = Vocabulary,
        hidden_size = 12,
        num_hidden_layers = 2,
        num_attention_heads = heads,
        intermediate_size = 20,
        max_position_embeddings = Longest,
        hidden_dropout_prob = 0,
        attention_probs_dropout_prob = 0,
        initializer_range = 0.25f,
        num_labels = labels,
    };

    /// <summary>Token ids, (rows, length), the same on every call.</summary>
    public static Tensor Ids(int rows, int length, int below = Vocabulary) => Tensor.Of(Integers(rows, length, below));

    public static int[,] Integers(int rows, int length, int below = Vocabulary)
    {
        var random = new System.Random(rows + (31 * length));
        var ids = new int[rows, length];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < length; c++) ids[r, c] = random.Next(below);
        return ids;
    }

    /// <summary>Ones, and zeros for the last position of every row.</summary>
    public static Tensor Mask(int rows, int length)
    {
        var mask = new int[rows, length];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < length; c++) mask[r, c] = c == length - 1 ? 0 : 1;
        return Tensor.Of(mask);
    }

    public static Tensor Labels(int rows, int labels = 3) => Tensor.Of(Enumerable.Range(0, rows).Select(r => r % labels).ToArray());

    public static Tensors Inputs(int rows, int length) => new Dictionary<string, Tensors>
    {
        ["input_ids"] = Ids(rows, length),
        ["attention_mask"] = Mask(rows, length),
        ["token_type_ids"] = Ids(rows, length, 2),
    };
}
