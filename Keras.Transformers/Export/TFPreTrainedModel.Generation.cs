using Keras.Export;
using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Writes a SavedModel that generates text: tokenizer, loop over tokens and the way back to text are in the graph, so that a server needs nothing but TensorFlow.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. A folder that is there is replaced whole.</param>
    /// <param name="tokenizer">What makes ids of texts and texts of ids; null for endpoints of ids alone.</param>
    /// <param name="generation_config">The options, which are fixed with the file, as <see cref="GenerateInGraph"/> takes them.</param>
    /// <param name="logits_processor">Further processors of this library; default none.</param>
    /// <param name="return_full_text">Whether a text begins with its prompt, as Hugging Face's pipeline returns it; default true.</param>
    /// <remarks>
    /// <para>serving_default: <c>text</c>, strings (B), to <c>generated_text</c>, strings (B · num_return_sequences), those of each text one behind the other, without special tokens. The padding side
    /// of the tokenizer does not matter.</para>
    /// <para>int32_serving, int64_serving: <c>input_ids</c> and <c>attention_mask</c>, (B, T), padded on the left, to <c>sequences</c>; without a tokenizer the first of them is serving_default.
    /// int32_input_ids, int64_input_ids: the same without a mask.</para>
    /// <para>Of a model with an encoder the inputs are the encoder's, and the tokenizer is the decoder's: serving_default gives <c>generated_text</c>, (B · num_return_sequences), of pixel_values or of input_ids and
    /// attention_mask; sequences (int32_serving, int64_serving of a model of texts) gives ids, and is serving_default without a tokenizer. return_full_text means nothing there, since no text is given.</para>
    /// <para>With do_sample each endpoint has an input more: <c>seed</c>, int64 ().</para>
    /// </remarks>
    /// <exception cref="UnsupportedException">The model does not generate, the tokenizer makes no texts of ids, or a processor is a C# function of one's own.</exception>
    /// <exception cref="ConfigException">An option is impossible, or cannot be part of a graph.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public void export(string filepath, InGraphTokenizer? tokenizer, GenerationConfig generation_config, LogitsProcessorList? logits_processor = null, bool return_full_text = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        ArgumentNullException.ThrowIfNull(generation_config);
        var generator = new GraphGenerator(this, generation_config, logits_processor ?? []);
        var archive = new ExportArchive();
        archive.track(this);
        void Add(string name, Func<Tensors, Tensors> function, params IEnumerable<InputSpec> inputs)
        {
            if (generator.Draws) inputs = inputs.Append(new InputSpec(DType.Int64, Shape.Scalar, name: GraphGenerator.Seed));
            archive.add_endpoint(name, function, new Tensors(inputs.Select(i => KeyValuePair.Create(i.name!, (Tensors)i))));
        }
        if (this is IEncoderDecoderModel whole)
        {
            AddOfEncoder(whole, generator, tokenizer, Add);
            archive.write_out(filepath, verbose: false);
            return;
        }
        if (tokenizer is not null) Add("serving_default", x => Texts(generator, tokenizer, x, return_full_text), new InputSpec(DType.String, new Shape(-1), name: "text"));
        var length = Symbol.New();
        foreach (var ids in new[] { DType.Int32, DType.Int64 })
        {
            InputSpec Matrix(string name) => new(ids, Shape.OfSymbolic(-1, length), name: name);
            Tensors Sequences(Tensors x)
            {
                var outputs = generator.Apply(x);
                outputs["sequences"] = ops.cast(outputs["sequences"].Single, ids);
                return outputs;
            }
            Add(tokenizer is null && ids == DType.Int32 ? "serving_default" : $"{ids.Name}_serving", Sequences, Matrix("input_ids"), Matrix("attention_mask"));
            Add($"{ids.Name}_input_ids", Sequences, Matrix("input_ids"));
        }
        archive.write_out(filepath, verbose: false);
    }

    /// <summary>Endpoints of the encoder's inputs; with a tokenizer serving_default gives texts.</summary>
    void AddOfEncoder(IEncoderDecoderModel whole, GraphGenerator generator, InGraphTokenizer? tokenizer, Action<string, Func<Tensors, Tensors>, IEnumerable<InputSpec>> add)
    {
        var length = Symbol.New();
        var inputs = input_signature.Where(i => whole.EncoderInputs.Contains(i.Key)).ToList();
        Tensors Sequences(Tensors x, DType ids)
        {
            var outputs = generator.Apply(x);
            outputs["sequences"] = ops.cast(outputs["sequences"].Single, ids);
            return outputs;
        }
        foreach (var ids in inputs.Any(i => i.Value.DType.IsInteger) ? new[] { DType.Int32, DType.Int64 } : [DType.Int32])
        {
            var isFirst = tokenizer is null && ids == DType.Int32;
            add(isFirst ? "serving_default" : inputs.Exists(i => i.Value.DType.IsInteger) ? $"{ids.Name}_serving" : "sequences", x => Sequences(x, ids),
                inputs.Select(i => new InputSpec(i.Value.DType.IsInteger ? ids : i.Value.DType, Shape.OfSymbolic([.. i.Value.Shape.ToArray().Select((d, axis) => d >= 0 ? d : axis == 0 ? -1 : length)]), name: i.Key)));
        }
        if (tokenizer is null) return;
        if (!tokenizer.CanDetokenize) throw new UnsupportedException("A tokenizer makes no texts of ids in a graph", tokenizer.GetType().Name, "one that can, such as TFGPT2Tokenizer", "one that cannot", "Leave the tokenizer out: the endpoints give ids.");
        add("serving_default", x =>
        {
            var outputs = generator.Apply(x);
            outputs["generated_text"] = Tf.UnicodeTranscode(tokenizer.detokenize(outputs["sequences"].Single, skip_special_tokens: true));
            outputs.Remove("sequences");
            return outputs;
        }, inputs.Select(i => new InputSpec(i.Value.DType, Shape.OfSymbolic([.. i.Value.Shape.ToArray().Select((d, axis) => d >= 0 ? d : axis == 0 ? -1 : length)]), name: i.Key)));
    }

    static Dictionary<string, Tensors> Texts(GraphGenerator generator, InGraphTokenizer tokenizer, Tensors inputs, bool full)
    {
        Tensor texts = inputs["text"];
        var columns = tokenizer.Apply(texts);
        var (ids, mask) = AtTheEnd(ops.cast(columns["input_ids"].Single, "int32"), ops.cast(columns["attention_mask"].Single, "int32"));
        var given = new Dictionary<string, Tensors> { ["input_ids"] = ids, ["attention_mask"] = mask };
        if (generator.Draws) given[GraphGenerator.Seed] = inputs[GraphGenerator.Seed];
        var result = generator.Apply(given);
        var sequences = result["sequences"].Single;
        // What the loop begins with may be longer than the prompt: a text without tokens begins with one.
        var rows = ops.shape(sequences)[0];
        var begin = ops.maximum(ops.shape(ids)[1].ToTensor(), 1);
        Tensor TextOf(Tensor tokens) => tokenizer.detokenize(tokens, skip_special_tokens: true);
        // As Hugging Face's pipeline: what the whole text has more than the prompt; how a token is written may depend on those before it.
        var (prompts, all) = (TextOf(ops.slice(sequences, [0, 0], [rows, begin])), TextOf(sequences));
        var generated = Tf.Substr(all, Tf.StringLength(prompts, "BYTE"), Tf.StringLength(all, "BYTE"), "BYTE");
        if (full) generated = Tf.StringJoin([generator.Sequences == 1 ? texts : Tf.Gather(texts, ops.repeat(ops.arange(ops.shape(texts)[0], dtype: "int32"), generator.Sequences, 0), 0), generated]);
        result.Remove("sequences");
        // The last token may end within a character.
        result["generated_text"] = Tf.UnicodeTranscode(generated);
        return result;
    }

    /// <summary>Rows of tokens with their padding in front, wherever it was.</summary>
    static (Tensor Ids, Tensor Mask) AtTheEnd(Tensor ids, Tensor mask)
    {
        var width = ops.shape(ids)[1].ToTensor();
        var columns = ops.expand_dims(ops.arange(0, width, dtype: "int32"), 0);
        var last = ops.max(ops.where(ops.equal(mask, 0), 0, columns + 1), 1, keepdims: true);
        var places = ops.mod(columns + last, ops.maximum(width, 1));
        return (ops.take_along_axis(ids, places, 1), ops.take_along_axis(mask, places, 1));
    }
}
