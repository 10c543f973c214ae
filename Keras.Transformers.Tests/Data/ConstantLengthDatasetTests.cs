namespace Keras.Transformers.Tests;

/// <summary>Texts packed into full blocks.</summary>
[TestFixture]
sealed class ConstantLengthDatasetTests : EngineFixture
{
    static readonly GPT2TokenizerFast Tokenizer = GPT2TokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bpe-tiny"));

    static readonly string[] Texts = ["the cat sat on the mat", "", "a dog", "it's the end of the world"];

    static int[] Joined(string[] texts) => [.. texts.SelectMany(t => (int[])[.. Tokenizer.encode(t), Tokenizer.eos_token_id!.Value])];

    static int[][] Rows(Batch batch, string column)
    {
        Tensor values = batch.x[column].Single;
        return [.. values.ToArray<int>().Chunk((int)values.shape[1]!)];
    }

    [Test]
    public void Blocks_are_the_texts_one_after_the_other_with_an_end_behind_each([Values(2, 5, 7)] int length)
    {
        var tokens = Joined(Texts);
        var batches = new ConstantLengthDataset(Tokenizer, Texts, length, batch_size: 2).ToList();
        var rows = batches.SelectMany(b => Rows(b, "input_ids")).ToList();
        Assert.That(rows, Is.EqualTo(tokens.Chunk(length).Where(c => c.Length == length)));
        Assert.That(batches.SelectMany(b => Rows(b, "labels")), Is.EqualTo(rows));
        Assert.That(batches[..^1].Select(b => Rows(b, "labels").Length), Is.All.EqualTo(2));
        Assert.That(batches[0].x.Keys, Is.EquivalentTo(new[] { "input_ids", "labels" }), "without padding no mask");
    }

    [Test]
    public void The_remainder_is_a_row_filled_up_whose_padding_counts_nothing()
    {
        var tokens = Joined(Texts);
        var length = tokens.Length - 1;
        var batch = new ConstantLengthDataset(Tokenizer, Texts, length, drop_remainder: false).Single();
        var (ids, labels, mask) = (Rows(batch, "input_ids"), Rows(batch, "labels"), Rows(batch, "attention_mask"));
        Assert.That(ids[0], Is.EqualTo(tokens[..length]));
        Assert.That(ids[1][0], Is.EqualTo(tokens[^1]));
        Assert.That(labels[1], Is.EqualTo((int[])[tokens[^1], .. Enumerable.Repeat(-100, length - 1)]));
        Assert.That(mask, Is.EqualTo((int[][])[[.. Enumerable.Repeat(1, length)], [1, .. new int[length - 1]]]));
    }

    [Test]
    public void Ends_may_be_another_token_or_none()
    {
        Assert.That(Blocks(eos_token_id: 7, append: true)[^1], Is.EqualTo(7));
        Assert.That(Blocks(eos_token_id: null, append: false), Is.EqualTo(Texts.SelectMany(t => Tokenizer.encode(t))));

        static int[] Blocks(int? eos_token_id, bool append) =>
            [.. new ConstantLengthDataset(Tokenizer, Texts, 4, append_concat_token: append, eos_token_id: eos_token_id, drop_remainder: false).Blocks().SelectMany(b => b)];
    }

    [Test]
    public void Texts_are_read_when_their_batch_is_and_anew_in_each_epoch()
    {
        var read = 0;
        IEnumerable<string> Endless()
        {
            while (true)
            {
                read++;
                yield return "the cat";
            }
        }
        var data = new ConstantLengthDataset(Tokenizer, Endless(), 8, batch_size: 1);
        Assert.That(data.Take(2).Count(), Is.EqualTo(2));
        var once = read;
        Assert.That(once, Is.InRange(1, 16));
        Assert.That(data.First().x["input_ids"].Single.ToArray<int>(), Is.EqualTo(data.Blocks().First()));
        Assert.That(read, Is.GreaterThan(once).And.LessThan(4 * once));
    }

    [Test]
    public async Task Asynchronous_texts_give_the_same()
    {
        var expected = new ConstantLengthDataset(Tokenizer, Texts, 5).Blocks().ToList();
        Assert.That(new ConstantLengthDataset(Tokenizer, Asynchronous(), 5).Blocks(), Is.EqualTo(expected));
        var blocks = new List<int[]>();
        await foreach (var block in TokenBlocks.group_texts(Encoded(), 5)) blocks.Add(block);
        Assert.That(blocks, Is.EqualTo(expected));

        static async IAsyncEnumerable<string> Asynchronous()
        {
            foreach (var text in Texts)
            {
                await Task.Yield();
                yield return text;
            }
        }

        static async IAsyncEnumerable<IEnumerable<int>> Encoded()
        {
            await foreach (var text in Asynchronous()) yield return Joined([text]);
        }
    }

    [Test]
    public void What_cannot_be_is_refused()
    {
        Assert.That(() => new ConstantLengthDataset(Tokenizer, Texts, 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("at least 2"));
        Assert.That(() => new ConstantLengthDataset(Tokenizer, Texts, 8, batch_size: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ConstantLengthDataset(Tokenizer, (IEnumerable<string>)null!), Throws.ArgumentNullException);
        Assert.That(() => new ConstantLengthDataset(Tokenizer, (IAsyncEnumerable<string>)null!), Throws.ArgumentNullException);
        Assert.That(() => TokenBlocks.group_texts([[1, 2]], 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ConstantLengthDataset(TinyBert.Load(), Texts, 8), Throws.ArgumentException.With.Message.Contains("append_concat_token: false"));
    }
}
