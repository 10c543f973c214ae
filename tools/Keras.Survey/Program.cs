using System.Globalization;
using Keras.Survey;

// Usage: Keras.Survey <folder> [--only TEXT] [--failed]; KERAS_BACKEND names the engine. The folder is what make_exports.py wrote.
if (args.Length == 0 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("Usage: Keras.Survey <folder of make_exports.py> [--only TEXT] [--failed]");
    return 2;
}
var only = Array.IndexOf(args, "--only") is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : "";
var results = SurveyedExport.In(args[0]).Where(e => e.Name.Contains(only, StringComparison.Ordinal)).Select(e => e.Run()).ToList();
foreach (var result in results.Where(r => !args.Contains("--failed") || r.Outcome != Outcome.Ran))
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {result.Name} | {result.Outcome.ToString().ToLowerInvariant()} | {(result.Outcome is Outcome.Ran or Outcome.Differs ? result.Difference.ToString("0.0e+0", CultureInfo.InvariantCulture) : "")} | {result.Detail} |"));
foreach (var group in results.GroupBy(r => r.Name.Split('-')[0]).Append(results.GroupBy(_ => "all").FirstOrDefault()))
    if (group is not null) Console.WriteLine($"{group.Key}: {group.Count()} exports, {string.Join(", ", Enum.GetValues<Outcome>().Select(o => $"{group.Count(r => r.Outcome == o)} {o.ToString().ToLowerInvariant()}"))}");
return 0;
