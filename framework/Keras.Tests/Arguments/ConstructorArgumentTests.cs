using System.Reflection;
using Keras.Callbacks;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Layers;
using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;
using Keras.Optimizers.Schedules;
using Keras.Regularizers;

namespace Keras.Tests.Arguments;

/// <summary>Every number and every choice that a class of the facade takes: what is outside of its documented range is refused by the argument's name.</summary>
public sealed class ConstructorArgumentTests
{
    static readonly Type[] Bases =
    [
        typeof(Layer), typeof(Loss), typeof(Metric), typeof(Optimizer), typeof(LearningRateSchedule), typeof(Initializer), typeof(Regularizer), typeof(Constraint), typeof(Callback),
    ];

    /// <summary>Arguments that every number fits: signs and sizes mean something, or nothing is computed from them.</summary>
    static readonly HashSet<string> Free =
    [
        "seed", "axis", "verbose", "ignore_class", "Constant.value", "Masking.mask_value", "fill_value", "baseline", "initial_value_threshold", "renorm_momentum",
        // A model's own marks, and a limit beyond which nothing is cut.
        "Muon.muon_a", "Muon.muon_b", "Muon.muon_c", "Muon.rms_rate",
    ];

    /// <summary>Finite numbers of either sign.</summary>
    static readonly HashSet<string> Signed =
    [
        "learning_rate", "initial_learning_rate", "end_learning_rate", "decay_rate", "warmup_target", "power", "m_mul", "CosineDecay.alpha", "CosineDecayRestarts.alpha", "ELU.alpha", "gain", "mean", "minval", "maxval",
        "CategoricalFocalCrossentropy.alpha", "margin", "BinaryAccuracy.threshold", "BinaryIoU.threshold", "beta_2_decay", "learning_rate_power", "adam_lr_ratio", "min_delta", "GroupNormalization.groups", "lora_alpha",
    ];

    /// <summary>Bounds of which an infinite one bounds nothing.</summary>
    static readonly HashSet<string> Unbounded = ["clipnorm", "clipvalue", "global_clipnorm", "ReLU.max_value"];

    /// <summary>Whole numbers of which 0 is one too few.</summary>
    static readonly HashSet<string> Counts =
    [
        "units", "filters", "groups", "depth_multiplier", "num_heads", "key_dim", "value_dim", "head_dim", "num_query_heads", "num_key_value_heads", "sliding_window", "input_dim", "output_dim", "num_tokens",
        "height", "width", "n", "size", "lora_rank", "power_iterations", "k", "top_k", "num_classes", "num_thresholds", "ema_overwrite_frequency", "gradient_accumulation_steps", "dynamic_growth_steps",
        "decay_steps", "first_decay_steps", "initial_scale", "delta", "scale", "loss_scale_factor", "clip_threshold",
    ];

    /// <summary>Texts that are one of a few.</summary>
    static readonly HashSet<string> Choices = ["padding", "data_format", "score_mode", "output_mode", "interpolation", "fill_mode", "merge_mode", "reduction", "curve", "summation_method", "average", "class_aggregation", "side", "window", "scaling", "mode", "distribution"];

    static IEnumerable<TestCaseData> Numbers => from p in Parameters(p => TypeOf(p) is { } type && (type == typeof(int) || type == typeof(double) || type == typeof(LearningRate)))
                                                where !Free.Contains(p.Parameter.Name!) && !Free.Contains(NameOf(p))
                                                from value in Outside(p)
                                                select new TestCaseData(p.Constructor, p.Parameter, value).SetArgDisplayNames(TitleOf(p), $"{value}");

    static IEnumerable<TestCaseData> Texts => from p in Parameters(p => p.ParameterType == typeof(string) && Choices.Contains(p.Name!))
                                              from value in new object[] { "", "no such", "VALID " }
                                              select new TestCaseData(p.Constructor, p.Parameter, value).SetArgDisplayNames(TitleOf(p), $"\"{value}\"");

