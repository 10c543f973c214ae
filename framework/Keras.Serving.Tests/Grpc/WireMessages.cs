using System.Globalization;
using Keras.Tests;

namespace Keras.Serving.Tests;

/// <summary>Golden messages: lines of hexadecimal bytes, each with a comment.</summary>
static class WireMessages
{
    static readonly string Folder = Repository.PathOf("framework", "Keras.Serving.Tests", "Golden", "wire");

    public static IEnumerable<string> Cases => Directory.EnumerateFiles(Folder, "*.request.hex").Select(f => Path.GetFileName(f)[..^".request.hex".Length]).Order(StringComparer.Ordinal);

    public static byte[] Request(string name) => Read($"{name}.request.hex");

    public static byte[] Answer(string name) => Read($"{name}.answer.hex");

    /// <summary>Service and method, from the first line: "# service/method: message".</summary>
    public static (string Service, string Method) MethodOf(string name)
    {
        var parts = File.ReadLines(Path.Combine(Folder, $"{name}.request.hex")).First()[2..].Split('/', ':');
        return (parts[0], parts[1]);
    }

    static byte[] Read(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, file)).SelectMany(l => l.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(h => byte.Parse(h, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
