using Keras.Engines;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The state of one call of <c>generate</c>: the tokens so far on the host, keys and values on the device.</summary>
sealed class Decoder : IDisposable
{
    readonly ICausalLanguageModel _model;
    readonly DecoderStore _store;
    readonly DecoderOptions _options;
    readonly Prompt _prompt;
    readonly CacheSize _size;
    readonly int _width;
    readonly int[] _history;
    readonly int[] _counts;
    readonly Tensor _mask;
    readonly EncodedPrompt? _encoder;
    Tensors? _cross;
    FixedSizeCache? _cache;
    PreparedStep? _prepared;
    bool _isFaulty;

    /// <summary>Makes a decoder for a prompt; computes nothing yet.</summary>
    public Decoder(ICausalLanguageModel model, DecoderStore store, Prompt prompt, DecoderOptions options, DType dtype)
    {
        (_model, _store, _prompt, _options) = (model, store, prompt, options);
        Rows = prompt.Batch * options.Repeats;
        _size = new(model.CacheForm, Rows, Buckets.Tokens(prompt.Length + options.NewTokens + Spare), dtype, $"{Engine.Current.Name} {Engine.Device}");
        _width = Buckets.Tokens(prompt.TokenCount + options.NewTokens + Spare);
        Length = prompt.TokenCount;
        _history = new int[Rows * _width];
        _counts = new int[Rows];
        var mask = Enumerable.Repeat(1, Rows * _size.Places).ToArray();
        for (var row = 0; row < Rows; row++)
        {
            var text = TextOf(row);
            prompt.Ids.AsSpan(text * prompt.TokenCount, prompt.TokenCount).CopyTo(_history.AsSpan(row * _width));
            prompt.MaskOf(text).CopyTo(mask.AsSpan(row * _size.Places));
            _counts[row] = prompt.Count(text);
        }
        _mask = Prompt.Tensor(mask, Rows, _size.Places);
        _encoder = prompt.Encoder?.Repeated(options.Repeats);
    }

    /// <summary>The number of rows: texts times repeats.</summary>
    public int Rows { get; }

    /// <summary>The number of tokens in each row, including the prompt's.</summary>
    public int Length { get; private set; }

    /// <summary>The number of positions that the model has processed.</summary>
    public int Seen { get; private set; }

    /// <summary>The number of last tokens that the model has not processed.</summary>
    public int Unseen => _prompt.Length + Length - _prompt.TokenCount - Seen;

    /// <summary>A row's tokens so far.</summary>
    public ReadOnlySpan<int> Tokens(int row) => _history.AsSpan(row * _width, Length);

    /// <summary>Positions beyond the maximum length, for guesses that no longer fit.</summary>
    int Spare => _options.Jit ? _options.Guesses : 0;

    /// <summary>The number of guesses to compute at once, given the remaining tokens; with XLA always the same, because it compiles for one number.</summary>
    public int GuessesWithin(int room) => _options.Jit ? _options.Guesses : Math.Min(_options.Guesses, room);

    int TextOf(int row) => row / _options.Repeats;

    Tensor History => Prompt.Tensor(_history, Rows, _width);

    /// <summary>The tokens of some rows, with space for those to come.</summary>
    public Tensor HistoryOf(int[] rows) => Prompt.Tensor([.. rows.SelectMany(row => _history.AsSpan(row * _width, _width).ToArray())], rows.Length, _width);

    /// <summary>Computes the prompt and applies a choice to its scores.</summary>
    /// <param name="choice">Applied to the scores; null to return scores, (R, 1, V).</param>
    public Tensors Begin(Choice? choice)
    {
        if (!_options.UseCache) return Whole(choice);
        _cache = _store.Rent(_size);
        var past = _prompt.PastLength;
        if (_prompt.Past is not null) _cache.Load(_prompt.Past, _options.Repeats);
        Seen = _prompt.Length;
        var inputs = Chosen(PromptInputs(past), choice);
        _prepared = Prepare(inputs, choice);
        return Forward(past > 0 ? "continue" : "prompt", inputs, choice);
    }

    /// <summary>Begins to compile a step that was never run; null if that gains nothing.</summary>
    PreparedStep? Prepare(Dictionary<string, Tensors> prompt, Choice? choice)
    {
        if (!_options.PreparesStep || _options.Eager || _options.NewTokens < 2 || Length == 0 || _encoder is not null || _size.Bytes > PreparedStep.MostBytes || _store.Has(Key(StepKind, choice), IsJit(StepKind))) return null;
        var step = StepInputs(1, null, choice);
        if (prompt.TryGetValue("choice", out var chosen)) step["choice"] = chosen;
        return new(() => Run(StepKind, step, choice, DecoderStore.NewCache(_size)));
    }

