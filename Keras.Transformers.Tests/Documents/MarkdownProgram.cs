using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Keras.Transformers.Tests.Documents;

/// <summary>The blocks of C# of a page as one program, as a reader puts it together: the first block has the usings, blocks of types go to the end.</summary>
static partial class MarkdownProgram
{
    static readonly string Compiler = typeof(MarkdownProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Compiler").Value!;

    /// <summary>What ImplicitUsings gives a console program.</summary>
    static readonly string[] ImplicitUsings = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    public static string Of(string page) => string.Join('\n', Block().Matches(File.ReadAllText(page)).Select(m => m.Groups["code"].Value).OrderBy(code => BeginsWithType().IsMatch(code) ? 1 : 0));

    /// <summary>Compiles a program against what this test runs with; the errors, or nothing.</summary>
    public static string Compile(string program, string folder, string assembly)
    {
        var (source, usings, response) = (Path.Combine(folder, "Program.cs"), Path.Combine(folder, "Usings.cs"), Path.Combine(folder, "options.rsp"));
        File.WriteAllText(source, program);
        File.WriteAllLines(usings, ImplicitUsings.Select(u => $"global using {u};"));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        File.WriteAllLines(response, ["-nologo", "-target:exe", "-nullable:enable", "-langversion:latest", $"-out:\"{assembly}\"", .. references.Select(r => $"-reference:\"{r}\""), $"\"{source}\"", $"\"{usings}\""]);
        using var process = Process.Start(new ProcessStartInfo(Repository.Dotnet, ["exec", Compiler, "-noconfig", $"@{response}"]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : said;
    }

    [GeneratedRegex(@"^```csharp\r?\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>Behind comments, what a type begins with.</summary>
    [GeneratedRegex(@"\A(?:\s*//[^\n]*\n|\s)*(?:(?:public|internal|sealed|abstract|static|partial|file|readonly)\s+)*(?:class|record|struct|interface|enum)\s")]
    private static partial Regex BeginsWithType();
}
