using System.Collections;
using System.Runtime.CompilerServices;
using Keras.Losses;

namespace Keras.Metrics;

/// <summary>What <c>compile</c> takes as metrics: a list of names, <see cref="Metric"/>s and functions, a list of such lists (one for each output) or a
/// dictionary (by output name).</summary>
/// <remarks>Names, metrics, functions and dictionaries convert implicitly; lists are written <c>["accuracy", new AUC()]</c>, dictionaries also
/// <c>new() { ["kind"] = ["accuracy"] }</c>. An entry may be null: that output has no metrics.</remarks>
[CollectionBuilder(typeof(MetricsArg), nameof(Create))]
public sealed class MetricsArg : IEnumerable<MetricsArg?>
{
    readonly object? _single;
    readonly List<MetricsArg?>? _items;
    readonly Dictionary<string, MetricsArg?>? _byOutput;

    MetricsArg(object single) => _single = single;

    MetricsArg(List<MetricsArg?> items) => _items = items;

    /// <summary>An empty dictionary, to be filled by <see cref="this[string]"/>.</summary>
    public MetricsArg() => _byOutput = [];

    /// <summary>A function of truth and predictions whose values are averaged, as in <c>["mae", new((t, p) => ...)]</c>.</summary>
    /// <param name="function">Takes the truth and the predictions, in this order, and returns values, (B, ...).</param>
    public MetricsArg(Func<Tensor, Tensor, Tensor> function) => _single = function ?? throw new ArgumentNullException(nameof(function));

    /// <summary>A list of metrics.</summary>
    public static MetricsArg Create(ReadOnlySpan<MetricsArg?> items) => new([.. items]);

    /// <summary>The metrics of an output.</summary>
    /// <exception cref="InvalidOperationException">This is not a dictionary.</exception>
    public MetricsArg? this[string output]
    {
        get => Dictionary[output];
        set => Dictionary[output] = value;
    }

    Dictionary<string, MetricsArg?> Dictionary => _byOutput ?? throw new InvalidOperationException("The metrics are not a dictionary by output.");

    /// <summary>The entries of a list; null if this is not a list.</summary>
    internal IReadOnlyList<MetricsArg?>? Items => _items;

    /// <summary>The metrics for each output name; null if this is not a dictionary.</summary>
    internal IReadOnlyDictionary<string, MetricsArg?>? ByOutput => _byOutput;

    /// <summary>Whether every metric is one of this library's and gives a value for each row.</summary>
    internal bool IsByRows => _single is not null ? _single is string || (_single is Metric metric && metric.GetType() != typeof(MeanMetricWrapper) && metric.GetType().Assembly == typeof(Metric).Assembly)
        : (_items ?? (IEnumerable<MetricsArg?>)_byOutput!.Values).All(m => m is null or { IsByRows: true });

    /// <summary>Makes the metrics of one output, in order, with nested lists flattened; the shapes decide what "accuracy" and "acc" mean.</summary>
    /// <exception cref="ArgumentException">No metric has this name.</exception>
    internal IEnumerable<Metric> Resolve(Shape y_true, Shape y_pred) =>
        _single is not null ? [One(y_true, y_pred)] : (_items ?? (IEnumerable<MetricsArg?>)_byOutput!.Values).OfType<MetricsArg>().SelectMany(i => i.Resolve(y_true, y_pred));

    Metric One(Shape y_true, Shape y_pred)
    {
        switch (_single)
        {
            case Metric metric: return metric;
            case string name when name.ToLowerInvariant() is "accuracy" or "acc":
                return OutputKinds.Of(y_true, y_pred) switch
                {
                    OutputKind.Binary => new BinaryAccuracy(name),
                    OutputKind.SparseCategorical => new SparseCategoricalAccuracy(name),
                    _ => new CategoricalAccuracy(name),
                };
            case string name:
                var made = new MetricsApi().get(name);
                made.name = name;
                return made;
            default:
                var function = (Func<Tensor, Tensor, Tensor>)_single!;
                return new MeanMetricWrapper(function, FunctionNames.Of(function));
        }
    }

    /// <summary>The argument as configs store it.</summary>
    internal object ToConfig() => _single switch
    {
        string name => name,
        Metric metric => new MetricsApi().serialize(metric),
        Delegate function => FunctionNames.Known(function, MetricsApi.Has) ?? (object)ConfigParts.Function(function),
        _ when _items is not null => _items.ConvertAll(i => i?.ToConfig()),
        _ => _byOutput!.ToDictionary(o => o.Key, o => o.Value?.ToConfig()),
    };

    /// <summary>Reads the argument from a config; null for none.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    internal static MetricsArg? FromConfig(object? config) => config switch
    {
        null => null,
        string name => name,
        IReadOnlyDictionary<string, object?> metric when ConfigParts.IsObject(metric) => new MetricsApi().get(metric),
        IReadOnlyDictionary<string, object?> byOutput => byOutput.ToDictionary(o => o.Key, o => FromConfig(o.Value)),
        _ => new MetricsArg([.. (ConfigParts.List(config) ?? throw ConfigParts.Wrong("metrics", config)).Select(FromConfig)]),
    };

    /// <summary>A metric by name.</summary>
    public static implicit operator MetricsArg(string name) => new((object)name ?? throw new ArgumentNullException(nameof(name)));

    /// <summary>One metric object.</summary>
    public static implicit operator MetricsArg(Metric metric) => new((object)metric ?? throw new ArgumentNullException(nameof(metric)));

    /// <summary>A function of truth and predictions whose values are averaged.</summary>
    public static implicit operator MetricsArg(Func<Tensor, Tensor, Tensor> function) => new((object)function ?? throw new ArgumentNullException(nameof(function)));

    /// <summary>A list of names.</summary>
    public static implicit operator MetricsArg(string[] names) => new([.. names ?? throw new ArgumentNullException(nameof(names))]);

    /// <summary>A list of metrics.</summary>
    public static implicit operator MetricsArg(Metric[] metrics) => new([.. metrics ?? throw new ArgumentNullException(nameof(metrics))]);

    /// <summary>Metrics by output name.</summary>
    public static implicit operator MetricsArg(Dictionary<string, MetricsArg?> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var arg = new MetricsArg();
        foreach (var (output, of) in metrics) arg[output] = of;
        return arg;
    }

    /// <summary>The entries of a list.</summary>
    public IEnumerator<MetricsArg?> GetEnumerator() => (_items ?? []).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
