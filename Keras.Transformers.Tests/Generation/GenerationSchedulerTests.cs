using System.Collections.Concurrent;

namespace Keras.Transformers.Tests.Generation;

/// <summary>Texts that share a batch are the texts that <c>generate</c> gives alone, whoever comes and goes beside them.</summary>
sealed class GenerationSchedulerTests : EngineFixture
{
    const int Vocabulary = 61;

    static TFGPT2LMHeadModel Model()
    {
        Api.keras.utils.set_random_seed(3);
        return new(new GPT2Config { n_embd = 32, n_layer = 2, n_head = 4, n_positions = 64, vocab_size = Vocabulary, initializer_range = 0.3f, bos_token_id = 1, eos_token_id = null });
    }

    static int[] PromptOf(int i) => [.. Enumerable.Range(0, 1 + (i * 5 % 17)).Select(k => 2 + ((i + 3) * (k + 7) % (Vocabulary - 2)))];

    /// <summary>Options of every kind: without processors, with some that read the tokens so far, drawn, ended early.</summary>
    static GenerationConfig OptionsOf(int i) => (i % 7) switch
    {
        0 => new() { max_new_tokens = 3 + (i % 23) },
        1 => new() { max_new_tokens = 12, do_sample = true, top_k = 9, temperature = 1.3, seed = i },
        2 => new() { max_new_tokens = 20, repetition_penalty = 1.4, no_repeat_ngram_size = 2 },
        3 => new() { max_new_tokens = 12, do_sample = true, top_k = 9, temperature = 1.3, seed = i },
        4 => new() { max_new_tokens = 30, eos_token_id = new int[] { 7, 19, 33, 50, 8, 15 }, min_new_tokens = 2 },
        5 => new() { max_new_tokens = 9, do_sample = true, top_k = 0, top_p = 0.8, seed = i, suppress_tokens = new int[] { 5, 6 } },
        _ => new() { max_new_tokens = 1 },
    };

    static int[] Alone(TFPreTrainedModel model, int i) => model.generate(PromptOf(i), OptionsOf(i)).sequences.ToArray<int>();

    [Test]
    public async Task Each_text_is_the_one_it_would_be_alone([Values(2, 8)] int places)
    {
        var model = Model();
        int[][] expected = [.. Enumerable.Range(0, 28).Select(i => Alone(model, i))];
        await using var scheduler = new GenerationScheduler(model, max_batch_size: places);
        var texts = await Task.WhenAll(Enumerable.Range(0, 28).Select(i => scheduler.GenerateAsync(PromptOf(i), OptionsOf(i))));
        for (var i = 0; i < texts.Length; i++) Assert.That(texts[i], Is.EqualTo(expected[i]), $"text {i}");
        Assert.That(() => (scheduler.RunningCount, scheduler.WaitingCount), Is.EqualTo((0, 0)).After(2000, 10));
    }

    [Test]
    public async Task Texts_join_a_batch_that_runs_and_no_size_is_traced_for_itself()
    {
        var model = Model();
        await using var scheduler = new GenerationScheduler(model, max_batch_size: 6);
        var random = new Random(5);
        async Task Round(int first, int count)
        {
            var texts = new List<Task<int[]>>();
            for (var i = first; i < first + count; i++)
            {
                texts.Add(scheduler.GenerateAsync(PromptOf(i), OptionsOf(i)));
                await Task.Delay(random.Next(4));
            }
            foreach (var (i, text) in (await Task.WhenAll(texts)).Index()) Assert.That(text, Is.EqualTo(Alone(model, first + i)), $"text {first + i}");
        }
        await Round(0, 30);
        for (var i = 30; i < 90; i++) Alone(model, i);
        var traces = model.Decoders.TraceCount;
        await Round(30, 60);
        Assert.That(model.Decoders.TraceCount - traces, Is.LessThanOrEqualTo(3), "what sizes happened to be equal before may be traced once more");
    }

    sealed class Failing(int after) : LogitsProcessor
    {
        public override Tensor Apply(Tensor input_ids, Tensor scores) => input_ids.shape[1] > after ? throw new InvalidDataException("the user's own") : scores;
    }

