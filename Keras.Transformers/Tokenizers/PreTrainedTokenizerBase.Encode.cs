using System.Collections.Concurrent;
using Keras.Backend;

namespace Keras.Transformers;

public abstract partial class PreTrainedTokenizerBase
{
    const int ParallelFromUnits = 1 << 14, NotPadded = -2, LongestRow = -1;

    /// <summary>Normalises a piece of text without added tokens, which begins at <paramref name="shift"/>, in one of the buffers. By default the text stays as it is.</summary>
    protected virtual NormalizedText Normalize(ReadOnlySpan<char> piece, int shift, EncodeScratch scratch)
    {
        scratch.Text.Copy(piece, shift);
        return scratch.Text;
    }

    /// <summary>Adds the tokens of units [<paramref name="start"/>, <paramref name="stop"/>) of normalised text to those of <paramref name="scratch"/>.</summary>
    protected abstract void TokenizePiece(NormalizedText text, int start, int stop, EncodeScratch scratch);

    /// <summary>Throws if the tokenizer, with its settings, cannot encode texts that come split into words. By default it can.</summary>
    /// <exception cref="TokenizationException">The tokenizer cannot encode texts that come split into words.</exception>
    protected virtual void CheckSplitWords() { }

    BatchEncoding EncodeBatch(TextPair[] inputs, EncodeOptions options, bool batched)
    {
        if (inputs.Length == 0) throw new ArgumentException("The batch of texts is empty.", nameof(inputs));
        var (truncation, paddedLength) = Resolve(options);
        CheckTensorKind(options.ReturnTensors);
        if (Array.Exists(inputs, i => i.First.Words is not null || i.Second?.Words is not null)) CheckSplitWords();

        var samples = new Sample[inputs.Length];
        var skipSpecial = options.SplitSpecialTokens ?? split_special_tokens;
        ForAll(inputs, i => samples[i] = new(
            EncodeText(inputs[i].First, skipSpecial), inputs[i].Second is { } second ? EncodeText(second, skipSpecial) : null));

        var plans = Plan(samples, truncation, options);
        var rows = new TokenRows(samples, plans, Template, options.AddSpecialTokens, RowPadding(samples, plans, options, paddedLength));
        return new(Columns(rows, plans, options, batched), rows, this);
    }

    static void ForAll(TextPair[] inputs, Action<int> encode)
    {
        var units = 0L;
        foreach (var input in inputs) units += input.First.Length + (input.Second?.Length ?? 0);
        if (inputs.Length == 1 || units < ParallelFromUnits)
        {
            for (var i = 0; i < inputs.Length; i++) encode(i);
            return;
        }
        var chunk = (int)Math.Clamp(inputs.Length * (ParallelFromUnits / 4) / units, 1, inputs.Length);
        var threads = new ParallelOptions { MaxDegreeOfParallelism = EngineSelection.Threads > 0 ? EngineSelection.Threads : -1 };
        Parallel.ForEach(Partitioner.Create(0, inputs.Length, chunk), threads, range =>
        {
            for (var i = range.Item1; i < range.Item2; i++) encode(i);
        });
    }

    SequenceTokens EncodeText(TextInput input, bool skipSpecial)
    {
        var scratch = EncodeScratch.Rent();
        scratch.Tokens.Clear();
        if (input.Text is { } text) EncodeString(text, skipSpecial, scratch);
        else
            for (var i = 0; i < input.Words!.Count; i++)
            {
                scratch.Tokens.FixWord(i);
                EncodeString(input.Words[i] ?? throw new ArgumentException("A word of the text is null.", nameof(input)), skipSpecial, scratch);
            }
        return scratch.Tokens.ToTokens();
    }

    void EncodeString(string text, bool skipSpecial, EncodeScratch scratch)
    {
        var added = _added;
        var parts = scratch.RawParts;
        parts.Clear();
        added.Raw.Split(text, skipSpecial, parts);
        foreach (var part in parts)
        {
            var piece = text.AsSpan(part.Start, part.End - part.Start);
            if (part.Token is { } token) AddToken(part.Id, token, piece, part.Start, part.End, scratch.Tokens);
            else EncodePiece(piece, part.Start, skipSpecial, added.Normalized, scratch);
        }
    }

