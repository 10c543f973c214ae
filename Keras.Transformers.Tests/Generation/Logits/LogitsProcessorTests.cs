namespace Keras.Transformers.Tests.Generation;

/// <summary>What holds for processors whatever the scores: shared traces, any number of rows, a vocabulary far greater than top_k.</summary>
sealed class LogitsProcessorTests : EngineFixture
{
    const int Vocabulary = 300;

    static readonly float Out = float.NegativeInfinity;

    static Tensor Scores(int rows, int seed = 3, int vocabulary = Vocabulary)
    {
        var random = new Random(seed);
        return Api.ops.reshape(Tensor.Of(Enumerable.Range(0, rows * vocabulary).Select(_ => (float)((random.NextDouble() * 12) - 6)).ToArray()), [rows, vocabulary]);
    }

    static Tensor Ids(int rows, int length, int places, int seed = 5)
    {
        var random = new Random(seed);
        var ids = new int[rows, places];
        for (var r = 0; r < rows; r++)
            for (var i = 0; i < places; i++) ids[r, i] = i < length ? random.Next(12) : random.Next(int.MinValue, int.MaxValue);
        return Tensor.Of(ids);
    }

    /// <summary>Each processor with two sets of values that are to share a trace.</summary>
    static readonly (string Name, TensorLogitsProcessor One, TensorLogitsProcessor Other)[] Pairs = EngineSelectionIsThere() ?
    [
        Pair(new TemperatureLogitsWarper(0.7), new TemperatureLogitsWarper(1.4)),
        Pair(new TopKLogitsWarper(50), new TopKLogitsWarper(3)),
        Pair(new TopPLogitsWarper(0.9), new TopPLogitsWarper(0.2)),
        Pair(new MinPLogitsWarper(0.1), new MinPLogitsWarper(0)),
        Pair(new TypicalLogitsWarper(0.3), new TypicalLogitsWarper(0.9)),
        Pair(new EpsilonLogitsWarper(0.01), new EpsilonLogitsWarper(0.001)),
        Pair(new EtaLogitsWarper(0.01), new EtaLogitsWarper(0.3)),
        Pair(new RepetitionPenaltyLogitsProcessor(1.3), new RepetitionPenaltyLogitsProcessor(0.6)),
        Pair(new EncoderRepetitionPenaltyLogitsProcessor(1.5, Ids(1, 5, 5)), new EncoderRepetitionPenaltyLogitsProcessor(0.7, Ids(1, 7, 7, 9))),
        Pair(new NoRepeatNGramLogitsProcessor(2), new NoRepeatNGramLogitsProcessor(2)),
        Pair(new EncoderNoRepeatNGramLogitsProcessor(2, Ids(1, 6, 6)), new EncoderNoRepeatNGramLogitsProcessor(2, Ids(1, 8, 8, 9))),
        Pair(new NoBadWordsLogitsProcessor([[1, 2, 3], [4], [7, 9]]), new NoBadWordsLogitsProcessor([[2, 2, 5, 1], [3], [8], [6, 5]])),
        Pair(new SequenceBiasLogitsProcessor([([1, 2], 4), ([5], -2), ([3], 1)]), new SequenceBiasLogitsProcessor([([7, 7], 1), ([5], 2), ([3], 1), ([4, 1], -9)])),
        Pair(new MinLengthLogitsProcessor(12, 7), new MinLengthLogitsProcessor(2, 9)),
        Pair(new MinNewTokensLengthLogitsProcessor(4, 20, [7, 8]), new MinNewTokensLengthLogitsProcessor(6, 1, [9, 1])),
        Pair(new ForcedBOSTokenLogitsProcessor(3), new ForcedBOSTokenLogitsProcessor(299)),
        Pair(new ForcedEOSTokenLogitsProcessor(10, [3, 4, 5]), new ForcedEOSTokenLogitsProcessor(15, [7, 8, 9, 10])),
        Pair(new ForceTokensLogitsProcessor([(9, 4), (2, 3), (1, 1)]), new ForceTokensLogitsProcessor([(3, 4), (9, 299), (7, 7), (8, 8)])),
        Pair(new InfNanRemoveLogitsProcessor(), new InfNanRemoveLogitsProcessor()),
        Pair(new LogitNormalization(), new LogitNormalization()),
        Pair(new ExponentialDecayLengthPenalty((2, 1.2), 7, 4), new ExponentialDecayLengthPenalty((1, 1.7), 8, 3)),
        Pair(new SuppressTokensLogitsProcessor([4, 5, 6]), new SuppressTokensLogitsProcessor([1, 2, 9, 299])),
        Pair(new SuppressTokensAtBeginLogitsProcessor([4, 5, 6], 9), new SuppressTokensAtBeginLogitsProcessor([1, 2, 9, 299], 7)),
    ] : [];

