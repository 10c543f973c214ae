namespace Keras.Transformers;

/// <summary>A pretrained model for ML.NET's rows: each input gives a row of floats, from which the output columns are computed.</summary>
sealed class RowModel
{
    readonly Func<PipelineInput[], IEnumerable<float[]>> _run;

    public RowModel(TransformSettings settings, Pipeline pipeline)
    {
        (Settings, Pipeline) = (settings, pipeline);
        if (pipeline is Pipeline<LabelScore> classifier)
        {
            Labels = LabelsOf(classifier);
            var (all, places) = (Classification(classifier), Labels.Index().ToDictionary(l => l.Item, l => l.Index, StringComparer.Ordinal));
            _run = inputs => classifier.Apply(inputs, all).Select(said => InOrder(said, places));
            Outputs = [new LabelColumn(settings.Outputs[0], Labels), new VectorColumn(settings.Outputs[1], Labels.Count, Labels), .. Labels.Count == 2 ? [new ProbabilityColumn(settings.Outputs[2])] : Array.Empty<OutputColumn>()];
        }
        else
        {
            var (features, options) = ((Pipeline<ExtractedFeatures>)pipeline, Extraction());
            _run = inputs => features.Apply(inputs, options).Select(o => o[0].features[0]);
            Outputs = [new VectorColumn(settings.Outputs[0], Width(), null)];
        }
    }

    public TransformSettings Settings { get; }

    public Pipeline Pipeline { get; }

    /// <summary>The names of the classes, by index; empty if the model makes vectors.</summary>
    public IReadOnlyList<string> Labels { get; } = [];

    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>Loads the model in the settings.</summary>
    public static RowModel Load(TransformSettings settings, string model) => new(settings, Pipelines.pipeline(settings.Task, model, batch_size: settings.BatchSize));

    /// <summary>Computes the model's floats for each input.</summary>
    public float[][] Run(PipelineInput[] inputs) => [.. _run(inputs)];

    PipelineOptions Extraction() => Settings.ReadsImages ? new() { pool = Settings.UsePooler }
        : new() { pooling = Settings.Pooling == TextPooling.Mean ? "mean" : "cls", normalize = Settings.Normalize, truncation = true, max_length = Settings.MaximumTokens };

    PipelineOptions Classification(Pipeline pipeline)
    {
        var all = pipeline.model.config.num_labels;
        return Settings.ReadsImages ? new() { top_k = all, function_to_apply = Settings.Function } : new() { top_k = all, function_to_apply = Settings.Function, truncation = true, max_length = Settings.MaximumTokens };
    }

    int Width() => Pipeline.model.config switch
    {
        BertConfig bert => bert.hidden_size,
        GPT2Config gpt2 => gpt2.n_embd,
        ViTConfig vit => Settings.UsePooler ? vit.pooler_output_size ?? vit.hidden_size : vit.hidden_size,
        _ => Run(["a"])[0].Length,
    };

    /// <exception cref="UnsupportedException">The model predicts a number instead of a class, or two classes have the same name.</exception>
    static string[] LabelsOf(Pipeline pipeline)
    {
        var config = pipeline.model.config;
        var where = $"{pipeline.task}, model {pipeline.model.name_or_path}";
        if (config.num_labels < 2 || config.problem_type == "regression")
            throw new UnsupportedException("A model says a number and no class", where, "two labels or more", config.num_labels == 1 ? "one" : "problem_type regression", "Train a head with as many labels as there are classes.");
        var names = config.id2label;
        string[] labels = [.. Enumerable.Range(0, config.num_labels).Select(i => names.GetValueOrDefault(i) ?? $"LABEL_{i}")];
        if (labels.GroupBy(l => l).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UnsupportedException("Two classes of a model have one name", where, "names that differ", twice.Key, "Give its configuration another id2label.");
        return labels;
    }

    static float[] InOrder(IReadOnlyList<LabelScore> said, Dictionary<string, int> places)
    {
        var scores = new float[places.Count];
        foreach (var one in said) scores[places[one.label]] = one.score;
        return scores;
    }
}
