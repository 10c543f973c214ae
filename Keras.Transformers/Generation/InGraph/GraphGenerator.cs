using static Keras.Api;

namespace Keras.Transformers;

/// <summary><c>generate</c> as operations in a graph: the loop over tokens, their choice, and the bookkeeping of beams.</summary>
sealed class GraphGenerator
{
    /// <summary>The name of the seed input for sampling.</summary>
    public const string Seed = "seed";

    static readonly string[] Inputs = ["input_ids", "attention_mask", Seed];

    readonly TFPreTrainedModel _model;
    readonly TFPreTrainedModel _decoder;
    readonly IEncoderDecoderModel? _whole;
    readonly ICausalLanguageModel _causal;
    readonly GenerationConfig _config;
    readonly IReadOnlyList<LogitsProcessor> _processors;

    /// <summary>Reads and checks the options.</summary>
    /// <param name="model">The model.</param>
    /// <param name="config">The options.</param>
    /// <param name="processors">Further processors.</param>
    /// <exception cref="UnsupportedException">The model does not generate.</exception>
    /// <exception cref="ConfigException">An option is impossible, or cannot be part of a graph.</exception>
    public GraphGenerator(TFPreTrainedModel model, GenerationConfig config, IReadOnlyList<LogitsProcessor> processors)
    {
        _causal = Generator.CausalOf(model, out _decoder);
        _whole = model as IEncoderDecoderModel;
        model.EnsureBuilt();
        config.validate();
        (_model, _config, _processors) = (model, config.Clone(), processors);
        RequireTensors();
    }

    /// <summary>Whether tokens are sampled, so that a seed is an input.</summary>
    public bool Draws => _config.do_sample;

    /// <summary>The number of texts for each prompt.</summary>
    public int Sequences => _config.num_return_sequences;

    bool IsBeams => _config.num_beams > 1;

    void RequireTensors()
    {
        var refused = new (bool IsSo, string What, string Option, string Expected, object? Received, string Remedy)[]
        {
            (_config.num_beam_groups > 1, "Groups of beams cannot be part of a graph", "num_beam_groups", "1", _config.num_beam_groups, "Use beams without groups, or call generate."),
            (_config is { num_beams: 1, do_sample: false, penalty_alpha: > 0, top_k: > 1 }, "Contrastive search cannot be part of a graph", "penalty_alpha", "none", _config.penalty_alpha, "Decode greedily, by sampling or with beams, or call generate."),
            (_config.prompt_lookup_num_tokens is not null, "Prompt lookup cannot be part of a graph", "prompt_lookup_num_tokens", "none", _config.prompt_lookup_num_tokens, "Leave it out: the text is the same."),
            (_config.guidance_scale is not (null or 1), "Guidance cannot be part of a graph, because it computes a second prompt", "guidance_scale", "none", _config.guidance_scale, "Leave it out, or call generate."),
            (_config.max_time is not null, "A time limit cannot be part of a graph, which has no clock", "max_time", "none", _config.max_time, "Set max_new_tokens."),
            (_config.stop_strings is { Count: > 0 }, "Stop strings cannot be part of a graph", "stop_strings", "none", _config.stop_strings, "End texts by eos_token_id, or call generate."),
            (_config.output_scores || _config.output_logits || _config.output_attentions || _config.output_hidden_states, "A loop in a graph cannot return scores, states or attentions",
                "output_scores, output_logits, output_attentions, output_hidden_states", "false", true, "Call generate."),
        };
        foreach (var (isSo, what, option, expected, received, remedy) in refused)
            if (isSo) throw new ConfigException(what, $"generation_config.{option}", expected, Known.Say(received), remedy);
        foreach (var processor in _processors)
        {
            if (processor is not TensorLogitsProcessor)
                throw new UnsupportedException("A processor that is a C# function cannot be part of a graph", $"logits_processor, {processor.GetType().Name}", "processors of this library that are made of tensors",
                    processor.GetType().FullName, "Use an option or a processor of the library, or call generate.");
        }
        if (_config.max_new_tokens is { } count && count > _causal.PositionCount)
            throw new ValueRangeException("The text would grow beyond the model's positions", "generation_config.max_new_tokens", $"at most {_causal.PositionCount}", $"{count}", $"Set max_new_tokens so that prompts fit beside it.");
    }

