using Keras.Export;
using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Writes a SavedModel that generates text: tokenizing, the loop over tokens and detokenizing are in the graph, so that a server needs nothing but TensorFlow.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. An existing folder is replaced as a whole.</param>
    /// <param name="tokenizer">Converts texts to ids and back; null for endpoints that take and give only ids.</param>
    /// <param name="generation_config">The options, which are fixed with the file, as <see cref="GenerateInGraph"/> takes them.</param>
    /// <param name="logits_processor">Further processors of this library; default none.</param>
    /// <param name="return_full_text">Whether a text begins with its prompt, as Hugging Face's pipeline returns it; default true.</param>
    /// <param name="options">How to store the weights and what else to write; default variables as they are.</param>
    /// <remarks>
    /// <para>serving_default: <c>text</c>, strings (B), to <c>generated_text</c>, strings (B · num_return_sequences), those of each text one after another, without special tokens. The padding side
    /// of the tokenizer does not matter.</para>
    /// <para>int32_serving, int64_serving: <c>input_ids</c> and <c>attention_mask</c>, (B, T), padded on the left, to <c>sequences</c>; without a tokenizer the first of them is serving_default.
    /// int32_input_ids, int64_input_ids: the same without a mask.</para>
    /// <para>For a model with an encoder, the inputs are the encoder's and the tokenizer is the decoder's: serving_default gives <c>generated_text</c>, (B · num_return_sequences), of
    /// pixel_values or of input_ids and attention_mask; sequences (int32_serving, int64_serving of a text model) gives ids, and is serving_default without a tokenizer. return_full_text has no
    /// effect there, since no text is given.</para>
    /// <para>With do_sample each endpoint has one more input: <c>seed</c>, int64 ().</para>
    /// </remarks>
    /// <exception cref="UnsupportedException">The model does not generate, the tokenizer cannot turn ids into text, or a processor is a C# function of your own.</exception>
    /// <exception cref="ConfigException">An option is impossible, or cannot be part of a graph.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public void export(string filepath, InGraphTokenizer? tokenizer, GenerationConfig generation_config, LogitsProcessorList? logits_processor = null, bool return_full_text = true, ExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        export(filepath, ServingSignatures(tokenizer, generation_config, logits_processor, return_full_text), options);
    }

    /// <summary>The signatures of <see cref="export(string, InGraphTokenizer?, GenerationConfig, LogitsProcessorList?, bool, ExportOptions?)"/>.</summary>
    /// <param name="tokenizer">Converts texts to ids and back; null for endpoints that take and give only ids.</param>
    /// <param name="generation_config">The options, which are fixed with the file, as <see cref="GenerateInGraph"/> takes them.</param>
    /// <param name="logits_processor">Further processors of this library; default none.</param>
    /// <param name="return_full_text">Whether a text begins with its prompt; default true.</param>
    /// <exception cref="UnsupportedException">The model does not generate, the tokenizer cannot turn ids into text, or a processor is a C# function of your own.</exception>
    /// <exception cref="ConfigException">An option is impossible, or cannot be part of a graph.</exception>
    public ExportSignatures ServingSignatures(InGraphTokenizer? tokenizer, GenerationConfig generation_config, LogitsProcessorList? logits_processor = null, bool return_full_text = true)
    {
        ArgumentNullException.ThrowIfNull(generation_config);
        var generator = new GraphGenerator(this, generation_config, logits_processor ?? []);
        var signatures = new ExportSignatures();
        void Add(string name, Func<Tensors, Tensors> function, params IEnumerable<InputSpec> inputs) => signatures.Add(name, function, Signature(generator, inputs));
        if (this is IEncoderDecoderModel whole) AddOfEncoder(whole, generator, tokenizer, Add);
        else AddOfDecoder(generator, tokenizer, return_full_text, Add);
        foreach (var (name, content) in tokenizer?.VocabularyFiles ?? new Dictionary<string, byte[]>()) signatures.Assets[name] = content;
        return signatures;
    }

    delegate void AddEndpoint(string name, Func<Tensors, Tensors> function, params IEnumerable<InputSpec> inputs);

    /// <summary>The generation loop, which all endpoints call.</summary>
    static Func<Tensors, Tensors> Loop(GraphGenerator generator, IEnumerable<InputSpec> inputs)
    {
        var loop = new SharedFunction("generate", Signature(generator, inputs), generator.Run);
        return x => loop.Call(generator.Read(x));
    }

    /// <summary>The inputs by name, with a seed if the loop samples.</summary>
    static Tensors Signature(GraphGenerator generator, IEnumerable<InputSpec> inputs) =>
        new((generator.Draws ? inputs.Append(new(DType.Int64, Shape.Scalar, name: GraphGenerator.Seed)) : inputs).Select(i => KeyValuePair.Create(i.name!, (Tensors)i)));

    static Tensors Sequences(Tensors outputs, DType ids) => new(outputs.Named().Select(o => o.Key == "sequences" ? KeyValuePair.Create(o.Key, (Tensors)ops.cast(o.Value.Single, ids)) : o));

    /// <summary>Adds endpoints for a decoder's prompts.</summary>
    static void AddOfDecoder(GraphGenerator generator, InGraphTokenizer? tokenizer, bool full, AddEndpoint add)
    {
        var length = Symbol.New();
        InputSpec Matrix(DType ids, string name) => new(ids, Shape.OfSymbolic(-1, length), name: name);
        var generate = Loop(generator, [Matrix(DType.Int32, "input_ids"), Matrix(DType.Int32, "attention_mask")]);
        if (tokenizer is not null) add("serving_default", x => Texts(generator, generate, tokenizer, x, full), new InputSpec(DType.String, new Shape(-1), name: "text"));
        foreach (var ids in new[] { DType.Int32, DType.Int64 })
        {
            Tensors OfIds(Tensors x) => Sequences(generate(x), ids);
            add(tokenizer is null && ids == DType.Int32 ? "serving_default" : $"{ids.Name}_serving", OfIds, Matrix(ids, "input_ids"), Matrix(ids, "attention_mask"));
            add($"{ids.Name}_input_ids", OfIds, Matrix(ids, "input_ids"));
        }
    }

    /// <summary>Adds endpoints for the encoder's inputs; with a tokenizer, serving_default returns texts.</summary>
    void AddOfEncoder(IEncoderDecoderModel whole, GraphGenerator generator, InGraphTokenizer? tokenizer, AddEndpoint add)
    {
        if (tokenizer is { CanDetokenize: false })
            throw new UnsupportedException("The tokenizer cannot turn ids into texts in a graph", tokenizer.GetType().Name, "one that can, such as TFGPT2Tokenizer", "one that cannot", "Leave the tokenizer out: the endpoints give ids.");
        var length = Symbol.New();
        var inputs = input_signature.Where(i => whole.EncoderInputs.Contains(i.Key)).ToList();
        IEnumerable<InputSpec> Specs(DType? ids) => inputs.Select(i => new InputSpec(ids is { } dtype && i.Value.DType.IsInteger ? dtype : i.Value.DType,
            Shape.OfSymbolic([.. i.Value.Shape.ToArray().Select((d, axis) => d >= 0 ? d : axis == 0 ? -1 : length)]), name: i.Key));
        var generate = Loop(generator, Specs(DType.Int32));
        var hasIds = inputs.Exists(i => i.Value.DType.IsInteger);
        foreach (var ids in hasIds ? new[] { DType.Int32, DType.Int64 } : [DType.Int32])
            add(tokenizer is null && ids == DType.Int32 ? "serving_default" : hasIds ? $"{ids.Name}_serving" : "sequences", x => Sequences(generate(x), ids), Specs(ids));
        if (tokenizer is not null) add("serving_default", x => WithTexts(generate(x), ids => tokenizer.detokenize(ids, skip_special_tokens: true)), Specs(null));
    }

    /// <summary>Replaces sequences by texts; the last token may end within a character.</summary>
    static Tensors WithTexts(Tensors outputs, Func<Tensor, Tensor> texts) =>
        new(outputs.Named().Select(o => o.Key == "sequences" ? KeyValuePair.Create("generated_text", (Tensors)Tf.UnicodeTranscode(texts(o.Value.Single))) : o));

    static Tensors Texts(GraphGenerator generator, Func<Tensors, Tensors> generate, InGraphTokenizer tokenizer, Tensors inputs, bool full)
    {
        Tensor texts = inputs["text"];
        var columns = tokenizer.Apply(texts);
        var (ids, mask) = AtTheEnd(ops.cast(columns["input_ids"].Single, "int32"), ops.cast(columns["attention_mask"].Single, "int32"));
        var given = new Dictionary<string, Tensors> { ["input_ids"] = ids, ["attention_mask"] = mask };
        if (generator.Draws) given[GraphGenerator.Seed] = inputs[GraphGenerator.Seed];
        return WithTexts(generate(given), TextsOf);

        Tensor TextsOf(Tensor sequences)
        {
            // The loop may start with more than the prompt: an empty text starts with a token.
            var rows = ops.shape(sequences)[0];
            var begin = ops.maximum(ops.shape(ids)[1].ToTensor(), 1);
            Tensor TextOf(Tensor tokens) => tokenizer.detokenize(tokens, skip_special_tokens: true);
            // As in Hugging Face's pipeline, cut the prompt's text off the whole: the text of a token may depend on those before it.
            var (prompts, all) = (TextOf(ops.slice(sequences, [0, 0], [rows, begin])), TextOf(sequences));
            var generated = Tf.Substr(all, Tf.StringLength(prompts, "BYTE"), Tf.StringLength(all, "BYTE"), "BYTE");
            return full ? Tf.StringJoin([generator.Sequences == 1 ? texts : Tf.Gather(texts, ops.repeat(ops.arange(ops.shape(texts)[0], dtype: "int32"), generator.Sequences, 0), 0), generated]) : generated;
        }
    }

    /// <summary>Moves the padding of rows of tokens to the front.</summary>
    static (Tensor Ids, Tensor Mask) AtTheEnd(Tensor ids, Tensor mask)
    {
        var width = ops.shape(ids)[1].ToTensor();
        var columns = ops.expand_dims(ops.arange(0, width, dtype: "int32"), 0);
        var last = ops.max(ops.where(ops.equal(mask, 0), 0, columns + 1), 1, keepdims: true);
        var places = ops.mod(columns + last, ops.maximum(width, 1));
        return (ops.take_along_axis(ids, places, 1), ops.take_along_axis(mask, places, 1));
    }
}