    /// <summary>Computes the scores or choice after the last added tokens.</summary>
    /// <param name="from">The row that each row continues; null for itself.</param>
    /// <param name="choice">Applied to the scores; null to return scores, (R, 1, V).</param>
    public Tensors Step(int[]? from, Choice? choice) => _options.UseCache ? Verify(1, from, choice) : Whole(choice);

    /// <summary>Adds a token to each row without computing anything.</summary>
    public void Add(ReadOnlySpan<int> tokens, int[]? from = null)
    {
        if (from is not null) Reorder(from);
        for (var row = 0; row < Rows; row++) _history[(row * _width) + Length] = tokens[row];
        Length++;
    }

    /// <summary>Removes the last tokens, as if the model had not processed them.</summary>
    public void Forget(int tokens)
    {
        Length -= tokens;
        Seen = Math.Min(Seen, _prompt.Length + Length - _prompt.TokenCount);
    }

    void Reorder(int[] from)
    {
        var before = (int[])_history.Clone();
        var counts = (int[])_counts.Clone();
        for (var row = 0; row < Rows; row++)
        {
            before.AsSpan(from[row] * _width, Length).CopyTo(_history.AsSpan(row * _width));
            _counts[row] = counts[from[row]];
        }
    }

    /// <summary>Computes the last tokens, which the model has not processed.</summary>
    /// <param name="count">The number of tokens.</param>
    /// <param name="from">The row that each row continues; null for itself.</param>
    /// <param name="choice">Applied to the last token's scores; null to return all scores, (R, count, V).</param>
    public Tensors Verify(int count, int[]? from, Choice? choice)
    {
        _prepared?.Wait();
        var inputs = Chosen(StepInputs(count, from, choice), choice);
        Seen += count;
        return Forward(StepKind, inputs, choice);
    }

    Dictionary<string, Tensors> StepInputs(int count, int[]? from, Choice? choice)
    {
        var (ids, positions) = (new int[Rows * count], new int[Rows * count]);
        for (var row = 0; row < Rows; row++)
            for (var i = 0; i < count; i++)
            {
                ids[(row * count) + i] = _history[(row * _width) + Length - count + i];
                positions[(row * count) + i] = Math.Min(_counts[row] + Seen - _prompt.Length + i, _model.PositionCount - 1);
            }
        var inputs = new Dictionary<string, Tensors>
        {
            ["input_ids"] = Prompt.Tensor(ids, Rows, count),
            ["position_ids"] = Prompt.Tensor(positions, Rows, count),
            ["attention_mask"] = _mask,
            ["scored"] = choice is null ? Prompt.Tensor([.. Enumerable.Range(0, count)], count) : Prompt.Tensor([count - 1], 1),
            ["past"] = Prompt.Tensor([Seen]),
        };
        if (_prompt.TokenTypes is { } types) inputs["token_type_ids"] = Prompt.Tensor([.. Enumerable.Range(0, Rows * count).Select(i => LastType(types, i / count))], Rows, count);
        if (_options.Reorders) inputs["rows"] = Prompt.Tensor(from ?? [.. Enumerable.Range(0, Rows)], Rows);
        return inputs;
    }

    int LastType(int[] types, int row) => types[((TextOf(row) + 1) * _prompt.Length) - 1];

    /// <summary>Computes all tokens so far, without a cache.</summary>
    Tensors Whole(Choice? choice)
    {
        var width = _options.Jit ? Math.Max(Length, Math.Min(Buckets.Tokens(Length), _model.PositionCount)) : Length;
        int[] ids = new int[Rows * width], positions = new int[Rows * width], mask = new int[Rows * width];
        mask.AsSpan().Fill(1);
        for (var row = 0; row < Rows; row++)
        {
            Tokens(row).CopyTo(ids.AsSpan(row * width));
            _prompt.MaskOf(TextOf(row)).CopyTo(mask.AsSpan(row * width));
            _prompt.Positions(TextOf(row)).CopyTo(positions.AsSpan(row * width));
            for (var i = _prompt.Length; i < Length; i++) positions[(row * width) + i] = _counts[row] + i - _prompt.Length;
        }
        var inputs = new Dictionary<string, Tensors>
        {
            ["input_ids"] = Prompt.Tensor(ids, Rows, width),
            ["position_ids"] = Prompt.Tensor(positions, Rows, width),
            ["attention_mask"] = Prompt.Tensor(mask, Rows, width),
            ["scored"] = Prompt.Tensor([Length - 1], 1),
        };
        if (_prompt.TokenTypes is { } types)
            inputs["token_type_ids"] = Prompt.Tensor([.. from row in Enumerable.Range(0, Rows) from i in Enumerable.Range(0, width) select types[(TextOf(row) * _prompt.Length) + Math.Min(i, _prompt.Length - 1)]], Rows, width);
        Seen = Length;
        return Forward(WholeKind, Chosen(inputs, choice), choice);
    }

