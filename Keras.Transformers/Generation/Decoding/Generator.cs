using Keras.Engines;

namespace Keras.Transformers;

/// <summary>The arguments of one call of <c>generate</c> that no configuration file can hold.</summary>
sealed record GenerationExtras
{
    public IReadOnlyList<LogitsProcessor> Processors { get; init; } = [];

    public IReadOnlyList<StoppingCriteria> Criteria { get; init; } = [];

    public Func<int, int[], IEnumerable<int>>? Allowed { get; init; }

    public BaseStreamer? Streamer { get; init; }

    public TFPreTrainedModel? Assistant { get; init; }

    public ITextTokenizer? Tokenizer { get; init; }

    public Tensor? NegativePrompt { get; init; }

    public Tensor? NegativeMask { get; init; }

    public bool? Jit { get; init; }

    public bool Eager { get; init; }

    public CancellationToken Cancellation { get; init; }
}

/// <summary>One call of <c>generate</c>: chooses the decoding method, checks its requirements, and builds the result.</summary>
sealed class Generator
{
    readonly TFPreTrainedModel _model;
    readonly ICausalLanguageModel _causal;
    readonly Tensors? _inputs;
    readonly GenerationConfig _config;
    readonly GenerationExtras _extras;
    readonly Prompt _prompt;
    readonly TextLimits _limits;
    readonly StepRecord _record;

    /// <summary>Reads and checks everything; nothing is computed yet.</summary>
    public Generator(TFPreTrainedModel model, Tensors? inputs, GenerationConfig config, GenerationExtras extras)
    {
        _causal = CausalOf(model, out _model);
        model.EnsureBuilt();
        (_config, _extras, _inputs) = (config, extras, inputs);
        config.validate();
        _prompt = GenerationInputs.Read(model, inputs, config, new(extras.Eager, IsJit));
        _limits = new(NewTokens(), config.eos_token_id, Pad(), [.. Criteria()]);
        RequirePositions(_causal, _model, _prompt, _limits.NewTokens);
        RequireMode();
        var wanted = new (bool On, string Name)[] { (config.output_scores, "scores"), (config.output_logits, "logits"), (config.output_attentions, "attentions"), (config.output_attentions, "cross_attentions"), (config.output_hidden_states, "hidden_states") };
        _record = new(_prompt.Length - _prompt.PastLength, wanted.Where(w => w.On).Select(w => w.Name).ToHashSet());
    }

    bool IsJit => !_extras.Eager && (_extras.Jit ?? Engine.Current.PrefersJit);

    /// <summary>The causal model that generation uses; for a model with an encoder, its decoder.</summary>
    /// <param name="model">The model.</param>
    /// <param name="decoder">The model that makes the tokens: the model itself, or its decoder.</param>
    /// <exception cref="UnsupportedException">The model does not generate.</exception>
    public static ICausalLanguageModel CausalOf(TFPreTrainedModel model, out TFPreTrainedModel decoder) => (decoder = model is IEncoderDecoderModel whole ? whole.Decoder : model) as ICausalLanguageModel
        ?? throw new UnsupportedException("A model cannot generate text", model.GetType().Name, "a head that predicts the next token", "none", "Load it with TFAutoModelForCausalLM.from_pretrained.");

    /// <summary>The number of texts.</summary>
    public int Texts => _prompt.Batch;

    /// <summary>The number of beams of each text.</summary>
    public int Beams => _config.num_beams;

    /// <summary>Whether there are several beams.</summary>
    public bool IsBeams => Beams > 1;

    bool IsContrastive => _config is { num_beams: 1, do_sample: false, penalty_alpha: > 0, top_k: > 1 } && !IsAssisted;

    /// <summary>Whether the model's own encoder provides the states.</summary>
    bool IsOfEncoder => _prompt.Encoder is { IsOwn: true };

    bool IsAssisted => _extras.Assistant is not null || _config.prompt_lookup_num_tokens is not null;

    int Repeats => IsBeams ? _config.num_beams : IsContrastive ? _config.low_memory == true ? 1 : Candidates : _config.num_return_sequences;

    int Candidates => Math.Min(_config.top_k!.Value, Vocabulary);

