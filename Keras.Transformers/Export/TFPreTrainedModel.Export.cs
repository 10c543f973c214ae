using Keras.Saving;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Writes a SavedModel with the signatures <c>serving_default</c> (int32 inputs) and <c>int64_serving</c>; batch and length are free.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. A folder that is there is replaced whole.</param>
    /// <remarks>Hidden states and attentions are outputs only where the configuration asks for them, each stacked to one tensor.</remarks>
    public void export(string filepath)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        EnsureBuilt();
        ModelExport.Write(this, filepath, [Signature("serving_default", DType.Int32), Signature("int64_serving", DType.Int64)]);
    }

    /// <summary>Writes a SavedModel that takes texts: <c>serving_default</c> has one input, <c>text</c>, strings (B). The signatures
    /// <c>int32_serving</c> and <c>int64_serving</c> take the model's own inputs.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. A folder that is there is replaced whole.</param>
    /// <param name="tokenizer">What makes inputs of texts; it becomes part of the graph.</param>
    /// <remarks>The file holds core ops only: a server needs nothing but TensorFlow.</remarks>
    public void export(string filepath, InGraphTokenizer tokenizer)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        ArgumentNullException.ThrowIfNull(tokenizer);
        EnsureBuilt();
        ModelExport.Write(this, filepath,
        [
            new("serving_default", [("text", DType.String, new Shape(-1))], inputs => Apply(tokenizer.Apply(inputs["text"]), training: false)),
            Signature("int32_serving", DType.Int32),
            Signature("int64_serving", DType.Int64),
        ]);
    }

    ExportSignature Signature(string name, DType integers) => new(name,
        [.. input_signature.Select(i => (i.Key, i.Value.DType == DType.Int32 ? integers : i.Value.DType, i.Value.Shape))],
        inputs => Apply(inputs, training: false));
}
