using Keras.Export;
using Keras.Graphs;

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
