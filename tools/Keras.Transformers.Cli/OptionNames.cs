using System.Text.RegularExpressions;

namespace Keras.Transformers.Cli;

/// <summary>The command-line names of job options.</summary>
static partial class OptionNames
{
    static readonly Dictionary<string, string> Others = new()
    {
        ["LearningRate"] = "--lr", ["JitCompile"] = "--jit", ["DType"] = "--dtype", ["CacheFolder"] = "--cache-dir", ["Model"] = "<MODEL>", ["Folder"] = "<FOLDER>", ["Path"] = "<PATH>", ["Repository"] = "<REPOSITORY>",
    };

    public static string Of(string option) => Others.TryGetValue(option, out var name) ? name : $"-{Capital().Replace(option, m => $"-{m.Value.ToLowerInvariant()}")}";

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