    /// <summary>Generates the continuation of texts.</summary>
    /// <param name="inputs">input_ids and, where there is padding that pad_token_id does not mark, attention_mask: integers (B, T), padded on the left; for sampling, seed, an integer ().</param>
    /// <returns>sequences, int32 (B · num_return_sequences, T + N); with beams and return_dict_in_generate their scores too.</returns>
    public Tensors Apply(Tensors inputs) => Run(Read(inputs));

    /// <summary>Normalizes the inputs for <see cref="Run"/>: by name, with a mask for the ids, ids and masks as int32, a seed as int64.</summary>
    /// <param name="inputs">As <see cref="Apply"/> takes them.</param>
    public Tensors Read(Tensors inputs)
    {
        var read = _whole is null ? ReadPrompt(inputs) : ReadEncoderInputs(inputs);
        if (Draws) read[Seed] = SeedOf(inputs);
        return read;
    }

    /// <summary>Generates the continuation of texts, from inputs that were read.</summary>
    /// <param name="inputs">As <see cref="Read"/> gives them.</param>
    public Tensors Run(Tensors inputs)
    {
        var encoder = _whole is null ? null : Encoded(inputs);
        var (ids, mask) = encoder is null ? Begun(inputs["input_ids"].Single, inputs["attention_mask"].Single) : Begun(ops.shape(encoder.States)[0]);
        var seed = Draws ? inputs[Seed].Single : null;
        var length = ops.shape(ids)[1];
        var newTokens = _config.LongestText(length) - length;
        if (newTokens.Known is null && _config.max_new_tokens is null) newTokens = ops.maximum(newTokens.ToTensor(), 1);
        else if (_config.max_new_tokens is { } fixedCount) newTokens = fixedCount;
        var repeats = IsBeams ? _config.num_beams : Sequences;
        var decoder = new GraphDecoder(_causal, ids, mask, newTokens, repeats, encoder);
        var vocabulary = (int)_decoder.InputRanges["input_ids"].Max + 1;
        var processors = LogitsProcessors.Of(_config, length, vocabulary, encoder is null ? ids : encoder.Tokens, own: _processors);
        var pad = _config.pad_token_id ?? (_config.eos_token_id.Count > 0 ? _config.eos_token_id[0] : 0);
        if (!IsBeams)
        {
            Choice choice = Draws ? new SampleChoice(processors, false, []) : new GreedyChoice(processors, false);
            return new Dictionary<string, Tensors> { ["sequences"] = new GraphTokenLoop(decoder, choice, seed, _config.eos_token_id, pad).Run() };
        }
        var count = Math.Max(2, 1 + _config.eos_token_id.Count) * _config.num_beams;
        var (sequences, scores) = new GraphBeamLoop(decoder, new(processors, false, _config.num_beams, count, () => [], Draws ? 0 : null), seed, _config, pad).Run();
        var result = new Dictionary<string, Tensors> { ["sequences"] = sequences };
        if (_config.return_dict_in_generate) result["sequences_scores"] = scores;
        return result;
    }

    /// <summary>Reads the encoder's inputs, which have its names.</summary>
    Dictionary<string, Tensors> ReadEncoderInputs(Tensors inputs)
    {
        var named = inputs.IsLeaf ? new Dictionary<string, Tensors> { [_model.main_input_name] = inputs } : new(inputs.Named());
        string[] known = [.. _whole!.EncoderInputs, Seed];
        if (!named.ContainsKey(_model.main_input_name) || named.Keys.FirstOrDefault(k => !known.Contains(k)) is not null)
            throw new ArgumentException($"Generation in a graph was not given the encoder's inputs. Expected: {string.Join(", ", known)}. Received: {(named.Count == 0 ? "nothing" : string.Join(", ", named.Keys))}.", nameof(inputs));
        named.Remove(Seed);
        if (named.TryGetValue("input_ids", out var ids)) named["input_ids"] = ops.cast(ids.Single, "int32");
        if (ids is null || !_whole.EncoderInputs.Contains("attention_mask")) return named;
        named["attention_mask"] = named.TryGetValue("attention_mask", out var mask) ? ops.cast(mask.Single, "int32") : Tokens(named["input_ids"].Single);
        return named;
    }

