namespace Keras.Transformers;

/// <summary>A metric, computed at once or on samples added before: <c>evaluate.load("f1").compute(predictions: [0, 1], references: [0, 0], average: "macro")["f1"]</c>.</summary>
/// <remarks>Use it from one thread at a time. Source: evaluate/module.py.</remarks>
/// <example>
/// <code>
/// var accuracy = evaluate.load("accuracy");
/// accuracy.add_batch(predictions: [0, 1], references: [0, 1]);
/// accuracy.add_batch(predictions: [1, 1], references: [0, 1]);
/// Console.WriteLine(accuracy.compute());   // {'accuracy': 0.75}
/// </code>
/// </example>
public sealed class EvaluationModule
{
    readonly MetricDeclaration _metric;
    readonly int? _seed;
    readonly Dictionary<string, List<MetricValue>> _added = [];

    internal EvaluationModule(MetricDeclaration metric, string config, int? seed) => (_metric, config_name, _seed) = (metric, config, seed);

    /// <summary>The metric's name.</summary>
    public string name => _metric.Name;

    /// <summary>The metric's variant; "default" for most metrics.</summary>
    public string config_name { get; }

    /// <summary>What the metric measures.</summary>
    public string description => _metric.Description;

    /// <summary>What the metric needs for each sample: for most, "predictions" and "references".</summary>
    public IReadOnlyList<string> InputNames => _metric.Inputs;

    /// <summary>The further arguments of <see cref="compute"/> for the metric.</summary>
    public IReadOnlyList<string> OptionNames => _metric.Options;

    /// <summary>For "sacrebleu" and "chrf", the settings of the last result, as sacreBLEU writes them; null before the first result, and for other metrics.</summary>
    public string? signature { get; private set; }

    /// <summary>Adds one sample.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="reference">The correct answer: one, or for some metrics several.</param>
    /// <param name="prediction_score">For "roc_auc": the score.</param>
    /// <exception cref="ArgumentException">Something is missing that the metric needs, or given that it does not take.</exception>
    public void add(MetricValue? prediction = null, MetricValue? reference = null, MetricValue? prediction_score = null) =>
        AddAll(InputsOf(One(prediction), One(reference), One(prediction_score)));

    /// <summary>Adds a batch of samples.</summary>
    /// <param name="predictions">The prediction.</param>
    /// <param name="references">The correct answers, in the same order.</param>
    /// <param name="prediction_scores">For "roc_auc": the scores.</param>
    /// <exception cref="ArgumentException">Something is missing that the metric needs, or given that it does not take.</exception>
    /// <exception cref="ShapeMismatchException">The inputs differ in number.</exception>
    public void add_batch(MetricValue? predictions = null, MetricValue? references = null, MetricValue? prediction_scores = null) =>
        AddAll(InputsOf(predictions, references, prediction_scores));

