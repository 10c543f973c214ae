using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Reads the inputs of <c>generate</c>: one tensor of ids, or named tensors.</summary>
static class GenerationInputs
{
    static readonly string[] OfDecoder = ["input_ids", "attention_mask", "token_type_ids", "inputs_embeds", "past_key_values", "encoder_hidden_states", "encoder_attention_mask"];

    /// <summary>The prefix of the decoder's inputs in a model with an encoder.</summary>
    const string Decoders = "decoder_";

    /// <summary>Reads the prompt from the inputs of a call.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">Ids, (B, T) or (T), a list of texts (T) of different lengths, or named inputs; null for an empty prompt. For a model with an encoder, these are the encoder's.</param>
    /// <param name="config">The tokens: bos starts an empty prompt, pad marks padding if there is no mask.</param>
    /// <param name="engine">How to run an encoder.</param>
    /// <exception cref="ArgumentException">An input has a name that generate does not know.</exception>
    /// <exception cref="ValueRangeException">The prompt is empty and there is no token to start with.</exception>
    public static Prompt Read(TFPreTrainedModel model, Tensors? inputs, GenerationConfig config, EncoderRun engine = default)
    {
        if (model is not IEncoderDecoderModel whole) return Read(model, Named(model, inputs, config.pad_token_id, OfDecoder), config, encoded: null);
        var encoder = EncoderInputs.Read(model, whole, Named(model, inputs, config.pad_token_id, EncoderInputs.Names(whole)), config);
        var decoder = encoder.Decoder.ToDictionary(i => i.Key.StartsWith(Decoders, StringComparison.Ordinal) ? i.Key[Decoders.Length..] : i.Key, i => i.Value);
        return Read(whole.Decoder, decoder, config, encoder.Run(model, whole, config, engine));
    }

    static Prompt Read(TFPreTrainedModel model, Dictionary<string, Tensors> named, GenerationConfig config, EncodedPrompt? encoded)
    {
        Tensor? Given(string name) => named.TryGetValue(name, out var value) ? value.Single : null;
        var vectors = Given("inputs_embeds");
        if (vectors is { ndim: not 3 }) throw new ShapeMismatchException("Word vectors do not have three axes, of texts, tokens and numbers", "generate, inputs_embeds", "(B, T, C)", vectors.shape.ToString());
        var ids = Given("input_ids") is { } given ? Ids(given) : null;
        if (ids is null && vectors is null || ids is { } empty && empty.shape[1] == 0 && vectors is null) ids = Begin(config, ids is null ? (int)(encoded?.States.shape[0] ?? 1) : (int)ids.shape[0], encoded is not null);
        var batch = (int)(ids ?? vectors!).shape[0];
        if (batch == 0) throw new ValueRangeException("There is no text to continue", "generate, input_ids", "at least one row", (ids ?? vectors!).shape.ToString());
        if (encoded is not null && encoded.States.shape[0] != batch)
            throw new ShapeMismatchException("The number of texts differs from the number of the encoder's inputs", "generate, decoder_input_ids", $"{encoded.States.shape[0]} rows as the encoder's inputs", $"{batch}");
        var length = (int)(vectors ?? ids!).shape[1];
        int[] numbers = ids is null ? [] : ids.ToArray<int>();
        RequireVocabulary(model, numbers);
        // A decoder may begin with the pad token.
        var mask = Given("attention_mask") is { } seen ? Mask(seen, batch, length) : Inferred(numbers, batch, length, config, vectors is not null || encoded is not null);
        for (var text = 0; text < batch; text++)
            if (mask.AsSpan(text * length, length).IndexOfAnyExcept(0) < 0) throw new ValueRangeException("A text has no token", $"generate, attention_mask, row {text}", "a 1", "zeros alone");
        if (vectors is null && length > 1 && Enumerable.Range(0, batch).Any(t => mask[((t + 1) * length) - 1] == 0))
            Diagnostics.Warn("generate: the prompts are padded on the right, where a decoder cannot continue them. Make them with a tokenizer whose padding_side is \"left\".");
        return new Prompt
        {
            Batch = batch, Ids = numbers, Length = length, Mask = mask, Embeddings = vectors,
            TokenTypes = Given("token_type_ids") is { } types ? RequireShape(Ids(types), batch, length, "token_type_ids").ToArray<int>() : null,
            Encoder = encoded ?? (Given("encoder_hidden_states") is { } states ? new(states, Given("encoder_attention_mask"), IsOwn: false) : null),
            Past = named.TryGetValue("past_key_values", out var past) ? PastOf(model, past, batch, length) : null,
        };
    }

    /// <summary>Joins inputs with those given as separate parameters.</summary>
    /// <param name="main">The name that the model gives an unnamed tensor.</param>
    /// <param name="inputs">The inputs; null for none.</param>
    /// <param name="others">The others by name.</param>
    /// <exception cref="ArgumentException">An input is given twice.</exception>
    public static Tensors? Joined(string main, Tensors? inputs, IEnumerable<(string Name, Tensors? Value)> others)
    {
        var given = others.Where(o => o.Value is not null).ToDictionary(o => o.Name, o => o.Value!);
        if (given.Count == 0) return inputs;
        if (inputs is { IsLeaf: true }) given.Add(main, inputs);
        else if (inputs is not null)
            foreach (var (name, value) in inputs.Named())
                if (!given.TryAdd(name, value)) throw new ArgumentException($"generate got '{name}' twice: among the inputs and by itself.", name);
        return new Tensors(given);
    }

