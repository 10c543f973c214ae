using Keras.Graphs;

namespace Keras.Transformers.Tests.Generation;

/// <summary>What must hold of <c>generate</c> for every text: ways of decoding that agree, what a call leaves behind, what it refuses.</summary>
sealed class GenerateTests : EngineFixture
{
    const int Vocabulary = 61;

    static TFGPT2LMHeadModel Model(int seed = 3, int layers = 2, int vocabulary = Vocabulary)
    {
        Api.keras.utils.set_random_seed(seed);
        var model = new TFGPT2LMHeadModel(new GPT2Config { n_embd = 32, n_layer = layers, n_head = 4, n_positions = 64, vocab_size = vocabulary, initializer_range = 0.3f, bos_token_id = 1, eos_token_id = null });
        model.Apply(new int[,] { { 1, 2 } });
        return model;
    }

    static readonly int[,] One = { { 5, 9, 12, 5, 9 } };
    static readonly int[,] Three = { { 5, 9, 12, 7 }, { 0, 0, 33, 8 }, { 0, 41, 2, 17 } };
    static readonly int[,] ThreeMask = { { 1, 1, 1, 1 }, { 0, 0, 1, 1 }, { 0, 1, 1, 1 } };

    static int[][] Rows(Tensor sequences) => [.. sequences.ToArray<int>().Chunk((int)sequences.shape[1])];

    [Test]
    public void Guesses_change_nothing_but_the_number_of_calls([Values] bool sample, [Values] bool lookup)
    {
        var (model, assistant) = (Model(), Model(seed: 4, layers: 1));
        var options = new GenerationConfig { max_new_tokens = 30, do_sample = sample, seed = 7, temperature = 0.7, repetition_penalty = 1.1, num_assistant_tokens = 4 };
        var expected = model.generate(One, options).sequences.ToArray<int>();
        var guessed = lookup ? model.generate(One, options, prompt_lookup_num_tokens: 5) : model.generate(One, options, assistant_model: assistant);
        Assert.That(guessed.sequences.ToArray<int>(), Is.EqualTo(expected));
        // A model that guesses as itself is right every time.
        if (!lookup && !sample) Assert.That(model.generate(One, options, assistant_model: model).sequences.ToArray<int>(), Is.EqualTo(expected));
    }

    [Test]
    public void Contrastive_search_with_little_memory_finds_the_same_texts()
    {
        var model = Model();
        var options = new GenerationConfig { max_new_tokens = 12, penalty_alpha = 0.6, top_k = 4, pad_token_id = 0 };
        Assert.That(Rows(model.generate(Three, options, attention_mask: ThreeMask, low_memory: true)), Is.EqualTo(Rows(model.generate(Three, options, attention_mask: ThreeMask))));
    }

    [Test]
    public void A_row_is_generated_as_if_it_were_alone()
    {
        var model = Model();
        var options = new GenerationConfig { max_new_tokens = 10, pad_token_id = 0 };
        var together = Rows(model.generate(Three, options, attention_mask: ThreeMask));
        for (var row = 0; row < 3; row++)
        {
            int[] alone = [.. Enumerable.Range(0, 4).Where(i => ThreeMask[row, i] == 1).Select(i => Three[row, i])];
            Assert.That(Rows(model.generate(alone, options))[0][alone.Length..], Is.EqualTo(together[row][4..]), $"row {row}");
        }
    }

    [Test]
    public void Texts_of_different_lengths_are_a_list()
    {
        var model = Model();
        Tensor[] prompts = [new[] { 5, 9, 12, 7 }, new[] { 33, 8 }, new long[] { 41, 2, 17 }];
        var options = new GenerationConfig { max_new_tokens = 10, repetition_penalty = 1.3, pad_token_id = 0 };
        Assert.That(Rows(model.generate(prompts, options)), Is.EqualTo(Rows(model.generate(Three, options, attention_mask: ThreeMask))));
        Assert.That(() => model.generate((Tensor[])[new[] { 1 }, Array.Empty<int>()], options), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("row 1"));
        Assert.That(() => model.generate((Tensor[])[new[] { 1f }], options), Throws.InstanceOf<DTypeMismatchException>());
        Assert.That(() => model.generate((Tensor[])[new[,] { { 1 } }], options), Throws.InstanceOf<ArgumentException>().With.Message.Contains("a list of vectors"));
    }