    /// <summary>The prompt after a past from an earlier call; by texts, not rows, since the rows of a text share it.</summary>
    Dictionary<string, Tensors> PromptInputs(int past)
    {
        var length = _prompt.Length - past;
        // A past is continued by rows, as in any step.
        var rows = past > 0 ? Rows : _prompt.Batch;
        int[] Part(Func<int, ReadOnlySpan<int>> row, int from)
        {
            var part = new int[rows * length];
            for (var i = 0; i < rows; i++) row(past > 0 ? TextOf(i) : i)[from..].CopyTo(part.AsSpan(i * length));
            return part;
        }
        var inputs = new Dictionary<string, Tensors>
        {
            ["position_ids"] = Prompt.Tensor(Part(text => _prompt.Positions(text), past), rows, length),
            ["attention_mask"] = past > 0 ? _mask : Prompt.Tensor(Part(_prompt.MaskOf, 0), rows, length),
            ["scored"] = Prompt.Tensor([length - 1], 1),
            ["past"] = Prompt.Tensor([past]),
        };
        if (_prompt.Embeddings is { } vectors) inputs["inputs_embeds"] = vectors;
        else inputs["input_ids"] = Prompt.Tensor(Part(text => _prompt.Ids.AsSpan(text * _prompt.TokenCount, _prompt.TokenCount), past), rows, length);
        if (_prompt.TokenTypes is { } types) inputs["token_type_ids"] = Prompt.Tensor(Part(text => types.AsSpan(text * _prompt.Length, _prompt.Length), past), rows, length);
        return inputs;
    }

    /// <summary>Adds the inputs of a choice that is part of the function.</summary>
    Dictionary<string, Tensors> Chosen(Dictionary<string, Tensors> inputs, Choice? choice)
    {
        if (choice is { IsTensors: true }) inputs["choice"] = new Tensors(choice.Inputs(History, Length));
        return inputs;
    }

    Tensors Forward(string kind, Dictionary<string, Tensors> inputs, Choice? choice)
    {
        if ((kind == "prompt" ? _prompt.Encoder : _encoder) is { } encoder)
        {
            inputs["encoder_hidden_states"] = encoder.States;
            if (encoder.Mask is { } mask) inputs["encoder_attention_mask"] = mask;
            if (_cross is not null) inputs[Cross] = _cross;
        }
        var result = Run(kind, inputs, choice, _cache);
        if (_cross is null && result.TryGet(Cross, out var cross)) KeepOfEncoder(cross);
        if (choice is null or { IsTensors: true }) return result;
        var chosen = Choose(choice, result["logits"].Single[.., 0], [.. Enumerable.Range(0, Rows)], Length);
        return new Tensors(chosen.Named().Concat(result.Named().Where(o => o.Key != "logits")));
    }

    Tensors Run(string kind, Dictionary<string, Tensors> inputs, Choice? choice, FixedSizeCache? cache)
    {
        if (cache is not null) inputs["cache"] = new Tensors(cache.Resources.Select(r => new Tensors(r)));
        // The function outlives this call: it holds the form of the cache, not its memory, and only those options of the choice that are in the key.
        var (model, options, form, fused) = (_model, _options, cache?.Form, choice is { IsTensors: true } ? choice : null);
        Tensors Body(Tensors x) => new(Call(model, options, kind, form, x, fused));
        return _options.Eager ? Body(new Tensors(inputs)) : _store.Function(Key(kind, choice), _store.OneAtATime(Body), IsJit(kind)).Call(new Tensors(inputs));
    }

    string Key(string kind, Choice? choice) => $"{kind} {_options.Key} {_size.Rows} {_size.Places} {(choice is { IsTensors: true } ? choice.Key : "")}";

