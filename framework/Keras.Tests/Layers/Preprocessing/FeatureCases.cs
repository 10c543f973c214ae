using System.Text.Json;
using Keras.Graphs;

namespace Keras.Tests.Layers.Preprocessing;

/// <summary>What Python's Keras computed of layers of texts and features (features_in_python.py).</summary>
static class FeatureCases
{
    public static string PathOf(string file) => Repository.PathOf("framework", "Keras.Tests", "Layers", "Preprocessing", "Golden", file);

    public static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(PathOf(file))).RootElement;

    public static IEnumerable<JsonElement> All => Read("features.json").GetProperty("cases").EnumerateArray();

    /// <summary>A tensor of shape, dtype and values.</summary>
    public static Tensor Tensor(JsonElement packed)
    {
        Shape shape = packed.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        var values = packed.GetProperty("values").EnumerateArray();
        return packed.GetProperty("dtype").GetString() switch
        {
            "string" => Tf.Constant(HostTensor.OfStrings(shape, [.. values.Select(v => System.Text.Encoding.UTF8.GetBytes(v.GetString()!))])),
            "int32" => Tf.Constant(HostTensor.Of<int>([.. values.Select(v => v.GetInt32())], shape)),
            "uint8" => Tf.Constant(HostTensor.Of<byte>([.. values.Select(v => v.GetByte())], shape)),
            "int64" => Tf.Constant(HostTensor.Of<long>([.. values.Select(v => v.GetInt64())], shape)),
            "float32" => Tf.Constant(HostTensor.Of<float>([.. values.Select(v => v.GetSingle())], shape)),
            var other => throw new NotSupportedException(other),
        };
    }

    public static Tensors Columns(JsonElement inputs) => new(inputs.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, new Tensors(Tensor(p.Value)))));

    public static void Same(Tensor actual, JsonElement expected, double tolerance = 1e-5)
    {
        var wanted = Tensor(expected);
        Assert.That((actual.dtype, actual.shape), Is.EqualTo((wanted.dtype, wanted.shape)));
        if (wanted.dtype == DType.String) Assert.That(actual.ToArray<string>(), Is.EqualTo(wanted.ToArray<string>()));
        else Assert.That(Values(actual), Is.EqualTo(Values(wanted)).Within(tolerance));
    }

    public static double[] Values(Tensor tensor) => tensor.RequireEager().ToHost().ToDouble();
}
