using Keras.Export;
using Keras.Graphs;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    const string Default = "serving_default";
    const string PixelValues = "pixel_values";
    const string ImageBytes = "image_bytes";
    const string FirstText = "text";
    const string SecondText = "text_pair";

    /// <summary>The signatures that <c>save_pretrained(saved_model: true)</c> writes, the same as Hugging Face's: <c>serving_default</c> (int32 inputs) and <c>int64_serving</c>,
    /// or only the first for a model without integer inputs.</summary>
    public override ExportSignatures ServingSignatures() => input_signature.Values.Any(i => i.DType.IsInteger) ? OfInputs((Default, DType.Int32), ("int64_serving", DType.Int64)) : OfInputs((Default, DType.Int32));

    /// <summary>The same, and signatures of serialized tf.train.Example records with features for the inputs that the model needs: ids as int64 lists of any length, <c>token_type_ids</c> of a model that takes
    /// them likewise, which a record may leave out (0), others in their shapes. <c>examples</c> answers Predict; <c>classify</c> or <c>regress</c> exists if the head classifies sequences or images.</summary>
    /// <param name="examples">Whether those are added.</param>
    /// <exception cref="UnsupportedException">An input's shape is not known but for batch and length.</exception>
    public ExportSignatures ServingSignatures(bool examples)
    {
        var signatures = ServingSignatures();
        if (examples) AddRecords(signatures, RecordFeatures(), features => Answers(FromRecord(features)));
        return signatures;
    }

    /// <summary>Signatures for a model that takes texts, with the tokenizer in the graph. <c>serving_default</c> takes <c>text</c>, strings (B), and for pairs <c>text_pair</c>;
    /// <c>int32_serving</c> and <c>int64_serving</c> take the model's own inputs, and <c>detokenize</c>, if the tokenizer supports it, turns ids, (B, T), int64, into
    /// texts.</summary>
    /// <param name="tokenizer">Makes the model's inputs from texts.</param>
    /// <param name="text_pairs">Whether texts come in pairs, such as a question and its context; default false.</param>
    /// <param name="examples">Whether signatures of serialized tf.train.Example records are added, with features of the names text and text_pair; default false. <c>examples</c> answers Predict;
    /// <c>classify</c> or <c>regress</c> exists if the head classifies sequences.</param>
    /// <remarks>serving_default returns the model's outputs, and their meaning:
    /// <para>a classifier of sequences: <c>probabilities</c>, (B, n), and <c>labels</c>, strings (B);</para>
    /// <para>one of tokens: <c>probabilities</c>, (B, T, n), <c>labels</c>, strings (B, T), and <c>tokens</c>, strings (B, T), if the tokenizer can turn ids into text;</para>
    /// <para>an answerer of questions, of pairs (question, context): <c>answer</c>, strings (B), <c>score</c>, (B), and its first and last token, <c>answer_start</c> and <c>answer_end</c>, int64 (B): the
    /// likeliest of at most 15 tokens in the second text, as Hugging Face's pipeline takes it; without a second text the answer is "";</para>
    /// <para>a masked language model head: <c>mask_tokens</c>, strings (B, 5), the most probable words for the first [MASK] of each text, and <c>mask_scores</c>, (B, 5); "" and 0 if there is none;</para>
    /// <para>a model without a head: <c>sentence_embedding</c>, (B, C), the mean of the last states over the text.</para></remarks>
    /// <exception cref="UnsupportedException">The model takes no text, or the tokenizer takes no pairs.</exception>
    public ExportSignatures ServingSignatures(InGraphTokenizer tokenizer, bool text_pairs = false, bool examples = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (!TakesTexts) throw new UnsupportedException("The model takes no texts, so it cannot be exported with a tokenizer", GetType().Name, "a model of token ids", $"\"{main_input_name}\"", "Call export without it.");
        if (text_pairs && !tokenizer.TakesPairs)
            throw new UnsupportedException("The tokenizer takes no pairs of texts", tokenizer.GetType().Name, "one with the input text_pair, such as TFBertTokenizer", "one of single texts", "Join the texts before, or leave text_pairs out.");
        var unknown = tokenizer.Outputs.Keys.Except(InputNames).ToArray();
        if (unknown.Length > 0) throw new UnsupportedException("The tokenizer makes columns that the model does not take", tokenizer.GetType().Name, Known.List(InputNames), Known.List(unknown), "Make the tokenizer of the model's own, or with fewer outputs.");
        var inputs = Texts(text_pairs);
        // Several signatures call one function, so that the tokenizer's tables are in the file once.
        var answers = new SharedFunction("answers", inputs, texts => TextAnswers(tokenizer, texts));
        var signatures = OfInputs(("int32_serving", DType.Int32), ("int64_serving", DType.Int64));
        signatures.Add(Default, answers.Call, inputs);
        if (tokenizer.CanDetokenize) signatures.Add("detokenize", ids => new Dictionary<string, Tensors> { ["text"] = tokenizer.detokenize(ids) }, new InputSpec(DType.Int64, Shape.OfSymbolic(-1, -1), name: "ids"));
        if (examples) AddRecords(signatures, inputs.IsLeaf ? new Dictionary<string, Tensors> { [FirstText] = inputs } : inputs, features => answers.Call(inputs.IsLeaf ? features[FirstText] : features));
        foreach (var (name, content) in tokenizer.VocabularyFiles) signatures.Assets[name] = content;
        return signatures;
    }

    /// <summary>Signatures for a model that takes images. <c>serving_default</c> has one input, <c>image_bytes</c>, the bytes of JPEG, PNG, GIF or BMP files, strings (B);
    /// <c>uint8_serving</c> takes decoded images, <c>image</c>, uint8 (B, H, W, C), of any size; <c>float32_serving</c> takes the model's own pixel_values. A classifier also
    /// returns <c>probabilities</c> and <c>labels</c>.</summary>
    /// <param name="image_processor">Makes pixel_values from images; it becomes part of the graph.</param>
    /// <param name="examples">Whether signatures of serialized tf.train.Example records are added, with the feature image_bytes; default false. <c>examples</c> answers Predict; <c>classify</c> or
    /// <c>regress</c> exists if the head classifies images.</param>
    /// <exception cref="UnsupportedException">The model takes no images, or the processor leaves images in their own sizes.</exception>
    public ExportSignatures ServingSignatures(TFViTImageProcessor image_processor, bool examples = false)
    {
        ArgumentNullException.ThrowIfNull(image_processor);
        if (main_input_name != PixelValues) throw new UnsupportedException("The model takes no images, so it cannot be exported with an image processor", GetType().Name, $"a model of {PixelValues}", $"\"{main_input_name}\"", "Call export without it.");
        if (!image_processor.HasOneSize) throw new UnsupportedException("The processor does not resize images, so it cannot be exported with a model", image_processor.name, "do_resize true", "false", "Make the processor with the model's size.");
        Tensors Of(Tensors images) => Answers(new Tensors([KeyValuePair.Create(PixelValues, (Tensors)image_processor.Apply(images.Single))]));
        Tensors files = new InputSpec(DType.String, new Shape(-1), name: ImageBytes);
        var answers = new SharedFunction("answers", files, Of);
        var signatures = new ExportSignatures
        {
            { Default, answers.Call, files },
            { "uint8_serving", Of, new InputSpec(DType.UInt8, Shape.OfSymbolic(-1, -1, -1, input_signature[PixelValues].Shape[1]), name: "image") },
            { "float32_serving", Answers, Inputs(DType.Int32) },
        };
        if (examples) AddRecords(signatures, new Dictionary<string, Tensors> { [ImageBytes] = files }, features => answers.Call(features[ImageBytes]));
        return signatures;
    }

    static Tensors Texts(bool pairs)
    {
        InputSpec Strings(string name) => new(DType.String, new Shape(-1), name: name);
        return pairs ? new Dictionary<string, Tensors> { [FirstText] = Strings(FirstText), [SecondText] = Strings(SecondText) } : Strings(FirstText);
    }

    Tensors TextAnswers(InGraphTokenizer tokenizer, Tensors texts)
    {
        var call = texts.IsLeaf ? new CallArguments(texts) : new CallArguments(texts[FirstText]).With(SecondText, texts[SecondText]);
        var columns = tokenizer.Apply(call);
        return HeadAnswers.Of(Apply(ExportCall(columns)), config, new(tokenizer, columns, IsPair: !texts.IsLeaf));
    }

    Tensors Answers(Tensors inputs) => HeadAnswers.Of(Apply(ExportCall(inputs)), config, null);

    /// <summary>Makes signatures that differ in the dtype of ids.</summary>
    ExportSignatures OfInputs(params ReadOnlySpan<(string Name, DType Ids)> endpoints)
    {
        EnsureBuilt();
        var signatures = new ExportSignatures();
        foreach (var (endpoint, ids) in endpoints) signatures.Add(endpoint, inputs => HeadAnswers.Stacked(Apply(ExportCall(inputs))), Inputs(ids));
        return signatures;
    }

    /// <summary>The model's inputs; free dimensions share a symbol if inputs share an axis.</summary>
    Tensors Inputs(DType ids)
    {
        var symbols = new Dictionary<(string, int), long>();
        long SymbolOf(string input, int axis) => symbols.TryGetValue((AxesOf(input, axis), axis), out var known) ? known : symbols[(AxesOf(input, axis), axis)] = Symbol.New();
        return new(input_signature.Select(i => KeyValuePair.Create(i.Key, (Tensors)new InputSpec(i.Value.DType == DType.Int32 ? ids : i.Value.DType,
            Shape.OfSymbolic([.. i.Value.Shape.ToArray().Select((d, axis) => d < 0 ? SymbolOf(i.Key, axis) : d)])))));
    }

    /// <summary>Adds signatures of serialized records to others.</summary>
    void AddRecords(ExportSignatures signatures, Tensors features, Func<Tensors, Tensors> answers)
    {
        signatures.AddExamples("examples", answers, features, NoToken);
        if (!HeadAnswers.Classifies(this)) return;
        if (ModelLosses.ProblemOf(config) != "regression") signatures.AddClassify("classify", x => answers(x)[HeadAnswers.Probabilities], features, HeadAnswers.Labels(config), NoToken);
        else if (config.num_labels == 1) signatures.AddRegress("regress", x => answers(x)["logits"], features, NoToken);
    }

    /// <summary>The padding of id lists in parsed records, which distinguishes missing tokens from token 0.</summary>
    const long NoToken = -1;

    const string Ids = "input_ids";

    /// <summary>The inputs in records: ids of any number, with segments if the model takes them, and other inputs in their shapes.</summary>
    Dictionary<string, Tensors> RecordFeatures() => NeededInputs.Concat(NeededInputs.Where(n => n.EndsWith(Ids, StringComparison.Ordinal)).Select(SegmentsOf).Where(input_signature.ContainsKey)).ToDictionary(name => name, name =>
    {
        var (dtype, shape) = input_signature[name];
        if (!dtype.IsInteger && shape.ToArray()[1..].Any(d => d < 0))
            throw new UnsupportedException("The shape of an input is not known, so records cannot be parsed", $"{GetType().Name}, {name}", "all but the batch known", shape.ToString(), "Add signatures of your own: ExportSignatures.AddExamples.");
        return (Tensors)new InputSpec(dtype.IsInteger ? DType.Int64 : dtype, new Shape([-1, .. shape.ToArray()[1..]]), name: name);
    });

    static string SegmentsOf(string ids) => ids[..^Ids.Length] + "token_type_ids";

    /// <summary>Makes the model's inputs from a record's features: the mask covers the ids, and missing segments are 0.</summary>
    Tensors FromRecord(Tensors features)
    {
        var inputs = features.Named().ToDictionary(f => f.Key, f => f.Value);
        foreach (var name in inputs.Keys.Where(n => n.EndsWith(Ids, StringComparison.Ordinal)).ToArray())
        {
            var ids = inputs[name].Single;
            var isToken = Tf.GreaterEqual(ids, Tf.ZerosLike(ids));
            inputs[name] = Tf.SelectV2(isToken, ids, Tf.Cast(Tf.Int32Scalar(config.pad_token_id ?? 0), DType.Int64));
            var mask = name[..^Ids.Length] + "attention_mask";
            if (InputNames.Contains(mask)) inputs[mask] = Tf.Cast(isToken, DType.Int64);
            if (inputs.TryGetValue(SegmentsOf(name), out var segments)) inputs[SegmentsOf(name)] = Filled(segments.Single, ids);
        }
        return new(inputs);
    }

    /// <summary>Pads segments to the number of ids; if there are more segments than ids, the op fails.</summary>
    static Tensor Filled(Tensor segments, Tensor ids)
    {
        var missing = Tf.StridedSlice(Tf.ShapeOf(ids) - Tf.ShapeOf(segments), [1], [2], [1]);
        var padded = Tf.PadV2(segments, Tf.Reshape(Tf.Concat([Tf.Int32(0, 0, 0), missing], 0), Tf.Int32(2, 2)), Tf.Constant(0, DType.Int64));
        return Tf.Reshape(Tf.Maximum(padded, Tf.ZerosLike(padded)), Tf.ShapeOf(ids));
    }
}
