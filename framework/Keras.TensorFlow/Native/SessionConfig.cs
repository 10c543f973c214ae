using Google.Protobuf;

namespace Keras.Engines.TensorFlow;

/// <summary>The settings of a context, a session or a function call that TensorFlow takes as a ConfigProto.</summary>
/// <param name="IntraOpThreads">Threads that one op may use; 0 lets TensorFlow take all cores.</param>
/// <param name="InterOpThreads">Ops that may run at once; 0 lets TensorFlow choose.</param>
sealed record SessionConfig(int IntraOpThreads = 0, int InterOpThreads = 0)
{
    // Field numbers of ConfigProto.
    const int IntraOpField = 2;
    const int InterOpField = 5;
    const int SoftPlacementField = 7;

    /// <summary>The serialised ConfigProto.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            WriteInt(output, IntraOpField, IntraOpThreads);
            WriteInt(output, InterOpField, InterOpThreads);
            WriteInt(output, SoftPlacementField, 1);
        }
        return stream.ToArray();
    }

    static void WriteInt(CodedOutputStream output, int field, int value)
    {
        if (value == 0) return;
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }
}
