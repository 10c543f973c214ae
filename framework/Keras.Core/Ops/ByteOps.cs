namespace Keras.Graphs;

/// <summary>Bytes that encode sounds, raw numbers and tensors.</summary>
static partial class Tf
{
    /// <summary>Decodes a file of 16-bit PCM to (samples, channels) from -1 to 1, and its sample rate.</summary>
    static readonly OpDefinition DecodeWavOp = Define("DecodeWav(contents: string) -> (audio: float32, sample_rate: int32) { desired_channels: int = -1, desired_samples: int = -1 }", c =>
    {
        if (!c[0].IsCompatibleWith(Shape.Scalar)) throw c.Fail("one file as a scalar", c[0].ToString());
        foreach (var name in (string[])["desired_samples", "desired_channels"])
            if (c.Get<long>(name) is < -1 and var wanted) throw c.Fail($"'{name}' of at least 0, or -1", $"{wanted}");
        return [Shape.OfSymbolic(c.Get<long>("desired_samples"), c.Get<long>("desired_channels")), Shape.Scalar];
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition EncodeWavOp = Define("EncodeWav(audio: float32, sample_rate: int32) -> (contents: string)", c =>
    {
        if (c[0] is { HasRank: true, Rank: not 2 }) throw c.Fail("audio (samples, channels)", c[0].ToString());
        return !c[1].IsCompatibleWith(Shape.Scalar) ? throw c.Fail("'sample_rate' as a scalar", c[1].ToString()) : [Shape.Scalar];
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition DecodeCompressedOp = Text("DecodeCompressed(bytes: string) -> (output: string) { compression_type: string = '' }");
    static readonly OpDefinition DecodeJsonExampleOp = Text("DecodeJSONExample(json_examples: string) -> (binary_examples: string)");

    static readonly OpDefinition DecodePaddedRawOp = Define("DecodePaddedRaw(input_bytes: string, fixed_length: int32) -> (output: out_type) { out_type: type, little_endian: bool = true }", c =>
    {
        if (!c[1].IsCompatibleWith(Shape.Scalar)) throw c.Fail("'fixed_length' as a scalar", c[1].ToString());
        var size = c.Get<DType>("out_type").Size;
        if (c.Known(1) is [var length] && (length <= 0 || length % size != 0)) throw c.Fail($"a length above 0 that {size} divides", $"{length}");
        return [c[0].HasRank ? c[0].Concat(Shape.OfSymbolic(c.Known(1) is [var known] ? known / size : -1)) : Shape.Unknown];
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition ParseTensorOp = Define("ParseTensor(serialized: string) -> (output: out_type) { out_type: type }",
        c => c[0].IsCompatibleWith(Shape.Scalar) ? [Shape.Unknown] : throw c.Fail("one tensor as a scalar", c[0].ToString()), differentiable: false, checksFirst: true);
    static readonly OpDefinition SerializeTensorOp = Define("SerializeTensor(tensor: T) -> (serialized: string)", ShapeRules.Scalar, differentiable: false);
}
