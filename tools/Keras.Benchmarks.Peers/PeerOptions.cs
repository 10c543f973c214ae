using System.Globalization;

namespace Keras.Benchmarks;

/// <summary>The command line: <c>--name value</c>, with the names of Keras.Benchmarks.</summary>
sealed class PeerOptions
{
    const string Usage = "--task infer --onnx FILE [--batch N] [--seq N] [--threads N] [--repeat N] [--clients N] [--contention N] [--vocab N], or --task tokenize --folder FOLDER --text FILE [--repeat N] [--contention N]";

    static readonly string[] Names = ["--task", "--onnx", "--batch", "--seq", "--threads", "--repeat", "--clients", "--contention", "--vocab", "--folder", "--text"];

    readonly Dictionary<string, string> _values = [];

    /// <summary>"infer" or "tokenize".</summary>
    public string Task => _values.GetValueOrDefault("--task") is "infer" or "tokenize" ? _values["--task"] : throw new ArgumentException($"There is no such task. Expected: {Usage}.");

    /// <exception cref="ArgumentException">An option is unknown or has no value.</exception>
    public static PeerOptions Parse(string[] arguments)
    {
        var options = new PeerOptions();
        for (var i = 0; i < arguments.Length; i += 2)
            if (!Names.Contains(arguments[i]) || i + 1 == arguments.Length) throw new ArgumentException($"'{arguments[i]}' is no option, or has no value. Expected: {Usage}.");
            else options._values[arguments[i]] = arguments[i + 1];
        return options;
    }

    /// <exception cref="ArgumentException">The value is not an integer of 0 or more.</exception>
    public int Number(string name, int otherwise) => !_values.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"{name} is no whole number: {text}.");

    /// <exception cref="ArgumentException">The option is not given, or the path does not exist.</exception>
    public string PathOf(string name) => _values.TryGetValue(name, out var path) && (File.Exists(path) || Directory.Exists(path)) ? path
        : throw new ArgumentException($"{name} has to name a file or folder that is there. Expected: {Usage}.");
}
