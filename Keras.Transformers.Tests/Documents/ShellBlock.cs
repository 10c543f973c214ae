using System.Text.RegularExpressions;

namespace Keras.Transformers.Tests.Documents;

/// <summary>A block of shell commands of a page. A comment before it, <c>&lt;!-- not run: reason --&gt;</c>, says why the tests leave it out.</summary>
/// <param name="Page">The page, from the repository's root on.</param>
/// <param name="Line">Where the block begins.</param>
/// <param name="Commands">Its lines.</param>
/// <param name="NotRun">Why it is not run; null where it is.</param>
sealed partial record ShellBlock(string Page, int Line, IReadOnlyList<string> Commands, string? NotRun)
{
    /// <summary>What may keep a block from being run.</summary>
    public static readonly string[] Reasons = ["./build.sh packagetest installs the tool", "./build.sh packagetest follows this page", "asks the hub", "needs docker", "builds a project of the repository"];

    public static IEnumerable<ShellBlock> Of(string page)
    {
        var text = File.ReadAllText(Repository.PathOf(page));
        return Block().Matches(text).Select(m => new ShellBlock(page, text.AsSpan(0, m.Index).Count('\n') + 1, m.Groups["code"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            m.Groups["reason"] is { Success: true } reason ? reason.Value : null));
    }

    /// <summary>What a line must end with: 0, unless a comment in it says "ends with 1".</summary>
    public static int Expected(string command) => Ending().Match(command) is { Success: true } ending ? ending.Groups[1].Value[0] - '0' : 0;

    [GeneratedRegex(@"(?:^<!-- not run: (?<reason>[^\n]+?) -->\r?\n)?^```(?:sh|bash|shell|console|powershell)\r?\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"# ends with (\d)")]
    private static partial Regex Ending();
}
