using System.Globalization;
using Keras.Export;
using Keras.SavedModels;

namespace Keras.Transformers;

/// <summary>Writes a model as a version folder for TensorFlow Serving: a SavedModel that takes texts, files of images, or token ids.</summary>
/// <remarks><code>
/// var result = new ExportJob { Model = "my-model", Output = "serving/my-model" }.Run();   // serving/my-model/1
/// </code></remarks>
public sealed record ExportJob
{
    /// <summary>The model: a folder, or a repository of the hub.</summary>
    public required string Model { get; init; }

    /// <summary>The folder that holds a folder for each version; a server looks there for the highest.</summary>
    public required string Output { get; init; }

    /// <summary>The version; default one more than the highest that is there.</summary>
    public int? Version { get; init; }

    /// <summary>The task, as for <see cref="TrainingJob.Task"/>; default the one that the model was saved for.</summary>
    public string? Task { get; init; }

    /// <summary>Whether tokenizer or image processor become part of the graph, so that it takes texts or files of images; default true. Question answering always takes token ids.</summary>
    public bool WithPreprocessing { get; init; } = true;

    /// <summary>The maximum number of tokens in a text; default what the model was made for.</summary>
    public int? MaxLength { get; init; }

    /// <summary>How many tokens "text-generation" adds at most; default 32. It is fixed in the file.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>Whether a version that exists is replaced; default false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Does it.</summary>
    /// <param name="progress">Receives progress; default none.</param>
    /// <param name="cancellation_token">Stops before the file is written.</param>
    /// <exception cref="JobOptionException">An option cannot be right.</exception>
    /// <exception cref="ConfigException">The model's configuration is missing, damaged, or of a model without a class for the task.</exception>
    /// <exception cref="WeightLoadException">The model's weights are missing or do not fit.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written; what was there is as it was.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ExportResult Run(IProgress<JobProgress>? progress = null, CancellationToken cancellation_token = default)
    {
        if (string.IsNullOrWhiteSpace(Output)) throw new JobOptionException(nameof(Output), "The output has no name", "the path of a folder", Known.Say(Output));
        if (File.Exists(Output)) throw new JobOptionException(nameof(Output), "A file is in the way", "the path of a folder", Output);
        var version = JobOptionException.AtLeast(1, Version ?? Highest() + 1, nameof(Version));
        var folder = JobOptionException.NewOutput(Path.Combine(Output, version.ToString(CultureInfo.InvariantCulture)), Overwrite, nameof(Version));
        var task = JobTask.Of(Task, Model);
        var added = JobOptionException.NewTokens(MaxNewTokens, task, nameof(MaxNewTokens));
        progress?.Report(JobProgress.Of("loading the model"));
        var model = task.Open(new(Model, new Dictionary<string, string>()) { MaxLength = MaxLength });
        cancellation_token.ThrowIfCancellationRequested();
        progress?.Report(JobProgress.Of("writing"));
        Write(model, folder, added);
        using var written = SavedModelReader.Open(folder);
        return new(task.Name, Path.GetFullPath(folder), version, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length),
            [.. written.Signatures.Select(s => new ExportedEndpoint(s.Name, [.. s.Inputs.Select(Text)], [.. s.Outputs.Select(Text)]))]);
    }

    void Write(JobModel model, string folder, int added)
    {
        switch (model)
        {
            case ImageClassification images when WithPreprocessing: model.Model.export(folder, images.Processor); break;
            case CausalLanguageModeling texts: texts.Export(folder, WithPreprocessing, added); break;
            case TextJobModel texts when WithPreprocessing && model is not QuestionAnswering && texts.InGraph() is { } tokenizer: model.Model.export(folder, tokenizer); break;
            default: model.Model.export(folder); break;
        }
    }

    int Highest() => Directory.Exists(Output) ? (int)ModelVersions.In(Output).Select(v => v.Number).DefaultIfEmpty().Max() : 0;

    static string Text(SignatureTensor tensor) => $"{tensor.Name}: {tensor.DType} {tensor.Shape}";
}

/// <summary>What was exported.</summary>
/// <param name="Task">The task.</param>
/// <param name="Folder">The version's folder.</param>
/// <param name="Version">The version.</param>
/// <param name="Bytes">The size of its files.</param>
/// <param name="Endpoints">The endpoints that a server can call.</param>
public sealed record ExportResult(string Task, string Folder, int Version, long Bytes, IReadOnlyList<ExportedEndpoint> Endpoints);

/// <summary>An endpoint of a SavedModel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">The inputs, such as "text: string (None,)".</param>
/// <param name="Outputs">The outputs.</param>
public sealed record ExportedEndpoint(string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);