    int Vocabulary => (int)_model.InputRanges["input_ids"].Max + 1;

    int NewTokens() => _config.LongestText(_prompt.Length) - _prompt.Length;

    int Pad()
    {
        if (_config.pad_token_id is { } pad) return pad;
        if (_config.eos_token_id.Count == 0) return 0;
        if (_prompt.Batch > 1 || Repeats > 1) _config.WarnOnce($"generate: there is no pad_token_id; texts that end before others are padded with eos_token_id {_config.eos_token_id[0]}.");
        return _config.eos_token_id[0];
    }

    IEnumerable<StoppingCriteria> Criteria()
    {
        if (_config.max_time is { } seconds) yield return new MaxTimeCriteria(seconds);
        if (_config.stop_strings is { Count: > 0 } strings) yield return new StopStringCriteria(_extras.Tokenizer, strings);
        foreach (var own in _extras.Criteria) yield return own;
    }

    static void RequirePositions(ICausalLanguageModel causal, TFPreTrainedModel model, Prompt prompt, int newTokens)
    {
        var longest = Enumerable.Range(0, prompt.Batch).Max(prompt.Count);
        if (longest > causal.PositionCount)
            throw new ValueRangeException("A prompt is longer than the model's positions", model.GetType().Name, $"at most {causal.PositionCount} tokens", $"{longest}", "Truncate the text: truncation: true, max_length.");
        // The last token is not computed.
        if (longest + newTokens - 1 > causal.PositionCount)
            throw new ValueRangeException("The text would grow beyond the model's positions", model.GetType().Name, $"at most {causal.PositionCount} tokens", $"{longest} of the prompt and {newTokens} new ones", $"Set max_new_tokens to at most {causal.PositionCount - longest + 1}, or shorten the prompt.");
    }

    void RequireMode()
    {
        void Refuse(bool isSo, string what, string where, string expected, string received, string remedy)
        {
            if (isSo) throw new ConfigException(what, $"generate, {where}", expected, received, remedy);
        }
        Refuse(IsBeams && _extras.Streamer is not null, "Beams cannot be streamed, because the best one is known only at the end", "streamer", "num_beams 1", $"{_config.num_beams}", "Leave the streamer out, or set num_beams to 1.");
        Refuse(IsAssisted && (IsBeams || _prompt.Batch * _config.num_return_sequences > 1), "Assisted generation cannot handle several texts at a time", _extras.Assistant is null ? "prompt_lookup_num_tokens" : "assistant_model", "one prompt, num_beams 1 and num_return_sequences 1",
            $"{_prompt.Batch} prompts, {_config.num_beams} beams, {_config.num_return_sequences} sequences", "Call generate for each prompt.");
        Refuse(IsAssisted && !_config.use_cache, "Assisted generation cannot work without a cache", "use_cache", "true", "false", "Set use_cache: true.");
        Refuse((IsAssisted || IsContrastive) && (_config.output_attentions || _config.output_hidden_states), "States and attentions cannot be returned here, because more tokens are computed than the text gets", "output_attentions, output_hidden_states", "false", "true", "Call the model on the finished text.");
        Refuse(IsContrastive && !_config.use_cache, "Contrastive search cannot work without a cache", "use_cache", "true", "false", "Set use_cache: true.");
        Refuse(_prompt.Embeddings is not null && !_config.use_cache, "Word vectors cannot be used without a cache, because they stand for the prompt in the first step only", "use_cache", "true with inputs_embeds", "false", "Set use_cache: true.");
        Refuse(_prompt.Embeddings is not null && _prompt.Past is not null, "Word vectors cannot be combined with keys and values of earlier tokens", "inputs_embeds", "input_ids with past_key_values", "both", "Give the tokens as input_ids.");
        Refuse(_prompt.Embeddings is not null && IsAssisted, "Assisted generation cannot begin with word vectors", "inputs_embeds", "input_ids", "word vectors", "Give the tokens as input_ids.");
        Refuse(_prompt.TokenCount == 0 && _config.guidance_scale is not (null or 1) && _extras.NegativePrompt is null, "Guidance has no token to lead away from", "negative_prompt_ids", "token ids with inputs_embeds", "none", "Give negative_prompt_ids.");
        Refuse(_config.guidance_scale is not (null or 1) && IsOfEncoder, "Guidance cannot be used with an encoder, whose input is not a prompt", "guidance_scale", "none", $"{_config.guidance_scale}", "Leave guidance_scale out.");
        Refuse(_config.guidance_scale is not (null or 1) && (IsBeams || IsContrastive || IsAssisted), "Guidance cannot be combined with this way of decoding", "guidance_scale", "greedy decoding or sampling", "another way of decoding", "Leave guidance_scale out.");
        if (_extras.Assistant is not { } assistant) return;
        var helper = assistant is IEncoderDecoderModel whole ? whole.Decoder : assistant;
        Refuse(helper is not ICausalLanguageModel, "The assistant cannot generate text", "assistant_model", "a head that predicts the next token", assistant.GetType().Name, "Load it with TFAutoModelForCausalLM.from_pretrained.");
        Refuse(assistant is IEncoderDecoderModel != IsOfEncoder, "The assistant takes other inputs than the model", "assistant_model", IsOfEncoder ? "an encoder with a decoder" : "a decoder alone", assistant.GetType().Name, "Use a smaller model of the same kind.");
        var own = (int)helper.InputRanges["input_ids"].Max + 1;
        Refuse(own != Vocabulary, "The assistant has another vocabulary", "assistant_model", $"{Vocabulary} tokens", $"{own}", "Use a smaller model with the same tokenizer.");
    }

