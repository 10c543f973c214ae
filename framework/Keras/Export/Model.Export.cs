using Keras.Export;

namespace Keras;

public abstract partial class Model
{
    const string SavedModelFormat = "tf_saved_model";
    const string DefaultEndpoint = "serve";

    /// <summary>Writes the model for inference, as a SavedModel that runs without its code: in TensorFlow, TensorFlow Serving, Keras' TFSMLayer and here.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. A folder that is there is replaced whole.</param>
    /// <param name="format">"tf_saved_model".</param>
    /// <param name="verbose">Whether the endpoint is printed; default true.</param>
    /// <param name="input_signature">What the model takes: an <see cref="InputSpec"/>, a tensor of <c>keras.Input</c>, a list or a dictionary of these; default
    /// the model's inputs, or those of its first call, with a free batch.</param>
    /// <exception cref="UnsupportedException">The format is another, or the model returns a nested structure.</exception>
    /// <exception cref="InvalidOperationException">The model has no weights, or what it takes is not known.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    /// <remarks>The endpoint is called serve, as a signature serving_default too. Inputs are called as their <c>keras.Input</c>s or their keys, else args_0,
    /// args_0_1; outputs by their keys, else output_0, output_1. Source: keras/src/models/model.py.</remarks>
    public virtual void export(string filepath, string format = SavedModelFormat, bool? verbose = null, Tensors? input_signature = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        if (format != SavedModelFormat)
            throw new UnsupportedException("A model cannot be exported in this format", $"model '{name}'", $"\"{SavedModelFormat}\"", $"\"{format}\"",
                "Other programs convert SavedModels, or load the weights of save_weights.");
        RequireBuilt(nameof(export));
        var archive = new ExportArchive();
        archive.track_and_add_endpoint(DefaultEndpoint, this, input_signature);
        archive.write_out(filepath, verbose ?? true);
    }
}
