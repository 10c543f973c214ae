using Google.Protobuf;
using Keras.Backend;
using Keras.Engines.Torch;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Tests;

/// <summary>Serialized tf.train.Example records.</summary>
static class ExampleRecords
{
    /// <summary>Whether the engine of this run has a kernel that parses them.</summary>
    public static bool CanRun => EngineSelection.Name != "torch" || KernelTable.Has("ParseExampleV2");

    /// <summary>Records, (B), string: each a dictionary from names to a string, bytes, or arrays of floats or whole numbers.</summary>
    public static Tensor Of(params IEnumerable<Dictionary<string, object>> records) =>
        Tf.Constant(HostTensor.OfStrings(records.Count(), [.. records.Select(r => new Example { Features = new() { Feature = { r.ToDictionary(f => f.Key, f => Feature(f.Value)) } } }.ToByteArray())]));

    static Feature Feature(object value) => value switch
    {
        string text => new() { BytesList = new() { Value = { ByteString.CopyFromUtf8(text) } } },
        byte[] bytes => new() { BytesList = new() { Value = { ByteString.CopyFrom(bytes) } } },
        float[] numbers => new() { FloatList = new() { Value = { numbers } } },
        long[] numbers => new() { Int64List = new() { Value = { numbers } } },
        var other => throw new ArgumentException($"A record holds no {other.GetType()}."),
    };
}