    static IEnumerable<TestCaseData> Lists => from p in Parameters(p => p.ParameterType == typeof(Axes) && p.Name is "kernel_size" or "pool_size" or "strides" or "dilation_rate" or "output_size" or "output_padding")
                                              from value in new object[] { (Axes)new[] { 2, 2, 2, 2 }, (Axes)(p.Parameter.Name == "output_padding" ? -1 : 0), (Axes)(-2) }
                                              select new TestCaseData(p.Constructor, p.Parameter, value).SetArgDisplayNames(TitleOf(p), $"{value}");

    static IEnumerable<(ConstructorInfo Constructor, ParameterInfo Parameter)> Parameters(Func<ParameterInfo, bool> isMeant) =>
        from type in typeof(KerasApi).Assembly.GetExportedTypes()
        where type is { IsAbstract: false, IsGenericTypeDefinition: false } && Array.Exists(Bases, type.IsSubclassOf)
        from constructor in type.GetConstructors()
        from parameter in constructor.GetParameters()
        where isMeant(parameter)
        select (constructor, parameter);

    static Type TypeOf(ParameterInfo parameter) => Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;

    static string NameOf((ConstructorInfo Constructor, ParameterInfo Parameter) p) => $"{p.Constructor.DeclaringType!.Name}.{p.Parameter.Name}";

    /// <summary>The name, and which of the class's constructors it is where that is not the first.</summary>
    static string TitleOf((ConstructorInfo Constructor, ParameterInfo Parameter) p) =>
        Array.IndexOf(p.Constructor.DeclaringType!.GetConstructors(), p.Constructor) is > 0 and var index ? $"{NameOf(p)} {index + 1}" : NameOf(p);