    static bool EngineSelectionIsThere() => Backend.EngineSelection.IsPresent;

    static (string, TensorLogitsProcessor, TensorLogitsProcessor) Pair(TensorLogitsProcessor one, TensorLogitsProcessor other) => (one.GetType().Name, one, other);

    static IEnumerable<TestCaseData> AllPairs =>
        from pair in Pairs.DefaultIfEmpty()
        from mode in new[] { RunMode.Graph, RunMode.Xla }
        select new TestCaseData(pair.One, pair.Other, mode).SetArgDisplayNames(pair.Name, mode.ToString());

    [TestCaseSource(nameof(AllPairs))]
    public void Other_values_and_rows_share_a_trace_and_garbage_behind_the_text_is_none(TensorLogitsProcessor one, TensorLogitsProcessor other, RunMode mode)
    {
        Assert.That(other.Structure, Is.EqualTo(one.Structure));
        using var run = new ProcessorRun("shared", mode);
        foreach (var processor in new[] { one, other })
        {
            var (ids, scores) = (Ids(5, 9, 16), Scores(5));
            var before = Floats(scores);
            var got = Floats(run.Call(processor, ids, 9, scores));
            var expected = Floats(processor.Apply(ids[.., ..9], scores));
            AssertSame(got, expected);
            Assert.That(Floats(scores), Is.EqualTo(before), "The scores given stay as they are.");
            var alone = Floats(processor.Apply(ids[..1, ..9], scores[..1]));
            AssertSame(alone, expected[..Vocabulary]);
        }
        Assert.That(run.TraceCount, Is.EqualTo(1));
        // Another number of rows, and with it an unknown one.
        foreach (var rows in new[] { 1, 3, 2 })
        {
            var (ids, scores) = (Ids(rows, 9, 16, 8), Scores(rows, 9));
            AssertSame(Floats(run.Call(one, ids, 9, scores)), Floats(one.Apply(ids[.., ..9], scores)));
        }
        if (mode == RunMode.Graph) Assert.That(run.TraceCount, Is.EqualTo(2));
    }

    static void AssertSame(float[] got, float[] expected)
    {
        Assert.That(got.Length, Is.EqualTo(expected.Length));
        for (var i = 0; i < got.Length; i++)
            if (!(got[i] == expected[i])) Assert.That(got[i], Is.EqualTo(expected[i]).Within(2e-5f * Math.Max(1, Math.Abs(expected[i]))), $"element {i}");
    }

    static readonly (string Name, LogitsProcessorList List)[] Chains = EngineSelectionIsThere() ?
    [
        ("k p", [new TopKLogitsWarper(20), new TopPLogitsWarper(0.8)]),
        ("t k p n", [new TemperatureLogitsWarper(0.8), new TopKLogitsWarper(50), new TopPLogitsWarper(0.9), new LogitNormalization()]),
        ("k typical p", [new TopKLogitsWarper(40), new TypicalLogitsWarper(0.6), new TopPLogitsWarper(0.9)]),
        ("all", [new TemperatureLogitsWarper(1.3), new TopKLogitsWarper(30), new TopPLogitsWarper(0.95), new MinPLogitsWarper(0.03), new TypicalLogitsWarper(0.97), new EpsilonLogitsWarper(0.005), new EtaLogitsWarper(0.002)]),
        ("k k", [new TopKLogitsWarper(60), new TopKLogitsWarper(5)]),
        ("k at least", [new TopKLogitsWarper(2, min_tokens_to_keep: 4), new TopPLogitsWarper(0, min_tokens_to_keep: 3)]),
        ("k then history", [new TopKLogitsWarper(20), new SuppressTokensLogitsProcessor([1, 2, 3]), new TopPLogitsWarper(0.9)]),
        ("p k", [new TopPLogitsWarper(0.9), new TopKLogitsWarper(20)]),
        ("finite", [new TopKLogitsWarper(20, -100), new TopPLogitsWarper(0.9, -200)]),
    ] : [];

    static IEnumerable<TestCaseData> AllChains =>
        from chain in Chains.DefaultIfEmpty()
        from mode in Modes
        select new TestCaseData(chain.List, mode).SetArgDisplayNames(chain.Name, mode.ToString());

