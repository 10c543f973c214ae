using Keras.Graphs;
using Keras.SavedModelProtos;
using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>Converts metadata and states from messages to the client's types.</summary>
static class MetadataMessages
{
    public static TFServingMetadata Metadata(string model, long version, SignatureDefMap map) => new(model, version, map.SignatureDef.ToDictionary(
        s => s.Key,
        s => new TFServingSignature(s.Key, s.Value.MethodName, Tensors(s.Value.Inputs), Tensors(s.Value.Outputs))));

    public static IReadOnlyList<TFServingVersion> Versions(GetModelStatusResponse response) =>
        [.. response.ModelVersionStatus.Select(s => new TFServingVersion(s.Version, ProtoNames.Of(s.State), s.Status is { ErrorCode: not Code.Ok } status ? $"{ProtoNames.Of(status.ErrorCode)}: {status.ErrorMessage}" : ""))];

    static Dictionary<string, TFServingTensorInfo> Tensors(IEnumerable<KeyValuePair<string, TensorInfo>> tensors) => tensors.ToDictionary(
        t => t.Key,
        t => new TFServingTensorInfo(t.Key, ShapeProtos.DTypeOf(t.Value.Dtype, t.Key, isStored: false), ShapeProtos.FromProto(t.Value.TensorShape ?? new TensorShapeProto { UnknownRank = true })));
}