    sealed class Poison(int after) : LogitsProcessor
    {
        public override Tensor Apply(Tensor input_ids, Tensor scores) => input_ids.shape[1] > after ? scores * double.NaN : scores;
    }

    sealed class Stubborn : StoppingCriteria
    {
        public override bool Apply(ReadOnlySpan<int> input_ids) => input_ids.Length > 6 ? throw new InvalidDataException("a criterion") : false;
    }

    [Test]
    public async Task A_text_that_fails_leaves_the_others_alone()
    {
        var model = Model();
        var expected = Alone(model, 2);
        await using var scheduler = new GenerationScheduler(model);
        var good = scheduler.GenerateAsync(PromptOf(2), OptionsOf(2));
        var failing = scheduler.GenerateAsync(new[] { 4, 5 }, new() { max_new_tokens = 9 }, [new Failing(5)]);
        var poisoned = scheduler.GenerateAsync(new[] { 4, 5 }, new() { max_new_tokens = 9 }, [new Poison(3)]);
        var stubborn = scheduler.GenerateAsync(new[] { 4, 5 }, new() { max_new_tokens = 9 }, stopping_criteria: [new Stubborn()]);
        Assert.That(async () => await failing, Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("the user's own"));
        Assert.That(async () => await poisoned, Throws.InstanceOf<ValueRangeException>().With.Message.Contains(nameof(Poison)).And.Message.Contains("token 3"));
        Assert.That(async () => await stubborn, Throws.InstanceOf<InvalidDataException>());
        Assert.That(await good, Is.EqualTo(expected));
        Assert.That(await scheduler.GenerateAsync(PromptOf(2), OptionsOf(2)), Is.EqualTo(expected));
    }

    [Test]
    public async Task Cancelled_and_abandoned_texts_make_room()
    {
        var model = Model();
        var endless = new GenerationConfig { max_new_tokens = 50 };
        await using var scheduler = new GenerationScheduler(model, max_batch_size: 2);
        using var source = new CancellationTokenSource();
        var (first, second) = (scheduler.GenerateAsync(new[] { 4 }, endless, cancellationToken: source.Token), scheduler.GenerateAsync(new[] { 5 }, endless, cancellationToken: source.Token));
        var waiting = scheduler.GenerateAsync(PromptOf(2), OptionsOf(2), cancellationToken: source.Token);
        source.Cancel();
        foreach (var text in new[] { first, second, waiting }) Assert.That(async () => await text, Throws.InstanceOf<OperationCanceledException>());
        var count = 0;
        await foreach (var token in scheduler.GenerateTokensAsync(new[] { 9 }, endless))
            if (++count == 5) break;
        Assert.That(await scheduler.GenerateAsync(PromptOf(2), OptionsOf(2)), Is.EqualTo(Alone(model, 2)));
        Assert.That(() => scheduler.RunningCount, Is.Zero.After(2000, 10));
    }

    [Test]
    public async Task Tokens_and_text_come_as_they_are_made()
    {
        var tokenizer = GPT2TokenizerFast.from_pretrained(GoldenFolder.PathOf("tokenizers", "vocab", "bpe-tiny"));
        Api.keras.utils.set_random_seed(8);
        var model = new TFGPT2LMHeadModel(new GPT2Config { n_embd = 16, n_layer = 1, n_head = 2, n_positions = 64, vocab_size = tokenizer.Count, initializer_range = 0.4f, eos_token_id = null, bos_token_id = null });
        var options = new GenerationConfig { max_new_tokens = 30, do_sample = true, top_k = 0, seed = 21 };
        await using var scheduler = new GenerationScheduler(model);
        int[] prompt = [.. tokenizer.encode("a cat")];
        var expected = model.generate(prompt, options).sequences.ToArray<int>()[prompt.Length..];
        var tokens = new List<int>();
        await foreach (var token in scheduler.GenerateTokensAsync(prompt, options)) tokens.Add(token);
        Assert.That(tokens, Is.EqualTo(expected));
        var text = "";
        await foreach (var part in scheduler.GenerateTextAsync(tokenizer, "a cat", options, skip_special_tokens: false)) text += part;
        Assert.That(text, Is.EqualTo(tokenizer.decode(expected, clean_up_tokenization_spaces: false)));
    }

