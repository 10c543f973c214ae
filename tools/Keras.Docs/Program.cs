// Makes the site of docs.   dotnet run --project tools/Keras.Docs -- [--repository DIR] [--bin DIR] [--output DIR]
using System.Diagnostics;
using System.Globalization;

namespace Keras.Docs;

static class Program
{
    static int Main(string[] arguments)
    {
        var options = new Dictionary<string, string> { ["--repository"] = ".", ["--bin"] = "", ["--output"] = "" };
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (!options.ContainsKey(arguments[i]) || i + 1 == arguments.Length)
            {
                Console.Error.WriteLine($"Unknown or incomplete option {arguments[i]}; known are {string.Join(", ", options.Keys.Select(k => $"{k} DIR"))}");
                return 2;
            }
            options[arguments[i]] = arguments[i + 1];
        }
        var repository = Path.GetFullPath(options["--repository"]);
        string Folder(string option, params string[] otherwise) => options[option] is { Length: > 0 } given ? Path.GetFullPath(given) : Path.Combine([repository, .. otherwise]);
        var (bin, output) = (Folder("--bin", "artifacts", "bin"), Folder("--output", "artifacts", "docs"));

        var clock = Stopwatch.StartNew();
        var projects = ShippedProjects.Of(repository);
        var missing = projects.Where(p => ShippedProjects.AssemblyOf(p, bin) is null).ToList();
        if (missing.Count > 0)
        {
            Console.Error.WriteLine($"{string.Join(", ", missing)}: not built below {bin}. Build them first, as ./build.sh docs does.");
            return 1;
        }
        var report = Site.Build(repository, [.. projects.Select(p => ShippedProjects.AssemblyOf(p, bin)!)], output);
        foreach (var problem in report.Problems) Console.Error.WriteLine($"error: {problem}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Pages} pages in {clock.Elapsed.TotalSeconds:0.0} s: {Path.Combine(output, "index.html")}"));
        return report.Problems.Count == 0 ? 0 : 1;
    }
}
