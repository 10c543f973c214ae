using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Keras.Transformers.Tests.Documents;

/// <summary>The examples in comments of public classes and members compile.</summary>
sealed partial class ExampleTests
{
    static readonly string[] Usings =
    [
        "Keras", "Keras.Callbacks", "Keras.Data", "Keras.Layers", "Keras.Transformers", "static Keras.Api", "static Keras.Transformers.Datasets", "static Keras.Transformers.Evaluate", "static Keras.Transformers.HuggingFaceHub",
    ];

    /// <summary>Member and code, of the documentation files of the libraries beside this test.</summary>
    static IEnumerable<(string Member, string Code)> Examples => Docs.ShippedProjects.Of(Repository.Root).Select(p => Path.Combine(AppContext.BaseDirectory, p + ".xml")).Where(File.Exists)
        .SelectMany(file => XDocument.Load(file).Descendants("member")).SelectMany(m => m.Elements("example").Elements("code").Select(c => ((string)m.Attribute("name")!, c.Value)));

    [Test]
    public void Examples_in_comments_compile()
    {
        var examples = Examples.ToList();
        Assert.That(examples.Select(e => e.Member), Does.Contain("T:Keras.Model").And.Contain("T:Keras.Transformers.AutoTokenizer").And.Contain("T:Keras.Transformers.Dataset"));

        var usings = Usings.Concat(examples.SelectMany(e => UsingLine().Matches(e.Code)).Select(m => m.Groups[1].Value)).Distinct();
        var program = new StringBuilder(string.Concat(usings.Select(u => $"using {u};\n")));
        foreach (var (number, (member, text)) in examples.Index())
        {
            var code = UsingLine().Replace(text, "");
            var types = FirstType().Match(code) is { Success: true } type ? type.Index : code.Length;
            program.Append(CultureInfo.InvariantCulture, $"// {member}\nstatic class Example{number}\n{{\n    public static async Task Run()\n    {{\n        await Task.Yield();\n{code[..types]}\n    }}\n\n{code[types..]}\n}}\n");
        }
        using var folder = new TemporaryFolder();
        Assert.That(MarkdownProgram.Compile(program.Append("static class Program { static void Main() { } }\n").ToString(), folder.Path, Path.Combine(folder.Path, "examples.dll")), Is.Empty);
    }

    [GeneratedRegex(@"^\s*using ((?:static )?[\w.]+);[^\n]*$", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^\s*(?:(?:public|sealed|abstract|static|file)\s+)*(?:class|record|struct|interface|enum)\s", RegexOptions.Multiline)]
    private static partial Regex FirstType();
}