    /// <summary>The number of tokens guessed and checked at once.</summary>
    int Guesses => _config.prompt_lookup_num_tokens ?? (_extras.Assistant is null ? 0 : _config.num_assistant_tokens);

    Decoder NewDecoder(bool reorders = false) => NewDecoder(_model, _causal, _prompt, Repeats, reorders, _config.output_hidden_states || IsContrastive);

    Decoder NewDecoder(TFPreTrainedModel model, ICausalLanguageModel causal, Prompt prompt, int repeats, bool reorders, bool states) => new(causal, model.Decoders, prompt,
        new(repeats, _limits.NewTokens, Guesses, _config.use_cache, IsJit, _extras.Eager, _config.output_attentions, states, reorders, PreparesStep), model.compute_dtype);

    bool PreparesStep => !IsContrastive && !IsAssisted;

    /// <summary>All processors; those of the user that are not made of tensors run outside the compiled step.</summary>
    LogitsProcessorList Processors(IEnumerable<LogitsProcessor>? first = null)
    {
        return new((first ?? []).Concat(LogitsProcessors.Of(_config, _prompt.TokenCount, Vocabulary, _prompt.Compared, _extras.Allowed, _extras.Processors)));
    }

    /// <summary>Converts the call to a text in a batch that others join and leave.</summary>
    /// <exception cref="ConfigException">The call has more than one text, or asks for something only a separate call can give.</exception>
    public ScheduledText ToScheduled()
    {
        void Refuse(bool isSo, string where, string expected, string received)
        {
            if (isSo) throw new ConfigException("A scheduler cannot serve this request; it generates one text per request, greedily or by sampling", $"GenerationScheduler, {where}", expected, received, "Call generate, or ask once for each text.");
        }
        Refuse(_prompt.Batch > 1, "inputs", "one text", $"{_prompt.Batch}");
        Refuse(_prompt.Embeddings is not null || _prompt.Past is not null || _prompt.Encoder is not null || _prompt.TokenTypes is not null, "inputs", "input_ids, and attention_mask at most", "other inputs");
        Refuse(IsBeams, "num_beams", "1", $"{Beams}");
        Refuse(_config.num_return_sequences > 1, "num_return_sequences", "1", $"{_config.num_return_sequences}");
        Refuse(IsContrastive, "penalty_alpha", "none", $"{_config.penalty_alpha}");
        Refuse(_config.prompt_lookup_num_tokens is not null, "prompt_lookup_num_tokens", "none", $"{_config.prompt_lookup_num_tokens}");
        Refuse(_config.guidance_scale is not (null or 1), "guidance_scale", "none", $"{_config.guidance_scale}");
        Refuse(!_config.use_cache, "use_cache", "true", "false");
        Refuse(_config.output_scores || _config.output_logits || _config.output_attentions || _config.output_hidden_states || _config.return_dict_in_generate, "output_scores, output_logits, output_attentions, output_hidden_states, return_dict_in_generate", "false", "true");
        return new(_prompt, NewChoice(Processors(), 1), _limits, _extras.Cancellation);
    }

