using Google.Protobuf;
using Keras.SavedModelProtos;

namespace Keras.Serving;

/// <summary>Makes examples from dictionaries.</summary>
static class Examples
{
    const string Expected = "texts, byte[], floats, doubles, whole numbers or bools, one or an array";

    /// <exception cref="ArgumentException">A feature has an unsupported type.</exception>
    public static Example Of(IReadOnlyDictionary<string, object> features, string argument)
    {
        var example = new Example { Features = new Features() };
        foreach (var (name, value) in features) example.Features.Feature.Add(name, Feature(value, name, argument));
        return example;
    }

    static Feature Feature(object value, string name, string argument) => value switch
    {
        string s => Bytes([ByteString.CopyFromUtf8(s)]),
        byte[] b => Bytes([ByteString.CopyFrom(b)]),
        IEnumerable<string> s => Bytes(s.Select(ByteString.CopyFromUtf8)),
        IEnumerable<byte[]> b => Bytes(b.Select(v => ByteString.CopyFrom(v))),
        float f => Floats([f]),
        double d => Floats([(float)d]),
        IEnumerable<float> f => Floats(f),
        IEnumerable<double> d => Floats(d.Select(v => (float)v)),
        long l => Longs([l]),
        int i => Longs([i]),
        bool b => Longs([b ? 1 : 0]),
        IEnumerable<long> l => Longs(l),
        IEnumerable<int> i => Longs(i.Select(v => (long)v)),
        IEnumerable<bool> b => Longs(b.Select(v => v ? 1L : 0)),
        _ => throw new ArgumentException($"The feature '{name}' holds a {value?.GetType().Name ?? "null"}. Expected: {Expected}.", argument),
    };

    static Feature Bytes(IEnumerable<ByteString> values) => new() { BytesList = new() { Value = { values } } };

    static Feature Floats(IEnumerable<float> values) => new() { FloatList = new() { Value = { values } } };

    static Feature Longs(IEnumerable<long> values) => new() { Int64List = new() { Value = { values } } };
}
