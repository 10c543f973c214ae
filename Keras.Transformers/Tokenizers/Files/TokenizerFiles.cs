using System.Text;
using System.Text.Unicode;

namespace Keras.Transformers;

/// <summary>The files of a tokenizer's folder, each read if it exists.</summary>
public sealed class TokenizerFiles
{
    internal const string Tokenizer = "tokenizer.json", Config = "tokenizer_config.json", SpecialTokensMap = "special_tokens_map.json",
        AddedTokens = "added_tokens.json", ModelConfig = "config.json";

    /// <summary>The supported model types in tokenizer.json.</summary>
    internal const string WordPiece = "WordPiece", BytePairs = "BPE";

    readonly Dictionary<string, JsonPlace> _objects = [];
    TokenizerJson? _json;

    /// <summary>The files of a folder or hub repository, as named by a caller of <c>from_pretrained</c>.</summary>
    /// <param name="pretrained_model_name_or_path">The folder or the repository.</param>
    /// <param name="subfolder">The folder within it; "" for none.</param>
    /// <param name="options">Where to look for a repository.</param>
    /// <param name="vocabularies">The possible vocabulary files.</param>
    internal static TokenizerFiles Of(string pretrained_model_name_or_path, string subfolder, HubOptions options, string[] vocabularies) =>
        new(PretrainedSource.Folder(pretrained_model_name_or_path, subfolder, options, [.. new[] { Config, Tokenizer, SpecialTokensMap, AddedTokens, ModelConfig }.Concat(vocabularies).Distinct()]));

    /// <summary>Opens the files of a folder.</summary>
    /// <exception cref="VocabularyNotFoundException">There is no such folder.</exception>
    public TokenizerFiles(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
        if (!Directory.Exists(folder))
            throw new VocabularyNotFoundException("There is no such folder to read a tokenizer from", folder, "a folder as save_pretrained writes it",
                File.Exists(folder) ? "a file" : "nothing", "Pass the path of the folder that holds the model's files.");
    }

    /// <summary>The path of the folder.</summary>
    public string Folder { get; }

    /// <summary>The path of a file of this name.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Whether there is a file of this name.</summary>
    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>Reads a JSON file with an object; undefined if the file does not exist.</summary>
    /// <exception cref="FileFormatException">The file holds something other than an object.</exception>
    internal JsonPlace Object(string name)
    {
        if (!_objects.TryGetValue(name, out var result)) _objects.Add(name, result = Has(name) ? JsonPlace.Read(PathOf(name)) : default);
        return result;
    }

    /// <summary>An entry of tokenizer_config.json.</summary>
    internal JsonPlace Setting(string name) => Object(Config)[name];

    /// <summary>The tokenizer.json of a class that reads such files; null if there is none.</summary>
    /// <exception cref="FileFormatException">tokenizer.json is damaged.</exception>
    internal TokenizerJson? Json(TokenizerKind kind) => kind.ReadsTokenizerJson && Has(Tokenizer) ? _json ??= new(this) : null;

    /// <summary>Checks that a vocabulary exists: tokenizer.json, or all other files that the class declares.</summary>
    /// <exception cref="VocabularyNotFoundException">There are no such files.</exception>
    internal void Require(TokenizerKind kind)
    {
        string[] own = [.. kind.OwnFiles];
        if ((kind.ReadsTokenizerJson && Has(Tokenizer)) || (own.Length > 0 && Array.TrueForAll(own, Has))) return;
        string[] ways = [.. kind.ReadsTokenizerJson ? [Tokenizer] : Array.Empty<string>(), .. own.Length > 0 ? [string.Join(" with ", own)] : Array.Empty<string>()];
        throw new VocabularyNotFoundException("The tokenizer's vocabulary was not found", Folder, string.Join(", or ", ways), Vocabularies(),
            IsOfOtherKind() ? AutoTokenizer.OtherFamilies : "Copy the missing file beside the model's other files.");
    }

    static readonly string[] SentencePieceEndings = [".model", ".spm"];

    IEnumerable<string> Names => Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    static bool IsSentencePiece(string name) => Array.Exists(SentencePieceEndings, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    /// <summary>The model type in tokenizer.json; null if there is none.</summary>
    string? ModelType()
    {
        try
        {
            return Object(Tokenizer)["model"]["type"].TextOrNull();
        }
        catch (FileFormatException)
        {
            return null; // The error being built is about something else.
        }
    }

    /// <summary>Whether the folder's vocabulary is of an unsupported kind.</summary>
    internal bool IsOfOtherKind() => Names.Any(IsSentencePiece) || ModelType() is not (null or WordPiece or BytePairs);

    /// <summary>The folder's vocabulary files, for error messages.</summary>
    internal string Vocabularies()
    {
        string[] found = [.. Names.Where(IsSentencePiece).Select(n => $"{n} (a SentencePiece model)"), .. ModelType() is { } type ? [$"{Tokenizer} with a {type} model"] : Array.Empty<string>()];
        return found.Length > 0 ? string.Join(", ", found) : Names.Take(20).ToList() is { Count: > 0 } names ? string.Join(", ", names) : "no file";
    }

    /// <summary>The lines of a vocabulary's text file.</summary>
    /// <exception cref="FileFormatException">The file is empty or not UTF-8.</exception>
    public string[] ReadLines(string name)
    {
        var path = PathOf(name);
        var bytes = File.ReadAllBytes(path);
        if (!Utf8.IsValid(bytes)) throw new FileFormatException("The vocabulary is not text", $"{path}, line {FirstBroken(bytes)}", "UTF-8", "bytes that are none", "Save it again as UTF-8.");
        var lines = new List<string>();
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        while (reader.ReadLine() is { } line) lines.Add(line);
        return lines.Count > 0 ? [.. lines] : throw new FileFormatException("The vocabulary is empty", path, "one entry a line", "no line");
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
