using Keras.Export;
using Keras.Graphs;
using Keras.Saving;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Writes a SavedModel with the endpoints <c>serving_default</c> (int32 inputs) and <c>int64_serving</c>, of a model without integer inputs the first alone; batch and length are free.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. A folder that is there is replaced whole.</param>
    /// <param name="format">"tf_saved_model".</param>
    /// <param name="verbose">Whether the endpoints are printed; default false.</param>
    /// <param name="input_signature">What the model takes in place of its own inputs; then the endpoint is Keras' <c>serve</c> alone.</param>
    /// <exception cref="UnsupportedException">The format is another.</exception>
    /// <remarks>Hidden states and attentions are outputs only where the configuration asks for them, each stacked to one tensor.</remarks>
    public override void export(string filepath, string format = "tf_saved_model", bool? verbose = null, Tensors? input_signature = null)
    {
        EnsureBuilt();
        if (input_signature is not null || format != "tf_saved_model") base.export(filepath, format, verbose ?? false, input_signature);
        else if (this.input_signature.Values.Any(i => i.DType.IsInteger)) Archive(("serving_default", DType.Int32), ("int64_serving", DType.Int64)).write_out(filepath, verbose ?? false);
        else Archive(("serving_default", DType.Int32)).write_out(filepath, verbose ?? false);
    }

    /// <summary>Writes a SavedModel that takes texts: <c>serving_default</c> has one input, <c>text</c>, strings (B). The endpoints
    /// <c>int32_serving</c> and <c>int64_serving</c> take the model's own inputs, and <c>detokenize</c>, where the tokenizer can, makes texts of ids, (B, T), int64.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. A folder that is there is replaced whole.</param>
    /// <param name="tokenizer">What makes inputs of texts; it becomes part of the graph.</param>
    /// <exception cref="UnsupportedException">The model takes no texts.</exception>
    /// <remarks>The file holds core ops only: a server needs nothing but TensorFlow.</remarks>
    public void export(string filepath, InGraphTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (!TakesTexts) throw new UnsupportedException("A model that takes no texts was to be exported with a tokenizer", GetType().Name, "a model of token ids", $"\"{main_input_name}\"", "Call export without it.");
        EnsureBuilt();
        var archive = Archive(("int32_serving", DType.Int32), ("int64_serving", DType.Int64));
        archive.add_endpoint("serving_default", text => Stacked(Apply(tokenizer.Apply(text), training: false)), new InputSpec(DType.String, new Shape(-1), name: "text"));
        if (tokenizer.CanDetokenize) archive.add_endpoint("detokenize", ids => new Dictionary<string, Tensors> { ["text"] = tokenizer.detokenize(ids) }, new InputSpec(DType.Int64, Shape.OfSymbolic(-1, -1), name: "ids"));
        archive.write_out(filepath, verbose: false);
    }

    /// <summary>Writes a SavedModel that takes images as they are: <c>serving_default</c> has one input, <c>image_bytes</c>, the bytes of JPEG, PNG, GIF or BMP files, strings (B); <c>uint8_serving</c>
    /// takes decoded ones, <c>image</c>, uint8 (B, H, W, C), of any size; <c>float32_serving</c> takes the model's own pixel_values.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. A folder that is there is replaced whole.</param>
    /// <param name="image_processor">What makes pixel_values of images; it becomes part of the graph.</param>
    /// <exception cref="UnsupportedException">The model takes no images, or the processor leaves images in their own sizes.</exception>
    /// <remarks>Of a classifier each endpoint returns, beside the logits, <c>probabilities</c> (B, classes), float32, and <c>labels</c>, string (B), the names of the likeliest classes in the configuration's
    /// id2label; where several classes may hold at once, probabilities alone. The file holds core ops only: a server needs nothing but TensorFlow.</remarks>
    public void export(string filepath, TFViTImageProcessor image_processor)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        ArgumentNullException.ThrowIfNull(image_processor);
        if (main_input_name != PixelValues) throw new UnsupportedException("A model that takes no images was to be exported with a processor of images", GetType().Name, $"a model of {PixelValues}", $"\"{main_input_name}\"", "Call export without it.");
        if (!image_processor.HasOneSize) throw new UnsupportedException("A processor that leaves images in their own sizes cannot be exported with a model", image_processor.name, "do_resize true", "false", "Make the processor with the model's size.");
        EnsureBuilt();
        var archive = new ExportArchive();
        archive.track(this);
        Tensors Of(Tensors images) => Answers(Apply(new Tensors([KeyValuePair.Create(PixelValues, (Tensors)image_processor.Apply(images.Single))]), training: false));
        archive.add_endpoint("serving_default", Of, new InputSpec(DType.String, new Shape(-1), name: "image_bytes"));
        archive.add_endpoint("uint8_serving", Of, new InputSpec(DType.UInt8, Shape.OfSymbolic(-1, -1, -1, input_signature[PixelValues].Shape[1]), name: "image"));
        archive.add_endpoint("float32_serving", inputs => Answers(Apply(inputs, training: false)), Inputs(DType.Int32));
        archive.write_out(filepath, verbose: false);
    }

    /// <inheritdoc cref="export(string, TFViTImageProcessor)"/>
    public void export(string filepath, ViTImageProcessor image_processor) => export(filepath, TFViTImageProcessor.from_processor(image_processor));

    /// <summary>Writes the model with its processor of images: preprocessor_config.json too, and a SavedModel that takes files of images.</summary>
    /// <param name="save_directory">The folder; made if absent.</param>
    /// <param name="image_processor">The processor.</param>
    /// <param name="saved_model">Whether a SavedModel is written, as <see cref="export(string, TFViTImageProcessor)"/> makes it; default false.</param>
    /// <param name="version">The SavedModel's version; default 1.</param>
    /// <param name="max_shard_size">The size above which weights are split over several files; default 5 GB.</param>
    /// <param name="safe_serialization">Whether weights are written as safetensors; default true.</param>
    /// <param name="variant">What stands before the ending of the weights' names; default nothing.</param>
    /// <exception cref="UnsupportedException">A SavedModel is asked for, and the model takes no images, or the processor leaves images in their own sizes.</exception>
    public void save_pretrained(string save_directory, ViTImageProcessor image_processor, bool saved_model = false, int version = 1, MaxShardSize? max_shard_size = null, bool safe_serialization = true,
        string? variant = null)
    {
        ArgumentNullException.ThrowIfNull(image_processor);
        save_pretrained(save_directory, saved_model: false, version, max_shard_size, safe_serialization, variant);
        image_processor.save_pretrained(save_directory);
        if (saved_model) export(SavedModelFolder(save_directory, version), image_processor);
    }

    const string PixelValues = "pixel_values";

    /// <summary>The outputs, and of a classifier's what they mean.</summary>
    Tensors Answers(ModelOutput outputs)
    {
        var stacked = Stacked(outputs);
        var problem = ModelLosses.ProblemOf(config);
        if (outputs is not TFSequenceClassifierOutput { logits: var logits } || problem == "regression") return stacked;
        var answers = stacked.Named().ToDictionary(o => o.Key, o => o.Value);
        var scores = Tf.Cast(logits, DType.Float32);
        answers["probabilities"] = problem == "single_label_classification" ? Tf.Softmax(scores) : Tf.Sigmoid(scores);
        if (problem == "single_label_classification")
        {
            var names = HostTensor.From(Enumerable.Range(0, config.num_labels).Select(i => config.id2label.GetValueOrDefault(i, $"LABEL_{i}")).ToArray());
            answers["labels"] = Tf.Gather(Tf.Constant(names), Tf.ArgMax(scores, -1, DType.Int32), 0);
        }
        return answers;
    }

    /// <summary>An archive with endpoints that differ in the type of ids.</summary>
    ExportArchive Archive(params ReadOnlySpan<(string Name, DType Ids)> endpoints)
    {
        var archive = new ExportArchive();
        archive.track(this);
        foreach (var (endpoint, ids) in endpoints) archive.add_endpoint(endpoint, inputs => Stacked(Apply(ExportCall(inputs))), Inputs(ids));
        return archive;
    }

    /// <summary>The model's inputs; free dimensions are one symbol where inputs have an axis in common.</summary>
    Tensors Inputs(DType ids)
    {
        var symbols = new Dictionary<(string, int), long>();
        long SymbolOf(string input, int axis) => symbols.TryGetValue((AxesOf(input, axis), axis), out var known) ? known : symbols[(AxesOf(input, axis), axis)] = Symbol.New();
        return new(input_signature.Select(i => KeyValuePair.Create(i.Key, (Tensors)new InputSpec(i.Value.DType == DType.Int32 ? ids : i.Value.DType,
            Shape.OfSymbolic([.. i.Value.Shape.ToArray().Select((d, axis) => d < 0 ? SymbolOf(i.Key, axis) : d)])))));
    }

    /// <summary>Lists of tensors of one shape become one tensor each, as in Hugging Face's signatures; what an output within an output holds gets both names.</summary>
    static Tensors Stacked(Tensors outputs) => outputs.IsDictionary ? new(Endpoints("", outputs)) : outputs;

    static IEnumerable<KeyValuePair<string, Tensors>> Endpoints(string within, Tensors outputs) => outputs.Named().SelectMany(o =>
        o.Value.IsDictionary ? Endpoints($"{within}{o.Key}_", o.Value) : [KeyValuePair.Create(within + o.Key, o.Value.IsLeaf ? o.Value : new Tensors(Tf.Stack([.. o.Value.Flatten()], 0)))]);
}
