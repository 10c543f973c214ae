using Keras.Callbacks;
using Keras.Training;

namespace Keras.Transformers;

/// <summary>Computes metrics over all predictions after each epoch: metrics that cannot be computed batch by batch, such as ROUGE of generated texts or F1 of entities.</summary>
/// <remarks>
/// Its results are logs, like those of compiled metrics: the history sees them, and so do callbacks that come after it in the list (EarlyStopping, ModelCheckpoint), but not those before it. A
/// result that is a record or a list becomes one log for each number ("PER_f1", "precisions_0"). Source: transformers/keras_callbacks.py.
/// </remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-cased", num_labels: 2);
/// Tensors texts = tokenizer.Apply(["a fine film", "far too long"], padding: true);
/// Tensor labels = new[] { 1, 0 };
/// var f1 = evaluate.load("f1");
/// var metric = new KerasMetricCallback(e =&gt; f1.compute(ops.argmax(e.predictions.Single, -1), e.labels), (texts, labels), batch_size: 2);
/// model.compile(optimizer: keras.optimizers.Adam(3e-5));
/// model.fit(texts, labels, epochs: 3, callbacks: [metric, new EarlyStopping(monitor: "f1", mode: "max")]);
/// </code>
/// </example>
public class KerasMetricCallback : Callback
{
    /// <summary>The outputs that are not passed to the metric: the loss, and a decoder's cache.</summary>
    static readonly string[] Ignored = ["loss", "past_key_values"];

    readonly Func<(Tensors predictions, Tensors labels), MetricValue> _metric;
    readonly IEnumerable<Batch> _data;
    readonly IReadOnlyList<string>? _outputs, _labels;
    readonly bool _generates, _jit;
    readonly IReadOnlyDictionary<string, object?> _options;

    /// <summary>Computes metrics over all predictions after each epoch.</summary>
    /// <param name="metric_fn">Takes (predictions, labels) of the whole data set, each (N, ...): one tensor, or several by name. Batches whose second axis differs in length are padded with -100. Returns numbers by name,
    /// as <c>evaluate.load(...).compute(...)</c> does.</param>
    /// <param name="eval_dataset">The data to predict: batches, a pipeline, or arrays (x, y), which batch_size cuts.</param>
    /// <param name="output_cols">The outputs that are predictions; default all but the loss and past_key_values.</param>
    /// <param name="label_cols">The inputs that are labels; default y, otherwise the input "labels", or "start_positions" and "end_positions".</param>
    /// <param name="batch_size">The batch size, if the data is arrays.</param>
    /// <param name="predict_with_generate">Whether predictions are texts that <c>generate</c> continues; default false.</param>
    /// <param name="use_xla_generation">Whether XLA compiles the steps of generation; default false. It needs the TensorFlow engine.</param>
    /// <param name="generate_kwargs">Options of generation by name: max_new_tokens, num_beams; see <see cref="GenerationConfig"/>. Default the model's.</param>
    /// <exception cref="ArgumentException">Arrays come without batch_size, batches with it, or options of generation without predict_with_generate.</exception>
    public KerasMetricCallback(Func<(Tensors predictions, Tensors labels), MetricValue> metric_fn, ValidationData eval_dataset, IReadOnlyList<string>? output_cols = null, IReadOnlyList<string>? label_cols = null,
        int? batch_size = null, bool predict_with_generate = false, bool use_xla_generation = false, IReadOnlyDictionary<string, object?>? generate_kwargs = null)
    {
        ArgumentNullException.ThrowIfNull(metric_fn);
        ArgumentNullException.ThrowIfNull(eval_dataset);
        if (eval_dataset.Arrays is not null && batch_size is null) throw new ArgumentException("The data are arrays, and batch_size is missing. Pass batch_size, or a pipeline of batches.", nameof(batch_size));
        if (eval_dataset.Arrays is null && batch_size is not null) throw new ArgumentException("The data are batches already. Leave batch_size out.", nameof(batch_size));
        if (!predict_with_generate && (use_xla_generation || generate_kwargs is not null))
            throw new ArgumentException("Generation options are given, but nothing is generated. Pass predict_with_generate: true.", use_xla_generation ? nameof(use_xla_generation) : nameof(generate_kwargs));
        if (predict_with_generate && output_cols is not null) throw new ArgumentException("output_cols is given, but generated texts are the only output. Leave output_cols out.", nameof(output_cols));
        (_metric, _outputs, _labels, _generates, _jit, _options) = (metric_fn, output_cols, label_cols, predict_with_generate, use_xla_generation, generate_kwargs ?? new Dictionary<string, object?>());
        _data = eval_dataset.Batches ?? new ArrayAdapter(eval_dataset.Arrays!, Require.Count(1, batch_size!.Value, nameof(batch_size)), null);
    }

