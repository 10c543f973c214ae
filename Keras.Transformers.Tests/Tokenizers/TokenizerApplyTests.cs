namespace Keras.Transformers.Tests;

public sealed class TokenizerApplyTests
{
    readonly BertTokenizerFast _tokenizer = TinyBert.Load();

    [Test]
    public void Calls_read_as_in_Python()
    {
        var encoding = _tokenizer.Apply(["Hello worlds", "a, b."], padding: true, truncation: true, max_length: 5, return_tensors: "tf");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(encoding["input_ids"].ToRows(), Is.EqualTo(new[] { new[] { 2, 5, 6, 7, 3 }, [2, 8, 12, 9, 3] }));
            Assert.That(encoding["input_ids"].Shape, Is.EqualTo(new Shape(2, 5)));
            Assert.That(encoding.tokens(0), Is.EqualTo(new[] { "[CLS]", "hello", "world", "##s", "[SEP]" }));
            Assert.That(_tokenizer.Apply("a", "b", padding: "max_length", max_length: 7)["token_type_ids"].Values, Is.EqualTo(new[] { 0, 0, 0, 1, 1, 0, 0 }));
            Assert.That(_tokenizer.Apply([("a", "b"), ("c", "d")])["input_ids"].ToRows(), Is.EqualTo(new[] { new[] { 2, 8, 3, 9, 3 }, [2, 10, 3, 11, 3] }));
            Assert.That(_tokenizer.Apply(["hello", "worlds"], is_split_into_words: true).word_ids(), Is.EqualTo(new int?[] { null, 0, 1, 1, null }));
        }
    }

    [Test]
    public void A_batch_encodes_as_its_texts_do_alone_on_all_threads()
    {
        var random = new Random(1);
        var texts = Enumerable.Range(0, 3000).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(20)).Select(_ => TinyBert.Vocabulary[random.Next(TinyBert.Vocabulary.Length)]))).ToArray();
        var alone = texts.Select(t => _tokenizer.encode(t)).ToArray();
        Assert.That(_tokenizer.Apply(texts)["input_ids"].ToRows(), Is.EqualTo(alone));
        Parallel.For(0, 8, _ => Assert.That(texts.Select(t => _tokenizer.encode(t)), Is.EqualTo(alone)));
    }

    [Test]
    public void Encoding_allocates_nothing_per_word()
    {
        var text = string.Join(' ', Enumerable.Repeat("hello worlds, a b.", 20_000));
        _ = _tokenizer.Apply(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var tokens = _tokenizer.Apply(text)["input_ids"].Values.Length;
        var perToken = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)tokens;
        Assert.That(perToken, Is.LessThan(64), "bytes per token: the result's own arrays take 41");
    }

    [Test]
    public void Padding_without_a_padding_token_is_an_error_that_says_so()
    {
        var tokenizer = TinyBert.Load();
        tokenizer.pad_token = null;
        Assert.That(() => tokenizer.Apply(["a", "b c"], padding: true), Throws.InstanceOf<TokenizationException>().With.Message.Contains("pad_token"));
    }

    [Test]
    public void Ragged_rows_make_no_tensor_and_the_error_says_what_to_do()
    {
        var encoding = _tokenizer.Apply(["a", "a b"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => encoding.ToArrays(), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("padding: true").And.Message.Contains("input_ids"));
            Assert.That(() => _tokenizer.Apply(["a", "a b"], return_tensors: "np"), Throws.InstanceOf<ShapeMismatchException>());
        }
    }

    [Test]
    public void A_negative_or_unknown_option_is_an_argument_error()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => _tokenizer.Apply("a", max_length: -1), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _tokenizer.Apply("a", stride: -1), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _tokenizer.Apply("a", padding: true, pad_to_multiple_of: 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _tokenizer.Apply("a", padding_side: "up"), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _tokenizer.Apply("a", return_tensors: "pt"), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _tokenizer.Apply("a", is_split_into_words: true), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _tokenizer.Apply(), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _tokenizer.Apply([["a", "b", "c"]]), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _tokenizer.Apply(["a", null!]), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _tokenizer.padding_side = "up", Throws.InstanceOf<ArgumentException>());
        }
    }

    [Test]
    public void Special_tokens_in_the_text_can_be_taken_for_text()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_tokenizer.tokenize("[MASK]"), Is.EqualTo(new[] { "[MASK]" }));
            Assert.That(_tokenizer.Apply("[MASK]", split_special_tokens: true, add_special_tokens: false).tokens(), Is.EqualTo(new[] { "[", "mask", "]" }));
        }
    }

    [Test]
    public void Options_of_normalisation_can_be_changed_after_loading()
    {
        var tokenizer = TinyBert.Load();
        tokenizer.add_tokens(["NewTok"]);
        var lower = tokenizer.tokenize("newtok hel\u0007lo Naïve");
        tokenizer.do_lower_case = false;
        tokenizer.clean_text = false;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lower, Is.EqualTo(new[] { "newtok", "hello", "naive" }));
            Assert.That(tokenizer.tokenize("newtok NewTok"), Is.EqualTo(new[] { "[UNK]", "NewTok" }));
            Assert.That(tokenizer.tokenize("hel\u0007lo hello naïve"), Is.EqualTo(new[] { "[UNK]", "hello", "[UNK]" }));
        }
    }

    [Test]
    public void An_added_token_reads_as_it_was_found()
    {
        var tokenizer = TinyBert.Load();
        tokenizer.add_tokens(new AddedToken("<x>", lstrip: true));
        var encoding = tokenizer.Apply("a  <X> b");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(encoding.tokens(), Is.EqualTo(new[] { "[CLS]", "a", "  <x>", "b", "[SEP]" }));
            Assert.That(tokenizer.convert_ids_to_tokens(encoding["input_ids"].AsInts())[2], Is.EqualTo("<x>"));
            Assert.That(encoding.token_to_chars(2), Is.EqualTo(new CharSpan(1, 6)));
        }
    }

    [Test]
    public void Without_an_unknown_token_unknown_words_are_an_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "vocab.txt"), "a\nb\n");
        File.WriteAllText(Path.Combine(folder.Path, "tokenizer_config.json"), """{"unk_token": null, "cls_token": "a", "sep_token": "b", "pad_token": null, "mask_token": null}""");
        var tokenizer = BertTokenizerFast.from_pretrained(folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tokenizer.encode("b"), Is.EqualTo(new[] { 0, 1, 1 }));
            Assert.That(() => tokenizer.encode("z"), Throws.InstanceOf<TokenizationException>());
            Assert.That(() => tokenizer.convert_tokens_to_ids("z"), Throws.InstanceOf<TokenizationException>());
        }
    }
}
