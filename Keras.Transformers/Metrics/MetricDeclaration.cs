namespace Keras.Transformers;

/// <summary>The declaration of a metric: its name, its inputs, and how it is computed.</summary>
sealed record MetricDeclaration(string Name, string Description, Func<MetricCall, MetricValue> Compute)
{
    public const string Predictions = "predictions", References = "references", Scores = "prediction_scores";

    /// <summary>The inputs that it takes for each sample.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [Predictions, References];

    /// <summary>The other arguments that it takes.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether the metric draws samples, and so takes a seed.</summary>
    public bool Draws { get; init; }

    /// <summary>The configurations of the metric.</summary>
    public IReadOnlyList<string> Configs { get; init; } = ["default"];
}

/// <summary>One computation of a metric.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Config">The metric's configuration.</param>
/// <param name="Inputs">The inputs, all of one length.</param>
/// <param name="Options">The arguments that were given.</param>
/// <param name="Seed">The seed of random draws; null if there are none.</param>
sealed record MetricCall(string Metric, string Config, IReadOnlyDictionary<string, MetricValue> Inputs, IReadOnlyDictionary<string, object> Options, int? Seed)
{
    public MetricValue Predictions => Inputs[MetricDeclaration.Predictions];

    public MetricValue References => Inputs[MetricDeclaration.References];

    /// <summary>The references of each text, one or more.</summary>
    public string[][] ReferenceTexts()
    {
        var references = References.TextLists(MetricDeclaration.References);
        return references.All(r => r.Length > 0) ? references : throw new ArgumentException("A text has no references. Expected: one or more for each.", MetricDeclaration.References);
    }

    /// <summary>The settings as sacreBLEU writes them; null for most metrics.</summary>
    public string? Signature { get; set; }

    public T Option<T>(string name, T otherwise) => Options.TryGetValue(name, out var value) ? (T)value : otherwise;

    public MetricValue? Value(string name) => (MetricValue?)Options.GetValueOrDefault(name);

    /// <summary>The weight of each sample; null if all are 1.</summary>
    public double[]? Weights(int samples)
    {
        if (Value(SampleWeight) is not { IsNull: false } given) return null;
        var weights = given.Numbers(SampleWeight);
        if (weights.Length != samples) throw new ShapeMismatchException("Weights and samples differ in number", SampleWeight, $"{samples} numbers", $"{weights.Length}");
        return weights.All(w => double.IsFinite(w) && w >= 0) ? weights : throw new ValueRangeException("A weight is negative or not finite", SampleWeight, "finite numbers of at least 0", Known.Say(weights.First(w => !(double.IsFinite(w) && w >= 0))));
    }

    /// <summary>The sum of weights, the divisor of a mean.</summary>
    public static double Total(double[] weights, string name) =>
        weights.Sum() is var total && total != 0 ? total : throw new ValueRangeException("A mean is not defined, because the weights sum to 0", name, "one weight above 0", "none");

    /// <summary>Checks that rows to compare have the same width.</summary>
    public static void RequireWidth(Array[] rows, Array[] truth, string name)
    {
        if (rows[0].Length != truth[0].Length) throw new ShapeMismatchException("Rows differ in length", name, $"{truth[0].Length}, as references", $"{rows[0].Length}");
    }

    public const string SampleWeight = "sample_weight", ZeroDivision = "zero_division";

    /// <summary>The result of a division by 0: 0 with a warning, 0, 1 or NaN.</summary>
    public double OfNothing(out bool warns)
    {
        var given = Value(ZeroDivision);
        warns = given is null || (given.IsText && (string?)given == "warn");
        if (warns) return 0;
        return given is { IsNumber: true } && (double)given is 0 or 1 or double.NaN ? given : throw new ArgumentException($"The value cannot stand for a division by 0. Expected: \"warn\", 0, 1 or NaN. Received: {given}.", ZeroDivision);
    }

    /// <summary>Makes a result with one value under the metric's own name.</summary>
    public MetricValue Result(MetricValue value) => new() { [Metric] = value };
}
