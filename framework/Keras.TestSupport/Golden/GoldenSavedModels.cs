namespace Keras.Tests.SavedModels;

/// <summary>The exports of Hugging Face TF in the golden folder.</summary>
static class GoldenSavedModels
{
    public static IEnumerable<string> Cases => Directory.Exists(GoldenFolder.PathOf("savedmodels"))
        ? Directory.EnumerateDirectories(GoldenFolder.PathOf("savedmodels")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)
        : [];

    /// <summary>The recorded call of a case's signature "serving_default".</summary>
    public static (Dictionary<string, HostTensor> Inputs, Dictionary<string, HostTensor> Outputs) Call(string name)
    {
        var tensors = GoldenFolder.ReadTensors(GoldenFolder.Require("savedmodels", name + ".safetensors"));
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
