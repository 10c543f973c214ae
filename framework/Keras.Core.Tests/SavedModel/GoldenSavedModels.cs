using System.Text.Json;

namespace Keras.Tests.SavedModels;

/// <summary>The exports of Hugging Face TF in the golden folder: KERAS_GOLDEN, else the copies beside the tests.</summary>
static class GoldenSavedModels
{
    public static string Root { get; } = Environment.GetEnvironmentVariable("KERAS_GOLDEN") is { Length: > 0 } root
        ? root
        : Path.Combine(AppContext.BaseDirectory, "Golden");

    public static IEnumerable<string> Cases => Directory.Exists(Path.Combine(Root, "savedmodels"))
        ? Directory.EnumerateDirectories(Path.Combine(Root, "savedmodels")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)
        : [];

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The path of a file; the test is skipped where the folder does not hold it.</summary>
    public static string Require(params string[] parts)
    {
        var path = PathOf(parts);
        if (!File.Exists(path)) Assert.Ignore($"The golden folder has no {string.Join('/', parts)}.");
        return path;
    }

    /// <summary>The recorded call of a case's signature "serving_default".</summary>
    public static (Dictionary<string, HostTensor> Inputs, Dictionary<string, HostTensor> Outputs) Call(string name)
    {
        var bytes = File.ReadAllBytes(Require("savedmodels", name + ".safetensors"));
        var header = (int)BitConverter.ToInt64(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        var tensors = json.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__").ToDictionary(p => p.Name, p =>
        {
            var dtype = p.Value.GetProperty("dtype").GetString() switch
            {
                "F32" => DType.Float32,
                "I32" => DType.Int32,
                "I64" => DType.Int64,
                var other => throw new FormatException($"{name}: {other}"),
            };
            long[] shape = [.. p.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
            int[] offsets = [.. p.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt32())];
            return HostTensor.OfBytes(dtype, shape, bytes[(8 + header + offsets[0])..(8 + header + offsets[1])]);
        });
        Dictionary<string, HostTensor> Part(string prefix) =>
            tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
        return (Part("input."), Part("output."));
    }

    /// <summary>Every expected output is there with its shape, to 1e-5 of its largest value or of 1.</summary>
    public static void AssertClose(IReadOnlyDictionary<string, HostTensor> actual, IReadOnlyDictionary<string, HostTensor> expected)
    {
        foreach (var (output, value) in expected)
        {
            Assert.That(actual[output].Shape, Is.EqualTo(value.Shape), output);
            Assert.That(actual[output].DType, Is.EqualTo(value.DType), output);
            if (value.Strings is { } strings)
            {
                Assert.That(actual[output].Strings, Is.EqualTo(strings), output);
                continue;
            }
            var values = value.ToDouble();
            var tolerance = 1e-5 * Math.Max(1, values.Select(Math.Abs).DefaultIfEmpty().Max());
            Assert.That(actual[output].ToDouble(), Is.EqualTo(values).Within(tolerance), output);
        }
    }
}
