namespace Keras.Transformers.Tests.Generation;

/// <summary>The loop inside a graph gives, token by token, what <c>generate</c> gives.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Selected))]
sealed class GenerateInGraphTests(string engine) : InGraphTokenizerFixture(engine)
{
    const int Seed = 77;

    static string Text(Tensor sequences) => string.Join("\n", sequences.ToArray<int>().Chunk((int)sequences.shape[1]).Select(r => string.Join(" ", r)));

    static IEnumerable<TestCaseData> Cases => from family in InGraphModels.Families
                                              from options in InGraphModels.Options.Keys.Index()
                                              where family == "gpt2" || options.Index % 3 == 0
                                              select new TestCaseData(family, options.Item);

    [TestCaseSource(nameof(Cases))]
    public void It_gives_what_generate_gives(string family, string options)
    {
        var (model, config, prompts) = (InGraphModels.Model(family), InGraphModels.Of(options), InGraphModels.Prompts);
        var expected = model.generate(prompts, config, seed: Seed, return_dict_in_generate: true);
        config.return_dict_in_generate = true;

        if (config.do_sample) prompts = new(prompts.Named().Append(new("seed", Tensor.Of((long)Seed))));
        var traced = FreeFunction.Run(prompts, x => model.GenerateInGraph(x, config));
        Assert.That(Text(traced["sequences"]), Is.EqualTo(Text(expected.sequences)));
        if (expected.sequences_scores is { } scores) Assert.That(Floats(traced["sequences_scores"]), Is.EqualTo(Floats(scores)).Within(1e-5f));
    }

    [Test]
    public void It_runs_op_by_op_too([Values("penalties", "warped draws", "beams")] string options)
    {
        var (model, config) = (InGraphModels.Model("gpt2"), InGraphModels.Of(options));
        var prompts = new Tensors(InGraphModels.Prompts.Named().Append(new("seed", Tensor.Of((long)Seed))));
        Assert.That(Text(model.GenerateInGraph(prompts, config)["sequences"]), Is.EqualTo(Text(model.generate(InGraphModels.Prompts, config, seed: Seed).sequences)));
    }

    [Test]
    public void Seeds_are_inputs_and_every_text_is_drawn_by_its_own_number()
    {
        var (model, config) = (InGraphModels.Model("gpt2"), InGraphModels.Of("draws"));
        config.temperature = 3;
        string Drawn(long seed) => Text(FreeFunction.Run(new Dictionary<string, Tensors> { ["input_ids"] = Tensor.Of(InGraphModels.Ids), ["seed"] = Tensor.Of(seed) }, x => model.GenerateInGraph(x, config))["sequences"]);
        Assert.That(Drawn(1), Is.EqualTo(Drawn(1)).And.Not.EqualTo(Drawn(2)));
        Assert.That(Drawn(-5), Is.EqualTo(Text(model.generate(Tensor.Of(InGraphModels.Ids), config, seed: -5).sequences)), "padding told by its token");
    }

    [Test]
    public void A_text_without_tokens_begins_with_bos_and_leaves_the_others_alone()
    {
        var (model, config) = (InGraphModels.Model("gpt2"), InGraphModels.Of("no end"));
        config.bos_token_id = 1;
        int[] Continued(int[,] ids) => FreeFunction.Run(Tensor.Of(ids), x => model.GenerateInGraph(x, config))["sequences"].Single.ToArray<int>();
        var two = Continued(new[,] { { 5, 9, 12 }, { 0, 0, 0 } });
        Assert.That(two[..(two.Length / 2)], Is.EqualTo(model.generate(new[,] { { 5, 9, 12 } }, config).sequences.ToArray<int>()));
        Assert.That(two[((two.Length / 2) + 2)..], Is.EqualTo(model.generate(new[,] { { 1 } }, config).sequences.ToArray<int>()));
        Assert.That(Continued(new int[2, 0]), Is.EqualTo(model.generate(new[,] { { 1 }, { 1 } }, config).sequences.ToArray<int>()), "no column");
    }

