using Keras.Callbacks;
using static Keras.Api;

namespace Keras.Tests.Facade;

/// <summary>A name that is not known: the error lists those that are, and the nearest.</summary>
public sealed class UnknownNameTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static readonly Tensor Image = ops.ones((1, 4, 4, 1));

    /// <summary>Where a name goes in, one that is nearly right, and the right one.</summary>
    static readonly (string What, Action<string> Call, string Near, string Right)[] Names =
    [
        ("optimizer", n => keras.optimizers.get(n), "adamm", "Adam"),
        ("optimizer of compile", n => Model().compile(n, "mse"), "rmsprp", "RMSprop"),
        ("loss", n => keras.losses.get(n), "mean_squred_error", "mean_squared_error"),
        ("loss of compile", n => { var m = Model(); m.compile("sgd", n); m.fit(new float[2, 3], new float[2, 1], verbose: 0); }, "categorical_cross_entropy", "categorical_crossentropy"),
        ("metric", n => keras.metrics.get(n), "acuracy", "accuracy"),
        ("metric of compile", n => { var m = Model(); m.compile("sgd", "mse", metrics: n); m.fit(new float[2, 3], new float[2, 1], verbose: 0); }, "accurcy", "accuracy"),
        ("activation", n => keras.activations.get(n), "rellu", "relu"),
        ("activation of a layer", n => keras.layers.Dense(1, activation: n), "sofmax", "softmax"),
        ("initializer", n => keras.initializers.get(n), "glorot_unifrom", "glorot_uniform"),
        ("initializer of a layer", n => keras.layers.Dense(1, kernel_initializer: n), "He_Normal", "he_normal"),
        ("regularizer", n => keras.regularizers.get(n), "l1_l3", "l1_l2"),
        ("constraint", n => keras.constraints.get(n), "maxnorm", "max_norm"),
        ("dtype", n => DType.Parse(n), "flaot32", "float32"),
        ("dtype of an op", n => ops.ones((1, 1), dtype: n), "int_32", "int32"),
        ("dtype policy", n => keras.layers.Dense(1, dtype: n), "mixed_flaot16", "mixed_float16"),
        ("dtype policy of keras.config", n => keras.config.set_dtype_policy(n), "mixed_bfloat", "mixed_bfloat16"),
        ("floatx", n => keras.config.set_floatx(n), "float_32", "float32"),
        ("reduction", n => keras.losses.MeanSquaredError(reduction: n), "summ", "sum"),
        ("padding", n => keras.layers.Conv2D(1, 2, padding: n), "sane", "same"),
        ("padding of a pooling", n => keras.layers.MaxPooling2D(2, padding: n), "Valid", "valid"),
        ("data_format", n => keras.layers.Conv2D(1, 2, data_format: n), "channel_last", "channels_last"),
        ("interpolation", n => keras.layers.UpSampling2D(2, interpolation: n), "bilinar", "bilinear"),
        ("mode of a callback", n => new EarlyStopping(mode: n), "maxx", "max"),
        ("mode of an initializer", n => keras.initializers.VarianceScaling(mode: n), "fan_inn", "fan_in"),
        ("distribution", n => keras.initializers.VarianceScaling(distribution: n), "unifrom", "uniform"),
        ("merge_mode", n => keras.layers.Bidirectional(keras.layers.LSTM(1), merge_mode: n), "concatt", "concat"),
        ("score_mode", n => keras.layers.Attention(score_mode: n), "dott", "dot"),
        ("output_mode", n => keras.layers.CategoryEncoding(3, output_mode: n), "one_hott", "one_hot"),
        ("curve", n => keras.metrics.AUC(curve: n), "ROCC", "ROC"),
        ("average", n => keras.metrics.F1Score(average: n), "marco", "macro"),
        ("mode of pad", n => ops.pad(Image, 1, mode: n), "reflct", "reflect"),
        ("interpolation of resize", n => ops.image.resize(Image, (2, 2), interpolation: n), "neares", "nearest"),
    ];

    static Sequential Model() => keras.Sequential([keras.Input(shape: 3), keras.layers.Dense(1)]);

    static IEnumerable<string> Kinds => Names.Select(n => n.What);

    [TestCaseSource(nameof(Kinds))]
    public void The_known_names_are_listed(string kind)
    {
        var (_, call, near, right) = Names.Single(n => n.What == kind);
        foreach (var name in new[] { near, "", "qqqqqqqqqqqqqqqqqqqqqqq" })
        {
            var thrown = Assert.Catch<ArgumentException>(() => call(name))!;
            if (name == near) TestContext.Out.WriteLine(thrown.Message);
            Assert.That(thrown.Message, Does.Contain($"\"{right}\"").And.Contain($"Received: \"{name}\"."));
            if (name == near) Assert.That(thrown.Message, Does.Contain($"Did you mean \"{right}\"?"));
            else Assert.That(thrown.Message, Does.Not.Contain("Did you mean"));
        }
    }
}