    void EncodePiece(ReadOnlySpan<char> piece, int shift, bool skipSpecial, TokenMatcher normalizedTokens, EncodeScratch scratch)
    {
        var text = Normalize(piece, shift, scratch);
        if (normalizedTokens.IsEmpty)
        {
            TokenizePiece(text, 0, text.Length, scratch);
            return;
        }
        var parts = scratch.NormalizedParts;
        parts.Clear();
        normalizedTokens.Split(text.Chars, skipSpecial, parts);
        foreach (var part in parts)
        {
            if (part.Token is { } token)
                AddToken(part.Id, token, text.Chars[part.Start..part.End], text.Start(part.Start), text.End(part.End - 1), scratch.Tokens);
            else TokenizePiece(text, part.Start, part.End, scratch);
        }
    }

    static void AddToken(int id, AddedToken token, ReadOnlySpan<char> found, int start, int end, TokenList tokens)
    {
        if (found.SequenceEqual(token.content)) tokens.Add(id, start, end);
        else tokens.Add(id, start, end, found.ToString());
        tokens.NextWord();
    }

    /// <summary>Resolves the options: the truncation, and the padded length, <see cref="LongestRow"/> or <see cref="NotPadded"/>.</summary>
    (Truncation Truncation, int PaddedLength) Resolve(EncodeOptions options)
    {
        var padding = options.Padding;
        // max_length alone enables truncation, as in Hugging Face.
        var strategy = options.Truncation ?? (options.MaxLength is not null && padding.IsFalse);
        if (options.MaxLength < 0)
            throw new ArgumentOutOfRangeException("max_length", options.MaxLength, "Expected: a whole number of at least 0.");
        if (options.Stride < 0) throw new ArgumentOutOfRangeException("stride", options.Stride, "Expected: a whole number of at least 0.");
        if (options.PaddingSide is not null) CheckedSide(options.PaddingSide, nameof(padding_side));

        var maxLength = options.MaxLength ?? model_max_length;
        if (maxLength == NoMaxLength)
        {
            if (padding == PaddingStrategy.MAX_LENGTH) padding = PaddingStrategy.DO_NOT_PAD;
            strategy = TruncationStrategy.DO_NOT_TRUNCATE;
        }
        if (padding.Pads) CheckPadToken();
        var multiple = options.PadToMultipleOf ?? 1;
        if (multiple < 1) throw new ArgumentOutOfRangeException("pad_to_multiple_of", multiple, "Expected: a whole number of at least 1.");
        if (padding.Pads && strategy.Truncates && maxLength % multiple != 0)
            throw new TokenizationException("Rows cannot be both truncated and padded to these lengths", null, $"a max_length that is a multiple of {multiple}",
                $"{maxLength}", "Change max_length or pad_to_multiple_of.");
        var remaining = maxLength - Template.AddedTokens(false);
        if (strategy.Truncates && remaining >= 0 && remaining < options.Stride)
            throw new TokenizationException("stride is not less than max_length without special tokens", null, $"stride below {remaining}",
                $"{options.Stride}", "Use a smaller stride or a greater max_length.");
        return (new(strategy, maxLength, options.Stride, truncation_side == "left"),
            padding == PaddingStrategy.MAX_LENGTH ? maxLength : padding.Pads ? LongestRow : NotPadded);
    }

    List<RowPlan> Plan(Sample[] samples, Truncation truncation, EncodeOptions options)
    {
        var plans = new List<RowPlan>(samples.Length);
        var slices = new List<(TokenSlice First, TokenSlice Second)>();
        for (var i = 0; i < samples.Length; i++)
        {
            var second = samples[i].Second?.Count ?? -1;
            slices.Clear();
            truncation.Plan(samples[i].First.Count, second, options.AddSpecialTokens ? Template.AddedTokens(second >= 0) : 0, slices);
            var count = options.ReturnOverflowingTokens ? slices.Count : 1;
            for (var k = 0; k < count; k++) plans.Add(new(i, slices[k].First, slices[k].Second, k > 0));
        }
        return plans;
    }

