using Keras.Saving;

namespace Keras;

public abstract partial class Model
{
    const string WeightsEnding = ".weights.h5";

    /// <summary>Saves the weights, and a compiled model's optimizer state, as Keras 3 does; an existing file is replaced as a whole.</summary>
    /// <param name="filepath">The file; its name ends in .weights.h5.</param>
    /// <param name="overwrite">Whether to replace an existing file; default true.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="InvalidOperationException">The model has no weights yet.</exception>
    /// <exception cref="IOException">The file is there and is not to be replaced, or the disk cannot be written.</exception>
    /// <remarks>Layers are named by the fields and properties that hold them, in lists and dictionaries by their classes. Source: keras/src/saving/saving_lib.py.</remarks>
    public void save_weights(string filepath, bool overwrite = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        if (!filepath.EndsWith(WeightsEnding, StringComparison.Ordinal)) throw new ArgumentException($"The file's name is not that of a file of weights. Expected: a name that ends in {WeightsEnding}. Received: \"{filepath}\".", nameof(filepath));
        RequireBuilt(nameof(save_weights));
        RequireFree(filepath, overwrite);
        KerasWeights.Save(this, filepath);
    }

    /// <summary>Loads the weights from a file; all are checked before the first is set.</summary>
    /// <param name="filepath">A .weights.h5 file, a .keras archive, or an .h5 file of Keras 2 (weights or a whole model).</param>
    /// <param name="skip_mismatch">Whether to skip layers whose weights do not fit, with a warning; default false.</param>
    /// <param name="by_name">Whether layers of an .h5 file are matched by their names and others left alone; default false, by their order.</param>
    /// <exception cref="ArgumentException">The name ends otherwise, or by_name is given for a file of Keras 3.</exception>
    /// <exception cref="InvalidOperationException">The model has no weights yet.</exception>
    /// <exception cref="FileFormatException">The file is damaged, or weights do not fit; all of them are named and nothing was set.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public virtual void load_weights(string filepath, bool skip_mismatch = false, bool by_name = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        RequireBuilt(nameof(load_weights));
        var isOfKeras3 = filepath.EndsWith(WeightsEnding, StringComparison.Ordinal) || filepath.EndsWith(".keras", StringComparison.Ordinal);
        if (!isOfKeras3 && !filepath.EndsWith(".h5", StringComparison.Ordinal) && !filepath.EndsWith(".hdf5", StringComparison.Ordinal))
            throw new ArgumentException($"The file's name is not that of a file of weights. Expected: a name that ends in {WeightsEnding}, .keras, .h5 or .hdf5. Received: \"{filepath}\".", nameof(filepath));
        if (isOfKeras3 && by_name) throw new ArgumentException("The file cannot be loaded by_name, which only .h5 files of Keras 2 can.", nameof(by_name));
        if (isOfKeras3) KerasWeights.Load(this, filepath, skip_mismatch);
        else LegacyWeights.Load(this, filepath, by_name, skip_mismatch);
    }

    /// <summary>Saves the whole model as Keras 3 does: its config, what it was compiled with, its weights and its optimizer's state. An existing file
    /// is replaced as a whole.</summary>
    /// <param name="filepath">The file; its name ends in .keras.</param>
    /// <param name="overwrite">Whether to replace an existing file; default true.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="InvalidOperationException">The model has no weights yet.</exception>
    /// <exception cref="UnsupportedException">A layer has no form in a config; nothing was written.</exception>
    /// <exception cref="IOException">The file is there and is not to be replaced, or the disk cannot be written.</exception>
    /// <remarks><c>keras.models.load_model</c> makes the model again, here and in Python. A loss or metric that is a C# function is written by its name,
    /// so such a model is loaded with <c>compile: false</c>. Source: keras/src/saving/saving_api.py.</remarks>
    public virtual void save(string filepath, bool overwrite = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        if (!filepath.EndsWith(KerasArchive.Ending, StringComparison.Ordinal))
            throw new ArgumentException($"The file's name is not that of a model. Expected: a name that ends in {KerasArchive.Ending}. Received: \"{filepath}\". Use export(filepath) for a SavedModel, save_weights for weights alone.", nameof(filepath));
        RequireBuilt(nameof(save));
        RequireFree(filepath, overwrite);
        KerasArchive.Save(this, filepath);
    }

    /// <summary>The model's config as JSON, which <c>keras.models.model_from_json</c> takes; without weights.</summary>
    /// <exception cref="UnsupportedException">A layer has no form in a config.</exception>
    public string to_json() => ConfigJson.Write(Serialized());

    static void RequireFree(string filepath, bool overwrite)
    {
        if (!overwrite && File.Exists(filepath)) throw new IOException($"The file '{filepath}' exists already. Pass overwrite: true to replace it.");
    }

    void RequireBuilt(string what)
    {
        if (!built) throw new InvalidOperationException($"The model '{name}' has no weights yet. Apply it to data, or build it, before {what}.");
    }
}
