using System.Text.Json.Nodes;
using Keras.Graphs;

namespace Keras.Transformers.Tests.Generation;

/// <summary>The configuration of generation: files, changes, what is refused and what is warned of.</summary>
sealed class GenerationConfigTests
{
    readonly List<string> _warnings = [];
    Action<string> _warn = null!;

    [SetUp]
    public void Listen() => (_warn, Diagnostics.Warn) = (Diagnostics.Warn, _warnings.Add);

    [TearDown]
    public void Restore()
    {
        Diagnostics.Warn = _warn;
        _warnings.Clear();
    }

    static GenerationConfig Read(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, GenerationConfig.FileName), json);
        return GenerationConfig.from_pretrained(folder.Path);
    }

    static GenerationConfig With(string name, object? value) => new GenerationConfig().update(new Dictionary<string, object?> { [name] = value });

    static JsonObject Json(GenerationConfig config) => JsonNode.Parse(config.to_json_string())!.AsObject();

    [Test]
    public void A_golden_file_is_read_and_written_as_it_was()
    {
        var text = File.ReadAllText(GoldenFolder.Require("generation", "gpt2-b", GenerationConfig.FileName));
        var config = Read(text);
        Assert.That(config.eos_token_id, Is.EqualTo(new[] { 11, 23 }));
        Assert.That((config.pad_token_id, config.max_new_tokens, config.repetition_penalty, config.no_repeat_ngram_size, config.max_length), Is.EqualTo(((int?)2, (int?)15, (double?)1.15, (int?)3, 20)));
        using var folder = new TemporaryFolder();
        config.save_pretrained(folder.Path);
        Assert.That(File.ReadAllText(Path.Combine(folder.Path, GenerationConfig.FileName)).Replace("\r", ""), Is.EqualTo(text.TrimEnd() + "\n"));
        Assert.That(GenerationConfig.from_pretrained(folder.Path), Is.EqualTo(config));
        Assert.That(_warnings, Is.Empty);
    }

    static readonly Dictionary<string, object> Others = new()
    {
        ["max_length"] = 33, ["max_new_tokens"] = 7, ["min_length"] = 3, ["min_new_tokens"] = 2, ["early_stopping"] = "never", ["max_time"] = 1.5, ["stop_strings"] = new[] { "end", "." }, ["do_sample"] = true, ["num_beams"] = 4,
        ["num_beam_groups"] = 1, ["penalty_alpha"] = 0.6, ["use_cache"] = false, ["temperature"] = 0.7, ["top_k"] = 5, ["top_p"] = 0.95, ["min_p"] = 0.05, ["typical_p"] = 0.2, ["epsilon_cutoff"] = 3e-4, ["eta_cutoff"] = 2e-3,
        ["diversity_penalty"] = 0.0, ["repetition_penalty"] = 1.2, ["encoder_repetition_penalty"] = 1.1, ["length_penalty"] = -0.5, ["no_repeat_ngram_size"] = 2, ["bad_words_ids"] = new int[][] { [1, 2], [3] },
        ["sequence_bias"] = new[] { (new[] { 1, 2 }, 2.5) }, ["renormalize_logits"] = true, ["forced_bos_token_id"] = 3, ["forced_eos_token_id"] = new[] { 1, 2 }, ["remove_invalid_values"] = true,
        ["exponential_decay_length_penalty"] = (2, 1.4), ["suppress_tokens"] = new[] { 4 }, ["begin_suppress_tokens"] = new[] { 4, 5 }, ["forced_decoder_ids"] = new[] { (1, 5) }, ["guidance_scale"] = 1.5, ["low_memory"] = true,
        ["num_return_sequences"] = 2, ["output_attentions"] = true, ["output_hidden_states"] = true, ["output_scores"] = true, ["output_logits"] = true, ["return_dict_in_generate"] = true, ["pad_token_id"] = 2, ["bos_token_id"] = 1,
        ["eos_token_id"] = 9, ["encoder_no_repeat_ngram_size"] = 3, ["decoder_start_token_id"] = 4, ["num_assistant_tokens"] = 5, ["num_assistant_tokens_schedule"] = "heuristic", ["prompt_lookup_num_tokens"] = null!,
        ["max_matching_ngram_size"] = 3, ["seed"] = 11,
    };

    [Test]
    public void Every_option_is_set_by_name_written_and_read()
    {
        Assert.That(Others.Keys, Is.EquivalentTo(GenerationOption.ByName.Keys));
        Assert.That(typeof(GenerationConfig).GetProperties().Select(p => p.Name), Is.EquivalentTo(GenerationOption.ByName.Keys));
        var config = new GenerationConfig().update(Others!);
        var read = Read(config.to_json_string());
        Assert.That(read, Is.EqualTo(config));
        Assert.That(Json(config).Select(p => p.Key), Is.EquivalentTo(Others.Where(o => o.Value is not null and not 0.0 and not 1).Select(o => o.Key).Append("bos_token_id").Append("transformers_version")));
        foreach (var option in GenerationOption.All)
            Assert.That(option.JsonOf(typeof(GenerationConfig).GetProperty(option.Name)!.GetValue(read)), Is.EqualTo(option.JsonOf(option.Read(Others[option.Name], ""))), option.Name);
        Assert.That(_warnings, Has.Exactly(1).Contains("max_length").And.Exactly(1).Items, "Beside max_new_tokens it has no effect.");
        Assert.That(read.sequence_bias![0].Tokens, Is.EqualTo(new[] { 1, 2 }));
        Assert.That((read.exponential_decay_length_penalty, read.early_stopping.IsNever, read.forced_decoder_ids![0]), Is.EqualTo((((int, double)?)(2, 1.4), true, (1, 5))));
    }

    [Test]
    public void Defaults_are_Hugging_Faces_and_are_not_written()
    {
        var config = new GenerationConfig();
        Assert.That((config.max_length, config.top_k, config.temperature, config.top_p, config.typical_p, config.num_assistant_tokens, config.use_cache), Is.EqualTo((20, (int?)50, (double?)1, (double?)1, (double?)1, 20, true)));
        Assert.That(Json(config).Select(p => p.Key), Is.EqualTo(new[] { "transformers_version" }));
        config.validate();
        Assert.That(_warnings, Is.Empty);
        Assert.That(config.ToString(), Does.StartWith("GenerationConfig {"));
    }

    [Test]
    public void Properties_take_what_CSharp_has_for_them()
    {
        var config = new GenerationConfig { eos_token_id = [11, 23], forced_eos_token_id = 5, stop_strings = ["a"], bad_words_ids = [[1], [2, 3]], sequence_bias = [([4], 1)], early_stopping = true, top_p = null };
        Assert.That(config.eos_token_id.Count, Is.EqualTo(2));
        Assert.That(config.forced_eos_token_id, Is.EqualTo((TokenIds)5));
        config.eos_token_id = TokenIds.None;
        Assert.That(config.eos_token_id, Is.Empty);
        Assert.That(config.early_stopping == true);
        Assert.That(config.bad_words_ids[1], Is.EqualTo(new[] { 2, 3 }));
        var copy = config.Clone();
        copy.top_k = 3;
        Assert.That((config.top_k, copy.top_k, copy.Equals(config)), Is.EqualTo(((int?)50, (int?)3, false)));
        Assert.That(config.Clone(), Is.EqualTo(config));
    }

    [Test]
    public void Null_turns_an_option_off_and_what_cannot_be_off_is_the_default()
    {
        var config = Read("""{"eos_token_id": [1, 2], "temperature": 0.5, "do_sample": true, "num_beams": 3, "length_penalty": 2.0, "max_new_tokens": 4}""");
        var off = config.update(new Dictionary<string, object?> { ["eos_token_id"] = null, ["temperature"] = null, ["num_beams"] = null, ["length_penalty"] = null, ["max_new_tokens"] = null, ["top_k"] = null });
        Assert.That(off.eos_token_id, Is.Empty);
        Assert.That((off.temperature, off.num_beams, off.length_penalty, off.max_new_tokens, off.top_k), Is.EqualTo(((double?)null, 1, 1.0, (int?)null, (int?)null)));
        Assert.That(config.eos_token_id.Count, Is.EqualTo(2), "The first one is as it was.");
        Assert.That(LogitsProcessors.Of(off, 1, 9), Is.Empty);
    }

    [TestCase("temprature", "temperature"), TestCase("max_new_token", "max_new_tokens"), TestCase("Top_K", "top_k"), TestCase("no_such_option", null)]
    public void An_unknown_option_is_refused_with_the_nearest_name(string name, string? near) =>
        Assert.That(() => With(name, 1), Throws.InstanceOf<ConfigException>().With.Message.Contains(name).And.Message.Contains(near is null ? "no_such_option" : $"Did you mean \"{near}\"?"));

    /// <summary>Golden errors that need more than the configuration are seen where the prompt and the vocabulary are.</summary>
    [Test, Category("Golden")]
    public void Golden_errors_are_refused_before_any_token()
    {
        var file = GoldenFolder.Require("generation", "gpt2-a", "cases.json");
        var vocabulary = JsonNode.Parse(File.ReadAllBytes(GoldenFolder.Require("generation", "gpt2-a", "config.json")))!["vocab_size"]!.GetValue<int>();
        foreach (var c in JsonNode.Parse(File.ReadAllBytes(file))!["cases"]!.AsArray().Select(c => c!.AsObject()))
        {
            var isError = c["mode"]!.GetValue<string>() == "error";
            var mayPass = !isError || !c["pt"]!["raises"]!.GetValue<bool>();
            var mayFail = isError;
            var length = c["inputs"]?["input_ids"]?[0]?.AsArray().Count ?? 4;
            Exception? thrown = null;
            try
            {
                var config = new GenerationConfig().update(c["options"]?.AsObject().ToDictionary(o => o.Key, o => (object?)o.Value) ?? []);
                LogitsProcessors.Of(config, length, vocabulary, Api.ops.ones([1, length], "int32"));
                if (isError) config.LongestText(length);
            }
            catch (KerasException e)
            {
                thrown = e;
            }
            Assert.That(thrown is null ? mayPass : mayFail, $"{c["id"]}: {thrown?.Message ?? "nothing was refused"}");
        }
    }

    static readonly (string Json, string Says)[] Impossible =
    [
        ("""{"max_new_tokens": 0}""", "max_new_tokens"), ("""{"early_stopping": "sometimes"}""", "never"), ("""{"num_beams": 2, "num_return_sequences": 3}""", "num_return_sequences"), ("""{"num_return_sequences": 2}""", "do_sample"),
        ("""{"num_beams": 3, "num_beam_groups": 2, "diversity_penalty": 1.0}""", "divisor"), ("""{"num_beams": 4, "num_beam_groups": 2}""", "diversity_penalty"), ("""{"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 1.0, "do_sample": true}""", "do_sample"),
        ("""{"temperature": 0.0, "do_sample": true}""", "above 0"), ("""{"top_p": 1.5}""", "top_p"), ("""{"top_k": -1}""", "top_k"), ("""{"repetition_penalty": 0}""", "repetition_penalty"), ("""{"bad_words_ids": []}""", "bad_words_ids"),
        ("""{"bad_words_ids": [[]]}""", "bad_words_ids"), ("""{"bad_words_ids": [[-2]]}""", "bad_words_ids"), ("""{"min_length": 30}""", "max_length 20"), ("""{"min_new_tokens": 5, "max_new_tokens": 4}""", "max_new_tokens 4"),
        ("""{"max_length": "long"}""", "whole number"), ("""{"max_length": 1.5}""", "whole number"), ("""{"max_length": 99999999999}""", "whole number"), ("""{"eos_token_id": "end"}""", "token id"), ("""{"eos_token_id": [1, null]}""", "token id"),
        ("""{"do_sample": 1}""", "true or false"), ("""{"sequence_bias": {"1": 2}}""", "sequence_bias"), ("""{"sequence_bias": [[[1]]]}""", "sequence_bias"), ("""{"bad_words_ids": [1]}""", "list of lists"), ("""{"exponential_decay_length_penalty": [1]}""", "pair"),
        ("""{"temperature": 1e999}""", "temperature"), ("""{"stop_strings": [""]}""", "stop_strings"), ("""{"top_k": 5, "top_k": 6}""", "damaged"), ("""[1]""", "object"), ("""{"top_k": """, "damaged"), ("", "damaged"), ("""{"stop_strings": "\ud800"}""", "surrogate"),
    ];

    static IEnumerable<TestCaseData> AllImpossible => Impossible.Select(i => new TestCaseData(i.Json, i.Says).SetArgDisplayNames(i.Json));

    [TestCaseSource(nameof(AllImpossible))]
    public void An_impossible_file_is_refused_with_what_and_where(string json, string says) =>
        Assert.That(() => Read(json), Throws.InstanceOf<ConfigException>().With.Message.Contains(says).And.Message.Contains(GenerationConfig.FileName));

    [Test]
    public void A_file_of_transformers_5_is_read_and_what_it_holds_beyond_is_kept()
    {
        var config = Read("""{"_from_model_config": true, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": null, "max_length": null, "num_beams": null, "do_sample": null, "output_attentions": false, "token_healing": false, "watermarking_config": {"bias": 2.0}, "transformers_version": "5.0.0"}""");
        Assert.That((config.bos_token_id, config.max_length, config.num_beams, config.do_sample, config.pad_token_id), Is.EqualTo(((int?)1, 20, 1, false, (int?)null)));
        Assert.That(_warnings, Has.Exactly(1).Contains("watermarking_config").And.Exactly(1).Items);
        var json = Json(config);
        Assert.That(json["watermarking_config"]!["bias"]!.GetValue<double>(), Is.EqualTo(2));
        Assert.That(json["transformers_version"]!.GetValue<string>(), Is.EqualTo("5.0.0"));
        Assert.That(json["_from_model_config"]!.GetValue<bool>());
    }

    [Test]
    public void Options_without_effect_are_warned_of_once()
    {
        var config = Read("""{"temperature": 0.3, "length_penalty": 2.0, "pad_token_id": -1}""");
        Assert.That(_warnings, Has.Count.EqualTo(3).And.Exactly(1).Contains("temperature is 0.3").And.Exactly(1).Contains("num_beams").And.Exactly(1).Contains("pad_token_id"));
        config.validate();
        config.Clone().validate();
        Assert.That(_warnings, Has.Count.EqualTo(3));
        _ = Read("""{"top_k": 4, "penalty_alpha": 0.6}""");
        Assert.That(_warnings, Has.Count.EqualTo(3), "Contrastive search reads top_k.");
    }

    [Test]
    public void A_length_beside_max_new_tokens_is_warned_of_where_a_program_set_it()
    {
        var config = Read("""{"max_length": 50}""").update(new Dictionary<string, object?> { ["max_new_tokens"] = 5 });
        Assert.That(_warnings, Is.Empty, "A file's length is but a default.");
        _ = config.update(new Dictionary<string, object?> { ["max_length"] = 30 });
        Assert.That(_warnings, Has.Exactly(1).Contains("GenerationConfig.max_length is 30").And.Exactly(1).Items);
    }

    [Test]
    public void A_file_is_blamed_for_what_it_says_itself_only()
    {
        var config = Read("""{"temperature": 0.7, "do_sample": true}""");
        Assert.That(() => config.update(new Dictionary<string, object?> { ["top_p"] = 1.5 }), Throws.InstanceOf<ConfigException>().With.Message.Contains("(GenerationConfig.top_p)").And.Message.Not.Contains(GenerationConfig.FileName));
        config.temperature = 0;
        Assert.That(config.validate, Throws.InstanceOf<ConfigException>().With.Message.Contains("(GenerationConfig.temperature)").And.Message.Not.Contains(GenerationConfig.FileName));
    }

    [Test]
    public void A_models_configuration_gives_its_special_tokens_and_old_options()
    {
        var model = new GPT2Config { bos_token_id = 5, eos_token_id = 6, pad_token_id = 7, output_hidden_states = true };
        var config = GenerationConfig.from_model_config(model);
        Assert.That((config.bos_token_id, config.pad_token_id, config.output_hidden_states, config.return_dict_in_generate), Is.EqualTo(((int?)5, (int?)7, true, true)));
        Assert.That(config.eos_token_id, Is.EqualTo((TokenIds)6));
    }

    [Test]
    public void A_folder_without_the_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => GenerationConfig.from_pretrained(folder.Path), Throws.InstanceOf<ConfigException>().With.Message.Contains(GenerationConfig.FileName).And.Message.Contains("from_model_config"));
    }

    [Test]
    public void Processors_stand_in_Hugging_Faces_order()
    {
        var config = new GenerationConfig().update(Others!);
        (config.prompt_lookup_num_tokens, config.diversity_penalty) = (null, 0);
        (config.sequence_bias, config.forced_decoder_ids) = ([([1], 1)], [(3, 1)]);
        var list = LogitsProcessors.Of(config, 4, 20, Api.ops.ones([1, 4], "int32"), (_, _) => [1], [new Own()]);
        Assert.That(list.Select(p => p.GetType().Name), Is.EqualTo(new[]
        {
            "SequenceBiasLogitsProcessor", "EncoderRepetitionPenaltyLogitsProcessor", "RepetitionPenaltyLogitsProcessor", "NoRepeatNGramLogitsProcessor", "EncoderNoRepeatNGramLogitsProcessor", "NoBadWordsLogitsProcessor",
            "MinNewTokensLengthLogitsProcessor", "PrefixConstrainedLogitsProcessor", "ForcedBOSTokenLogitsProcessor", "ForcedEOSTokenLogitsProcessor", "InfNanRemoveLogitsProcessor", "ExponentialDecayLengthPenalty",
            "SuppressTokensLogitsProcessor", "SuppressTokensAtBeginLogitsProcessor", "ForceTokensLogitsProcessor", "Own", "TemperatureLogitsWarper", "TopKLogitsWarper", "TopPLogitsWarper", "MinPLogitsWarper", "TypicalLogitsWarper",
            "EpsilonLogitsWarper", "EtaLogitsWarper", "LogitNormalization",
        }));
        Assert.That(() => LogitsProcessors.Of(config, 4, 20, own: [new RepetitionPenaltyLogitsProcessor(2)]), Throws.InstanceOf<ConfigException>().With.Message.Contains("RepetitionPenaltyLogitsProcessor"));
        config.eos_token_id = TokenIds.None;
        Assert.That(() => LogitsProcessors.Of(config, 4, 20), Throws.InstanceOf<ConfigException>().With.Message.Contains("eos_token_id"));
        Assert.That(() => new GenerationConfig { max_length = 4 }.LongestText(4), Throws.InstanceOf<ConfigException>().With.Message.Contains("max_new_tokens"));
    }

    sealed class Own : LogitsProcessor
    {
        public override Tensor Apply(Tensor input_ids, Tensor scores) => scores;
    }
}
