namespace Keras.Transformers;

/// <summary>The pipelines of an application, by names of its own. In a configuration file: <c>"Transformers": { "Pipelines": { "fill": { "Task": "fill-mask", "Model": "models/bert-tiny" } } }</c>.</summary>
public sealed class TransformersOptions
{
    /// <summary>The pipelines by name.</summary>
    public Dictionary<string, PipelineSettings> Pipelines { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the library's messages, such as warnings about weights, go to the host's logs instead of standard error; default true.</summary>
    public bool UseHostLogs { get; set; } = true;
}

/// <summary>How to make a pipeline on first use.</summary>
public sealed class PipelineSettings
{
    /// <summary>The task: "text-classification"; see <see cref="Transformers.Pipelines.pipeline"/>.</summary>
    public string Task { get; set; } = "";

    /// <summary>The folder of the model, or its name on the hub; default the library's own, of tasks that have one.</summary>
    public string? Model { get; set; }

    /// <summary>The branch, tag or commit of a repository of the hub; default "main".</summary>
    public string? Revision { get; set; }

    /// <summary>The number of inputs in one call of the model; default 1.</summary>
    public int BatchSize { get; set; } = 1;

    /// <summary>The default options of calls, by Hugging Face's names: <c>"Options": { "top_k": 3 }</c>.</summary>
    public PipelineOptions? Options { get; set; }
}