    static IEnumerable<object> Outside((ConstructorInfo Constructor, ParameterInfo Parameter) p)
    {
        bool Is(HashSet<string> names) => names.Contains(p.Parameter.Name!) || names.Contains(NameOf(p));
        var type = TypeOf(p.Parameter);
        List<double> values = type == typeof(int) ? [] : Is(Unbounded) ? [double.NaN] : [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        if (!Is(Signed)) values.Add(-3);
        if (Is(Counts) && NameOf(p) != "RandomPerspective.scale") values.Add(0);
        return values.Select(v => type == typeof(int) ? (int)v : type == typeof(double) ? (object)v : (LearningRate)v);
    }

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Numbers))]
    public void ANumberOutOfItsRangeIsRefused(ConstructorInfo constructor, ParameterInfo parameter, object value) => Refused(constructor, parameter, value);

    [TestCaseSource(nameof(Texts))]
    public void AnUnknownChoiceIsRefused(ConstructorInfo constructor, ParameterInfo parameter, object value) => Refused(constructor, parameter, value);

    [TestCaseSource(nameof(Lists))]
    public void SizesThatFitNoAxesAreRefused(ConstructorInfo constructor, ParameterInfo parameter, object value) => Refused(constructor, parameter, value);

    /// <summary>The ends of ranges that Keras takes and computes something with.</summary>
    static readonly Func<Optimizer>[] AtTheEdge =
    [
        () => new SGD(0.1, clipnorm: 0), () => new SGD(0.1, clipvalue: 0), () => new SGD(0.1, global_clipnorm: 0), () => new SGD(0.1, clipnorm: double.PositiveInfinity), () => new SGD(0.1, global_clipnorm: double.PositiveInfinity), () => new SGD(-0.1),
        () => new Adamax(0.1, beta_2: 1), () => new Nadam(0.1, beta_1: 1), () => new ScheduleFreeAdamW(0.1, beta_1: 1), () => new Lion(0.1, beta_2: 1), () => new Adam(0.1, beta_1: 0, beta_2: 0, epsilon: 0),
        () => new RMSprop(0.1, rho: 0, momentum: 1), () => new Adadelta(0.1, rho: 0), () => new Adagrad(0.1, initial_accumulator_value: 0), () => new Ftrl(0.1, learning_rate_power: 0),
    ];

    [TestCaseSource(nameof(AtTheEdge))]
    public void TheEndsOfRangesAreTaken(Func<Optimizer> make)
    {
        var variable = new Variable(new float[] { 1, 2 }, name: "w");
        var optimizer = make();
        for (var step = 0; step < 3; step++) optimizer.apply([(Tensor)new float[] { 0.5f, -3 }], [variable]);
        Assert.That(((Tensor)variable).ToArray<float>(), Is.All.Matches<float>(float.IsFinite).And.None.EqualTo(1f).And.None.EqualTo(2f));
    }

    [Test]
    public void AFactorOf0LeavesTheLeastRate() => Assert.That(() => new ReduceLROnPlateau(factor: 0, min_lr: 1e-5), Throws.Nothing);

    static void Refused(ConstructorInfo constructor, ParameterInfo parameter, object value)
    {
        var parameters = constructor.GetParameters();
        object?[] arguments = [.. parameters.Select(Valid)];
        // Averages that are not kept have no momentum.
        if (parameter.Name!.StartsWith("ema_", StringComparison.Ordinal)) arguments[Array.FindIndex(parameters, p => p.Name == "use_ema")] = true;
        Assert.That(() => constructor.Invoke(arguments), Throws.Nothing, "the valid arguments");
        arguments[parameter.Position] = value;
        object? made = null;
        Exception? error = null;
        try
        {
            made = constructor.Invoke(arguments);
            // Some initializers look at their options when they compute.
            if (made is Initializer initializer) initializer.call(new Shape(3, 1, 2), DType.Float32);
        }
        catch (TargetInvocationException e)
        {
            error = e.InnerException;
        }
        catch (ArgumentException e)
        {
            error = e;
        }
        Assert.That(error, Is.InstanceOf<ArgumentException>().Or.InstanceOf<KerasException>(), $"{constructor.DeclaringType!.Name} takes {parameter.Name}: {value}");
        Assert.That((error as ArgumentException)?.ParamName == parameter.Name || error!.Message.Contains(parameter.Name, StringComparison.Ordinal), Is.True, $"names no {parameter.Name}: {error!.Message}");
    }

    static object? Valid(ParameterInfo parameter) => parameter.HasDefaultValue && (parameter.Name, parameter.Member.DeclaringType) != ("shape", typeof(InputLayer)) && (parameter.Name, parameter.Member.DeclaringType) != ("num_bins", typeof(Discretization)) ? parameter.DefaultValue : (parameter.Name, parameter.ParameterType) switch
    {
        ("boundaries", _) => new double[] { 1 },
        ("values", _) => new double[] { 1, 2 },
        ("filepath", _) => "model.keras",
        ("equation", _) => "ab,bc->ac",
        ("target_class_ids", _) => new[] { 0 },
        ("num_bins", _) => 2,
        ("features", _) => new Dictionary<string, Keras.Utils.Feature> { ["x"] = "float" },
        (_, var t) when t == typeof(Func<Tensor, Tensor>) => (Func<Tensor, Tensor>)(t => t),
        (_, var t) when t == typeof(int) => 2,
        (_, var t) when t == typeof(double) => 0.5,
        (_, var t) when t == typeof(string) => "accuracy",
        (_, var t) when t == typeof(Axes) => (Axes)1,
        (_, var t) when t == typeof(Factor) => (Factor)1.0,
        (_, var t) when t == typeof(Borders) => (Borders)1,
        (_, var t) when t == typeof(Shape) => new Shape(2),
        (_, var t) when t == typeof(OptimizerMap) => new OptimizerMap(new SGD()),
        (_, var t) when t == typeof(Optimizer) => new SGD(),
        (_, var t) when t == typeof(Func<Tensor, Tensor, Tensor>) => (Func<Tensor, Tensor, Tensor>)((truth, _) => truth),
        ("cell", _) => new LSTMCell(2),
        ("layer", _) when parameter.Member.DeclaringType == typeof(Bidirectional) => new LSTM(2),
        (_, var t) when t.IsAssignableFrom(typeof(Dense)) => new Dense(2),
        (_, var t) when t == typeof(Model) => new Sequential([new Dense(2)]),
        (_, var t) when t == typeof(Keras.Distillation.DistillationLoss) => new Keras.Distillation.LogitsDistillation(),
        (_, var t) when t == typeof(IReadOnlyList<Keras.Distillation.DistillationLoss>) => new Keras.Distillation.DistillationLoss[] { new Keras.Distillation.LogitsDistillation() },
        var (name, type) => throw new AssertionException($"The test knows no valid {type.Name} {name} of {parameter.Member.DeclaringType!.Name}."),
    };
}