    /// <summary>Computes the metric on all samples, including those added before, and forgets them.</summary>
    /// <param name="predictions">The predictions: classes, numbers, texts, lists of tags, or records, as the metric needs.</param>
    /// <param name="references">The correct answers, in the same order.</param>
    /// <param name="prediction_scores">For "roc_auc": the scores of the positive class, or of each class.</param>
    /// <param name="average">For F1, precision, recall, ROC AUC: "binary", "micro", "macro", "weighted", "samples", or "none" (Python's None) for each class.</param>
    /// <param name="labels">The classes that count, in this order; default all.</param>
    /// <param name="pos_label">The class that is found or missed if average is "binary"; default 1.</param>
    /// <param name="sample_weight">The weight of each sample, at least 0; default 1.</param>
    /// <param name="normalize">For accuracy: whether it is a fraction (default true) or a number of samples.</param>
    /// <param name="zero_division">The result of a division by 0: "warn" (default: 0, and a warning), 0, 1 or NaN.</param>
    /// <param name="suffix">For seqeval: whether tags end in their prefix (PER-B); default false.</param>
    /// <param name="scheme">For seqeval: "IOB1", "IOB2", "IOE1", "IOE2", "IOBES" or "BILOU"; it counts with mode "strict".</param>
    /// <param name="mode">For seqeval: "strict" for entities only by the scheme's rules; default conlleval's.</param>
    /// <param name="no_answer_threshold">For squad_v2: the probability above which there is no answer; default 1.</param>
    /// <param name="rouge_types">For rouge: "rouge1" to "rouge9", "rougeL", "rougeLsum"; default 1, 2, L and Lsum.</param>
    /// <param name="use_aggregator">For rouge: whether to return one score for all texts (default true) or one for each.</param>
    /// <param name="use_stemmer">For rouge: whether words count by their stems; default false.</param>
    /// <param name="tokenizer">For rouge and bleu: makes the words of a text.</param>
    /// <param name="max_order">For bleu: the longest n-grams; default 4.</param>
    /// <param name="smooth">For bleu: whether n-grams that are not found count a little; default false.</param>
    /// <param name="smooth_method">For sacrebleu: "exp" (default), "floor", "add-k" or "none".</param>
    /// <param name="smooth_value">For sacrebleu: the value of "floor" (default 0.1) and "add-k" (default 1).</param>
    /// <param name="force">For sacrebleu: no warning of texts that seem to be tokenized; default false.</param>
    /// <param name="lowercase">For sacrebleu and chrf: whether case does not matter; default false.</param>
    /// <param name="tokenize">For sacrebleu: "13a" (default), "intl", "zh", "char" or "none".</param>
    /// <param name="use_effective_order">For sacrebleu: whether n-grams longer than the texts are left out; default false.</param>
    /// <param name="char_order">For chrf: the longest n-grams of characters; default 6.</param>
    /// <param name="word_order">For chrf: the longest n-grams of words; default 0, 2 for chrF++.</param>
    /// <param name="beta">For chrf: the weight of recall relative to precision; default 2.</param>
    /// <param name="whitespace">For chrf: whether spaces are characters; default false.</param>
    /// <param name="eps_smoothing">For chrf: whether orders without n-grams count nearly 0 instead of being left out; default false.</param>
    /// <param name="model_id">For perplexity: a causal language model with its tokenizer, by its folder or its name at the hub.</param>
    /// <param name="batch_size">For perplexity: texts in one call of the model; default 16.</param>
    /// <param name="add_start_token">For perplexity: whether texts begin with the model's first token, so that their own first one counts; default true.</param>
    /// <param name="max_length">For perplexity: tokens of a text at most; default all.</param>
    /// <param name="multioutput">For mse and mae of rows: "uniform_average" (default), "raw_values", or a weight for each column.</param>
    /// <param name="squared">For mse: whether it is the error's square (default true) or its root.</param>
    /// <param name="regexes_to_ignore">For exact_match: what is taken out of texts first.</param>
    /// <param name="ignore_case">For exact_match; default false.</param>
    /// <param name="ignore_punctuation">For exact_match: ASCII's punctuation; default false.</param>
    /// <param name="ignore_numbers">For exact_match: ASCII's digits; default false.</param>
    /// <param name="max_fpr">For roc_auc: the area up to this rate of false positives, in (0, 1], scaled to [0.5, 1] (McClish); default all.</param>
    /// <param name="multi_class">For roc_auc "multiclass": "ovr", each class against the rest, or "ovo", each against each.</param>
    /// <param name="return_pvalue">For pearsonr and spearmanr: whether the probability of such a correlation by chance is returned; default false.</param>
    /// <returns>The results by name.</returns>
    /// <exception cref="ArgumentException">An argument is missing, impossible, or none of this metric's.</exception>
    /// <exception cref="ShapeMismatchException">There are no samples, or the inputs' numbers differ.</exception>
    /// <exception cref="DTypeMismatchException">An input is of another kind than the metric needs.</exception>
    /// <exception cref="ValueRangeException">The metric is not defined of such values.</exception>
    public MetricResult compute(MetricValue? predictions = null, MetricValue? references = null, MetricValue? prediction_scores = null, string? average = null, MetricValue? labels = null,
        int? pos_label = null, MetricValue? sample_weight = null, bool? normalize = null, MetricValue? zero_division = null, bool? suffix = null, string? scheme = null, string? mode = null,
        double? no_answer_threshold = null, MetricValue? rouge_types = null, bool? use_aggregator = null, bool? use_stemmer = null, Func<string, IEnumerable<string>>? tokenizer = null,
        int? max_order = null, bool? smooth = null, string? smooth_method = null, double? smooth_value = null, bool? force = null, bool? lowercase = null, string? tokenize = null,
        bool? use_effective_order = null, int? char_order = null, int? word_order = null, int? beta = null, bool? whitespace = null, bool? eps_smoothing = null, string? model_id = null,
        int? batch_size = null, bool? add_start_token = null, int? max_length = null, MetricValue? multioutput = null, bool? squared = null, IReadOnlyList<string>? regexes_to_ignore = null,
        bool? ignore_case = null, bool? ignore_punctuation = null, bool? ignore_numbers = null, double? max_fpr = null, string? multi_class = null, bool? return_pvalue = null)
    {
        var options = new (string Name, object? Value)[]
        {
            (nameof(average), average), (nameof(labels), labels), (nameof(pos_label), pos_label), (nameof(sample_weight), sample_weight), (nameof(normalize), normalize),
            (nameof(zero_division), zero_division), (nameof(suffix), suffix), (nameof(scheme), scheme), (nameof(mode), mode), (nameof(no_answer_threshold), no_answer_threshold),
            (nameof(rouge_types), rouge_types), (nameof(use_aggregator), use_aggregator), (nameof(use_stemmer), use_stemmer), (nameof(tokenizer), tokenizer), (nameof(max_order), max_order),
            (nameof(smooth), smooth), (nameof(smooth_method), smooth_method), (nameof(smooth_value), smooth_value), (nameof(force), force), (nameof(lowercase), lowercase),
            (nameof(tokenize), tokenize), (nameof(use_effective_order), use_effective_order), (nameof(char_order), char_order), (nameof(word_order), word_order), (nameof(beta), beta),
            (nameof(whitespace), whitespace), (nameof(eps_smoothing), eps_smoothing), (nameof(model_id), model_id), (nameof(batch_size), batch_size), (nameof(add_start_token), add_start_token),
            (nameof(max_length), max_length), (nameof(multioutput), multioutput), (nameof(squared), squared), (nameof(regexes_to_ignore), regexes_to_ignore), (nameof(ignore_case), ignore_case),
            (nameof(ignore_punctuation), ignore_punctuation), (nameof(ignore_numbers), ignore_numbers), (nameof(max_fpr), max_fpr), (nameof(multi_class), multi_class),
            (nameof(return_pvalue), return_pvalue),
        }.Where(o => o.Value is not null).ToDictionary(o => o.Name, o => o.Value!);
        foreach (var given in options.Keys)
            if (!_metric.Options.Contains(given)) throw Known.Unknown($"The metric \"{name}\" takes no such argument", given, given, _metric.Options);
        if (predictions is not null || references is not null || prediction_scores is not null) add_batch(predictions, references, prediction_scores);
        return Compute(options);
    }

