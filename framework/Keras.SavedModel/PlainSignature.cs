using Keras.SavedModelProtos;

namespace Keras.SavedModels;

/// <summary>Signatures that can be called from outside: they take and give numbers that can be read without knowing their range.</summary>
static class PlainSignature
{
    /// <summary>Fails before anything is computed; other signatures of the model can be called.</summary>
    /// <exception cref="UnsupportedException">An input or output is of a quantised dtype.</exception>
    public static void Require(string name, SignatureDef signature)
    {
        foreach (var (tensor, info) in signature.Inputs.Concat(signature.Outputs))
            if (IsQuantized(info.Dtype)) DType.FromNumber((int)info.Dtype).RequirePlain($"signature '{name}', tensor '{tensor}'");
    }

    static bool IsQuantized(DataType dtype) => dtype is DataType.DtQint8 or DataType.DtQuint8 or DataType.DtQint16 or DataType.DtQuint16 or DataType.DtQint32;
}
