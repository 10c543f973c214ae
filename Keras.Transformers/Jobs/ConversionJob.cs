using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Keras.Files;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>Writes a model's folder with its weights in another format or dtype, beside its configuration, tokenizer and card.</summary>
/// <remarks><code>
/// new ConversionJob { Model = "downloaded/tf-only", Output = "converted" }.Run();                        // tf_model.h5 becomes model.safetensors
/// new ConversionJob { Model = "my-model", Output = "my-model-bf16", DType = "bfloat16" }.Run();
/// </code></remarks>
public sealed record ConversionJob
{
    static readonly string[] DTypes = ["float32", "float16", "bfloat16"];

    /// <summary>The folder of a model. For safetensors it may be one that this library has no class for.</summary>
    public required string Model { get; init; }

    /// <summary>The output folder, written completely or not at all.</summary>
    public required string Output { get; init; }

    /// <summary>The format; default safetensors with PyTorch's names. The two others need a class for the model.</summary>
    public WeightFormat Format { get; init; } = WeightFormat.Safetensors;

    /// <summary>"float32", "float16" or "bfloat16"; default the dtype that each weight has. Integers stay as they are.</summary>
    public string? DType { get; init; }

    /// <summary>The size above which weights are split over several files; default 5 GB.</summary>
    public MaxShardSize? MaxShardSize { get; init; }

    /// <summary>Whether an output that exists is replaced; default false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Does it.</summary>
    /// <param name="cancellation_token">Stops between two weights; nothing is written then.</param>
    /// <exception cref="JobOptionException">An option is invalid, or the folder does not exist.</exception>
    /// <exception cref="WeightLoadException">The folder has no weights, or two would get one name.</exception>
    /// <exception cref="ConfigException">The configuration is missing or damaged, or of a model without a class, which the format needs.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="UnsupportedException">The format cannot hold the dtype, or a pickle asks for more than tensors.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written; what was there is as it was.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ConversionResult Run(CancellationToken cancellation_token = default)
    {
        if (!Directory.Exists(Model)) throw new JobOptionException(nameof(Model), "There is no such folder", "the folder of a model", Known.Say(Model), "Download a repository of the hub first.");
        if (DType is not null && !DTypes.Contains(DType)) throw JobOptionException.Unknown(nameof(DType), "There is no such dtype", DType, DTypes);
        JobOptionException.NewOutput(Output, Overwrite);
        IReadOnlyList<string> files = [];
        AtomicFolder.Write(Output, folder =>
        {
            WeightFormats.CopyWhatHoldsNoWeights(Model, folder);
            files = Format == WeightFormat.Safetensors ? WriteTensors(folder, cancellation_token) : WriteModel(folder);
            if (DType is not null) NameDType(Path.Combine(folder, PretrainedConfig.FileName));
        });
        return new(Path.GetFullPath(Output), files, files.Sum(f => new FileInfo(Path.Combine(Output, f)).Length));
    }

    IReadOnlyList<string> WriteTensors(string folder, CancellationToken cancellation)
    {
        using var weights = WeightSource.OpenFile(WeightFiles.Find(Model, fromPt: true));
        List<SafetensorsTensor> tensors = [.. WeightFormats.ToPyTorch(weights).Select(t => WithDType(t, cancellation))];
        return SafetensorsShards.Write(folder, tensors, WeightFormats.PyTorchMetadata, MaxShardSize ?? Saving.MaxShardSize.Default);
    }

    IReadOnlyList<string> WriteModel(string folder)
    {
        var config = ModelFamilies.ConfigOf(PretrainedConfig.ReadFile(Model).Json, Model);
        var classes = config.Architectures.Select(a => $"TF{a}").ToArray();
        var made = ModelFamilies.Of(config.model_type).Tasks.Values.FirstOrDefault(c => classes.Contains(c.Class.Name))
            ?? throw new ConfigException("There is no class for the model, which the format needs", Model, "architectures of a model that this library has", Known.List(config.Architectures), "Convert it to safetensors.");
        var model = new PretrainedFolder(Model, fromPt: true).Load(new(null, null, null, DType ?? "auto"), made.Create, ignoreMismatched: false, out _);
        return WeightFormats.Save(model, folder, Format, MaxShardSize);
    }

    SafetensorsTensor WithDType(SafetensorsTensor tensor, CancellationToken cancellation) => Cast(tensor, DType is null || !tensor.DType.IsFloating ? tensor.DType : (DType)DType, cancellation);

    static SafetensorsTensor Cast(SafetensorsTensor tensor, DType dtype, CancellationToken cancellation) => new(tensor.Name, dtype, tensor.Shape, stream =>
    {
        cancellation.ThrowIfCancellationRequested();
        if (dtype == tensor.DType)
        {
            tensor.WriteTo(stream);
            return;
        }
        using var bytes = new MemoryStream(checked((int)tensor.Length));
        tensor.WriteTo(bytes);
        var floats = new float[tensor.Shape.ElementCount];
        FloatBytes.Read(bytes.GetBuffer().AsSpan(0, (int)tensor.Length), tensor.DType, floats);
        stream.Write(FloatBytes.Of(floats, dtype));
    });

    /// <summary>Writes the dtype into the configuration, by which readers choose it.</summary>
    void NameDType(string path)
    {
        if (!File.Exists(path)) return;
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json[json.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = DType;
        AtomicFile.WriteAllText(path, json.ToJsonString(JobJson.Indented) + "\n");
    }
}

/// <summary>What was converted.</summary>
/// <param name="Output">The folder.</param>
/// <param name="Files">The files of weights, an index last.</param>
/// <param name="Bytes">Their size.</param>
public sealed record ConversionResult(string Output, IReadOnlyList<string> Files, long Bytes);

/// <summary>Converts floats of any width.</summary>
static class FloatBytes
{
    public static void Read(ReadOnlySpan<byte> bytes, DType dtype, Span<float> floats)
    {
        if (dtype == DType.Float32) MemoryMarshal.Cast<byte, float>(bytes).CopyTo(floats);
        else if (dtype == DType.Float16) HalfConvert.Widen(MemoryMarshal.Cast<byte, Half>(bytes), floats);
        else if (dtype == DType.BFloat16) HalfConvert.Widen(MemoryMarshal.Cast<byte, BFloat16>(bytes), floats);
        else System.Numerics.Tensors.TensorPrimitives.ConvertSaturating(MemoryMarshal.Cast<byte, double>(bytes), floats);
    }

    public static byte[] Of(ReadOnlySpan<float> floats, DType dtype)
    {
        var bytes = new byte[floats.Length * dtype.Size];
        if (dtype == DType.Float32) MemoryMarshal.AsBytes(floats).CopyTo(bytes);
        else if (dtype == DType.Float16) HalfConvert.Narrow(floats, MemoryMarshal.Cast<byte, Half>(bytes.AsSpan()));
        else HalfConvert.Narrow(floats, MemoryMarshal.Cast<byte, BFloat16>(bytes.AsSpan()));
        return bytes;
    }
}