    void AddAll(Dictionary<string, MetricValue> inputs)
    {
        var count = inputs[_metric.Inputs[0]].Count;
        foreach (var (input, values) in inputs)
            if (values.Count != count) throw new ShapeMismatchException($"The inputs of \"{name}\" differ in number", input, $"{count}, as {_metric.Inputs[0]}", $"{values.Count}");
        foreach (var (input, values) in inputs)
        {
            if (!_added.TryGetValue(input, out var before)) _added[input] = before = [];
            before.Add(values);
        }
    }

    /// <summary>Drops the added samples.</summary>
    internal void Forget() => _added.Clear();

    MetricResult Compute(IReadOnlyDictionary<string, object> options)
    {
        var inputs = _added.ToDictionary(a => a.Key, a => MetricValue.Joined(a.Value));
        Forget();
        if (inputs.Count == 0 || inputs.Values.First().Count == 0) throw new ShapeMismatchException($"The metric \"{name}\" has no samples to be computed on", null, "one sample or more", "none", "Give predictions and references, or add them before.");
        var call = new MetricCall(name, config_name, inputs, options, _seed);
        var result = _metric.Compute(call);
        signature = call.Signature;
        return new(result);
    }

    /// <summary>Picks the inputs that the metric needs, by name.</summary>
    Dictionary<string, MetricValue> InputsOf(MetricValue? predictions, MetricValue? references, MetricValue? scores)
    {
        var given = new (string Name, MetricValue? Value)[] { (MetricDeclaration.Predictions, predictions), (MetricDeclaration.References, references), (MetricDeclaration.Scores, scores) };
        foreach (var (input, value) in given)
        {
            if (value is null != !_metric.Inputs.Contains(input))
                throw new ArgumentException($"{(value is null ? $"There are no {input}" : $"The metric takes no {input}")}. The metric \"{name}\" is computed from {Known.List(_metric.Inputs)}.", input);
            if (value is { IsList: false }) throw new ArgumentException($"The metric's input is not a list. Expected: a list of {input}. Received: {value}.", input);
        }
        return given.Where(g => g.Value is not null).ToDictionary(g => g.Name, g => g.Value!);
    }

    static MetricValue? One(MetricValue? value) => value is null ? null : MetricValue.Of([value]);
}
