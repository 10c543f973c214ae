using Keras.Export;

namespace Keras;

public abstract partial class Model
{
    const string SavedModelFormat = "tf_saved_model";
    const string DefaultEndpoint = "serve";

    /// <summary>Exports the model for inference, as a SavedModel that runs without its code: in TensorFlow, TensorFlow Serving, Keras' TFSMLayer and this library.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. An existing folder is replaced as a whole.</param>
    /// <param name="format">"tf_saved_model".</param>
    /// <param name="verbose">Whether the endpoint is printed; default true.</param>
    /// <param name="input_signature">The model's inputs: an <see cref="InputSpec"/>, a tensor of <c>keras.Input</c>, a list or a dictionary of these; default
    /// the model's inputs, or those of its first call, with a free batch.</param>
    /// <param name="options">How to store the weights and what else to write; default variables as they are.</param>
    /// <exception cref="UnsupportedException">The format is another, or the model returns a nested structure.</exception>
    /// <exception cref="InvalidOperationException">The model has no weights, or its inputs are not known.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    /// <remarks>The endpoint is called serve, and also serving_default as a signature. Inputs are named after their <c>keras.Input</c>s or their keys, otherwise args_0,
    /// args_0_1; outputs by their keys, otherwise output_0, output_1. Source: keras/src/models/model.py.</remarks>
    public virtual void export(string filepath, string format = SavedModelFormat, bool? verbose = null, Tensors? input_signature = null, ExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        if (format != SavedModelFormat)
            throw new UnsupportedException("A model cannot be exported in this format", $"model '{name}'", $"\"{SavedModelFormat}\"", $"\"{format}\"",
                "Other programs convert SavedModels, or load the weights of save_weights.");
        RequireBuilt(nameof(export));
        var archive = new ExportArchive(options);
        archive.track_and_add_endpoint(DefaultEndpoint, this, input_signature);
        archive.write_out(filepath, verbose ?? true);
    }

    /// <summary>Exports the model with signatures of your own instead of the model's; to keep the model's too, add to <see cref="ServingSignatures()"/>.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. An existing folder is replaced as a whole.</param>
    /// <param name="signatures">The signatures, or one <see cref="ExportSignature"/> for serving_default.</param>
    /// <param name="options">How to store the weights and what else to write; default variables as they are.</param>
    /// <param name="verbose">Whether the signatures are printed; default false.</param>
    /// <exception cref="ArgumentException">There are no signatures, a name means something else in a SavedModel, or a warm-up request does not fit.</exception>
    /// <exception cref="UnsupportedException">A signature returns a nested structure, what its kind of request does not hold, or uses what cannot be in a file.</exception>
    /// <exception cref="InvalidOperationException">The model has no weights.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public void export(string filepath, ExportSignatures signatures, ExportOptions? options = null, bool verbose = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        ArgumentNullException.ThrowIfNull(signatures);
        RequireExportable();
        var archive = new ExportArchive(options);
        archive.track(this);
        archive.add_endpoints(signatures);
        archive.write_out(filepath, verbose);
    }

    private protected virtual void RequireExportable() => RequireBuilt(nameof(export));

    /// <summary>The signatures that <see cref="export(string, string, bool?, Tensors?, ExportOptions?)"/> writes: <c>serve</c> and <c>serving_default</c>.</summary>
    /// <exception cref="InvalidOperationException">The model has no weights, or its inputs are not known.</exception>
    public virtual ExportSignatures ServingSignatures()
    {
        RequireExportable();
        var own = new ExportSignature(inputs => Apply(inputs, training: false), InputSignatures.Of(this, null));
        return new() { { DefaultEndpoint, own }, { SavedModels.SavedModelContents.DefaultSignature, own } };
    }
}
