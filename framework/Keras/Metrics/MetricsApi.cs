using Keras.Metrics;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Metrics: classes, functions, and <c>get</c>.</summary>
        public MetricsApi metrics { get; } = new();
    }
}

namespace Keras.Metrics
{
    /// <summary>keras.metrics: makes metrics, computes accuracies by functions, and finds metrics by name.</summary>
    public sealed partial class MetricsApi
    {
        internal static readonly Dictionary<string, Type> Classes = new[]
        {
            typeof(AUC), typeof(Accuracy), typeof(BinaryAccuracy), typeof(BinaryCrossentropy), typeof(BinaryIoU), typeof(CategoricalAccuracy),
            typeof(CategoricalCrossentropy), typeof(CategoricalHinge), typeof(ConcordanceCorrelation), typeof(CosineSimilarity), typeof(F1Score),
            typeof(FBetaScore), typeof(FalseNegatives), typeof(FalsePositives), typeof(Hinge), typeof(IoU), typeof(KLDivergence), typeof(LogCoshError),
            typeof(Mean), typeof(MeanAbsoluteError), typeof(MeanAbsolutePercentageError), typeof(MeanIoU), typeof(MeanSquaredError),
            typeof(MeanSquaredLogarithmicError), typeof(OneHotIoU), typeof(OneHotMeanIoU), typeof(PearsonCorrelation), typeof(Poisson), typeof(Precision),
            typeof(PrecisionAtRecall), typeof(R2Score), typeof(Recall), typeof(RecallAtPrecision), typeof(RootMeanSquaredError),
            typeof(SensitivityAtSpecificity), typeof(SparseCategoricalAccuracy), typeof(SparseCategoricalCrossentropy),
            typeof(SparseTopKCategoricalAccuracy), typeof(SpecificityAtSensitivity), typeof(SquaredHinge), typeof(Sum), typeof(TopKCategoricalAccuracy),
            typeof(TrueNegatives), typeof(TruePositives),
        }.ToDictionary(t => t.Name);

        /// <summary>Class names, the same in snake case, and short names (also in capitals).</summary>
        static readonly Dictionary<string, Type> Identifiers = Classes.Values.SelectMany(t => new[] { (t.Name, t), (LayerNames.SnakeCase(t.Name), t) })
            .Concat(new (string Short, Type Type)[]
            {
                ("bce", typeof(BinaryCrossentropy)), ("mse", typeof(MeanSquaredError)), ("mae", typeof(MeanAbsoluteError)),
                ("mape", typeof(MeanAbsolutePercentageError)), ("msle", typeof(MeanSquaredLogarithmicError)),
            }.SelectMany(s => new[] { s, (s.Short.ToUpperInvariant(), s.Type) }))
            .DistinctBy(i => i.Item1).ToDictionary(i => i.Item1, i => i.Item2);

        internal MetricsApi() { }

        /// <summary>Whether <c>get</c> knows a metric by this name.</summary>
        internal static bool Has(string identifier) => Identifiers.ContainsKey(identifier);

        /// <summary>A metric by its class name, the same in snake case ("mean_squared_error") or a short name ("mse").</summary>
        /// <remarks>"accuracy" is <see cref="Accuracy(string, DTypePolicy)"/> here; <c>compile</c> chooses among the accuracies by the shapes of the outputs.</remarks>
        /// <exception cref="ArgumentException">No metric has this name, or it needs arguments.</exception>
        public Metric get(string identifier)
        {
            ArgumentNullException.ThrowIfNull(identifier);
            return Identifiers.TryGetValue(identifier, out var type)
                ? SerializedObject.Construct<Metric>(type, new Dictionary<string, object?>())
                : throw Known.Unknown("Could not interpret metric identifier", identifier, nameof(identifier), Identifiers.Keys.Order(StringComparer.Ordinal));
        }

        /// <summary>A metric from its serialized form: class_name and config, as in a saved model.</summary>
        /// <exception cref="ArgumentException">There is no such class, or it does not take this config.</exception>
        public Metric get(IReadOnlyDictionary<string, object?> config) => SerializedObject.Create<Metric>(Classes, config);

        /// <inheritdoc cref="get(IReadOnlyDictionary{string, object})"/>
        public Metric deserialize(IReadOnlyDictionary<string, object?> config) => get(config);

        /// <summary>The serialized form of a metric, which <see cref="get(IReadOnlyDictionary{string, object})"/> takes.</summary>
        /// <exception cref="UnsupportedException">The metric wraps a user-defined function.</exception>
        public Dictionary<string, object?> serialize(Metric metric)
        {
            ArgumentNullException.ThrowIfNull(metric);
            return SerializedObject.OfObject(metric, "keras.metrics", metric.get_config());
        }
    }
}
