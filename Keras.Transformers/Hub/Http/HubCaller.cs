using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>The program's user agent, and its own headers, which are sent only to the hub's host.</summary>
sealed partial class HubCaller
{
    const string Own = "such as { [\"X-Name\"] = \"value\" }";
    static readonly string[] Reserved = ["Accept-Encoding", "Connection", "Content-Length", "Content-Type", "Expect", "Host", "Range", "Transfer-Encoding", "User-Agent"];

    static readonly string[] Secret = ["auth", "cookie", "key", "token", "secret", "password"];

    const int ShortestSecret = 8;

    public static readonly HubCaller None = new(null, null, null, null);

    readonly string _before, _after;

    /// <param name="library">The name of the program; null for none.</param>
    /// <param name="version">The program's version; null for none.</param>
    /// <param name="agent">Further text for the user agent; null for none.</param>
    /// <param name="headers">Headers by name; null for none.</param>
    /// <exception cref="HfValidationException">A name or header cannot be sent.</exception>
    public HubCaller(string? library, string? version, string? agent, IReadOnlyDictionary<string, string>? headers)
    {
        if (version is not null && library is null) throw new ArgumentException("library_version is given without library_name.", "library_version");
        _before = library is null ? "" : $"{Text(library, "library_name")}{(version is null ? "" : $"/{Text(version, "library_version")}")}; ";
        _after = agent is null ? "" : $"; {Text(agent, "user_agent")}";
        Headers = [.. (headers ?? new Dictionary<string, string>()).Select(h => (Name(h.Key), Text(h.Value, $"headers[\"{h.Key}\"]")))];
    }

    /// <summary>The headers that every request carries.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>Whether a header carries the token.</summary>
    public bool IsKnown => Headers.Any(IsAuthorization);

    /// <summary>The secrets that no message may contain: all secret parts of headers, except those so short that texts contain them by chance.</summary>
    public IEnumerable<string?> Secrets => Headers.Where(h => Secret.Any(s => h.Name.Contains(s, StringComparison.OrdinalIgnoreCase))).SelectMany(h => h.Value.Split(' ', ';', '=')).Where(s => s.Length >= ShortestSecret);

    /// <summary>The program's name before this library's in the user agent, and further parts after it.</summary>
    public string AgentOf(string own) => _before + own + _after;

    static bool IsAuthorization((string Name, string Value) header) => header.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase);

    static string Name(string name)
    {
        if (!Token().IsMatch(name)) throw new HfValidationException("A header cannot have this name", "headers", Own, Known.Say(RepoName.Printable(name)));
        return !Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) ? name : throw new HfValidationException("This header is set by the client itself", "headers", Own, Known.Say(name), "Leave it out; for the agent there is user_agent.");
    }

    /// <summary>Checks that a value has no line breaks, which could inject headers.</summary>
    static string Text(string? text, string argument) => text is { Length: > 0 } && text.All(c => c is >= ' ' and < (char)127) && text.Trim().Length == text.Length ? text
        : throw new HfValidationException("This cannot be sent as a header", argument, "visible ASCII characters, without ends of lines", text is null ? "null" : $"{text.Length} characters, others among them");

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]+\z")]
    private static partial Regex Token();
}