    /// <summary>Whether XLA compiles a computation. A prompt is computed once: TensorFlow alone is as fast, and compiling takes XLA more than a second for each length.</summary>
    bool IsJit(string kind) => _options.Jit && kind is (StepKind or WholeKind);

    /// <summary>Keeps the first call's keys and values of the encoder: they are the same in every step and for every row of a text.</summary>
    void KeepOfEncoder(Tensors cross)
    {
        _cross = cross;
        foreach (var (layer, pair) in cross.Index()) _cache!.KeepOfEncoder(layer, pair[0].Single, pair[1].Single);
    }

    /// <summary>Applies a choice to scores outside a step.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="raw">The model's scores, (rows, V).</param>
    /// <param name="rows">The rows of these scores.</param>
    /// <param name="length">The number of their tokens to use.</param>
    public Tensors Choose(Choice choice, Tensor raw, int[] rows, int length) => _store.Choose(choice, raw, choice.Inputs(HistoryOf(rows), length), _options.Eager);

    const string StepKind = "step";

    const string WholeKind = "whole";

    /// <summary>The name of the encoder's keys and values in a step's inputs and the first step's outputs.</summary>
    const string Cross = "cross";

    /// <summary>The function that is traced.</summary>
    static Dictionary<string, Tensors> Call(ICausalLanguageModel model, DecoderOptions options, string kind, FixedSizeCache? form, Tensors x, Choice? choice)
    {
        Tensor? Given(string name) => x.TryGet(name, out var value) ? value.Single : null;
        KeyValueCache? cache = null;
        if (form is not null)
        {
            Tensor[] resources = [.. x["cache"].Select(r => r.Single)];
            cache = kind == "prompt" ? form.OverPrompt(resources, options.Repeats) : form.Over(resources, x["past"].Single);
            if (Given("rows") is { } rows) cache.Reorder(rows);
            // Rows continue rows of the same text, which share these.
            if (x.TryGet(Cross, out var known)) foreach (var (layer, pair) in known.Index()) cache.KeepOfEncoder(layer, pair[0].Single, pair[1].Single);
        }
        var output = model.Decode(new DecoderInputs
        {
            input_ids = Given("input_ids"),
            inputs_embeds = Given("inputs_embeds"),
            attention_mask = x["attention_mask"].Single,
            position_ids = x["position_ids"].Single,
            token_type_ids = Given("token_type_ids"),
            encoder_hidden_states = Given("encoder_hidden_states"),
            encoder_attention_mask = Given("encoder_attention_mask"),
            cache = cache,
            scored = x["scored"].Single,
            output_attentions = options.Attentions,
            output_hidden_states = options.HiddenStates,
        });
        var logits = ops.cast(output.logits, "float32");
        Tensor Repeated(Tensor t) => kind == "prompt" && options.Repeats > 1 ? ops.repeat(t, options.Repeats, 0) : t;
        logits = Repeated(logits);
        var result = choice is null ? new Dictionary<string, Tensors> { ["logits"] = logits } : choice.Run(logits[.., 0], x["choice"]);
        if (options.HiddenStates) result["hidden_states"] = new Tensors(output.hidden_states!.Select(t => new Tensors(Repeated(t.Single))));
        if (options.Attentions) result["attentions"] = new Tensors(output.attentions!.Select(t => new Tensors(Repeated(t.Single))));
        if (options.Attentions && output.cross_attentions is { } seen) result["cross_attentions"] = new Tensors(seen.Select(t => new Tensors(Repeated(t.Single))));
        if (cache is not null && !x.ContainsKey(Cross) && cache.EncoderPairs is { Count: > 0 } computed)
            result[Cross] = new Tensors(computed.Select(pair => new Tensors([Repeated(pair.Keys), Repeated(pair.Values)])));
        return result;
    }

    /// <summary>The keys and values of all that the model has processed.</summary>
    public Tensors Past()
    {
        _cache!.SetLength(Seen);
        return _model.PastOf(_cache);
    }

    /// <summary>Marks the cache as unusable, because it contains NaN.</summary>
    public void MarkFaulty() => _isFaulty = true;

    /// <summary>Returns the cache for the next call.</summary>
    public void Dispose()
    {
        _prepared?.Wait();
        _cache?.ForgetEncoder();
        if (_cache is not null && !_isFaulty) _store.Return(_size, _cache);
        _cache = null;
    }
}
