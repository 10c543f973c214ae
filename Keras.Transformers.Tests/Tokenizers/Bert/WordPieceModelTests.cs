namespace Keras.Transformers.Tests;

public sealed class WordPieceModelTests
{
    static readonly WordPieceModel Model = new(["un", "##aff", "##able", "##a", "una", "##ffa", "##ble", "😀", "##😀"]);

    [TestCase("unaffable", "una ##ffa ##ble")]
    [TestCase("una", "una")]
    [TestCase("unaff", "")]
    [TestCase("x", "")]
    [TestCase("😀😀", "😀 ##😀")]
    public void Words_are_cut_into_the_longest_pieces_or_are_unknown(string word, string pieces) => Assert.That(Tokenize(Model, word), Is.EqualTo(pieces));

    [Test]
    public void Words_of_more_code_points_than_allowed_are_unknown()
    {
        var model = new WordPieceModel(["😀", "##😀"], maxInputCharsPerWord: 3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Tokenize(model, "😀😀😀"), Is.EqualTo("😀 ##😀 ##😀"));
            Assert.That(Tokenize(model, "😀😀😀😀"), Is.Empty);
        }
    }

    [Test]
    public void The_last_of_equal_entries_counts()
    {
        var model = new WordPieceModel(["a", "b", "a", null]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(model.TokenToId("a"), Is.EqualTo(2));
            Assert.That(model.IdToToken(0), Is.Null);
            Assert.That(model.Count, Is.EqualTo(2));
            Assert.That(model.IdLimit, Is.EqualTo(4));
        }
    }

    [Test]
    public void Ids_with_gaps_take_no_more_room_than_their_tokens()
    {
        var tokens = new string?[1 << 20];
        tokens[^1] = "a";
        var before = GC.GetAllocatedBytesForCurrentThread();
        var model = new WordPieceModel(tokens);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100_000));
        Assert.That(model.TokenToId("a"), Is.EqualTo(tokens.Length - 1));
    }

    [Test]
    public void Without_continuing_entries_only_whole_words_are_known()
    {
        var model = new WordPieceModel(["ab", "a", "b"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Tokenize(model, "ab"), Is.EqualTo("ab"));
            Assert.That(Tokenize(model, "aa"), Is.Empty);
        }
    }

    [Test]
    public void Every_entry_of_a_big_vocabulary_is_found()
    {
        var tokens = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden/tokenizers/vocab/bert-base-uncased/vocab.txt"));
        var model = new WordPieceModel([.. tokens]);
        Assert.That(tokens.Select(t => model.TokenToId(t)), Is.EqualTo(Enumerable.Range(0, tokens.Length)));
    }

    [Test]
    public void Many_words_are_cut_as_the_first_ones_are()
    {
        var tokens = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden/tokenizers/vocab/bert-base-uncased/vocab.txt"));
        var words = tokens.Where((t, i) => t.Length > 1 && i % 9 == 0).SelectMany(t => new[] { t, t + "s", t[..^1], "\u00ff" + t, t + "\u4e00", t[0] + "\0" }).Prepend("##ing").ToArray();
        WordPieceModel warm = new([.. tokens]), cold = null!;
        for (var i = 0; i < 5000; i++) Tokenize(warm, "a");
        foreach (var (i, word) in words.Index())
        {
            // A model that has seen few words has no table of them.
            if (i % 4000 == 0) cold = new([.. tokens]);
            Assert.That(Tokenize(warm, word), Is.EqualTo(Tokenize(cold, word)), word);
        }
    }

    static string Tokenize(WordPieceModel model, string word)
    {
        var (text, tokens) = (new NormalizedText(), new TokenList());
        new BertNormalizer(UnicodeEdition.Fast, false, false, false, false).Normalize(word, 0, text);
        return model.TryTokenize(text, 0, text.Length, tokens) ? string.Join(' ', tokens.ToTokens().Ids.ToArray().Select(model.IdToToken)) : "";
    }
}
