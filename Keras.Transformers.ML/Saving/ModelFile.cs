using System.Runtime.CompilerServices;
using System.Text.Json;
using Keras.Transformers;
using Microsoft.ML;
using Microsoft.ML.Runtime;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(typeof(PretrainedModelTransformer), typeof(ModelFile), null, typeof(SignatureLoadModel), "Pretrained model of Keras.Transformers", ModelFile.LoaderSignature)]

namespace Keras.Transformers;

/// <summary>Saves a transform in an ML.NET file: its settings and, if stored in the file, the model's own files. ML.NET finds this class by the assembly's name in the file, without registration.</summary>
static class ModelFile
{
    public const string LoaderSignature = "KerasTransformers";

    /// <summary>The newest format version that is written and read.</summary>
    const uint Version = 0x00010001;

    /// <summary>The maximum number of files; a model has a few, and one for each weight shard.</summary>
    const int MostFiles = 10_000;

    static VersionInfo VersionInfo() => new(modelSignature: "KERASTRF", verWrittenCur: Version, verReadableCur: Version, verWeCanReadBack: Version, loaderAssemblyName: typeof(ModelFile).Assembly.FullName, loaderSignature: LoaderSignature);

    /// <exception cref="UnsupportedException">This version of ML.NET stores models differently, or the file is a single stream.</exception>
    public static void Save(ModelSaveContext context, TransformSettings settings, Func<Pipeline> pipeline)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            Write(context, settings, pipeline);
        }
        catch (Exception e) when (e is MissingMemberException or MemberAccessException or TypeLoadException)
        {
            throw new UnsupportedException("This version of ML.NET saves models in another way", "mlContext.Model.Save", "Microsoft.ML 5.0", $"{typeof(ICanSaveModel).Assembly.GetName().Version}", "Use the version of Microsoft.ML that Keras.Transformers.ML depends on.", e);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Write(ModelSaveContext context, TransformSettings settings, Func<Pipeline> pipeline)
    {
        context.SetVersionInfo(VersionInfo());
        // A model in the file needs no folder, certainly not that of the machine that trained it.
        context.Writer.Write(JsonSerializer.Serialize(settings with { Model = settings.Storage == ModelStorage.ByName ? settings.Model : null }));
        if (settings.Storage == ModelStorage.ByName) return;

        var folder = Directory.CreateTempSubdirectory("keras-transformers-");
        try
        {
            SaveParts(pipeline(), folder.FullName);
            var files = folder.GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal).ToArray();
            context.Writer.Write(files.Length);
            foreach (var file in files)
            {
                context.Writer.Write(file.Name);
                context.SaveBinaryStream(file.Name, writer =>
                {
                    using var stream = file.OpenRead();
                    stream.CopyTo(writer.BaseStream);
                });
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static void SaveParts(Pipeline pipeline, string folder)
    {
        pipeline.model.save_pretrained(folder);
        pipeline.tokenizer?.save_pretrained(folder);
        pipeline.image_processor?.save_pretrained(folder);
    }

    /// <summary>Called by ML.NET when it reads a file; found by its name and parameters.</summary>
    static PretrainedModelTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        ArgumentNullException.ThrowIfNull(environment);
        context.CheckAtModel(VersionInfo());
        var settings = ReadSettings(context.Reader.ReadString());
        if (settings.Storage == ModelStorage.ByName) return new(settings, () => RowModel.Load(settings, settings.Model!));

        var folder = Directory.CreateTempSubdirectory("keras-transformers-");
        try
        {
            ReadFiles(context, folder.FullName);
            return new(RowModel.Load(settings, folder.FullName));
        }
        finally
        {
            Remove(folder);
        }
    }

    /// <summary>The number of output columns for a task; null if it is not a transform's task.</summary>
    static int? OutputsOf(string? task) => task switch
    {
        "feature-extraction" or "image-feature-extraction" => 1,
        "text-classification" or "image-classification" => 3,
        _ => null,
    };

    /// <exception cref="FileFormatException">The text is not a transform's settings.</exception>
    internal static TransformSettings ReadSettings(string json)
    {
        try
        {
            if (JsonSerializer.Deserialize<TransformSettings>(json) is { Inputs.Length: 1 or 2, BatchSize: > 0 } settings && OutputsOf(settings.Task) is { } outputs && settings.Outputs?.Length == outputs
                && (settings.Storage == ModelStorage.InFile || !string.IsNullOrEmpty(settings.Model))) return settings;
        }
        catch (JsonException e)
        {
            throw Damaged("settings as JSON", json.Length > 100 ? json[..100] : json, e);
        }
        throw Damaged("the settings of a transform", json);
    }

    static void ReadFiles(ModelLoadContext context, string folder)
    {
        var count = context.Reader.ReadInt32();
        if (count is < 1 or > MostFiles) throw Damaged($"1 to {MostFiles} files", $"{count}");
        for (var i = 0; i < count; i++)
        {
            var name = context.Reader.ReadString();
            if (name.Length == 0 || name is "." or ".." || name != Path.GetFileName(name)) throw Damaged("the name of a file", name);
            var isThere = context.TryLoadBinaryStream(name, reader =>
            {
                using var file = File.Create(Path.Combine(folder, name));
                reader.BaseStream.CopyTo(file);
            });
            if (!isThere) throw Damaged($"the file {name}", "none");
        }
    }

    static FileFormatException Damaged(string expected, string received, Exception? inner = null) =>
        new("A saved pipeline is damaged", "the model of Keras.Transformers in it", expected, received, "Save the pipeline again.", inner);

    /// <summary>Removes a temporary folder; where mapped files cannot be deleted, it stays until the program ends.</summary>
    static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            {
                try
                {
                    folder.Delete(recursive: true);
                }
                catch (Exception again) when (again is IOException or UnauthorizedAccessException)
                {
                    // The system cleans temporary files itself.
                }
            };
        }
    }
}
