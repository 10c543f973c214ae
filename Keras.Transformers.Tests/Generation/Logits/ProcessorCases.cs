using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests.Generation;

/// <summary>The golden cases of processors and of sampling. The README beside them is the contract.</summary>
static class ProcessorCases
{
    /// <summary>A case's processor by the option that it is of.</summary>
    static readonly Dictionary<string, Func<JsonObject, LogitsProcessor>> ByOption = new()
    {
        ["repetition_penalty"] = c => new RepetitionPenaltyLogitsProcessor(Real(c)),
        ["encoder_repetition_penalty"] = c => new EncoderRepetitionPenaltyLogitsProcessor(Real(c), Matrix(c["encoder_input_ids"]!)),
        ["no_repeat_ngram_size"] = c => new NoRepeatNGramLogitsProcessor(Whole(c)),
        ["encoder_no_repeat_ngram_size"] = c => new EncoderNoRepeatNGramLogitsProcessor(Whole(c), Matrix(c["encoder_input_ids"]!)),
        ["bad_words_ids"] = c => new NoBadWordsLogitsProcessor(Lists(c["value"]!), c["eos_token_id"] is null ? null : Ids(c, "eos_token_id")),
        ["sequence_bias"] = c => new SequenceBiasLogitsProcessor(c["value"]!.AsArray().Select(b => (List(b![0]!), b[1]!.GetValue<double>()))),
        ["min_length"] = c => new MinLengthLogitsProcessor(Whole(c), Ids(c, "eos_token_id")),
        ["min_new_tokens"] = c => new MinNewTokensLengthLogitsProcessor(Whole(c, "prompt_length"), Whole(c), Ids(c, "eos_token_id")),
        ["forced_bos_token_id"] = c => new ForcedBOSTokenLogitsProcessor(Whole(c)),
        ["forced_eos_token_id"] = c => new ForcedEOSTokenLogitsProcessor(Whole(c, "max_length"), Ids(c, "value")),
        ["forced_decoder_ids"] = c => new ForceTokensLogitsProcessor(Lists(c["value"]!).Select(p => (p[0], p[1]))),
        ["suppress_tokens"] = c => new SuppressTokensLogitsProcessor(List(c["value"]!)),
        ["begin_suppress_tokens"] = c => new SuppressTokensAtBeginLogitsProcessor(List(c["value"]!), Whole(c, "begin_index")),
        ["exponential_decay_length_penalty"] = c => new ExponentialDecayLengthPenalty((c["value"]![0]!.GetValue<int>(), c["value"]![1]!.GetValue<double>()), Ids(c, "eos_token_id"), Whole(c, "prompt_length")),
        ["renormalize_logits"] = _ => new LogitNormalization(),
        ["remove_invalid_values"] = _ => new InfNanRemoveLogitsProcessor(),
        ["prefix_allowed_tokens"] = c => new PrefixConstrainedLogitsProcessor((sample, _) => List(c["value"]![sample]!)),
        ["temperature"] = c => new TemperatureLogitsWarper(Real(c)),
        ["top_k"] = c => new TopKLogitsWarper(Whole(c), min_tokens_to_keep: Kept(c)),
        ["top_p"] = c => new TopPLogitsWarper(Real(c), min_tokens_to_keep: Kept(c)),
        ["min_p"] = c => new MinPLogitsWarper(Real(c), min_tokens_to_keep: Kept(c)),
        ["typical_p"] = c => new TypicalLogitsWarper(Real(c), min_tokens_to_keep: Kept(c)),
        ["epsilon_cutoff"] = c => new EpsilonLogitsWarper(Real(c), min_tokens_to_keep: Kept(c)),
        ["eta_cutoff"] = c => new EtaLogitsWarper(Real(c), min_tokens_to_keep: Kept(c)),
    };

    public static IReadOnlyList<JsonObject> Of(string area)
    {
        var file = GoldenFolder.PathOf("generation", area, "cases.json");
        return File.Exists(file) ? [.. JsonNode.Parse(File.ReadAllBytes(file))!["cases"]!.AsArray().Select(c => c!.AsObject())] : [];
    }

    /// <summary>XLA takes a second to compile a case: of the copy beside the tests one in so many is run with it, of a folder that was given each.</summary>
    const int OneInXla = 4;

    /// <summary>Every case of an area in each mode.</summary>
    public static IEnumerable<TestCaseData> In(string area, Func<JsonObject, bool> counts) =>
        from numbered in Of(area).Where(counts).Select(c => c["id"]!.GetValue<string>()).DefaultIfEmpty("").Index()
        let c = numbered.Item
        from mode in new[] { RunMode.Eager, RunMode.Graph, RunMode.Xla }
        where mode != RunMode.Xla || GoldenFolder.Given is not null || numbered.Index % OneInXla == 0
        let test = new TestCaseData(c, mode).SetArgDisplayNames(c, mode.ToString())
        select c.Length > 0 ? test : test.Ignore($"There are no such cases in {GoldenFolder.PathOf("generation", area)}.");

    public static bool IsHamming(JsonObject c) => c["option"]!.GetValue<string>() == "diversity_penalty";

    public static LogitsProcessor Processor(JsonObject c) => ByOption.TryGetValue(c["option"]!.GetValue<string>(), out var make) ? make(c) : throw new AssertionException($"The golden option {c["option"]} is not known to the test.");

    public static int Whole(JsonObject c, string key = "value") => c[key]!.GetValue<int>();

    static double Real(JsonObject c) => c["value"]!.GetValue<double>();

    static int Kept(JsonObject c) => c["min_tokens_to_keep"]?.GetValue<int>() ?? 1;

    static TokenIds Ids(JsonObject c, string key) => c[key] is JsonArray list ? List(list) : c[key]!.GetValue<int>();

    public static int[] List(JsonNode json) => [.. json.AsArray().Select(i => i!.GetValue<int>())];

    static int[][] Lists(JsonNode json) => [.. json.AsArray().Select(i => List(i!))];

    static Tensor Matrix(JsonNode json)
    {
        var rows = Lists(json);
        return Api.ops.reshape(Tensor.Of(rows.SelectMany(r => r).ToArray()), [rows.Length, -1]);
    }
}
