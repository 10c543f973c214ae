namespace Keras.Transformers;

/// <summary>Turns raw data into a model's inputs: a tokenizer, an image processor, or both together.</summary>
public interface IProcessor
{
    /// <summary>The names of the tensors that it makes.</summary>
    IReadOnlyList<string> model_input_names { get; }

    /// <summary>Writes its files into a folder, which <see cref="AutoProcessor"/> and Hugging Face's transformers read.</summary>
    /// <param name="save_directory">The folder; it is created if needed.</param>
    /// <returns>The paths of the files.</returns>
    IReadOnlyList<string> save_pretrained(string save_directory);
}
