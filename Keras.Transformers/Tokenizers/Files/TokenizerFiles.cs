using System.Text;
using System.Text.Unicode;

namespace Keras.Transformers;

/// <summary>The files of a tokenizer's folder, read where they exist.</summary>
sealed class TokenizerFiles
{
    public const string Tokenizer = "tokenizer.json", Config = "tokenizer_config.json", SpecialTokensMap = "special_tokens_map.json",
        AddedTokens = "added_tokens.json", Vocabulary = "vocab.txt", ModelConfig = "config.json";

    readonly Dictionary<string, JsonPlace> _objects = [];

    public TokenizerFiles(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
        if (!Directory.Exists(folder))
            throw new VocabularyNotFoundException("There is no such folder to read a tokenizer from", folder, "a folder as save_pretrained writes it",
                File.Exists(folder) ? "a file" : "nothing", "Pass the path of the folder that holds the model's files.");
    }

    public string Folder { get; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>A JSON file that holds an object; none where the file does not exist.</summary>
    /// <exception cref="FileFormatException">It holds something else.</exception>
    public JsonPlace Object(string name)
    {
        if (!_objects.TryGetValue(name, out var result)) _objects.Add(name, result = Has(name) ? JsonPlace.Read(PathOf(name)) : default);
        return result;
    }

    /// <summary>An entry of tokenizer_config.json.</summary>
    public JsonPlace Setting(string name) => Object(Config)[name];

    /// <exception cref="VocabularyNotFoundException">None of the files exists.</exception>
    public VocabularyNotFoundException NoVocabulary(params string[] looked) =>
        new("The tokenizer's vocabulary was not found", Folder, $"one of {string.Join(", ", looked)}",
            string.Join(", ", Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order().Take(20)) is { Length: > 0 } found ? found : "an empty folder",
            "Copy the missing file beside the model's other files.");

    /// <summary>The lines of vocab.txt; the number of a line is the id of its token.</summary>
    /// <exception cref="FileFormatException">The file is empty or no UTF-8.</exception>
    public string[] ReadVocabulary()
    {
        var path = PathOf(Vocabulary);
        var bytes = File.ReadAllBytes(path);
        if (!Utf8.IsValid(bytes)) throw new FileFormatException("The vocabulary is no text", $"{path}, line {FirstBroken(bytes)}", "UTF-8", "bytes that are none", "Save it anew as UTF-8.");
        var lines = new List<string>();
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        while (reader.ReadLine() is { } line) lines.Add(line);
        return lines.Count > 0 ? [.. lines] : throw new FileFormatException("The vocabulary is empty", path, "one token a line", "no line");
    }

    static int FirstBroken(ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            if (!Utf8.IsValid(bytes[range])) break;
            line++;
        }
        return line;
    }
}