    sealed class Seen(List<Shape> shapes) : LogitsProcessor
    {
        public override Tensor Apply(Tensor input_ids, Tensor scores)
        {
            shapes.Add(scores.shape);
            return scores;
        }
    }

    /// <summary>What is said of each text must be of that text: encoder penalties read its prompt, functions of the user are asked for it alone.</summary>
    [Test]
    public void Five_texts_are_five_texts_to_all_that_looks_at_them()
    {
        var model = Model();
        int[][] prompts = [.. Enumerable.Range(0, 5).Select(i => new[] { i + 2, (7 * i) + 9, 40 - i })];
        Tensor Together() => Tf.Constant(HostTensor.Of<int>([.. prompts.SelectMany(p => p)], new Shape(5, 3)));
        var options = new GenerationConfig { max_new_tokens = 8, encoder_repetition_penalty = 3, encoder_no_repeat_ngram_size = 2 };
        foreach (var beams in new[] { 1, 2 })
        {
            var together = Rows(model.generate(Together(), options, num_beams: beams));
            for (var i = 0; i < 5; i++) Assert.That(Rows(model.generate(prompts[i], options, num_beams: beams))[0], Is.EqualTo(together[i]), $"text {i}, {beams} beams");
        }
        var (asked, shapes) = (new SortedSet<int>(), new List<Shape>());
        model.generate(Together(), max_new_tokens: 2, logits_processor: [new Seen(shapes)], prefix_allowed_tokens_fn: (text, _) =>
        {
            asked.Add(text);
            return [text, 9];
        });
        Assert.That(asked, Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        Assert.That(shapes, Is.EqualTo(new[] { new Shape(5, Vocabulary), new Shape(5, Vocabulary) }));
        asked.Clear();
        model.generate(Together(), max_new_tokens: 1, do_sample: true, num_return_sequences: 2, prefix_allowed_tokens_fn: (text, _) =>
        {
            asked.Add(text);
            return [9];
        });
        Assert.That(asked, Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        Assert.That(model.generate(Together(), max_new_tokens: 2, return_dict_in_generate: true).past_key_values![0].Single.shape, Is.EqualTo(new Shape(2, 5, 4, 4, 8)));
    }

    [Test]
    public void A_seed_draws_the_same_texts_and_rows_and_steps_differ()
    {
        var model = Model();
        var options = new GenerationConfig { max_new_tokens = 20, do_sample = true, top_k = 0, num_return_sequences = 4, seed = 11 };
        var first = Rows(model.generate(One, options));
        Assert.That(Rows(model.generate(One, options)), Is.EqualTo(first));
        Assert.That(first.Select(r => string.Join(' ', r)).Distinct().Count(), Is.EqualTo(4));
        Assert.That(Rows(model.generate(One, options, seed: 12)), Is.Not.EqualTo(first));
        Assert.That(first.SelectMany(r => r[5..]).Distinct().Count(), Is.GreaterThan(10), "a number for each step");
    }

    [Test]
    public void Tokens_are_drawn_by_their_probabilities()
    {
        var model = Model();
        var logits = model.Apply((Tensor)One).logits[.., 4].ToArray<float>();
        var greatest = logits.Max();
        double[] weights = [.. logits.Select(l => Math.Exp((l - greatest) / 1.5))];
        const int Draws = 2000;
        var counts = new int[Vocabulary];
        foreach (var row in Rows(model.generate(One, max_new_tokens: 1, do_sample: true, top_k: 0, temperature: 1.5, num_return_sequences: Draws, seed: 5))) counts[row[^1]]++;
        // Chi-squared of tokens expected at least five times; the rest is one class.
        var (sum, chi, few, fewExpected) = (weights.Sum(), 0.0, 0, 0.0);
        var classes = 0;
        for (var i = 0; i < Vocabulary; i++)
        {
            var expected = Draws * weights[i] / sum;
            if (expected < 5) (few, fewExpected) = (few + counts[i], fewExpected + expected);
            else (chi, classes) = (chi + ((counts[i] - expected) * (counts[i] - expected) / expected), classes + 1);
        }
        if (fewExpected > 0) chi += (few - fewExpected) * (few - fewExpected) / fewExpected;
        Assert.That(chi, Is.LessThan(classes + (5 * Math.Sqrt(2 * classes))), $"{classes} classes");
    }

    [Test]
    public void A_past_continues_a_text_without_computing_it_again()
    {
        var model = Model();
        var whole = Rows(model.generate(One, max_new_tokens: 16))[0];
        var first = model.generate(One, max_new_tokens: 8, return_dict_in_generate: true);
        Assert.That(first.past_key_values![0].Single.shape, Is.EqualTo(new Shape(2, 1, 4, 5 + 8 - 1, 8)));
        var second = model.generate(first.sequences, past_key_values: first.past_key_values, max_new_tokens: 8);
        Assert.That(Rows(second)[0], Is.EqualTo(whole));
        Assert.That(() => model.generate(One, past_key_values: first.past_key_values), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("12"));
    }

    [Test]
    public void States_and_attentions_are_those_of_the_whole_text([Values(1, 2)] int beams)
    {
        var model = Model();
        var output = model.generate(One, max_new_tokens: 4, num_beams: beams, output_hidden_states: true, output_attentions: true, output_logits: true);
        Assert.That(output.hidden_states!.Select(s => s.Count), Is.EqualTo(new[] { 3, 3, 3, 3 }));
        Assert.That(output.hidden_states![0][0].Single.shape, Is.EqualTo(new Shape(beams, 5, 32)));
        Assert.That(output.hidden_states![3][2].Single.shape, Is.EqualTo(new Shape(beams, 1, 32)));
        Assert.That(output.attentions![2][1].Single.shape, Is.EqualTo(new Shape(beams, 4, 1, 7)));
        if (beams > 1) return;
        var whole = model.Apply(new Gpt2LabelledInputs { input_ids = output.sequences[.., ..8], output_hidden_states = true, output_attentions = true });
        Assert.That(Floats(output.hidden_states![3][2].Single), Is.EqualTo(Floats(whole.hidden_states![2].Single[.., 7..])).Within(1e-4));
        Assert.That(Floats(output.attentions![3][1].Single), Is.EqualTo(Floats(whole.attentions![1].Single[.., .., 7..])).Within(1e-5));
        Assert.That(Floats(output.logits![3].Single), Is.EqualTo(Floats(whole.logits[.., 7])).Within(1e-4));
    }

    [Test]
    public void Calls_of_known_sizes_and_options_are_not_traced_again()
    {
        var model = Model();
        void Call(int prompt, int added, double temperature, int eos, int beams) =>
            model.generate(Tf.Constant(HostTensor.Of<int>([.. Enumerable.Range(2, prompt)], new Shape(1, prompt))), max_new_tokens: added, temperature: temperature, do_sample: beams == 1, seed: prompt, eos_token_id: eos, pad_token_id: 0, num_beams: beams, min_new_tokens: 2, repetition_penalty: 1 + (temperature / 10));
        foreach (var beams in new[] { 1, 3 })
        {
            Call(6, 12, 0.7, 60, beams);
            Call(9, 12, 0.8, 60, beams);
            var traces = model.Decoders.TraceCount;
            for (var i = 0; i < 6; i++) Call(5 + i, 13 - i, 0.5 + (0.05 * i), 50 + i, beams);
            Assert.That(model.Decoders.TraceCount, Is.EqualTo(traces));
        }
    }

    [Test]
    public void Xla_compiles_once_for_all_tokens_of_a_call([Values("greedy", "beams", "sampling", "contrastive", "prompt lookup")] string strategy)
    {
        var model = Model();
        GenerationConfig config = strategy switch
        {
            "beams" => new() { num_beams = 3 },
            "sampling" => new() { do_sample = true, seed = 3, top_k = 9, top_p = 0.9, typical_p = 0.9, repetition_penalty = 1.2, no_repeat_ngram_size = 2 },
            "contrastive" => new() { penalty_alpha = 0.6, top_k = 4 },
            "prompt lookup" => new() { prompt_lookup_num_tokens = 3 },
            _ => new(),
        };
        config.min_new_tokens = config.max_new_tokens = 9;
        int Call(int prompt)
        {
            model.generate(Tf.Constant(HostTensor.Of<int>([.. Enumerable.Range(2, prompt)], new Shape(1, prompt))), config, jit_compile: true);
            return model.Decoders.CompileCount;
        }
        Call(5);
        var known = Call(6);
        Assert.That(known, Is.LessThanOrEqualTo(model.Decoders.TraceCount + 1));
        Assert.That(Call(7), Is.EqualTo(known));
    }

    [Test]
    public void Many_threads_generate_with_one_model()
    {
        var model = Model();
        Tensor Prompt(int i) => Tf.Constant(HostTensor.Of<int>([i + 2, 9, 12], new Shape(1, 3)));
        int[][] expected = [.. Enumerable.Range(0, 8).Select(i => model.generate(Prompt(i), max_new_tokens: 12).sequences.ToArray<int>())];
        var runtime = Engines.Engine.Current;
        Parallel.For(0, 8, i =>
        {
            using var engine = Engines.Engine.Use(runtime);
            Assert.That(model.generate(Prompt(i), max_new_tokens: 12).sequences.ToArray<int>(), Is.EqualTo(expected[i]));
        });
    }

    [Test]
    public void First_calls_of_many_threads_with_other_options_give_what_later_ones_do()
    {
        GenerationConfig[] options =
        [
            new() { max_new_tokens = 6 }, new() { max_new_tokens = 6, num_beams = 2 }, new() { max_new_tokens = 40 }, new() { max_new_tokens = 6, do_sample = true, seed = 1, top_k = 5 },
            new() { max_new_tokens = 6, repetition_penalty = 1.3 }, new() { max_new_tokens = 6, num_beams = 4, num_beam_groups = 2, diversity_penalty = 0.5 }, new() { max_new_tokens = 1 }, new() { max_new_tokens = 6, min_length = 8 },
        ];
        var runtime = Engines.Engine.Current;
        for (var round = 0; round < 3; round++)
        {
            var model = Model();
            var first = new int[options.Length][];
            Parallel.For(0, options.Length, i =>
            {
                using var engine = Engines.Engine.Use(runtime);
                first[i] = model.generate(One, options[i]).sequences.ToArray<int>();
            });
            for (var i = 0; i < options.Length; i++) Assert.That(model.generate(One, options[i]).sequences.ToArray<int>(), Is.EqualTo(first[i]), $"{i}");
        }
    }

    [Test]
    public void A_step_that_is_compiled_beside_the_prompt_is_traced_once([Values] bool jit)
    {
        var model = Model();
        model.generate(One, max_new_tokens: 6, jit_compile: jit);
        Assert.That(model.Decoders.TraceCount, Is.EqualTo(2), "the prompt and the step");
        var other = Model();
        other.generate(One, max_new_tokens: 1, jit_compile: jit);
        Assert.That(other.Decoders.TraceCount, Is.EqualTo(1), "no step follows");
    }

    [Test]
    public void Traces_of_one_model_wait_for_one_another()
    {
        var (store, inside, most) = (new DecoderStore(), 0, 0);
        var body = store.OneAtATime(x =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            // Long enough for another thread to come in if nothing kept it out.
            Thread.Sleep(5);
            Interlocked.Decrement(ref inside);
            return x;
        });
        Parallel.For(0, 8, _ => body(new Tensors(Array.Empty<Tensors>())));
        Assert.That(most, Is.EqualTo(1));
    }

    [Test]
    public async Task Tokens_stream_and_a_stream_may_be_left()
    {
        var model = Model();
        var expected = Rows(model.generate(Three, attention_mask: ThreeMask, max_new_tokens: 9, pad_token_id: 0));
        var inputs = new Dictionary<string, Tensors> { ["input_ids"] = (Tensor)Three, ["attention_mask"] = (Tensor)ThreeMask };
        var options = new GenerationConfig { max_new_tokens = 9, pad_token_id = 0 };
        var steps = new List<int[]>();
        await foreach (var tokens in model.GenerateTokensAsync(new Tensors(inputs), options)) steps.Add(tokens);
        for (var row = 0; row < 3; row++) Assert.That(steps.Select(s => s[row]), Is.EqualTo(expected[row][4..]));

        await foreach (var tokens in model.GenerateTokensAsync(new Tensors(inputs), options))
            if (tokens[0] >= 0) break;
        using var cancel = new CancellationTokenSource();
        var seen = 0;
        Assert.That(async () =>
        {
            await foreach (var _ in model.GenerateTokensAsync(new Tensors(inputs), options, cancellationToken: cancel.Token))
                if (++seen == 3) cancel.Cancel();
        }, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(seen, Is.EqualTo(3));
        Assert.That(Rows(model.generate(new Tensors(inputs), options)), Is.EqualTo(expected), "what was left changes nothing");
    }

    sealed class Ban(int token) : LogitsProcessor
    {
        public override Tensor Apply(Tensor input_ids, Tensor scores) => Api.ops.where(Api.ops.equal(Api.ops.arange(Vocabulary), token), double.NegativeInfinity, scores);
    }

    sealed class Everything(float value) : LogitsProcessor
    {
        public override Tensor Apply(Tensor input_ids, Tensor scores) => Api.ops.full_like(scores, value);
    }

    sealed class AfterTwo : StoppingCriteria
    {
        public override bool Apply(ReadOnlySpan<int> input_ids) => input_ids.Length >= 7;
    }

    [Test]
    public void A_processor_and_a_criterion_of_ones_own_have_a_say()
    {
        var model = Model();
        var best = Rows(model.generate(One, max_new_tokens: 1))[0][^1];
        var banned = Rows(model.generate(One, max_new_tokens: 6, logits_processor: [new Ban(best)]))[0];
        Assert.That(banned[5..], Has.None.EqualTo(best));
        Assert.That(banned, Is.EqualTo(Rows(model.generate(One, max_new_tokens: 6, suppress_tokens: best))[0]), "as the option does inside the step");
        Assert.That(Rows(model.generate(One, max_new_tokens: 20, stopping_criteria: [new AfterTwo()]))[0], Has.Length.EqualTo(7));
        Assert.That(Rows(model.generate(One, max_new_tokens: 5, prefix_allowed_tokens_fn: (text, ids) => [ids.Length, 60]))[0][5..], Is.All.InRange(5, 60));
    }

    [Test]
    public void Guidance_moves_away_from_the_other_prompt()
    {
        var model = Model();
        var plain = model.generate(One, max_new_tokens: 4, guidance_scale: 1, output_scores: true);
        Assert.That(Rows(plain), Is.EqualTo(Rows(model.generate(One, max_new_tokens: 4))));
        int[,] other = { { 40, 3 } };
        var guided = model.generate(One, max_new_tokens: 1, guidance_scale: 1.5, negative_prompt_ids: other, output_scores: true);
        var with = Api.ops.log_softmax(model.Apply((Tensor)One).logits[.., 4]);
        var without = Api.ops.log_softmax(model.Apply((Tensor)other).logits[.., 1]);
        Assert.That(Floats(guided.scores![0].Single), Is.EqualTo(Floats(((with - without) * 1.5) + without)).Within(1e-4));
    }

    static IEnumerable<TestCaseData> Mistakes()
    {
        TestCaseData Case<T>(string name, Func<TFGPT2LMHeadModel, object> call, params string[] says) where T : Exception => new TestCaseData(call, typeof(T), says).SetArgDisplayNames(name);
        yield return Case<ValueRangeException>("prompt beyond the positions", m => m.generate(Api.ops.ones([1, 65], "int32"), max_new_tokens: 1), "64", "65", "Truncate");
        yield return Case<ValueRangeException>("text beyond the positions", m => m.generate(One, max_new_tokens: 61), "64", "5 of the prompt and 61", "60");
        yield return Case<ConfigException>("max_length below the prompt", m => m.generate(One, max_length: 4), "max_length", "4", "max_new_tokens");
        yield return Case<ConfigException>("greedy with several sequences", m => m.generate(One, num_return_sequences: 2), "num_return_sequences", "do_sample");
        yield return Case<ValueRangeException>("an id beyond the vocabulary", m => m.generate(new int[,] { { 61 } }), "60", "61", "tokenizer");
        yield return Case<DTypeMismatchException>("ids that are no whole numbers", m => m.generate(new float[,] { { 1 } }), "float32", "int32");
        yield return Case<ArgumentException>("an unknown input", m => m.generate(new Tensors(new Dictionary<string, Tensors> { ["input_ids"] = (Tensor)One, ["inputs_embed"] = (Tensor)One })), "inputs_embed", "inputs_embeds");
        yield return Case<ConfigException>("stop strings without a tokenizer", m => m.generate(One, stop_strings: ["x"]), "stop_strings", "tokenizer");
        yield return Case<ConfigException>("an assistant of another vocabulary", m => m.generate(One, assistant_model: Model(vocabulary: 50)), "61", "50");
        yield return Case<ConfigException>("an assistant for a batch", m => m.generate(Three, assistant_model: Model(layers: 1)), "3 prompts");
        yield return Case<ConfigException>("streamed beams", m => m.GenerateTokensAsync((Tensor)One, new GenerationConfig { num_beams = 2 }), "num_beams", "2");
        yield return Case<ValueRangeException>("a processor that gives NaN", m => m.generate(One, logits_processor: [new Everything(float.NaN)]), "step 1", "row 0", "Everything", "NaN");
        yield return Case<ValueRangeException>("a processor that forbids all", m => m.generate(One, logits_processor: [new Everything(float.NegativeInfinity)]), "step 1", "Everything", "-infinity");
        yield return Case<ConfigException>("states of contrastive search", m => m.generate(One, penalty_alpha: 0.6, top_k: 4, output_hidden_states: true), "output_hidden_states");
        yield return Case<ConfigException>("guesses from vectors", m => m.generate(inputs_embeds: Api.ops.ones([1, 3, 32]), prompt_lookup_num_tokens: 2), "inputs_embeds");
        yield return Case<ConfigException>("guidance from vectors alone", m => m.generate(inputs_embeds: Api.ops.ones([1, 3, 32]), guidance_scale: 2), "negative_prompt_ids");
        yield return Case<ValueRangeException>("a mask of zeros", m => m.generate(One, attention_mask: new int[1, 5]), "row 0");
        yield return Case<ShapeMismatchException>("a mask of another shape", m => m.generate(One, attention_mask: new int[1, 4]), "(1, 5)", "(1, 4)");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_named(Func<TFGPT2LMHeadModel, object> call, Type error, string[] says)
    {
        var thrown = Assert.Catch(() => call(Model()))!;
        Assert.That(thrown, Is.InstanceOf(error), thrown.ToString());
        foreach (var part in says) Assert.That(thrown.Message, Does.Contain(part));
    }

    [Test]
    public void Scores_of_a_broken_model_are_refused_even_if_few_are_drawn_from([Values] bool sample)
    {
        var model = Model();
        var words = model.get_input_embeddings();
        words.assign(Api.ops.where(Api.ops.expand_dims(Api.ops.equal(Api.ops.arange(Vocabulary), 33), 1), double.NaN, words.value));
        var options = new GenerationConfig { do_sample = sample, max_new_tokens = 3, seed = 1 };
        if (sample) options.top_k = 3;
        Assert.That(() => model.generate(One, options), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("step 1").And.Message.Contains("the model").And.Message.Contains("NaN"));
        Assert.That(Rows(model.generate(One, options, remove_invalid_values: true, suppress_tokens: 33))[0], Has.Length.EqualTo(8));
    }

    [Test]
    public void An_empty_prompt_begins_with_bos_or_is_refused()
    {
        var model = Model();
        Assert.That(Rows(model.generate(max_new_tokens: 3)), Is.EqualTo(Rows(model.generate(new int[,] { { 1 } }, max_new_tokens: 3))));
        model.generation_config.bos_token_id = null;
        Assert.That(() => model.generate(max_new_tokens: 3), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("bos_token_id"));
    }

    [Test]
    public void A_model_without_a_head_of_words_says_so()
    {
        var model = new TFGPT2Model(new GPT2Config { n_embd = 8, n_layer = 1, n_head = 1, vocab_size = 9, n_positions = 8 });
        Assert.That(model.can_generate(), Is.False);
        Assert.That(() => model.generate(new int[,] { { 1 } }), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("TFAutoModelForCausalLM"));
    }

    [Test]
    public void Options_are_saved_with_the_model_and_read()
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        (model.generation_config.max_new_tokens, model.generation_config.repetition_penalty) = (7, 1.2);
        model.save_pretrained(folder.Path);
        var again = TFAutoModelForCausalLM.from_pretrained(folder.Path);
        Assert.That(again.generation_config.max_new_tokens, Is.EqualTo(7));
        Assert.That(Rows(again.generate(One)), Is.EqualTo(Rows(model.generate(One))).And.Property("Length").EqualTo(1));
        Assert.That(Rows(again.generate(One))[0], Has.Length.EqualTo(12));
    }
}
