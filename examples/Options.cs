using System.Globalization;

namespace Keras.Examples;

/// <summary>Parses a command line: options followed by a value, and flags, which have none.</summary>
sealed class Options
{
    readonly Dictionary<string, string?> _given = [];

    /// <exception cref="ArgumentException">An argument is neither a known option nor the value of one.</exception>
    public Options(string[] arguments, params string[] known)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!known.Contains(arguments[i])) throw new ArgumentException($"Unknown option {arguments[i]}. Expected: {string.Join(", ", known)}.");
            var name = arguments[i];
            _given[name] = i + 1 < arguments.Length && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++i] : null;
        }
    }

    public bool Has(string name) => _given.ContainsKey(name);

    /// <summary>The value of an option; null if it was not given.</summary>
    public string? Text(string name) => !_given.TryGetValue(name, out var value) ? null : value ?? throw new ArgumentException($"{name} needs a value.");

    /// <inheritdoc cref="Text"/>
    public double? Number(string name) => Text(name) is not { } text ? null
        : double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"{name} needs a number. Received: {text}.");
}
