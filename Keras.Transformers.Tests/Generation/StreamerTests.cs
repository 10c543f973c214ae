using System.Text;

namespace Keras.Transformers.Tests.Generation;

/// <summary>Streamed text is the text, whoever reads it.</summary>
sealed class StreamerTests : EngineFixture
{
    static readonly GPT2TokenizerFast Tokenizer = GPT2TokenizerFast.from_pretrained(GoldenFolder.PathOf("tokenizers", "vocab", "bpe-tiny"));

    static TFGPT2LMHeadModel Model()
    {
        Api.keras.utils.set_random_seed(8);
        return new(new GPT2Config { n_embd = 16, n_layer = 1, n_head = 2, n_positions = 64, vocab_size = Tokenizer.Count, initializer_range = 0.4f, eos_token_id = null, bos_token_id = null });
    }

    /// <summary>Drawn tokens of random weights are often halves of characters.</summary>
    static readonly GenerationConfig Options = new() { max_new_tokens = 40, do_sample = true, top_k = 0, seed = 21 };

    static string Whole(TFGPT2LMHeadModel model, string prompt, bool withPrompt)
    {
        int[] ids = [.. Tokenizer.encode(prompt)];
        var tokens = model.generate(ids, Options).sequences.ToArray<int>();
        return Tokenizer.decode(withPrompt ? tokens : tokens[ids.Length..], clean_up_tokenization_spaces: false);
    }

    [Test]
    public async Task Text_comes_in_parts_that_are_the_whole()
    {
        var model = Model();
        var (text, parts) = (new StringBuilder(), 0);
        await foreach (var part in model.GenerateTextAsync(Tokenizer, "a cat", Options, skip_special_tokens: false)) (text, parts) = (text.Append(part), parts + 1);
        Assert.That(text.ToString(), Is.EqualTo(Whole(model, "a cat", withPrompt: false)));
        Assert.That(parts, Is.GreaterThan(5));
    }

    [Test]
    public void A_streamer_writes_the_prompt_unless_told_otherwise([Values] bool skip)
    {
        var model = Model();
        using var writer = new StringWriter { NewLine = "\n" };
        var streamer = new TextStreamer(Tokenizer, skip_prompt: skip, writer: writer);
        int[] prompt = [.. Tokenizer.encode("a cat")];
        model.generate(prompt, Options, streamer: streamer);
        Assert.That(writer.ToString(), Is.EqualTo(Whole(model, "a cat", !skip) + "\n"));
        model.generate(prompt, Options, streamer: streamer);
        Assert.That(writer.ToString(), Is.EqualTo(string.Concat(Enumerable.Repeat(Whole(model, "a cat", !skip) + "\n", 2))), "it serves the next text too");
        Assert.That(() => model.generate(new int[,] { { 1 }, { 2 } }, Options, streamer: streamer), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("2"));
        Assert.That(() => model.generate(prompt, num_beams: 2, streamer: streamer), Throws.InstanceOf<ConfigException>().With.Message.Contains("num_beams"));
    }

    [Test]
    public void One_thread_generates_and_another_reads()
    {
        var model = Model();
        var streamer = new TextIteratorStreamer(Tokenizer, skip_prompt: true, timeout: 60);
        var runtime = Engines.Engine.Current;
        int[] prompt = [.. Tokenizer.encode("a cat")];
        for (var i = 0; i < 2; i++)
        {
            var work = Task.Run(() =>
            {
                using var engine = Engines.Engine.Use(runtime);
                model.generate(prompt, Options, streamer: streamer);
            });
            Assert.That(string.Concat(streamer), Is.EqualTo(Whole(model, "a cat", withPrompt: false)));
            work.Wait();
        }
        Assert.That(() => string.Concat(new TextIteratorStreamer(Tokenizer, timeout: 0.05)), Throws.InstanceOf<TimeoutException>().With.Message.Contains("0.05"));
    }

    [Test]
    public void A_stop_string_ends_a_text_that_holds_it()
    {
        var model = Model();
        int[] prompt = [.. Tokenizer.encode("a cat")];
        var whole = Whole(model, "a cat", withPrompt: false);
        var stop = whole[5..7];
        var ended = model.generate(prompt, Options, stop_strings: [stop], tokenizer: Tokenizer).sequences.ToArray<int>()[prompt.Length..];
        var text = Tokenizer.decode(ended, clean_up_tokenization_spaces: false);
        Assert.That(text, Does.Contain(stop));
        Assert.That(Tokenizer.decode(ended[..^1], clean_up_tokenization_spaces: false), Does.Not.Contain(stop));
    }
}
