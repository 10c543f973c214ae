using System.Buffers.Binary;
using System.Text;

namespace Keras.Saving.Tests;

/// <summary>Safetensors files put together by hand, right or wrong.</summary>
static class RawSafetensors
{
    public const string OneTensor = """{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""";

    public static byte[] File(string json, int dataLength, ulong? headerLength = null) => File(Encoding.UTF8.GetBytes(json), dataLength, headerLength);

    public static byte[] File(byte[] json, int dataLength, ulong? headerLength = null)
    {
        var bytes = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, headerLength ?? (ulong)json.Length);
        json.CopyTo(bytes, 8);
        for (var i = 0; i < dataLength; i++) bytes[8 + json.Length + i] = (byte)i;
        return bytes;
    }

    /// <summary>The inside of a tensor's entry.</summary>
    public static string Tensor(string dtype, string shape, long start, long end) => $$"""{"dtype":"{{dtype}}","shape":[{{shape}}],"data_offsets":[{{start}},{{end}}]}""";
}