    /// <summary>A chain hands on few candidates; one by one, each sees the whole vocabulary.</summary>
    [TestCaseSource(nameof(AllChains))]
    public void A_chain_gives_what_its_links_give_one_by_one(LogitsProcessorList list, RunMode mode)
    {
        var (ids, scores) = (Ids(5, 9, 16), Scores(5));
        var joined = (TensorLogitsProcessor)list.Joined().Single();
        var expected = list.Aggregate(scores, (s, p) => p.Apply(ids[.., ..9], s));
        AssertSame(Floats(ProcessorRun.Of(joined, mode, ids, 9, scores)), Floats(expected));
        AssertSame(Floats(list.Apply(ids[.., ..9], scores)), Floats(expected));
    }

    [Test]
    public void Top_k_of_1_keeps_the_best_and_normalized_scores_sum_to_1([Values(1, 5)] int rows)
    {
        var (ids, scores) = (Ids(rows, 4, 4), Scores(rows));
        var kept = Floats(new TopKLogitsWarper(1).Apply(ids, scores)).Chunk(Vocabulary).ToArray();
        var best = Api.ops.argmax(scores, 1).ToArray<int>();
        for (var r = 0; r < rows; r++) Assert.That(Enumerable.Range(0, Vocabulary).Where(i => kept[r][i] > Out), Is.EqualTo(new[] { best[r] }));
        foreach (var row in Floats(Api.ops.exp(new LogitsProcessorList { new TopKLogitsWarper(40), new TopPLogitsWarper(0.9), new LogitNormalization() }.Apply(ids, scores))).Chunk(Vocabulary))
            Assert.That(row.Sum(), Is.EqualTo(1).Within(1e-5f));
    }

    [Test]
    public void Equal_scores_at_the_border_stay_or_go_as_each_rule_says()
    {
        var (ids, scores) = (Ids(1, 4, 4), Tensor.Of(new float[,] { { 1, 0, 0, 0, 0, -1 } }));
        Assert.That(Floats(new TopKLogitsWarper(2).Apply(ids, scores)), Is.EqualTo(new[] { 1, 0, 0, 0, 0, Out }), "Scores that equal the k-th are kept.");
        Assert.That(Floats(new TopPLogitsWarper(0.45).Apply(ids, scores)).Count(s => s > Out), Is.EqualTo(2), "Of equal ones no more than needed.");
        Assert.That(Floats(new TopPLogitsWarper(0).Apply(ids, Api.ops.zeros([1, 6]))), Is.EqualTo(new[] { 0, Out, Out, Out, Out, Out }));
    }

    [Test]
    public void Beams_read_the_input_of_their_own_sample()
    {
        var input = Tensor.Of(new[,] { { 1, 1 }, { 2, 2 } });
        var out_ = Floats(new EncoderRepetitionPenaltyLogitsProcessor(2, input).Apply(Ids(4, 3, 3), Api.ops.ones([4, 4]))).Chunk(4).ToArray();
        Assert.That(out_, Is.EqualTo(new[] { new float[] { 1, 2, 1, 1 }, [1, 2, 1, 1], [1, 1, 2, 1], [1, 1, 2, 1] }));
    }

    [Test]
    public void A_text_without_tokens_repeats_none([Values] RunMode mode)
    {
        var scores = Scores(2);
        LogitsProcessorList list = [new RepetitionPenaltyLogitsProcessor(2), new NoRepeatNGramLogitsProcessor(1), new NoRepeatNGramLogitsProcessor(3), new NoBadWordsLogitsProcessor([[1, 2]])];
        Assert.That(Floats(ProcessorRun.Of((TensorLogitsProcessor)list.Joined().Single(), mode, Ids(2, 0, 8), 0, scores)), Is.EqualTo(Floats(scores)));
    }

    [Test]
    public void A_banned_end_stays_banned_whatever_favours_it()
    {
        var scores = Tensor.Of(new float[,] { { 1, float.NegativeInfinity, -2 } });
        Assert.That(Floats(new ExponentialDecayLengthPenalty((0, 2), [1, 2], 1).Apply(Ids(1, 3, 3), scores)), Is.EqualTo(new[] { 1, Out, 4f }));
    }

    sealed class Doubling : LogitsProcessor
    {
        public override Tensor Apply(Tensor input_ids, Tensor scores) => scores * 2;
    }

    [Test]
    public void Only_a_users_own_processor_stands_outside_of_the_step()
    {
        LogitsProcessorList list = [new TemperatureLogitsWarper(2), new LogitNormalization(), new Doubling(), new TopKLogitsWarper(3)];
        Assert.That(list.Joined().Select(p => p.GetType().Name), Is.EqualTo(new[] { "TensorLogitsChain", "Doubling", "TensorLogitsChain" }));
        var scores = Scores(2);
        AssertSame(Floats(new LogitsProcessorList { new TemperatureLogitsWarper(2), new Doubling() }.Apply(Ids(2, 3, 3), scores)), Floats(scores));
        Assert.That(() => list.Add(null!), Throws.ArgumentNullException);
    }

