using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The files of a tokenizer's folder, read where they exist.</summary>
sealed class TokenizerFiles
{
    public const string Tokenizer = "tokenizer.json", Config = "tokenizer_config.json", SpecialTokensMap = "special_tokens_map.json",
        AddedTokens = "added_tokens.json", Vocabulary = "vocab.txt", ModelConfig = "config.json";

    readonly Dictionary<string, JsonObject?> _objects = [];

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

    /// <summary>A JSON file that holds an object; null where the file does not exist.</summary>
    /// <exception cref="FileFormatException">It holds something else.</exception>
    public JsonObject? Object(string name)
    {
        if (!_objects.TryGetValue(name, out var result)) _objects.Add(name, result = Has(name) ? ReadObject(PathOf(name)) : null);
        return result;
    }

    /// <summary>An entry of tokenizer_config.json; null where there is none.</summary>
    public JsonNode? Setting(string name) => Object(Config)?[name];

    /// <exception cref="VocabularyNotFoundException">None of the files exists.</exception>
    public VocabularyNotFoundException NoVocabulary(params string[] looked) =>
        new("The tokenizer's vocabulary was not found", Folder, $"one of {string.Join(", ", looked)}",
            string.Join(", ", Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order().Take(20)) is { Length: > 0 } found ? found : "an empty folder",
            "Copy the missing file beside the model's other files.");

    /// <summary>The lines of vocab.txt; the number of a line is the id of its token.</summary>
    public string[] ReadVocabulary()
    {
        var lines = File.ReadAllLines(PathOf(Vocabulary), Encoding.UTF8);
        return lines.Length > 0 ? lines : throw new FileFormatException("The vocabulary is empty", PathOf(Vocabulary), "one token a line", "no line");
    }

    /// <summary>tokenizer.json, parsed; the caller disposes it.</summary>
    public JsonDocument ReadTokenizer() => Parse(PathOf(Tokenizer), new());

    static JsonObject ReadObject(string path)
    {
        using var document = Parse(path, new() { AllowDuplicateProperties = false });
        return JsonObject.Create(document.RootElement.Clone())!;
    }

    static JsonDocument Parse(string path, JsonDocumentOptions options)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var document = JsonDocument.Parse(stream, options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new FileFormatException("The file holds no JSON object", path);
        }
        catch (JsonException e)
        {
            throw new FileFormatException("The file is no valid JSON", $"{path}, line {e.LineNumber + 1}, byte {e.BytePositionInLine}", inner: e);
        }
    }
}