    RowPadding RowPadding(Sample[] samples, List<RowPlan> plans, EncodeOptions options, int paddedLength)
    {
        if (paddedLength == NotPadded) return default;
        if (paddedLength == LongestRow)
        {
            paddedLength = 0;
            foreach (var plan in plans)
            {
                if (plan.IsOverflow) continue; // it is only longer if max_length has no space for a token, which the reference accepts
                var special = options.AddSpecialTokens ? Template.AddedTokens(samples[plan.Sample].Second is not null) : 0;
                paddedLength = Math.Max(paddedLength, plan.First.Length + plan.Second.Length + special);
            }
        }
        var left = (options.PaddingSide ?? padding_side) == "left";
        return new(RoundUp(paddedLength, options.PadToMultipleOf), left, pad_token_id!.Value, pad_token_type_id, pad_token!);
    }

    Dictionary<string, BatchColumn> Columns(TokenRows rows, List<RowPlan> plans, EncodeOptions options, bool batched)
    {
        var hasRows = batched || options.ReturnTensors is not null || options.ReturnOverflowingTokens;
        var columns = new Dictionary<string, BatchColumn> { ["input_ids"] = Column(rows.Ids) };
        if (options.ReturnTokenTypeIds ?? model_input_names.Contains("token_type_ids")) columns["token_type_ids"] = Column(rows.TypeIds);
        if (options.ReturnAttentionMask ?? model_input_names.Contains("attention_mask"))
            columns["attention_mask"] = Column(Array.ConvertAll(rows.Sequences, s => s == TokenRows.Padding ? 0 : 1));
        if (options.ReturnSpecialTokensMask) columns["special_tokens_mask"] = Column(Array.ConvertAll(rows.Sequences, s => s < 0 ? 1 : 0));
        if (options.ReturnOffsetsMapping) columns["offset_mapping"] = Offsets(rows, hasRows);
        if (options.ReturnLength) columns["length"] = Enumerable.Range(0, rows.Count).Select(i => rows.RowStarts[i + 1] - rows.RowStarts[i]).ToArray();
        if (options.ReturnOverflowingTokens) columns["overflow_to_sample_mapping"] = plans.Select(p => p.Sample).ToArray();
        return AsTensors(columns, options.ReturnTensors);

        BatchColumn Column(int[] values) => new(values, hasRows ? rows.RowStarts : null);
    }

    static BatchColumn Offsets(TokenRows rows, bool hasRows)
    {
        var values = new int[checked(2 * rows.Starts.Length)];
        for (var i = 0; i < rows.Starts.Length; i++) (values[2 * i], values[2 * i + 1]) = (rows.Starts[i], rows.Ends[i]);
        return new(values, hasRows ? Array.ConvertAll(rows.RowStarts, s => 2 * s) : null, 2);
    }

    static void CheckTensorKind(string? return_tensors)
    {
        if (return_tensors is null or "tf" or "np") return;
        throw new ArgumentException($"Unknown kind of tensor. Expected: 'tf' (int32) or 'np' (int64). Received: '{return_tensors}'.", nameof(return_tensors));
    }

    static Dictionary<string, BatchColumn> AsTensors(Dictionary<string, BatchColumn> columns, string? kind)
    {
        if (kind is null) return columns;
        foreach (var (name, column) in columns) _ = column.ShapeAs(name);
        return kind == "np" ? columns.ToDictionary(c => c.Key, c => c.Value.Widen<long>()) : columns;
    }

    void CheckPadToken()
    {
        if (pad_token_id is null)
            throw new TokenizationException("Padding was asked for but the tokenizer has no padding token",
                remedy: "Set pad_token (tokenizer.pad_token = tokenizer.eos_token), or add one with add_special_tokens.");
    }

    static int RoundUp(int length, int? multiple) => multiple is > 1 and var m ? checked((length + m - 1) / m * m) : length;
}
