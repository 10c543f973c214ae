using System.Collections;

namespace Keras;

/// <summary>Makes errors about names from a fixed list, and writes values into messages.</summary>
static class Known
{
    /// <summary>Returns a name that must be one of a list.</summary>
    /// <param name="given">The name.</param>
    /// <param name="parameter">The caller's parameter.</param>
    /// <param name="names">The allowed names; null means that none is given.</param>
    /// <exception cref="ArgumentException">The name is not in the list.</exception>
    public static string? OneOf(string? given, string parameter, params IReadOnlyList<string?> names) =>
        names.Contains(given) ? given : throw NoneOf(given, parameter, names);

    /// <summary>The error for an argument that is not in a list.</summary>
    public static ArgumentException NoneOf(string? given, string parameter, params IReadOnlyList<string?> names) => Unknown($"{parameter} is unknown", given, parameter, names);

    /// <summary>The error for a name that is not in a list.</summary>
    /// <param name="what">What went wrong, without a full stop.</param>
    /// <param name="given">The name.</param>
    /// <param name="parameter">The caller's parameter.</param>
    /// <param name="names">The list.</param>
    public static ArgumentException Unknown(string what, string? given, string? parameter, IEnumerable<string?> names)
    {
        string?[] all = [.. names];
        return new($"{what}. Expected: {(all.Length > 1 ? "one of " : "")}{List(all.Select(Say))}. Received: {Say(given)}.{Nearest(given, all)}", parameter);
    }

    /// <summary>" Did you mean ...?" where a known name is close, otherwise nothing.</summary>
    public static string Nearest(string? given, IEnumerable<string?> names)
    {
        if (string.IsNullOrEmpty(given)) return "";
        var key = Key(given);
        var near = names.OfType<string>().Select(n => (Name: n, Distance: Distance(key, Key(n)))).OrderBy(n => n.Distance).ThenBy(n => Distance(given, n.Name)).FirstOrDefault();
        return near.Name is not null && near.Distance <= Math.Max(1, key.Length / 3) ? $" Did you mean {Say(near.Name)}?" : "";
    }

    /// <summary>Names separated by commas; "none" where there are none.</summary>
    public static string List<T>(IEnumerable<T> names) => string.Join(", ", names) is { Length: > 0 } text ? text : "none";

    /// <summary>A value as messages write it: strings quoted, null as a word, lists in brackets.</summary>
    public static string Say(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        IDictionary { Count: 0 } => "{}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Say))}]",
        _ => value.ToString() is { Length: > 0 } text ? text : value.GetType().Name,
    };

    /// <summary>A name without case and underscores, which do not matter when names are compared.</summary>
    static string Key(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The number of letters left out, inserted, changed or swapped with their neighbour.</summary>
    static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(changed, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
