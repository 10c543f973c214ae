using System.Globalization;
using System.IO.Compression;
using System.Text;
using Keras.Files;

namespace Keras.Saving;

/// <summary>Keras 3's files of whole models, <c>.keras</c>: an uncompressed archive of the config, the weights and metadata.</summary>
/// <remarks>Source: keras/src/saving/saving_lib.py.</remarks>
static unsafe class KerasArchive
{
    public const string Ending = ".keras";

    const string ConfigName = "config.json", MetadataName = "metadata.json";

    /// <summary>The Keras version whose format is written.</summary>
    const string KerasVersion = "3.15.1";

    /// <summary>Saves the model to a file, replacing it: config, compile arguments, weights and optimizer state.</summary>
    /// <exception cref="UnsupportedException">A layer or a compile argument has no form in a config; nothing was written.</exception>
    public static void Save(Model model, string path)
    {
        var metadata = new Dictionary<string, object?>
        {
            ["keras_version"] = KerasVersion, ["date_saved"] = DateTime.Now.ToString("yyyy-MM-dd@HH:mm:ss", CultureInfo.InvariantCulture),
        };
        string[] texts = [ConfigJson.Write(metadata), ConfigJson.Write(model.Serialized())];
        var assets = LayerAssets.Of(model).ToList();
        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, text) in ((string[])[MetadataName, ConfigName]).Zip(texts)) Add(archive, name, entry => entry.Write(Encoding.UTF8.GetBytes(text)));
            Add(archive, KerasWeights.InArchive, entry => KerasWeights.Save(model, entry));
            foreach (var (name, content) in assets) Add(archive, name, entry => entry.Write(content));
        });
    }

    static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        write(entry);
    }

    /// <summary>Loads the model from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="custom">Classes by their names in configs, beside Keras' own.</param>
    /// <param name="compile">Whether to compile it as it was when it was saved.</param>
    /// <exception cref="FileFormatException">The file is damaged, or its config does not make a model that its weights fit.</exception>
    public static Model Load(string path, IReadOnlyDictionary<string, Type>? custom, bool compile)
    {
        var config = ConfigJson.Read(ReadConfig(path), $"{path}, {ConfigName}");
        var model = ModelConfigs.Make(config, path, custom, compile);
        KerasWeights.Load(model, path, skipMismatch: false);
        LoadAssets(model, path);
        return model;
    }

    static byte[] ReadConfig(string path)
    {
        using var map = new MappedFile(path);
        return ZipDirectory.Read(map, path).TryGetValue(ConfigName, out var place) ? Bytes(map, place)
            : throw new FileFormatException("An archive lacks a file", path, ConfigName, "none of that name", "The archive was not made by Keras, or is damaged.");
    }

    static void LoadAssets(Model model, string path)
    {
        using var map = new MappedFile(path);
        var files = ZipDirectory.Read(map, path);
        LayerAssets.Load(model, path, name => files.TryGetValue(name, out var place) ? Bytes(map, place) : null, files.Keys);
    }

    static byte[] Bytes(MappedFile map, (long Start, long Length) place) => new ReadOnlySpan<byte>(map.Address + place.Start, checked((int)place.Length)).ToArray();
}
