namespace Keras.Data;

// Properties that directory loaders set beside the elements.
public sealed partial class DataPipeline
{
    /// <summary>The names of the classes in index order, for a pipeline made by a directory loader with labels; otherwise null.</summary>
    public IReadOnlyList<string>? class_names { get; internal set; }

    /// <summary>The files, for a pipeline made by a directory loader; otherwise null.</summary>
    public IReadOnlyList<string>? file_paths { get; internal set; }

    internal DataPipeline? Validation { get; set; }

    /// <summary>The two parts from <c>subset: "both"</c>: <c>var (training, validation) = keras.utils.image_dataset_from_directory(...)</c>.</summary>
    /// <param name="training">The pipeline itself.</param>
    /// <param name="validation">The files that were held back.</param>
    /// <exception cref="InvalidOperationException">The pipeline is not a pair of training and validation data.</exception>
    public void Deconstruct(out DataPipeline training, out DataPipeline validation) => (training, validation) = (this, Validation
        ?? throw new InvalidOperationException("The pipeline cannot be taken apart: it is not a pair of training and validation data. Load a folder with validation_split and subset: \"both\", or use take and skip."));
}