    Choice NewChoice(LogitsProcessorList processors, int rows) => _config.do_sample ? new SampleChoice(processors, _config.output_scores, Seeds(rows)) : new GreedyChoice(processors, _config.output_scores);

    /// <summary>Generates all tokens and returns the whole output.</summary>
    public GenerateOutput Run()
    {
        if (IsBeams) return RunBeams();
        var steps = new List<int[]>();
        foreach (var tokens in Tokens()) steps.Add(tokens);
        var rows = IsContrastive ? _prompt.Batch : _prompt.Batch * Repeats;
        int[][] texts = [.. Enumerable.Range(0, rows).Select(row => (int[])[.. Prefix(row), .. steps.Select(s => s[row])])];
        return Output(_past, Padded(texts, _prompt.TokenCount + steps.Count, 0));
    }

    Tensors? _past;

    ReadOnlySpan<int> Prefix(int row) => _prompt.Ids.AsSpan((IsContrastive ? row : row / Repeats) * _prompt.TokenCount, _prompt.TokenCount);

    /// <summary>The tokens of each step, one for each text; only for decoding methods that know each token before the end.</summary>
    public IEnumerable<int[]> Tokens()
    {
        using var decoder = NewDecoder(reorders: IsContrastive && _config.low_memory != true);
        using var guidance = _config.guidance_scale is { } scale and not 1 ? NewGuidance(scale) : null;
        using var assistant = _extras.Assistant is { } helper ? NewAssistant(helper) : null;
        _extras.Streamer?.put(_prompt.Ids, _prompt.Batch);
        foreach (var tokens in Loop(decoder, guidance, assistant))
        {
            _extras.Streamer?.put(tokens, tokens.Length);
            yield return tokens;
        }
        _extras.Streamer?.end();
        if (_config.return_dict_in_generate && _config.use_cache && !IsContrastive) _past = decoder.Past();
    }

    IEnumerable<int[]> Loop(Decoder decoder, Guidance? guidance, AssistantGuesses? assistant)
    {
        if (IsContrastive)
            return new ContrastiveLoop(decoder, new CandidateChoice(Processors(), _config.output_scores, Candidates), Candidates, _config.penalty_alpha!.Value, _prompt, _limits, _record).Run(_extras.Cancellation);
        var choice = NewChoice(Processors(guidance is null ? null : [guidance]), decoder.Rows);
        if (assistant is not null) return new AssistedLoop(decoder, choice, assistant, _config.num_assistant_tokens, _limits, _record).Run(_extras.Cancellation);
        if (_config.prompt_lookup_num_tokens is { } most) return new AssistedLoop(decoder, choice, new PromptLookup(_config.max_matching_ngram_size ?? 2), most, _limits, _record).Run(_extras.Cancellation);
        return new TokenLoop(decoder, choice, _limits, _record).Run(_extras.Cancellation);
    }

    long[] Seeds(int rows)
    {
        var seed = _config.seed ?? GlobalSeed.Next();
        return [.. Enumerable.Range(0, rows).Select(row => TokenSeeds.Of(seed, row))];
    }

    Guidance NewGuidance(double scale)
    {
        var last = Enumerable.Range(0, _prompt.Batch).Select(text => _prompt.Ids[((text + 1) * _prompt.TokenCount) - 1]).ToArray();
        var inputs = new Dictionary<string, Tensors> { ["input_ids"] = _extras.NegativePrompt is { } ids ? ids : Prompt.Tensor(last, _prompt.Batch, 1) };
        if (_extras.NegativeMask is { } mask) inputs["attention_mask"] = mask;
        var prompt = GenerationInputs.Read(_model, new Tensors(inputs), _config);
        if (prompt.Batch != _prompt.Batch) throw new ShapeMismatchException("Two prompts differ in their number of texts", "generate, negative_prompt_ids", $"{_prompt.Batch} rows", $"{prompt.Batch}");
        RequirePositions(_causal, _model, prompt, _limits.NewTokens);
        return new(scale, NewDecoder(_model, _causal, prompt, Repeats, reorders: false, states: false));
    }