    /// <inheritdoc cref="KerasMetricCallback(Func{ValueTuple{Tensors, Tensors}, MetricValue}, ValidationData, IReadOnlyList{string}, IReadOnlyList{string}, int?, bool, bool, IReadOnlyDictionary{string, object})"/>
    public KerasMetricCallback(Func<(Tensors predictions, Tensors labels), MetricValue> metric_fn, IEnumerable<Batch> eval_dataset, IReadOnlyList<string>? output_cols = null, IReadOnlyList<string>? label_cols = null,
        bool predict_with_generate = false, bool use_xla_generation = false, IReadOnlyDictionary<string, object?>? generate_kwargs = null)
        : this(metric_fn, new ValidationData(eval_dataset), output_cols, label_cols, null, predict_with_generate, use_xla_generation, generate_kwargs)
    {
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is unknown, there are no labels, or metric_fn returned no numbers by name.</exception>
    /// <exception cref="UnsupportedException">predict_with_generate is set, and the model does not generate.</exception>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var (predictions, labels) = (new RowCollector("predictions"), new RowCollector("labels"));
        foreach (var batch in _data)
        {
            try
            {
                labels.Add(LabelsOf(batch));
                predictions.Add(_generates ? Generated(batch.x) : Predicted(batch.x));
            }
            finally
            {
                batch.Release();
            }
        }
        var result = _metric((predictions.All(), labels.All())) ?? throw new ArgumentException("metric_fn returned null. Expected: numbers by name.", "metric_fn");
        if (result.Keys.Count == 0) throw new ArgumentException($"metric_fn did not return numbers by name. Expected: new() {{ [\"accuracy\"] = 0.5 }}, for example. Received: {result}.", "metric_fn");
        foreach (var (name, value) in Flat("", result)) logs[name] = value;
    }

    Tensors Predicted(Tensors x)
    {
        var outputs = model.predict_on_batch(x);
        if (!outputs.IsDictionary)
            return _outputs is null ? outputs : throw new ArgumentException($"The model's outputs have no names. Expected: none. Received: {Known.List(_outputs)}.", "output_cols");
        foreach (var name in _outputs ?? [])
            if (!outputs.ContainsKey(name)) throw Known.Unknown("The model has no such output", name, "output_cols", outputs.Keys);
        var kept = outputs.Named().Where(o => _outputs?.Contains(o.Key) ?? !Ignored.Contains(o.Key)).ToList();
        return kept.Count == 1 ? kept[0].Value : new Tensors(kept);
    }

    Tensors Generated(Tensors x)
    {
        if (model is not TFPreTrainedModel pretrained || !pretrained.can_generate())
            throw new UnsupportedException("predict_with_generate needs a model that generates", model.GetType().Name, "a causal language model, or one with an encoder and a decoder", null, "Leave predict_with_generate out.");
        var main = x.IsDictionary ? x.TryGet(pretrained.main_input_name, out var input) ? input
            : throw Known.Unknown("The data have no input from which texts could be generated", pretrained.main_input_name, "eval_dataset", x.Keys) : x;
        var mask = x.IsDictionary && x.TryGet("attention_mask", out var given) ? given.Single : null;
        var generated = pretrained.generate(main, pretrained.generation_config.update(_options), attention_mask: mask, jit_compile: _jit ? true : null);
        return generated.sequences;
    }

    Tensors LabelsOf(Batch batch)
    {
        if (_labels is null && batch.y is { } y) return y;
        var names = _labels ?? (batch.x.IsDictionary && batch.x.ContainsKey("labels") ? ["labels"] : ["start_positions", "end_positions"]);
        foreach (var name in names)
            if (!batch.x.IsDictionary || !batch.x.ContainsKey(name))
                throw Known.Unknown(_labels is null ? "The data have no labels. Give label_cols" : "The data have no such label", name, "label_cols", batch.x.IsDictionary ? batch.x.Keys : []);
        return names.Count == 1 ? batch.x[names[0]] : new Tensors(names.Select(n => KeyValuePair.Create(n, batch.x[n])));
    }

    /// <summary>Flattens nested results into numbers, named by the path that leads to them.</summary>
    static IEnumerable<(string Name, double Value)> Flat(string name, MetricValue value) => value switch
    {
        { IsNumber: true } => [(name, value)],
        { Keys.Count: > 0 } => value.Keys.SelectMany(k => Flat(name.Length == 0 ? k : $"{name}_{k}", value[k])),
        { IsList: true } => value.SelectMany((v, i) => Flat($"{name}_{i}", v)),
        _ => throw new ArgumentException($"metric_fn did not return numbers by name. Received: {value} for \"{name}\".", "metric_fn"),
    };
}
