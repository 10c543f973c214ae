using Keras.Files;

namespace Keras.Transformers;

/// <summary>The README.md of a model: metadata that the hub reads, and text for people.</summary>
/// <remarks>Source: the hub's description of model cards; huggingface_hub's ModelCard.</remarks>
/// <example>
/// <code>
/// var card = ModelCard.load("my-bert");
/// card.validate();
/// Console.WriteLine(card.data["license"]);
/// </code>
/// </example>
public sealed class ModelCard
{
    /// <summary>Creates a card from metadata and text.</summary>
    /// <param name="data">The metadata by name, of texts, numbers, lists and dictionaries; written in this order.</param>
    /// <param name="text">The prose, Markdown.</param>
    public ModelCard(IReadOnlyDictionary<string, object?> data, string text) => (this.data, this.text) = (data ?? throw new ArgumentNullException(nameof(data)), text ?? throw new ArgumentNullException(nameof(text)));

    /// <summary>The metadata by name.</summary>
    public IReadOnlyDictionary<string, object?> data { get; }

    /// <summary>The text below the metadata, Markdown.</summary>
    public string text { get; }

    /// <summary>The content of the file: metadata between lines of ---, then the text.</summary>
    public string content => data.Count == 0 ? text : $"---\n{CardYaml.Write(data)}---\n{text}";

    /// <summary>Reads a card from the content of a README.md.</summary>
    /// <param name="content">The content of the file.</param>
    /// <exception cref="FileFormatException">The metadata is not YAML.</exception>
    public static ModelCard Parse(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Parse(content, FileName);
    }

    /// <summary>Reads a card from a file.</summary>
    /// <param name="path">The file, or the folder that holds README.md.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FileFormatException">The metadata is not YAML.</exception>
    public static ModelCard load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        return File.Exists(file) ? Parse(File.ReadAllText(file), file) : throw new FileNotFoundException($"There is no card '{file}'.", file);
    }

    /// <summary>Writes the card to a file; an existing file is replaced as a whole.</summary>
    /// <param name="path">The file, or the folder that will hold README.md.</param>
    public void save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteAllText(Directory.Exists(path) ? Path.Combine(path, FileName) : path, content);
    }

    /// <summary>Checks the metadata against the hub's rules for languages, licences, ids and results.</summary>
    /// <exception cref="FileFormatException">A field breaks a rule; the message names it.</exception>
    public void validate() => CardRules.Check(data);

    internal const string FileName = "README.md";

    static ModelCard Parse(string content, string where)
    {
        var (head, body) = CardYaml.Split(content);
        return new(head is null ? new Dictionary<string, object?>() : CardYaml.Read(head, where), body);
    }
}