    static Dictionary<string, Tensors> Named(TFPreTrainedModel model, Tensors? inputs, int? pad, IReadOnlyList<string> known)
    {
        if (inputs is null) return [];
        if (inputs.IsLeaf) return new() { [model.main_input_name] = inputs };
        if (inputs is { Count: > 0, Keys.Count: 0 } && inputs.All(t => t is { IsLeaf: true, ndim: 1 })) return Padded([.. inputs.Select(t => Ids(t).ToArray<int>())], pad ?? 0, atEnd: model is IEncoderDecoderModel);
        if (inputs.Keys.Count == 0) throw new ArgumentException($"generate cannot read these inputs. Expected: a tensor of ids, a list of vectors of ids, one for each text, or named inputs ({string.Join(", ", known)}). Received: a list of {inputs.Count}.", nameof(inputs));
        foreach (var name in inputs.Keys)
            if (!known.Contains(name))
                throw new ArgumentException($"{model.GetType().Name}.generate has no input '{name}'. Expected: {string.Join(", ", known)}. Options have parameters of their own, or stand in a GenerationConfig.", nameof(inputs));
        return new(inputs.Named());
    }

    /// <summary>Pads texts of different lengths on the left; an encoder's on the right, since its positions count from the start.</summary>
    static Dictionary<string, Tensors> Padded(int[][] texts, int pad, bool atEnd)
    {
        var width = texts.Max(t => t.Length);
        int[] Matrix(Func<int[], IEnumerable<int>> row, int fill) => [.. texts.SelectMany(t => Enumerable.Repeat(fill, width - t.Length) is var gap && atEnd ? row(t).Concat(gap) : gap.Concat(row(t)))];
        return new()
        {
            ["input_ids"] = Prompt.Tensor(Matrix(t => t, pad), texts.Length, width),
            ["attention_mask"] = Prompt.Tensor(Matrix(t => Enumerable.Repeat(1, t.Length), 0), texts.Length, width),
        };
    }

    internal static Tensor Ids(Tensor ids)
    {
        if (!ids.dtype.IsInteger) throw new DTypeMismatchException("Token ids are not whole numbers", "generate, input_ids", "int32 or int64", ids.dtype.Name, "Tokenize texts first: model.generate(tokenizer.Apply(\"...\", return_tensors: \"tf\")).");
        return ids.ndim switch
        {
            1 => ops.cast(ops.expand_dims(ids, 0), "int32"),
            2 => ops.cast(ids, "int32"),
            _ => throw new ShapeMismatchException("Token ids do not have rows and columns", "generate, input_ids", "(B, T)", ids.shape.ToString()),
        };
    }

    /// <summary>The first tokens of empty texts, int32 (B, 1).</summary>
    internal static Tensor Begin(GenerationConfig config, Dim batch, bool isDecoder) => (isDecoder ? config.decoder_start_token_id ?? config.bos_token_id : config.bos_token_id) is { } first ? ops.full([batch, 1], first, "int32")
        : isDecoder ? throw new ValueRangeException("The decoder has nothing to begin with", "generate", "decoder_input_ids, or decoder_start_token_id or bos_token_id in the GenerationConfig", "neither", "Give decoder_start_token_id: the token that texts begin with.")
        : throw new ValueRangeException("An empty prompt has nothing to begin with", "generate", "input_ids, or bos_token_id in the GenerationConfig", "neither", "Give a prompt, or bos_token_id: the token that texts begin with.");

    static void RequireVocabulary(TFPreTrainedModel model, int[] ids)
    {
        var range = model.InputRanges["input_ids"];
        var at = Array.FindIndex(ids, id => id < range.Min || id > range.Max);
        if (at >= 0) throw new ValueRangeException("A token id is not in the vocabulary", "generate, input_ids", $"{range.Min} to {range.Max}", $"{ids[at]}", "Use the tokenizer that belongs to the model.");
    }

    static Tensor RequireShape(Tensor x, int batch, int length, string name) => x.ndim == 2 && x.shape[0] == batch && x.shape[1] == length ? x
        : throw new ShapeMismatchException("Two inputs differ in shape", $"generate, {name}", $"({batch}, {length}) as the prompt", x.shape.ToString(), "Give both as one call of the tokenizer returns them.");

    static int[] Mask(Tensor mask, int batch, int length) =>
        [.. RequireShape(ops.cast(mask.ndim == 1 ? ops.expand_dims(mask, 0) : mask, "int32"), batch, length, "attention_mask").ToArray<int>().Select(m => m == 0 ? 0 : 1)];

    /// <summary>Infers a mask from the prompts: pad tokens that do not also end texts do not count.</summary>
    static int[] Inferred(int[] ids, int batch, int length, GenerationConfig config, bool hasVectors)
    {
        var isTold = !hasVectors && config.pad_token_id is { } pad && ids.Contains(pad) && !config.eos_token_id.Contains(pad);
        return isTold ? [.. ids.Select(id => id == config.pad_token_id ? 0 : 1)] : [.. Enumerable.Repeat(1, batch * length)];
    }

    static GrowingCache PastOf(TFPreTrainedModel model, Tensors past, int batch, int length)
    {
        var cache = ((ICausalLanguageModel)model).CacheOf(past);
        var held = cache.ToTensors()[0][0].Single.shape;
        if (held[0] != batch) throw new ShapeMismatchException("Keys and values belong to other texts", "generate, past_key_values", $"{batch} rows as input_ids", $"{held[0]}");
        if (held[2] >= length)
            throw new ValueRangeException("There is no new token after the past", "generate, input_ids", $"more than the {held[2]} tokens that past_key_values hold: all tokens, those of the past first", $"{length} tokens", "Append the new tokens to the sequences that the earlier call returned.");
        return cache;
    }
}
