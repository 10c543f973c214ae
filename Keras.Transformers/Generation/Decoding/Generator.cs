using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>What goes with the options of one call of <c>generate</c> and is in no file.</summary>
sealed record GenerationExtras
{
    public IReadOnlyList<LogitsProcessor> Processors { get; init; } = [];
    public IReadOnlyList<StoppingCriteria> Criteria { get; init; } = [];
    public bool? Jit { get; init; }
    public bool Eager { get; init; }
    public CancellationToken Cancellation { get; init; }
}

/// <summary>One call of <c>generate</c>: what is to be done, and how.</summary>
sealed class Generator
{
    readonly TFPreTrainedModel _model;
    readonly ICausalLanguageModel _decoderModel;
    readonly GenerationConfig _config;
    readonly GenerationExtras _extras;
    readonly Prompt _prompt;
    readonly TextLimits _limits;
    readonly StepRecord _record;

    public Generator(TFPreTrainedModel model, Tensors? inputs, GenerationConfig config, GenerationExtras extras)
    {
        _model = model;
        _decoderModel = model as ICausalLanguageModel ?? throw new UnsupportedException("A model cannot generate text", model.GetType().Name, "a model with a head that predicts the next token", model.GetType().Name, "Load it with TFAutoModelForCausalLM.from_pretrained.");
        model.EnsureBuilt();
        (_config, _extras) = (config, extras);
        _prompt = GenerationInputs.Read(model, inputs, config);
        int[] eos = config.eos_token_id ?? [];
        _limits = new(NewTokens(), eos, config.pad_token_id ?? eos.FirstOrDefault(), extras.Criteria);
        RequirePositions();
        var wanted = new (bool On, string Name)[] { (config.output_scores, "scores"), (config.output_logits, "logits"), (config.output_attentions, "attentions"), (config.output_hidden_states, "hidden_states") };
        _record = new(_prompt.Batch * Repeats, _prompt.Length - _prompt.PastLength, wanted.Where(w => w.On).Select(w => w.Name).ToHashSet());
    }

    bool IsBeams => _config.num_beams > 1;

    int Repeats => IsBeams ? _config.num_beams : _config.num_return_sequences;

    int NewTokens()
    {
        var shown = _prompt.TokenCount;
        var count = _config.max_new_tokens ?? _config.max_length - _prompt.Length;
        if (count <= 0)
            throw new ValueRangeException("The prompt leaves no room for new tokens", "generate, max_length", $"more than the prompt's {_prompt.Length} tokens", $"{_config.max_length}", "Give max_new_tokens, which does not count the prompt.");
        _ = shown;
        return count;
    }

    void RequirePositions()
    {
        var longest = Enumerable.Range(0, _prompt.Batch).Max(_prompt.Count);
        if (longest > _decoderModel.PositionCount)
            throw new ValueRangeException("A prompt is longer than the model's positions", _model.GetType().Name, $"at most {_decoderModel.PositionCount} tokens", $"{longest}", "Truncate the text: truncation: true, max_length.");
        if (longest + _limits.NewTokens - 1 > _decoderModel.PositionCount)
            throw new ValueRangeException("The text would grow beyond the model's positions", _model.GetType().Name, $"at most {_decoderModel.PositionCount} tokens", $"{longest} of the prompt and {_limits.NewTokens} new ones", $"Set max_new_tokens to at most {_decoderModel.PositionCount - longest + 1}, or shorten the prompt.");
    }

    Decoder NewDecoder(bool reorders) => new(_decoderModel, _model.Decoders, _prompt,
        new(Repeats, _limits.NewTokens, _config.use_cache, _extras.Jit ?? false, _extras.Eager, _config.output_attentions, _config.output_hidden_states, reorders), DType.Parse(_model.compute_dtype.Name));

    public GenerateOutput Run()
    {
        if (IsBeams) return RunBeams();
        using var decoder = NewDecoder(reorders: false);
        foreach (var _ in new TokenLoop(decoder, TokenChoice(), _limits, _record).Run(_extras.Cancellation)) { }
        return Output(decoder, Rows(decoder, Enumerable.Range(0, decoder.Rows)));
    }

    Choice TokenChoice() => _config.do_sample ? new SampleChoice(_extras.Processors, _config.output_scores, Seeds(_prompt.Batch * Repeats)) : new GreedyChoice(_extras.Processors, _config.output_scores);

    long[] Seeds(int rows)
    {
        var seed = _config.seed ?? GlobalSeed.Next();
        return [.. Enumerable.Range(0, rows).Select(row => TokenSeeds.Of(seed, row))];
    }

    GenerateOutput RunBeams()
    {
        using var decoder = NewDecoder(reorders: true);
        var search = new BeamSearch(_prompt.Batch, _config.num_beams, _config.num_beam_groups, _limits.Eos, _limits.Pad, _config.length_penalty, _config.early_stopping, _limits.NewTokens);
        long? seed = _config.do_sample ? _config.seed ?? GlobalSeed.Next() : null;
        var size = _config.num_beams / _config.num_beam_groups;
        BeamChoice Group(int group)
        {
            float[] Sums() => [.. search.RowsOf(group).Select(row => search.Sums[row])];
            return new(_extras.Processors, _config.output_scores, size, search.Candidates, Sums, seed);
        }
        var loop = new BeamLoop(decoder, search, [.. Enumerable.Range(0, _config.num_beam_groups).Select(Group)], _limits, _record);
        var added = loop.Run(_extras.Cancellation);
        var best = search.Best(_config.num_return_sequences, row => decoder.Tokens(row).ToArray(), added);
        var longest = best.Max(h => h.Tokens.Length + (h.Last is null ? 0 : 1));
        var output = Output(decoder, Padded([.. best.Select(h => h.Last is { } last ? (int[])[.. h.Tokens, last] : h.Tokens)], longest, _limits.Pad));
        output = new GenerateOutput
        {
            sequences = output.sequences, scores = output.scores, logits = output.logits, attentions = output.attentions, hidden_states = output.hidden_states, past_key_values = output.past_key_values,
            sequences_scores = best.Select(h => (float)h.Score).ToArray(),
            beam_indices = Padded([.. best.Select(h => h.Beams)], longest - _prompt.TokenCount, -1),
        };
        return output;
    }

    static Tensor Rows(Decoder decoder, IEnumerable<int> rows) => Padded([.. rows.Select(row => decoder.Tokens(row).ToArray())], decoder.Length, 0);

    static Tensor Padded(IReadOnlyList<int[]> rows, int width, int fill)
    {
        var all = new int[rows.Count * width];
        all.AsSpan().Fill(fill);
        foreach (var (i, row) in rows.Index()) row.CopyTo(all, i * width);
        return Prompt.Tensor(all, rows.Count, width);
    }

    GenerateOutput Output(Decoder decoder, Tensor sequences) => new()
    {
        sequences = sequences, scores = _record["scores"], logits = _record["logits"], attentions = _record["attentions"], hidden_states = _record["hidden_states"],
        past_key_values = _config.return_dict_in_generate == true && _config.use_cache ? decoder.Past() : null,
    };
}
