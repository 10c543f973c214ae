using System.Text;
using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>Selects files of a repository by Python's fnmatch, where "*" also matches "/", and a folder matches all files in it.</summary>
sealed class FilePatterns
{
    readonly Regex[]? _allowed;
    readonly Regex[] _ignored;

    /// <param name="allowed">Patterns of files to include; null for all.</param>
    /// <param name="ignored">Patterns of files to exclude even if allowed; null for none.</param>
    public FilePatterns(IEnumerable<string>? allowed, IEnumerable<string>? ignored) => (_allowed, _ignored) = (allowed?.Select(Of).ToArray(), ignored?.Select(Of).ToArray() ?? []);

    public bool Has(string file) => (_allowed is null || _allowed.Any(p => p.IsMatch(file))) && !_ignored.Any(p => p.IsMatch(file));

    static Regex Of(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern, "patterns");
        if (pattern.EndsWith('/')) pattern += "*";
        var expression = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var end = pattern[i] == '[' ? pattern.IndexOf(']', Math.Min(pattern.Length, i + (i + 1 < pattern.Length && pattern[i + 1] == '!' ? 3 : 2))) : -1;
            if (end > 0)
            {
                var members = pattern[(i + 1)..end].Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal);
                expression.Append('[').Append(members[0] == '!' ? "^" + members[1..] : members[0] == '^' ? @"\" + members : members).Append(']');
                i = end;
            }
            else expression.Append(pattern[i] switch { '*' => ".*", '?' => ".", var c => Regex.Escape(c.ToString()) });
        }
        try
        {
            return new(expression.Append(@"\z").ToString(), RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The pattern cannot be read. Expected: \"*.json\", \"data/*\", \"[ab].txt\". Received: {Known.Say(pattern)}.", "patterns", e);
        }
    }
}
