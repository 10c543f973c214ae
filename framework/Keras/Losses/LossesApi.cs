using Keras.Losses;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Losses: classes, functions, and <c>get</c>.</summary>
        public LossesApi losses { get; } = new();
    }
}

namespace Keras.Losses
{
    /// <summary>keras.losses: makes losses, computes them by functions, and finds them by name.</summary>
    public sealed partial class LossesApi
    {
        static readonly Dictionary<string, Type> Classes = new[]
        {
            typeof(BinaryCrossentropy), typeof(BinaryFocalCrossentropy), typeof(CategoricalCrossentropy), typeof(CategoricalFocalCrossentropy),
            typeof(CategoricalGeneralizedCrossEntropy), typeof(CategoricalHinge), typeof(Circle), typeof(CosineSimilarity), typeof(CTC), typeof(Dice),
            typeof(Hinge), typeof(Huber), typeof(KLDivergence), typeof(LogCosh), typeof(MeanAbsoluteError), typeof(MeanAbsolutePercentageError),
            typeof(MeanSquaredError), typeof(MeanSquaredLogarithmicError), typeof(Poisson), typeof(SparseCategoricalCrossentropy), typeof(SquaredHinge),
            typeof(Tversky),
        }.ToDictionary(t => t.Name);

        static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Functions = new()
        {
            ["binary_crossentropy"] = (t, p) => Losses.BinaryCrossentropy.Compute(t, p, false, 0, -1),
            ["binary_focal_crossentropy"] = (t, p) => Losses.BinaryFocalCrossentropy.Compute(t, p, false, 0.25, 2, false, 0, -1),
            ["categorical_crossentropy"] = (t, p) => Losses.CategoricalCrossentropy.Compute(t, p, false, 0, -1),
            ["categorical_focal_crossentropy"] = (t, p) => Losses.CategoricalFocalCrossentropy.Compute(t, p, 0.25, 2, false, 0, -1),
            ["categorical_hinge"] = Losses.CategoricalHinge.Compute,
            ["circle"] = (t, p) => Losses.Circle.Compute(t, p, null, null, true, 80, 0.4),
            ["cosine_similarity"] = (t, p) => Losses.CosineSimilarity.Compute(t, p, -1),
            ["ctc"] = Losses.CTC.Compute,
            ["dice"] = (t, p) => Losses.Dice.Compute(t, p, null),
            ["hinge"] = Losses.Hinge.Compute,
            ["huber"] = (t, p) => Losses.Huber.Compute(t, p, 1),
            ["kl_divergence"] = Losses.KLDivergence.Compute,
            ["log_cosh"] = Losses.LogCosh.Compute,
            ["mean_absolute_error"] = Losses.MeanAbsoluteError.Compute,
            ["mean_absolute_percentage_error"] = Losses.MeanAbsolutePercentageError.Compute,
            ["mean_squared_error"] = Losses.MeanSquaredError.Compute,
            ["mean_squared_logarithmic_error"] = Losses.MeanSquaredLogarithmicError.Compute,
            ["poisson"] = Losses.Poisson.Compute,
            ["sparse_categorical_crossentropy"] = (t, p) => Losses.SparseCategoricalCrossentropy.Compute(t, p, false, null, -1),
            ["squared_hinge"] = Losses.SquaredHinge.Compute,
            ["tversky"] = (t, p) => Losses.Tversky.Compute(t, p, 0.5, 0.5, null),
        };

        static readonly Dictionary<string, string> Aliases = new (string Short, string Full)[]
        {
            ("bce", "binary_crossentropy"), ("kld", "kl_divergence"), ("mae", "mean_absolute_error"), ("mse", "mean_squared_error"),
            ("mape", "mean_absolute_percentage_error"), ("msle", "mean_squared_logarithmic_error"),
        }.SelectMany(a => new[] { a, (Short: a.Short.ToUpperInvariant(), a.Full) }).ToDictionary(a => a.Short, a => a.Full);

        internal LossesApi() { }

        /// <summary>A loss by its class name ("MeanSquaredError"), its function's name ("mean_squared_error") or a short one ("mse").</summary>
        /// <exception cref="ArgumentException">No loss has this name.</exception>
        public Loss get(string identifier)
        {
            ArgumentNullException.ThrowIfNull(identifier);
            if (Classes.TryGetValue(identifier, out var type)) return SerializedObject.Construct<Loss>(type, new Dictionary<string, object?>());
            var function = Aliases.GetValueOrDefault(identifier, identifier);
            if (!Functions.TryGetValue(function, out var compute))
                throw Known.Unknown("Could not interpret loss identifier", identifier, nameof(identifier), [.. Functions.Keys, .. Classes.Keys, .. Aliases.Keys]);
            return Wrapper(compute, function, "sum_over_batch_size", function);
        }

        static LossFunctionWrapper Wrapper(Func<Tensor, Tensor, Tensor> compute, string function, string? reduction, string? name) => new((t, p) => LossMath.Precise(t, p, compute), reduction, name)
        {
            FunctionName = function, TakesIndices = function is "sparse_categorical_crossentropy" or "circle" or "ctc",
        };

        /// <summary>A loss from its serialized form: class_name and config, as in a saved model.</summary>
        /// <exception cref="ArgumentException">There is no such class, or it does not take this config.</exception>
        public Loss get(IReadOnlyDictionary<string, object?> config)
        {
            ArgumentNullException.ThrowIfNull(config);
            // Functions are serialized by name.
            if (config.GetValueOrDefault("config") is string name) return get(name);
            return config.GetValueOrDefault("config") is IReadOnlyDictionary<string, object?> inner && inner.GetValueOrDefault("fn") is string function
                && Functions.TryGetValue(function, out var compute)
                ? Wrapper(compute, function, inner.TryGetValue("reduction", out var reduction) ? (string?)reduction : "sum_over_batch_size", inner.GetValueOrDefault("name") as string)
                : SerializedObject.Create<Loss>(Classes, config);
        }

        /// <inheritdoc cref="get(IReadOnlyDictionary{string, object})"/>
        public Loss deserialize(IReadOnlyDictionary<string, object?> config) => get(config);

        /// <summary>The serialized form of a loss, which <see cref="get(IReadOnlyDictionary{string, object})"/> takes.</summary>
        /// <exception cref="UnsupportedException">The loss wraps a user-defined function.</exception>
        public Dictionary<string, object?> serialize(Loss loss)
        {
            ArgumentNullException.ThrowIfNull(loss);
            return SerializedObject.OfObject(loss, "keras.losses", loss.get_config());
        }
    }
}
