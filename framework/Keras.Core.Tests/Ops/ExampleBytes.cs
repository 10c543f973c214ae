using System.Text;

namespace Keras.Tests.Ops;

/// <summary>Writes tf.train.Example as other programs do: features of strings, floats or whole numbers.</summary>
static class ExampleBytes
{
    public static byte[] Of(params (string Name, object Values)[] features) => Part(1, [.. features.SelectMany(f => Part(1, [.. Part(1, Encoding.UTF8.GetBytes(f.Name)), .. Part(2, Feature(f.Values))]))]);

    /// <summary>Lists of features of tf.train.SequenceExample, one for each step.</summary>
    public static byte[] Lists(params (string Name, object[] Steps)[] lists) =>
        Part(2, [.. lists.SelectMany(l => Part(1, [.. Part(1, Encoding.UTF8.GetBytes(l.Name)), .. Part(2, [.. l.Steps.SelectMany(s => Part(1, Feature(s)))])]))]);

    static byte[] Feature(object values) => values switch
    {
        string[] texts => Part(1, [.. texts.SelectMany(t => Part(1, Encoding.UTF8.GetBytes(t)))]),
        float[] floats => Part(2, Part(1, [.. floats.SelectMany(BitConverter.GetBytes)])),
        long[] numbers => Part(3, Part(1, [.. numbers.SelectMany(n => Varint((ulong)n))])),
        byte[] raw => raw,
        _ => throw new ArgumentException(values.GetType().Name),
    };

    public static byte[] Part(int field, byte[] content) => [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)content.Length), .. content];

    public static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
