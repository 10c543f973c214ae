using System.Globalization;
using System.Text.Json;
using Keras.SavedModels;

namespace Keras.Tests.SavedModels;

/// <summary>Exports of Python's TensorFlow and Keras (Golden/exports, made by make.py there) give the outputs that Python saw, on every engine.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Names)), Category("Golden")]
sealed class ExportTests(string engine)
{
    static string Folder => GoldenFolder.PathOf("exports");

    static IEnumerable<string> Cases => Directory.Exists(Folder)
        ? Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal) : [];

    [TestCaseSource(nameof(Cases))]
    public void ItGivesTheOutputsOfPython(string name)
    {
        using var call = JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Require("exports", name + ".json")));
        var expected = Tensors(call.RootElement.GetProperty("outputs"));
        using var runner = SavedModelRunner.Load(Path.Combine(Folder, name), TestEngines.Require(engine));

        var actual = runner.Run("serving_default", Tensors(call.RootElement.GetProperty("inputs")));

        GoldenSavedModels.AssertClose(actual, expected);
    }

    [TestCase("", "empty_key")]
    [TestCase("gone", "deleted_key")]
    public void AKeyThatMarksPlacesOfADenseTableIsAnErrorAsInPython(string word, string named)
    {
        GoldenFolder.Require("exports", "dense_table.json");
        using var runner = SavedModelRunner.Load(Path.Combine(Folder, "dense_table"), TestEngines.Require(engine));
        Assert.That(() => runner.Run("serving_default", new Dictionary<string, HostTensor> { ["words"] = HostTensor.From(new[] { "a", word }) }), Throws.TypeOf<EngineException>().With.Message.Contains(named));
    }

    static Dictionary<string, HostTensor> Tensors(JsonElement tensors) => tensors.EnumerateObject().ToDictionary(t => t.Name, t => Tensor(t.Value));

    static HostTensor Tensor(JsonElement described)
    {
        var shape = new Shape([.. described.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())]);
        JsonElement[] data = [.. described.GetProperty("data").EnumerateArray()];
        return described.GetProperty("dtype").GetString() switch
        {
            "string" => HostTensor.OfStrings(shape, [.. data.Select(d => System.Text.Encoding.UTF8.GetBytes(d.GetString()!))]),
            "bool" => HostTensor.OfBytes(DType.Bool, shape, [.. data.Select(d => d.GetBoolean() ? (byte)1 : (byte)0)]),
            "int32" => HostTensor.Of<int>([.. data.Select(d => d.GetInt32())], shape),
            "int64" => HostTensor.Of<long>([.. data.Select(d => d.GetInt64())], shape),
            "uint8" => HostTensor.Of<byte>([.. data.Select(d => d.GetByte())], shape),
            "float32" => HostTensor.Of<float>([.. data.Select(d => (float)Number(d))], shape),
            "float64" => HostTensor.Of<double>([.. data.Select(Number)], shape),
            var other => throw new FormatException($"There is no {other} in these files."),
        };
    }

    /// <summary>A number; infinite ones and those that are none stand as text.</summary>
    static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : double.Parse(value.GetString()!.Replace("inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