    /// <summary>Runs the encoder.</summary>
    EncodedPrompt Encoded(Tensors inputs)
    {
        var named = inputs.Named().Where(i => i.Key != Seed).ToDictionary();
        return new(_whole!.Encode(new Tensors(named), attentions: false, hiddenStates: false)["states"].Single, named.TryGetValue("attention_mask", out var mask) ? mask.Single : null, IsOwn: true)
        {
            Tokens = named.TryGetValue("input_ids", out var tokens) ? tokens.Single : null,
        };
    }

    /// <summary>The first tokens of a decoder.</summary>
    (Tensor Ids, Tensor Mask) Begun(Dim texts)
    {
        var ids = GenerationInputs.Begin(_config, texts, isDecoder: true);
        return (ids, ops.ones_like(ids));
    }

    static Tensor SeedOf(Tensors inputs)
    {
        if (inputs.IsLeaf || !inputs.TryGet(Seed, out var given)) throw new ArgumentException($"The input '{Seed}' is missing. Expected: a number by which tokens are drawn, because do_sample is true. Received: none.", nameof(inputs));
        var seed = given.Single;
        if (!seed.dtype.IsInteger) throw new DTypeMismatchException("The seed is not a whole number", Seed, "int64", seed.dtype.Name);
        if (seed.shape is { HasRank: true, Rank: not 0 }) throw new ShapeMismatchException("The seed is not a single number", Seed, "()", seed.shape.ToString());
        return ops.cast(seed, "int64");
    }

    /// <summary>Reads the inputs of a decoder.</summary>
    Dictionary<string, Tensors> ReadPrompt(Tensors inputs)
    {
        static Tensor Matrix(Tensors x, string name)
        {
            var tensor = x.Single;
            if (!tensor.dtype.IsInteger) throw new DTypeMismatchException("The prompts are not token ids", name, "int32 or int64", tensor.dtype.Name, "Tokenize texts first.");
            if (tensor.shape.HasRank && tensor.ndim != 2) throw new ShapeMismatchException("The prompts do not have rows and columns", name, "(B, T)", tensor.shape.ToString());
            return ops.cast(tensor, "int32");
        }
        if (!inputs.IsLeaf && (!inputs.IsDictionary || inputs.Keys.Except(Inputs).Any() || !inputs.Keys.Contains(Inputs[0])))
            throw new ArgumentException($"Generation in a graph cannot read these inputs. Expected: token ids, or {string.Join(", ", Inputs)}. Received: {(inputs.IsDictionary ? string.Join(", ", inputs.Keys) : $"a list of {inputs.Count}")}.", nameof(inputs));
        var ids = Matrix(inputs.IsLeaf ? inputs : inputs["input_ids"], "input_ids");
        var mask = !inputs.IsLeaf && inputs.TryGet("attention_mask", out var given) ? ops.cast(ops.not_equal(Matrix(given, "attention_mask"), 0), "int32") : Tokens(ids);
        return new() { ["input_ids"] = ids, ["attention_mask"] = mask };
    }

    /// <summary>A mask of tokens, 1 where there is one; as in <c>generate</c>, pad tokens that do not also end texts are padding.</summary>
    Tensor Tokens(Tensor ids) => _config.pad_token_id is { } pad && !_config.eos_token_id.Contains(pad) ? ops.cast(ops.not_equal(ids, pad), "int32") : ops.ones_like(ids);

    /// <summary>Starts empty texts with bos_token_id, so that they do not affect others.</summary>
    (Tensor Ids, Tensor Mask) Begun(Tensor ids, Tensor mask)
    {
        if (_config.bos_token_id is not { } bos) return (ids, mask);
        if (ops.shape(ids)[1].Known is null or 0)
        {
            var missing = ops.zeros([ops.shape(ids)[0], ops.maximum(1 - ops.shape(ids)[1].ToTensor(), 0)], "int32");
            (ids, mask) = (ops.concatenate([missing, ids], 1), ops.concatenate([missing, mask], 1));
        }
        var width = ops.shape(ids)[1];
        var begins = ops.logical_and(ops.equal(ops.sum(mask, 1, keepdims: true), 0), ops.equal(ops.expand_dims(ops.arange(0, width, dtype: "int32"), 0), (width - 1).ToTensor()));
        return (ops.where(begins, bos, ids), ops.where(begins, 1, mask));
    }
}
