using Keras.SavedModelProtos;

namespace Keras.SavedModels;

/// <summary>Signatures that can be called from outside: they take and give numbers that can be read without knowing their range.</summary>
static class PlainSignature
{
    /// <summary>Fails before anything is computed; other signatures of the model can be called.</summary>
    /// <exception cref="UnsupportedException">An input or output is of a quantised dtype.</exception>
    public static void Require(SignatureDescription signature)
    {
        foreach (var tensor in signature.Inputs) Require(signature.Name, tensor.Name, tensor.DType);
        foreach (var tensor in signature.Outputs) Require(signature.Name, tensor.Name, tensor.DType);
    }

    /// <inheritdoc cref="Require(SignatureDescription)"/>
    public static void Require(string name, SignatureDef signature)
    {
        foreach (var (tensor, info) in signature.Inputs) Require(name, tensor, DType.FromNumberOrNull((int)info.Dtype));
        foreach (var (tensor, info) in signature.Outputs) Require(name, tensor, DType.FromNumberOrNull((int)info.Dtype));
    }

    static void Require(string signature, string tensor, DType? dtype)
    {
        // The text is made for an error only: every call comes here.
        if (dtype is { IsQuantized: true }) dtype.RequirePlain($"signature '{signature}', tensor '{tensor}'");
    }
}