    [Test]
    public async Task What_it_cannot_do_is_said_at_once()
    {
        var model = Model();
        Assert.That(() => new GenerationScheduler(new TFGPT2Model(model.config)), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("TFAutoModelForCausalLM"));
        Assert.That(() => new GenerationScheduler(model, max_batch_size: 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("max_batch_size"));
        var scheduler = new GenerationScheduler(model, max_batch_size: 1, max_waiting: 2);
        void Refuses(string name, Tensors inputs, GenerationConfig config) => Assert.That(() => scheduler.GenerateAsync(inputs, config), Throws.InstanceOf<ConfigException>().With.Message.Contains(name), name);
        Refuses("num_beams", new[] { 1 }, new() { num_beams = 2 });
        Refuses("num_return_sequences", new[] { 1 }, new() { num_return_sequences = 2, do_sample = true });
        Refuses("penalty_alpha", new[] { 1 }, new() { penalty_alpha = 0.6, top_k = 4 });
        Refuses("output_scores", new[] { 1 }, new() { output_scores = true });
        Refuses("one text", new[,] { { 1 }, { 2 } }, new());
        Assert.That(() => scheduler.GenerateAsync(new[] { 99 }), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("99"));
        Assert.That(() => scheduler.GenerateTokensAsync(new[] { 99 }), Throws.InstanceOf<ValueRangeException>());
        Assert.That(() => scheduler.GenerateAsync(new[] { 9 }, new() { max_new_tokens = 90 }), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("positions"));

        var texts = Enumerable.Range(0, 2).Select(_ => Ask([1], 60)).ToList();
        Task<int[]> Ask(int[] prompt, int tokens) => scheduler.GenerateAsync(prompt, new() { max_new_tokens = tokens });
        Assert.That(() => { for (var i = 0; i < 20; i++) texts.Add(Ask([1], 60)); }, Throws.InstanceOf<InvalidOperationException>().With.Message.Contains("max_waiting"));
        await scheduler.DisposeAsync();
        var unfinished = texts.Where(t => !t.IsCompletedSuccessfully).ToList();
        Assert.That(unfinished, Is.Not.Empty);
        foreach (var text in unfinished) Assert.That(async () => await text, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Ask([1], 2), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task An_idle_one_can_be_disposed_at_any_time_and_a_stream_be_read_twice()
    {
        var model = Model();
        for (var i = 0; i < 300; i++)
        {
            var idle = new GenerationScheduler(model);
            if (i % 3 == 0) await Task.Yield();
            idle.Dispose();
        }
        await using var scheduler = new GenerationScheduler(model);
        var stream = scheduler.GenerateTokensAsync(PromptOf(2), OptionsOf(2));
        async Task<int[]> Read()
        {
            var tokens = new List<int>();
            await foreach (var token in stream) tokens.Add(token);
            return [.. tokens];
        }
        Assert.That(await Read(), Is.EqualTo(Alone(model, 2)[PromptOf(2).Length..]));
        Assert.That(await Read(), Is.EqualTo(Alone(model, 2)[PromptOf(2).Length..]));
    }

    [Test]
    public async Task Many_threads_ask_and_padding_on_the_left_is_no_token()
    {
        var model = Model();
        await using var scheduler = new GenerationScheduler(model, max_batch_size: 4);
        var wrong = new ConcurrentBag<int>();
        int[][] expected = [.. Enumerable.Range(0, 24).Select(i => Alone(model, i))];
        await Parallel.ForEachAsync(Enumerable.Range(0, 24), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellation) =>
        {
            if (!(await scheduler.GenerateAsync(PromptOf(i), OptionsOf(i), cancellationToken: cancellation)).SequenceEqual(expected[i])) wrong.Add(i);
        });
        Assert.That(wrong, Is.Empty);
        var padded = new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = new[,] { { 0, 0, 33, 8 } }, ["attention_mask"] = new[,] { { 0, 0, 1, 1 } } });
        var options = new GenerationConfig { max_new_tokens = 9, no_repeat_ngram_size = 2 };
        Assert.That(await scheduler.GenerateAsync(padded, options), Is.EqualTo(model.generate(padded, options).sequences.ToArray<int>()));
    }
}
