using static Keras.Api;

namespace Keras.Transformers;

/// <summary>A model that continues texts inside a graph, in which the number of texts and the length of prompts may be unknown.</summary>
sealed class GraphDecoder
{
    readonly ICausalLanguageModel _model;
    readonly Tensor _ids;
    readonly Tensor _mask;
    readonly Dim _newTokens;
    readonly int _repeats;
    readonly Tensor _counts;
    readonly Tensor _rowMask;
    readonly EncodedPrompt? _encoder;
    IReadOnlyList<(Tensor Keys, Tensor Values)> _cross = [];

    /// <summary>Makes a decoder; computes nothing yet.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">The prompts, padded on the left, int32 (B, T).</param>
    /// <param name="mask">1 for tokens, 0 for padding, int32 (B, T).</param>
    /// <param name="newTokens">The maximum number of new tokens.</param>
    /// <param name="repeats">The number of rows of each text.</param>
    /// <param name="encoder">The encoder's outputs; null for none.</param>
    public GraphDecoder(ICausalLanguageModel model, Tensor ids, Tensor mask, Dim newTokens, int repeats, EncodedPrompt? encoder = null)
    {
        (_model, _ids, _mask, _newTokens, _repeats, _encoder) = (model, ids, mask, newTokens, repeats, encoder);
        (Texts, PromptLength) = (ops.shape(ids)[0], ops.shape(ids)[1]);
        Columns = ops.expand_dims(ops.arange(0, Places, dtype: "int32"), 0);
        History = Repeated(ops.concatenate([ids, ops.zeros([Texts, newTokens], "int32")], 1));
        _rowMask = Repeated(ops.concatenate([mask, ops.ones([Texts, newTokens], "int32")], 1));
        _counts = Repeated(ops.sum(mask, 1));
    }

    /// <summary>The number of texts, B.</summary>
    public Dim Texts { get; }

    /// <summary>The number of rows, R: texts times repeats.</summary>
    public Dim Rows => Texts * _repeats;

    /// <summary>The length of the prompts, T.</summary>
    public Dim PromptLength { get; }

    /// <summary>The maximum length of a text, L.</summary>
    public Dim Places => PromptLength + _newTokens;

    /// <summary>The indices of the positions, int32 (1, L).</summary>
    public Tensor Columns { get; }

    /// <summary>The tokens of each row with space for those to come, int32 (R, L).</summary>
    public Tensor History { get; }

    Tensor Repeated(Tensor x) => _repeats == 1 ? x : ops.repeat(x, _repeats, 0);

    /// <summary>The length of texts, including the prompt's, int32 ().</summary>
    /// <param name="count">The number of new tokens, int32 ().</param>
    public Tensor Length(Tensor count) => PromptLength.ToTensor() + count;

    /// <summary>Whether a loop continues.</summary>
    /// <param name="count">The number of new tokens, int32 ().</param>
    /// <param name="ended">Which texts have ended.</param>
    public Tensor GoesOn(Tensor count, Tensor ended) => ops.logical_and(count < _newTokens.ToTensor(), ops.logical_not(ops.all(ended)));

    /// <summary>Sets the next token in a history.</summary>
    /// <param name="history">The tokens so far, (..., L).</param>
    /// <param name="count">The number of new ones, int32 ().</param>
    /// <param name="tokens">The next token of each, (...).</param>
    public Tensor Added(Tensor history, Tensor count, Tensor tokens) => ops.where(ops.equal(Columns, Length(count)), ops.expand_dims(tokens, -1), history);

    /// <summary>Computes the prompt.</summary>
    /// <returns>The scores of the next token, float32 (R, V), and the keys and values that the loop carries.</returns>
    public (Tensor Scores, Tensors Cache) Begin()
    {
        var cache = new GrowingCache(_model.CacheForm.Layers);
        // As in PyTorch, masked tokens have position 1.
        var positions = ops.where(ops.equal(_mask, 0), 1, ops.cumsum(_mask, 1) - 1);
        var scores = Scores(_ids, _mask, positions, cache, PromptLength - 1, _encoder);
        // These are the same in every step, so the loop does not carry them.
        _cross = [.. cache.EncoderPairs.Select(pair => (Repeated(pair.Keys), Repeated(pair.Values)))];
        return (Repeated(scores), Carried(LoopCache.Begin(cache, _repeats, _newTokens)));
    }

    /// <summary>Computes the last token.</summary>
    /// <param name="held">The keys and values that the loop carries.</param>
    /// <param name="history">The tokens so far.</param>
    /// <param name="count">The number of new tokens, int32 ().</param>
    /// <param name="from">The row that each row continues, int32 (R); null for itself.</param>
    public (Tensor Scores, Tensors Cache) Step(Tensors held, Tensor history, Tensor count, Tensor? from = null)
    {
        Dim seen = Length(count) - 1;
        var cache = new LoopCache(_model.CacheForm, held.Select(t => t.Single), Rows, Places, seen);
        if (from is not null) cache.Reorder(from);
        foreach (var (layer, (keys, values)) in _cross.Index()) cache.KeepOfEncoder(layer, keys, values);
        var last = ops.take(history, ops.expand_dims(seen.ToTensor(), 0), 1);
        return (Scores(last, _rowMask, ops.expand_dims(_counts + count - 1, 1), cache, 0, _encoder?.Repeated(_repeats)), Carried(cache.Held));
    }

    static Tensors Carried(IEnumerable<Tensor> tensors) => new(tensors.Select(t => new Tensors(t)));

    Tensor Scores(Tensor ids, Tensor mask, Tensor positions, KeyValueCache cache, Dim scored, EncodedPrompt? encoder) => ops.cast(_model.Decode(new DecoderInputs
    {
        input_ids = ids, attention_mask = mask, position_ids = positions, cache = cache, scored = ops.expand_dims(scored.ToTensor(), 0),
        encoder_hidden_states = encoder?.States, encoder_attention_mask = encoder?.Mask,
    }).logits, "float32")[.., 0];
}
