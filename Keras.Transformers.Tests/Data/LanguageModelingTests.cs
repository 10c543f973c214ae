namespace Keras.Transformers.Tests;

/// <summary>The rules by which tokens are masked.</summary>
[TestFixture]
public sealed class LanguageModelingTests
{
    const int Ignored = -100;

    readonly BertTokenizerFast _tokenizer = TinyBert.Load();

    static string[] Texts => [.. Enumerable.Repeat("hello hellos world b , a worlds naive c .", 3000), "a"];

    BatchEncoding Original => _tokenizer.Apply(Texts, padding: true, return_special_tokens_mask: true);

    [Test]
    public void The_chosen_tokens_become_masks_random_tokens_or_stay()
    {
        var (original, masked) = (Original, new DataCollatorForLanguageModeling(_tokenizer, seed: 1).Apply(_tokenizer.Apply(Texts)));
        var (ids, now, labels) = (Ints(original, "input_ids"), Ints(masked, "input_ids"), Ints(masked, "labels"));
        var free = Ints(original, "special_tokens_mask").Count(s => s == 0);
        var chosen = Enumerable.Range(0, ids.Length).Where(i => labels[i] != Ignored).ToList();
        double ShareOf(Func<int, bool> what) => (double)chosen.Count(what) / chosen.Count;
        var random = chosen.Where(i => now[i] != _tokenizer.mask_token_id && now[i] != ids[i]).Select(i => now[i]).ToHashSet();
        using (Assert.EnterMultipleScope())
        {
            // Four standard deviations of 36,001 tokens, and of the 5,400 chosen.
            Assert.That((double)chosen.Count / free, Is.EqualTo(0.15).Within(0.0076));
            Assert.That(ShareOf(i => now[i] == _tokenizer.mask_token_id), Is.EqualTo(0.8 + (0.1 / TinyBert.Vocabulary.Length)).Within(0.022));
            Assert.That(ShareOf(i => now[i] == ids[i]), Is.EqualTo(0.1 + (0.1 / TinyBert.Vocabulary.Length)).Within(0.017));
            Assert.That(random, Has.Count.EqualTo(TinyBert.Vocabulary.Length - 1), "random tokens are any of the vocabulary");
            Assert.That(chosen, Has.All.Matches<int>(i => labels[i] == ids[i]), "labels are the tokens that were there");
            Assert.That(Enumerable.Range(0, ids.Length).Except(chosen), Has.All.Matches<int>(i => now[i] == ids[i]), "all else is as it was");
            Assert.That(masked["attention_mask"].Values, Is.EqualTo(original["attention_mask"].Values));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Special_tokens_and_padding_are_never_chosen(bool withMask)
    {
        var masked = new DataCollatorForLanguageModeling(_tokenizer, mlm_probability: 1).Apply(_tokenizer.Apply(Texts, return_special_tokens_mask: withMask));
        var special = Ints(Original, "special_tokens_mask");
        Assert.That(Ints(masked, "labels").Select(l => l == Ignored ? 1 : 0), Is.EqualTo(special));
        Assert.That(masked.Keys, Does.Not.Contain("special_tokens_mask"));
    }

    [Test]
    public void A_given_mask_of_special_tokens_decides()
    {
        var batch = new BatchEncoding([new("input_ids", new int[][] { [2, 8, 9, 3] }), new("special_tokens_mask", new int[][] { [1, 0, 1, 1] })]);
        Assert.That(Ints(new DataCollatorForLanguageModeling(_tokenizer, mlm_probability: 1).Apply(batch), "labels"), Is.EqualTo(new[] { Ignored, 8, Ignored, Ignored }));
    }

    [TestCase(1, 0, 4)]
    [TestCase(0, 0, 8)]
    public void Shares_of_0_and_1_are_certain(double mask, double random, int expected)
    {
        var batch = new DataCollatorForLanguageModeling(_tokenizer, mlm_probability: 1, mask_replace_prob: mask, random_replace_prob: random).Apply(_tokenizer.Apply(["a"]));
        Assert.That(Ints(batch, "input_ids"), Is.EqualTo(new[] { 2, expected, 3 }));
    }

    [Test]
    public void Pieces_of_a_word_are_chosen_together()
    {
        var masked = new DataCollatorForLanguageModeling(_tokenizer, whole_word_mask: true, seed: 2).Apply(_tokenizer.Apply(Texts));
        var (ids, labels) = (Ints(Original, "input_ids"), Ints(masked, "labels"));
        var pieces = Enumerable.Range(1, ids.Length - 1).Where(i => ids[i] == _tokenizer.convert_tokens_to_ids("##s")).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(pieces, Has.Count.EqualTo(6000));
            Assert.That(pieces, Has.All.Matches<int>(i => labels[i] == Ignored == (labels[i - 1] == Ignored)));
            Assert.That((double)pieces.Count(i => labels[i] != Ignored) / pieces.Count, Is.EqualTo(0.15).Within(0.0185));
        }
    }

    [Test]
    public void A_seed_repeats_itself_and_every_call_masks_anew()
    {
        int[][] TwoCalls(int seed)
        {
            var collator = new DataCollatorForLanguageModeling(_tokenizer, seed: seed);
            return [Ints(collator.Apply(_tokenizer.Apply(Texts)), "input_ids"), Ints(collator.Apply(_tokenizer.Apply(Texts)), "input_ids")];
        }
        var first = TwoCalls(5);
        Assert.That(TwoCalls(5), Is.EqualTo(first));
        Assert.That(first[1], Is.Not.EqualTo(first[0]));
        Assert.That(TwoCalls(6)[0], Is.Not.EqualTo(first[0]));
    }

    [Test]
    public void The_callers_rows_stay_as_they_are()
    {
        var encoded = _tokenizer.Apply(["hello world", "a , b"], padding: true);
        var before = Ints(encoded, "input_ids").ToArray();
        new DataCollatorForLanguageModeling(_tokenizer, mlm_probability: 1).Apply(encoded);
        Assert.That(Ints(encoded, "input_ids"), Is.EqualTo(before));
        Assert.That(encoded.Keys, Does.Not.Contain("labels"));
    }

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new DataCollatorForLanguageModeling(_tokenizer, mlm_probability: 1.5), Throws.ArgumentException.With.Message.Contains("mlm_probability"));
            Assert.That(() => new DataCollatorForLanguageModeling(_tokenizer, mask_replace_prob: 0.9, random_replace_prob: 0.2), Throws.ArgumentException);
            Assert.That(() => new DataCollatorForLanguageModeling(_tokenizer, mlm: false, whole_word_mask: true), Throws.ArgumentException);
            Assert.That(() => new DataCollatorForLanguageModeling(_tokenizer).Apply(_tokenizer.Apply("a")), Throws.ArgumentException.With.Message.Contains("batch"));
            var tokenizer = TinyBert.Load();
            tokenizer.mask_token = null;
            Assert.That(() => new DataCollatorForLanguageModeling(tokenizer), Throws.ArgumentException.With.Message.Contains("mask token"));
        }
    }

    static int[] Ints(BatchEncoding batch, string column) => (int[])batch[column].Values;
}