    [Test]
    public void Processors_of_the_library_are_taken()
    {
        var (model, config) = (InGraphModels.Model("gpt2"), InGraphModels.Of("greedy"));
        LogitsProcessorList own = [new SuppressTokensLogitsProcessor([2, 5, 9, 12]), new TemperatureLogitsWarper(0.5)];
        Assert.That(Text(FreeFunction.Run(InGraphModels.Prompts, x => model.GenerateInGraph(x, config, own))["sequences"]), Is.EqualTo(Text(model.generate(InGraphModels.Prompts, config, logits_processor: own).sequences)));
    }

    sealed class Own : LogitsProcessor
    {
        public override Tensor Apply(Tensor input_ids, Tensor scores) => scores;
    }

    [Test]
    public void What_runs_outside_of_graphs_is_refused()
    {
        var model = InGraphModels.Model("gpt2");
        void Refuses<T>(Action<GenerationConfig> change, string what, LogitsProcessorList? processors = null) where T : Exception
        {
            var config = InGraphModels.Of("greedy");
            change(config);
            Assert.That(() => model.GenerateInGraph(InGraphModels.Prompts, config, processors), Throws.InstanceOf<T>().With.Message.Contains(what));
            using var folder = new TemporaryFolder();
            Assert.That(() => model.export(Path.Combine(folder, "1"), null, config, processors), Throws.InstanceOf<T>().With.Message.Contains(what));
            Assert.That(Directory.Exists(Path.Combine(folder, "1")), Is.False);
        }
        Assert.Multiple(() =>
        {
            Refuses<ConfigException>(c => (c.num_beams, c.num_beam_groups, c.diversity_penalty) = (4, 2, 1), "num_beam_groups");
            Refuses<ConfigException>(c => (c.penalty_alpha, c.top_k) = (0.6, 4), "penalty_alpha");
            Refuses<ConfigException>(c => c.prompt_lookup_num_tokens = 3, "prompt_lookup_num_tokens");
            Refuses<ConfigException>(c => c.guidance_scale = 1.5, "guidance_scale");
            Refuses<ConfigException>(c => c.max_time = 1, "max_time");
            Refuses<ConfigException>(c => c.stop_strings = ["."], "stop_strings");
            Refuses<ConfigException>(c => (c.output_scores, c.return_dict_in_generate) = (true, true), "output_scores");
            Refuses<ValueRangeException>(c => c.max_new_tokens = 4000, "max_new_tokens");
            Refuses<ValueRangeException>(c => c.suppress_tokens = new[] { 1 }, "vocabulary", [new NoBadWordsLogitsProcessor([[900]])]);
            Refuses<UnsupportedException>(_ => { }, nameof(Own), [new Own()]);
            Refuses<UnsupportedException>(_ => { }, "PrefixConstrained", [new PrefixConstrainedLogitsProcessor((_, _) => [1])]);
        });
        Assert.Multiple(() =>
        {
            Assert.That(() => new TFBertModel(SmallBert.Config()).GenerateInGraph(InGraphModels.Prompts), Throws.TypeOf<UnsupportedException>());
            Assert.That(() => model.GenerateInGraph(InGraphModels.Prompts, InGraphModels.Of("draws")), Throws.TypeOf<ArgumentException>().With.Message.Contains("seed"));
            Assert.That(() => model.GenerateInGraph(new float[,] { { 1 } }, InGraphModels.Of("greedy")), Throws.TypeOf<DTypeMismatchException>());
            Assert.That(() => model.GenerateInGraph(Tensor.Of(new[] { 1 }), InGraphModels.Of("greedy")), Throws.TypeOf<ShapeMismatchException>());
            Assert.That(() => model.GenerateInGraph(new Dictionary<string, Tensors> { ["input_ids"] = Tensor.Of(InGraphModels.Ids), ["token_type_ids"] = Tensor.Of(InGraphModels.Ids) }, InGraphModels.Of("greedy")), Throws.TypeOf<ArgumentException>().With.Message.Contains("token_type_ids"));
        });
    }
}