    static readonly (string Name, Action Make)[] Refused =
    [
        ("temperature", () => _ = new TemperatureLogitsWarper(0)), ("temperature", () => _ = new TemperatureLogitsWarper(double.NaN)), ("top_k", () => _ = new TopKLogitsWarper(0)), ("top_p", () => _ = new TopPLogitsWarper(-0.1)),
        ("top_p", () => _ = new TopPLogitsWarper(1.1)), ("min_tokens_to_keep", () => _ = new TopPLogitsWarper(0.5, min_tokens_to_keep: 0)), ("min_p", () => _ = new MinPLogitsWarper(2)), ("mass", () => _ = new TypicalLogitsWarper(1)),
        ("epsilon", () => _ = new EpsilonLogitsWarper(0)), ("epsilon", () => _ = new EtaLogitsWarper(1)), ("penalty", () => _ = new RepetitionPenaltyLogitsProcessor(0)), ("penalty", () => _ = new EncoderRepetitionPenaltyLogitsProcessor(-1, Ids(1, 2, 2))),
        ("encoder_input_ids", () => _ = new EncoderRepetitionPenaltyLogitsProcessor(1, Tensor.Of(new[] { 1, 2 }))), ("ngram_size", () => _ = new NoRepeatNGramLogitsProcessor(0)), ("encoder_ngram_size", () => _ = new EncoderNoRepeatNGramLogitsProcessor(0, Ids(1, 2, 2))),
        ("bad_words_ids", () => _ = new NoBadWordsLogitsProcessor([])), ("bad_words_ids", () => _ = new NoBadWordsLogitsProcessor([[]])), ("bad_words_ids", () => _ = new NoBadWordsLogitsProcessor([[-2]])),
        ("sequence_bias", () => _ = new SequenceBiasLogitsProcessor([([1], double.NaN)])), ("eos_token_id", () => _ = new MinLengthLogitsProcessor(3, TokenIds.None)), ("min_length", () => _ = new MinLengthLogitsProcessor(-3, 1)),
        ("min_new_tokens", () => _ = new MinNewTokensLengthLogitsProcessor(3, -1, 1)), ("eos_token_id", () => _ = new ForcedEOSTokenLogitsProcessor(3, -1)), ("bos_token_id", () => _ = new ForcedBOSTokenLogitsProcessor(-1)),
        ("force_token_map", () => _ = new ForceTokensLogitsProcessor([(1, -1)])), ("exponential_decay_length_penalty", () => _ = new ExponentialDecayLengthPenalty((-1, 2), 1, 0)),
        ("num_beam_groups", () => _ = new HammingDiversityLogitsProcessor(1, 4, 3)), ("diversity_penalty", () => _ = new HammingDiversityLogitsProcessor(0, 4, 2)), ("num_beams", () => _ = new PrefixConstrainedLogitsProcessor((_, _) => [], 0)),
    ];

    static IEnumerable<TestCaseData> AllRefused => Refused.Select((r, i) => new TestCaseData(r.Name, r.Make).SetArgDisplayNames($"{i} {r.Name}"));

    [TestCaseSource(nameof(AllRefused))]
    public void An_impossible_argument_is_refused(string name, Action make) => Assert.That(() => make(), Throws.InstanceOf<KerasException>().With.Message.Contains(name).And.Message.Contains("Expected"));

    [Test]
    public void Tokens_that_the_vocabulary_does_not_have_are_refused()
    {
        var scores = Scores(1, vocabulary: 5);
        foreach (var processor in new LogitsProcessor[] { new NoBadWordsLogitsProcessor([[1, 9]]), new SequenceBiasLogitsProcessor([([9], 1)]), new ForcedBOSTokenLogitsProcessor(9), new PrefixConstrainedLogitsProcessor((_, _) => [9]) })
            Assert.That(() => processor.Apply(Ids(1, 3, 3), scores), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("9").And.Message.Contains("0 to 4"));
        Assert.That(() => new PrefixConstrainedLogitsProcessor((_, _) => []).Apply(Ids(1, 3, 3), scores), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("allows no token"));
        // An end that no token is cannot come, so there is nothing to ban.
        Assert.That(Floats(new MinLengthLogitsProcessor(9, 50256).Apply(Ids(1, 3, 3), scores)), Is.EqualTo(Floats(scores)));
    }
}