    AssistantGuesses NewAssistant(TFPreTrainedModel assistant)
    {
        assistant.EnsureBuilt();
        var causal = CausalOf(assistant, out var decoder);
        // An assistant with an encoder encodes the inputs itself.
        var prompt = IsOfEncoder ? GenerationInputs.Read(assistant, _inputs, _config, new(_extras.Eager, IsJit)) : _prompt;
        RequirePositions(causal, decoder, prompt, _limits.NewTokens);
        var settings = _config.Clone();
        settings.do_sample = false;
        var choice = new GreedyChoice(LogitsProcessors.Of(settings, prompt.TokenCount, Vocabulary, prompt.Compared, _extras.Allowed), scores: false);
        return new(NewDecoder(decoder, causal, prompt, 1, reorders: false, states: false), choice, _config.num_assistant_tokens, _config.num_assistant_tokens_schedule != "constant");
    }

    GenerateOutput RunBeams()
    {
        using var decoder = NewDecoder(reorders: true);
        var rule = _config.early_stopping;
        var search = new BeamSearch(_prompt.Batch, _config.num_beams, _config.num_beam_groups, _limits.Eos, _limits.Pad, _config.length_penalty, rule.IsNever ? null : rule.Flag, _limits.NewTokens);
        var loop = new BeamLoop(decoder, search, [.. Enumerable.Range(0, _config.num_beam_groups).Select(group => BeamsOf(search, group))], _limits, _record);
        var added = loop.Run(_extras.Cancellation);
        var best = search.Best(_config.num_return_sequences, row => decoder.Tokens(row).ToArray(), added);
        var longest = best.Max(h => h.Tokens.Length + (h.Last is null ? 0 : 1));
        var output = Output(null, Padded([.. best.Select(h => h.Last is { } last ? (int[])[.. h.Tokens, last] : h.Tokens)], longest, _limits.Pad));
        output.SetBeams(best.Select(h => (float)h.Score).ToArray(), Padded([.. best.Select(h => h.Beams)], longest - _prompt.TokenCount, -1));
        return output;
    }

    BeamChoice BeamsOf(BeamSearch search, int group)
    {
        float[] Sums() => [.. search.RowsOf(group).Select(row => search.Sums[row])];
        var processors = Processors();
        // In Hugging Face it comes after sequence biases, before everything else.
        if (_config.num_beam_groups > 1) processors.Insert(_config.sequence_bias is null ? 0 : 1, new GroupDiversity(new(_config.diversity_penalty, _config.num_beams, _config.num_beam_groups), () => search.Tokens, group));
        return new(processors, _config.output_scores, _config.num_beams / _config.num_beam_groups, search.Candidates, Sums, _config.do_sample ? _config.seed ?? GlobalSeed.Next() : null);
    }

    static Tensor Padded(int[][] rows, int width, int fill)
    {
        var all = new int[rows.Length * width];
        all.AsSpan().Fill(fill);
        foreach (var (i, row) in rows.Index()) row.CopyTo(all, i * width);
        return Prompt.Tensor(all, rows.Length, width);
    }

    GenerateOutput Output(Tensors? past, Tensor sequences) => GenerateOutput.Of(sequences, _record, past, IsOfEncoder, _prompt.Encoder?.Others);
}

/// <summary>Penalizes tokens that earlier groups of beams have just chosen.</summary>
/// <param name="diversity">The penalty.</param>
/// <param name="chosen">The token of each row in this step.</param>
/// <param name="group">The group, from 0.</param>
sealed class GroupDiversity(HammingDiversityLogitsProcessor diversity, Func<int[]> chosen, int group) : LogitsProcessor
{
    public override Tensor Apply(Tensor input_ids, Tensor scores) => diversity.Apply(input_ids, scores, Prompt.Tensor(chosen(), chosen().Length), group);
}
