namespace Keras.Transformers.Tests.Generation;

/// <summary>When texts end.</summary>
sealed class StoppingCriteriaTests
{
    static readonly string[] Texts = ["Hello world, how are you today?", "a\u00e9\u4e2d\U0001F600 stop it now", "one two  three\n\nfour", "xyz123 STOP", "\U0001F468\u200D\U0001F469\u200D\U0001F467 family"];

    static readonly PreTrainedTokenizerBase[] Tokenizers = [GPT2TokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bpe-tiny")), BertTokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bert-cased-small"))];

    /// <summary>Every part of a text's decoded form ends it with the very token in which it first ends, however long the text before is.</summary>
    [Test]
    public void A_string_ends_a_text_with_the_token_it_ends_in([Values(0, 1)] int which, [Values(0, 1, 60)] int repeats)
    {
        var tokenizer = Tokenizers[which];
        var random = new Random(4);
        foreach (var text in Texts)
        {
            int[] head = [.. Enumerable.Repeat(tokenizer.encode("some words before ", add_special_tokens: false), repeats).SelectMany(i => i)];
            int[] ids = [.. head, .. tokenizer.encode(text, add_special_tokens: false)];
            string Decoded(int count) => tokenizer.decode(ids[..count], clean_up_tokenization_spaces: false);
            var whole = Decoded(ids.Length);
            var begin = Decoded(head.Length).Length;
            for (var i = 0; i < 12; i++)
            {
                var from = random.Next(begin, whole.Length - 1);
                var stop = whole.Substring(from, random.Next(1, Math.Min(9, whole.Length - from)));
                // Half a pair of surrogates, and the sign of half a character, are no strings that a user has.
                if (char.IsLowSurrogate(stop[0]) || char.IsHighSurrogate(stop[^1]) || stop.Contains('\uFFFD') || repeats > 0 && Decoded(head.Length).Contains(stop)) continue;
                var criterion = new StopStringCriteria(tokenizer, stop);
                var expected = Enumerable.Range(head.Length + 1, ids.Length - head.Length).First(n => Decoded(n).IndexOf(stop, Math.Max(0, begin - stop.Length), StringComparison.Ordinal) >= 0);
                var got = Enumerable.Range(head.Length + 1, ids.Length - head.Length).First(n => criterion.Apply(ids.AsSpan(0, n)));
                Assert.That(got, Is.EqualTo(expected), $"\"{stop}\" in \"{whole}\"");
            }
        }
    }

    [Test]
    public void A_string_that_came_before_ends_nothing()
    {
        var tokenizer = Tokenizers[0];
        var ids = tokenizer.encode("stop it and go on", add_special_tokens: false);
        var criterion = new StopStringCriteria(tokenizer, ["stop", "never comes"]);
        Assert.That(criterion.Apply(ids), Is.False);
        Assert.That(criterion.Apply([]), Is.False);
    }

    [Test]
    public void Strings_need_a_tokenizer_and_letters()
    {
        Assert.That(() => new StopStringCriteria(null, ["a"]), Throws.InstanceOf<ConfigException>().With.Message.Contains("tokenizer"));
        foreach (var none in new string[][] { [], [""], ["a", ""] })
            Assert.That(() => new StopStringCriteria(Tokenizers[0], none), Throws.InstanceOf<ConfigException>().With.Message.Contains("stop_strings"));
    }

    [Test]
    public void Length_end_tokens_and_time_end_a_text()
    {
        Assert.That((new MaxLengthCriteria(3).Apply([1, 2]), new MaxLengthCriteria(3).Apply([1, 2, 3])), Is.EqualTo((false, true)));
        Assert.That((new EosTokenCriteria([5, 6]).Apply([5, 1]), new EosTokenCriteria([5, 6]).Apply([1, 6]), new EosTokenCriteria(5).Apply([])), Is.EqualTo((false, true, false)));
        var hourAgo = System.Diagnostics.Stopwatch.GetTimestamp() - (3600 * System.Diagnostics.Stopwatch.Frequency);
        Assert.That((new MaxTimeCriteria(1800).Apply([1]), new MaxTimeCriteria(1800, hourAgo).Apply([1])), Is.EqualTo((false, true)));
        Assert.That(() => new EosTokenCriteria(TokenIds.None), Throws.InstanceOf<ValueRangeException>());
        Assert.That(() => new MaxTimeCriteria(-1), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("max_time"));
    }

    sealed class Counting : StoppingCriteria
    {
        public int Calls { get; private set; }

        public override bool Apply(ReadOnlySpan<int> input_ids) => ++Calls > 2;
    }

    [Test]
    public void A_list_ends_a_text_with_any_of_its_rules_and_asks_all()
    {
        var own = new Counting();
        StoppingCriteriaList list = [new MaxLengthCriteria(2), own];
        Assert.That((list.max_length, list.Apply([1]), list.Apply([1, 2]), list.Apply([1]), own.Calls), Is.EqualTo(((int?)2, false, true, true, 3)));
        Assert.That(() => list.Add(null!), Throws.ArgumentNullException);
    }
}
