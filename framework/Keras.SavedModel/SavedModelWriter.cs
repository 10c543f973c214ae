using Google.Protobuf;
using Keras.Checkpoints;
using Keras.Files;

namespace Keras.SavedModels;

/// <summary>Writes a SavedModel folder that TensorFlow, TensorFlow Serving and Keras load: graph, checkpoint and assets, in managed code alone.</summary>
static class SavedModelWriter
{
    /// <summary>The tag by which servers find the graph.</summary>
    public const string Tag = "serve";

    internal const string ModelFile = "saved_model.pb";
    internal const string VariablesPrefix = "variables/variables";
    const string AssetsFolder = "assets";

    /// <summary>Replaces a folder with the model, as a whole or not at all.</summary>
    /// <param name="folder">The folder; for TensorFlow Serving its name is a version number.</param>
    /// <param name="contents">What to write.</param>
    /// <exception cref="UnsupportedException">A function uses a resource that <paramref name="contents"/> lacks, or constants are too large.</exception>
    public static void Write(string folder, SavedModelContents contents)
    {
        var (model, assets, objects) = SavedModelGraph.Build(contents);
        AtomicFolder.Write(folder, target =>
        {
            var file = Path.Combine(target, ModelFile);
            var prefix = Path.Combine(target, VariablesPrefix);
            using (var stream = File.Create(file)) model.WriteTo(stream);
            if (contents.HasCheckpoint) WriteVariables(prefix, contents.Variables, objects);
            WriteFile(target, Fingerprint.FileName, stream => Fingerprint.Of(model.MetaGraphs[0], file, prefix).WriteTo(stream));
            foreach (var (name, content) in contents.Assets) WriteFile(target, $"{AssetsFolder}/{name}", stream => stream.Write(content));
            foreach (var (name, source) in assets) WriteFile(target, $"{AssetsFolder}/{name}", stream => Copy(source, stream));
            foreach (var (path, write) in contents.ExtraFiles) WriteFile(target, path, write);
        });
    }

    static void WriteVariables(string prefix, IReadOnlyList<SavedModelVariable> variables, byte[] objects)
    {
        TensorBundleWriter.Write(prefix, bundle =>
        {
            foreach (var variable in variables)
            {
                using var value = variable.Read();
                bundle.Add(SavedObjects.KeyOf(variable), variable.DType, variable.Shape, value);
            }
            bundle.AddStrings(SavedObjects.CheckpointKey, Shape.Scalar, [objects]);
        });
    }

    static void WriteFile(string folder, string path, Action<Stream> write)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = File.Create(file);
        write(stream);
    }

    static void Copy(string source, Stream target)
    {
        using var stream = File.OpenRead(source);
        stream.CopyTo(target);
    }
}
