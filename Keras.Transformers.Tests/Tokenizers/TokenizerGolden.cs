using System.Reflection;
using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

/// <summary>The golden data of tokenizers: the folder named by KERAS_GOLDEN, else the copy beside the tests.</summary>
static class TokenizerGolden
{
    static readonly Dictionary<string, JsonObject> Files = [];
    static readonly Dictionary<string, PreTrainedTokenizerBase> SharedTokenizers = [];

    public static string VocabFolder(string name) => GoldenFolder.PathOf("tokenizers", "vocab", name);

    /// <summary>A file of the tokenizers folder; null where it is absent.</summary>
    public static JsonObject? File(string name)
    {
        lock (Files)
        {
            var path = GoldenFolder.PathOf("tokenizers", name);
            if (!Files.TryGetValue(path, out var json) && System.IO.File.Exists(path))
                Files.Add(path, json = (JsonObject)JsonNode.Parse(System.IO.File.ReadAllBytes(path))!);
            return json;
        }
    }

    /// <summary>The files of a subfolder, without ".json".</summary>
    public static IEnumerable<string> Names(string subfolder)
    {
        var path = GoldenFolder.PathOf("tokenizers", subfolder);
        return Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order() : [];
    }

    /// <summary>The cases of a file, each a test of its own with a telling name.</summary>
    public static IEnumerable<TestCaseData> Cases(string file, Func<JsonObject, string> name) =>
        ((JsonArray?)File(file)?["cases"] ?? []).Select((c, i) => new TestCaseData(c!.AsObject()).SetArgDisplayNames($"{i}: {Shorten(name(c.AsObject()))}"));

    public static string Text(string set, int index) => File("corpus.json")![set]![index]![1]!.GetValue<string>();

    /// <summary>Every text of the corpus.</summary>
    public static string[] AllTexts() => [.. File("corpus.json")!.Where(s => s.Value is JsonArray).SelectMany(s => s.Value!.AsArray()).Select(t => t![1]!.GetValue<string>())];

    /// <summary>
    /// A new tokenizer of the configuration that encode/NAME.json names. The reference is the fast class; a class that the library does not
    /// have (yet) skips the test.
    /// </summary>
    public static PreTrainedTokenizerBase Tokenizer(string name, bool fast = true, JsonObject? more = null)
    {
        if (File($"encode/{name}.json") is not { } file)
        {
            Assert.Ignore($"Tokenizer '{name}': its configuration encode/{name}.json is not in this golden folder.");
            throw new InvalidOperationException();
        }
        var config = file["config"]!.AsObject();
        var kwargs = (JsonObject)config["kwargs"]!.DeepClone();
        foreach (var (key, value) in more ?? []) kwargs[key] = value?.DeepClone();
        return FromPretrained(config["class"]!.GetValue<string>(), VocabFolder(config["vocab"]!.GetValue<string>()), kwargs, fast);
    }

    /// <summary>The same as <see cref="Tokenizer"/>, read once for all tests that change nothing.</summary>
    public static PreTrainedTokenizerBase Shared(string name)
    {
        lock (SharedTokenizers)
        {
            if (!SharedTokenizers.TryGetValue(name, out var tokenizer)) SharedTokenizers.Add(name, tokenizer = Tokenizer(name));
            return tokenizer;
        }
    }

    public static PreTrainedTokenizerBase FromPretrained(string className, string folder, JsonObject kwargs, bool fast = true)
    {
        var type = typeof(PreTrainedTokenizerBase).Assembly.GetType($"Keras.Transformers.{className}{(fast ? "Fast" : "")}");
        if (type is null) Assert.Ignore($"The class {className} is not in the library.");
        return (PreTrainedTokenizerBase)GoldenCall.Invoke(type!, null, "from_pretrained", [folder], kwargs)!;
    }

    /// <summary>Sets properties by name.</summary>
    public static void SetAttributes(PreTrainedTokenizerBase tokenizer, JsonObject attributes)
    {
        foreach (var (name, value) in attributes)
        {
            var property = tokenizer.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance);
            Assert.That(property?.CanWrite, Is.True, $"The tokenizer has no property '{name}' that can be set.");
            Assert.That(GoldenCall.TryConvert(value, property!.PropertyType, out var converted), Is.True, $"'{name}' does not take {value?.ToJsonString()}.");
            property.SetValue(tokenizer, converted);
        }
    }

    static string Shorten(string name) => name.Length <= 150 ? name : name[..150] + "…";
}
