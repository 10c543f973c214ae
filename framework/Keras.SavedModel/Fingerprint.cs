using Google.Protobuf;
using Keras.Checkpoints;
using Keras.Files;
using Keras.SavedModelProtos;

namespace Keras.SavedModels;

/// <summary>Makes the contents of fingerprint.pb: hashes that tell SavedModels apart, as <c>tf.saved_model.experimental.read_fingerprint</c> reads them.</summary>
/// <remarks>All are FarmHash64 fingerprints. saved_model_checksum and checkpoint_hash equal TensorFlow's: of saved_model.pb and of the checkpoint's index as stored. The hashes of graph,
/// signatures and objects are of these messages as written: equal for equal exports of this library, but not TensorFlow's, which hashes a form that only its C++ code makes. No loader
/// compares them. Source: tensorflow/cc/saved_model/fingerprinting.cc.</remarks>
static class Fingerprint
{
    public const string FileName = "fingerprint.pb";

    /// <summary>The version of the format, which determines the fields.</summary>
    const int Producer = 3;

    /// <param name="meta">The graph with its signatures.</param>
    /// <param name="modelFile">saved_model.pb, written.</param>
    /// <param name="variablesPrefix">The checkpoint's path without endings; it need not exist.</param>
    public static FingerprintDef Of(MetaGraphDef meta, string modelFile, string variablesPrefix)
    {
        var index = TensorBundle.IndexFile(variablesPrefix);
        return new()
        {
            SavedModelChecksum = OfFile(modelFile),
            GraphDefProgramHash = FarmHash.Fingerprint(meta.GraphDef.ToByteArray()),
            SignatureDefHash = FarmHash.Fingerprint([.. meta.SignatureDef.OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => System.Text.Encoding.UTF8.GetBytes(s.Key).Concat(s.Value.ToByteArray()))]),
            SavedObjectGraphHash = FarmHash.Fingerprint(meta.ObjectGraphDef?.ToByteArray() ?? []),
            CheckpointHash = File.Exists(index) ? OfFile(index) : 0,
            Uuid = Guid.NewGuid().ToString(),
            Version = new() { Producer = Producer },
        };
    }

    static ulong OfFile(string path) => FarmHash.Fingerprint(File.ReadAllBytes(path));
}
