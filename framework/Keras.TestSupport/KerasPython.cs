using System.Diagnostics;
using System.Text.Json;

namespace Keras.Tests;

/// <summary>A Python with Keras 3 and TensorFlow, named by KERAS_PEER_KERAS_PYTHON, that reads what is written here.</summary>
static class KerasPython
{
    const string Mark = "RESULT ";

    /// <summary>Runs a script of the repository; where there is no such Python the test is ignored.</summary>
    /// <param name="script">The script's path in the repository.</param>
    /// <param name="arguments">What it is given.</param>
    /// <returns>The JSON that it printed after "RESULT ".</returns>
    public static JsonElement Run(string script, params string[] arguments)
    {
        var python = Environment.GetEnvironmentVariable("KERAS_PEER_KERAS_PYTHON");
        if (string.IsNullOrEmpty(python)) Assert.Ignore("KERAS_PEER_KERAS_PYTHON names no Python with Keras 3.");
        var start = new ProcessStartInfo(python!, [Repository.PathOf(script.Split('/')), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var line = output.Split('\n').LastOrDefault(l => l.StartsWith(Mark, StringComparison.Ordinal)) ?? throw new AssertionException($"Python could not use what was written: {error.Result}");
        return JsonSerializer.Deserialize<JsonElement>(line[Mark.Length..]);
    }

    /// <summary>Calls an export's endpoint in Python in every way, and trains its variables by one step; all ways give what is expected.</summary>
    /// <param name="folder">The export.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="inputs">What it takes.</param>
    /// <param name="named">The same by the names in its signature.</param>
    /// <param name="expected">What it returns, flat.</param>
    /// <param name="lists">Lists of variables to count beside the three that every export has.</param>
    /// <returns>The number of variables in each list.</returns>
    public static Dictionary<string, int> CheckExport(string folder, string endpoint, Tensors inputs, IReadOnlyDictionary<string, Tensors> named, double[] expected, params string[] lists)
    {
        var described = JsonSerializer.Serialize(new { inputs = Described(inputs), named = named.ToDictionary(n => n.Key, n => Described(n.Value)), lists });
        var result = Run("framework/Keras.Tests/Export/export_in_python.py", folder, endpoint, described);
        double[] Numbers(string key) => [.. result.GetProperty(key).EnumerateArray().Select(v => v.GetDouble())];
        foreach (var way in new[] { "called", "signature", "layer" }) Assert.That(Numbers(way), Is.EqualTo(expected).Within(1e-5), way);
        Assert.That(result.GetProperty("without_gradient").EnumerateArray().Select(v => v.GetString()), Is.Empty);
        Assert.That(Numbers("losses")[1], Is.LessThan(Numbers("losses")[0]), "a step against the gradient");
        return result.GetProperty("attributes").EnumerateObject().ToDictionary(a => a.Name, a => a.Value.GetInt32());
    }

    static object Described(Tensors tensors)
    {
        if (tensors.IsDictionary) return tensors.Named().ToDictionary(t => t.Key, t => Described(t.Value));
        if (!tensors.IsLeaf) return tensors.Select(Described).ToArray();
        var host = tensors.Single.RequireEager().ToHost();
        return new { dtype = host.DType.Name, shape = host.Shape.ToArray(), data = host.ToDouble() };
    }
}
