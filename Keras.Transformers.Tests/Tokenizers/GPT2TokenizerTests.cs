using System.Text;

namespace Keras.Transformers.Tests;

public sealed class GPT2TokenizerTests
{
    static readonly Func<Random, int>[] Characters =
    [
        r => r.Next(0x20, 0x7F), r => " \t\n\r\u00A0'"[r.Next(6)], r => r.Next(0x80, 0x250), r => r.Next(0x300, 0x370), r => r.Next(0x4E00, 0x9FFF),
        r => r.Next(0x1F300, 0x1FAFF), r => r.Next(0x10000, 0x110000), r => "'stremvld0123"[r.Next(13)],
    ];

    static GPT2TokenizerFast Tiny(bool? addPrefixSpace = null) => GPT2TokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bpe-tiny"), add_prefix_space: addPrefixSpace);

    static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var (i, kind) = (random.Next(60), 0); i > 0; i--)
        {
            if (random.Next(3) == 0) kind = random.Next(Characters.Length);
            if (Characters[kind](random) is var c && c is < 0xD800 or > 0xDFFF) text.Append(char.ConvertFromUtf32(c));
        }
        return text.ToString();
    }

    [Test]
    public void Texts_come_back_and_offsets_are_places_of_whole_characters()
    {
        var (tokenizer, random) = (Tiny(), new Random(7));
        for (var i = 0; i < 2000; i++)
        {
            var text = RandomText(random);
            var encoding = tokenizer.Apply(text, add_special_tokens: false)[0];
            Assert.That(tokenizer.decode(encoding.ids), Is.EqualTo(text));
            var at = 0;
            foreach (var (start, end) in encoding.offsets)
            {
                Assert.That(start <= at && end >= at && start < end, $"({start}, {end}) behind {at} in '{text}'");
                Assert.That(char.IsLowSurrogate(text[start]) || (end < text.Length && char.IsLowSurrogate(text[end])), Is.False, "half a character");
                at = end;
            }
            Assert.That(at, Is.EqualTo(text.Length));
        }
    }

    [Test]
    public void A_stream_of_ids_gives_the_text_and_never_half_a_character()
    {
        var (tokenizer, random) = (Tiny(), new Random(8));
        for (var i = 0; i < 500; i++)
        {
            var text = RandomText(random);
            var decoder = new TokenStreamDecoder(tokenizer);
            var parts = tokenizer.encode(text).Select(decoder.Push).ToList();
            if (!text.Contains('\uFFFD')) Assert.That(parts, Has.None.Contains("\uFFFD"));
            Assert.That(string.Concat(parts), Is.EqualTo(text));
            Assert.That(decoder.Flush(), Is.Empty);
        }
    }

    [Test]
    public void A_stream_of_any_ids_is_what_decode_gives()
    {
        var (tokenizer, random) = (Tiny(), new Random(9));
        foreach (var skip in new[] { false, true })
            for (var i = 0; i < 500; i++)
            {
                int[] ids = [.. Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(tokenizer.Count + 3))];
                var decoder = new TokenStreamDecoder(tokenizer, skip);
                Assert.That(string.Concat(ids.Select(decoder.Push)) + decoder.Flush(), Is.EqualTo(tokenizer.decode(ids, skip, false)));
            }
    }

    [Test]
    public void A_stream_of_words_is_what_decode_gives()
    {
        var tokenizer = BertTokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bert-cased-small"));
        var ids = tokenizer.encode("Unaffable naïve readers re-read it's tokenization.");
        var decoder = new TokenStreamDecoder(tokenizer, skip_special_tokens: true);
        Assert.That(string.Concat(ids.Select(decoder.Push)) + decoder.Flush(), Is.EqualTo(tokenizer.decode(ids, true, false)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_batch_on_all_cores_is_what_single_texts_give(bool addPrefixSpace)
    {
        var random = new Random(10);
        string[] texts = [.. Enumerable.Range(0, 3000).Select(_ => RandomText(random))];
        var batch = Tiny(addPrefixSpace).Apply(texts, return_offsets_mapping: true);
        var alone = Tiny(addPrefixSpace);
        for (var i = 0; i < texts.Length; i++)
        {
            var row = alone.Apply(texts[i])[0];
            Assert.That(batch[i].ids, Is.EqualTo(row.ids), texts[i]);
            Assert.That(batch[i].offsets, Is.EqualTo(row.offsets), texts[i]);
        }
    }

    [Test]
    public void Half_a_surrogate_pair_is_a_replacement_character() =>
        Assert.That(Tiny().encode("a\uD83D b"), Is.EqualTo(Tiny().encode("a\uFFFD b")));

    [Test]
    public void A_long_word_takes_no_square_of_its_length()
    {
        var text = new string('a', 200_000) + string.Concat(Enumerable.Repeat("ab", 100_000));
        Assert.That(Tiny().decode(Tiny().encode(text)), Is.EqualTo(text));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Saved_files_read_alone_and_together_give_the_same_tokenizer(bool fast)
    {
        PreTrainedTokenizerBase tokenizer = fast ? Tiny(true) : GPT2Tokenizer.from_pretrained(TokenizerGolden.VocabFolder("bpe-tiny-v5"), add_prefix_space: true);
        tokenizer.add_tokens(["<new>"]);
        var text = "It's <new> naïve 😀<|endoftext|>x";
        using var folder = new TemporaryFolder();
        tokenizer.save_pretrained(folder.Path);
        Assert.That(File.Exists(Path.Combine(folder.Path, "tokenizer.json")), Is.EqualTo(fast));
        Assert.That(AutoTokenizer.from_pretrained(folder.Path).encode(text), Is.EqualTo(tokenizer.encode(text)));
        File.Delete(Path.Combine(folder.Path, "tokenizer.json"));
        Assert.That(AutoTokenizer.from_pretrained(folder.Path, use_fast: false).encode(text), Is.EqualTo(tokenizer.encode(text)));
    }

    [Test]
    public void Rows_begin_with_bos_token_if_asked()
    {
        var tokenizer = GPT2TokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bpe-tiny"), add_bos_token: true);
        int[] expected = [tokenizer.bos_token_id!.Value, .. Tiny().encode("a b"), .. Tiny().encode("c")];
        Assert.That(tokenizer.encode("a b", "c"), Is.EqualTo(expected));
        using var folder = new TemporaryFolder();
        tokenizer.save_pretrained(folder.Path);
        Assert.That(AutoTokenizer.from_pretrained(folder.Path).encode("a b", "c"), Is.EqualTo(expected));
    }

    [TestCase("#version: 0.2\na b\na\n", "line 3")]
    [TestCase("#version: 0.2\na b\n\na b\n", "line 3")]
    [TestCase("a b c\n", "line 1")]
    [TestCase("a  b\n", "line 1")]
    [TestCase("a b\nb a\n", "line 2")]
    [TestCase("a z\n", "line 1")]
    [TestCase("a b\na b\n", "line 2")]
    public void Damaged_merges_are_refused_by_file_and_line(string merges, string where) => CheckRefused("""{"a":0,"b":1,"ab":2}""", merges, $"merges.txt, {where}");

    [TestCase("""{"a":0,"a":1}""")]
    [TestCase("""{"a":0,"b":0}""")]
    [TestCase("""{"a":0,"b":900000}""")]
    [TestCase("""{"a":"0"}""")]
    [TestCase("[]")]
    [TestCase("{\"a\":0,\n\"b\"")]
    public void Damaged_vocabularies_are_refused_by_file(string vocabulary) => CheckRefused(vocabulary, "a b\n", "vocab.json");

    static void CheckRefused(string vocabulary, string merges, string where)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "vocab.json"), vocabulary);
        File.WriteAllText(Path.Combine(folder.Path, "merges.txt"), merges);
        Assert.That(() => GPT2TokenizerFast.from_pretrained(folder.Path), Throws.InstanceOf<FileFormatException>().With.Message.Contains(where));
    }

    [TestCase("vocab.json")]
    [TestCase("merges.txt")]
    public void A_missing_file_is_named(string name)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[] { "vocab.json", "merges.txt" }.Where(f => f != name))
            File.Copy(Path.Combine(TokenizerGolden.VocabFolder("bpe-tiny"), file), Path.Combine(folder.Path, file));
        Assert.That(() => GPT2Tokenizer.from_pretrained(folder.Path), Throws.InstanceOf<VocabularyNotFoundException>().With.Message.Contains("vocab.json with merges.txt"));
    }
}
