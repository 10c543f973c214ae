using static Keras.Api;

namespace Keras.Tests.Training;

/// <summary>Mistakes in the arguments of fit, evaluate and predict are named as the caller named them.</summary>
public sealed class ArgumentMistakeTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static readonly float[,] X = new float[8, 3], Y = new float[8, 2];

    static readonly int[] Classes = [0, 1, 0, 1, 0, 1, 0, 1];

    static Sequential Model(string loss = "mse", string activation = "linear")
    {
        var model = keras.Sequential([keras.Input(shape: 3), keras.layers.Dense(2, activation)]);
        model.compile("sgd", loss);
        return model;
    }

    /// <summary>The call, the class of its error, and what the error says.</summary>
    static readonly (string Name, Action Call, Type Error, string[] Says)[] Mistakes =
    [
        ("batch_size 0", () => Model().fit(X, Y, batch_size: 0, verbose: 0), typeof(ArgumentOutOfRangeException), ["batch_size", "positive", "0"]),
        ("batch_size negative", () => Model().fit(X, Y, batch_size: -4, verbose: 0), typeof(ArgumentOutOfRangeException), ["batch_size", "-4"]),
        ("batch_size of evaluate", () => Model().evaluate(X, Y, batch_size: 0, verbose: 0), typeof(ArgumentOutOfRangeException), ["batch_size"]),
        ("batch_size of predict", () => Model().predict(X, batch_size: -1, verbose: 0), typeof(ArgumentOutOfRangeException), ["batch_size", "-1"]),
        ("validation_batch_size", () => Model().fit(X, Y, validation_split: 0.5, validation_batch_size: 0, verbose: 0), typeof(ArgumentOutOfRangeException), ["validation_batch_size"]),
        ("epochs negative", () => Model().fit(X, Y, epochs: -1, verbose: 0), typeof(ArgumentOutOfRangeException), ["epochs", "-1"]),
        ("initial_epoch negative", () => Model().fit(X, Y, initial_epoch: -1, verbose: 0), typeof(ArgumentOutOfRangeException), ["initial_epoch"]),
        ("steps_per_epoch 0", () => Model().fit(X, Y, steps_per_epoch: 0, verbose: 0), typeof(ArgumentOutOfRangeException), ["steps_per_epoch", "positive"]),
        ("validation_steps 0", () => Model().fit(X, Y, validation_data: (X, Y), validation_steps: 0, verbose: 0), typeof(ArgumentOutOfRangeException), ["validation_steps"]),
        ("validation_freq 0", () => Model().fit(X, Y, validation_freq: 0, verbose: 0), typeof(ArgumentOutOfRangeException), ["validation_freq"]),
        ("steps of evaluate", () => Model().evaluate(X, Y, steps: 0, verbose: 0), typeof(ArgumentOutOfRangeException), ["steps"]),
        ("steps of predict", () => Model().predict(X, steps: -1, verbose: 0), typeof(ArgumentOutOfRangeException), ["steps"]),
        ("validation_split 1", () => Model().fit(X, Y, validation_split: 1, verbose: 0), typeof(ArgumentOutOfRangeException), ["validation_split", "below 1"]),
        ("validation_split in percent", () => Model().fit(X, Y, validation_split: 20, verbose: 0), typeof(ArgumentOutOfRangeException), ["validation_split", "20"]),
        ("validation_split negative", () => Model().fit(X, Y, validation_split: -0.1, verbose: 0), typeof(ArgumentOutOfRangeException), ["validation_split"]),
        ("validation_split beside data", () => Model().fit(X, Y, validation_split: 2, validation_data: (X, Y), verbose: 0), typeof(ArgumentOutOfRangeException), ["validation_split"]),
        ("validation_split that leaves nothing", () => Model().fit(X, Y, validation_split: 0.99, verbose: 0), typeof(ArgumentException), ["validation_split", "8 samples"]),
        ("x and y of different length", () => Model().fit(X, new float[7, 2], verbose: 0), typeof(ShapeMismatchException), ["'x'", "y", "8", "7"]),
        ("y of different length in evaluate", () => Model().evaluate(X, new float[7, 2], verbose: 0), typeof(ShapeMismatchException), ["'x'", "8", "7"]),
        ("sample_weight of another length", () => Model().fit(X, Y, sample_weight: new float[3], verbose: 0), typeof(ShapeMismatchException), ["sample_weight", "8", "3"]),
        ("validation_data of another length", () => Model().fit(X, Y, validation_data: (X, new float[2, 2]), verbose: 0), typeof(ShapeMismatchException), ["8", "2"]),
        ("empty data", () => Model().fit(new float[0, 3], new float[0, 2], verbose: 0), typeof(ShapeMismatchException), ["empty", "(0, 3)"]),
        ("no batches", () => Model().fit(Array.Empty<Batch>(), verbose: 0), typeof(ShapeMismatchException), ["empty", "batch"]),
        ("class_weight beyond the classes", () => Model("categorical_crossentropy", "softmax").fit(X, Y, class_weight: new Dictionary<int, double> { [2] = 1 }, verbose: 0), typeof(ArgumentOutOfRangeException), ["class_weight", "0 to 1", "2"]),
        ("class_weight negative", () => Model("sparse_categorical_crossentropy", "softmax").fit(X, Classes, class_weight: new Dictionary<int, double> { [-1] = 1 }, verbose: 0), typeof(ArgumentOutOfRangeException), ["class_weight", "-1"]),
        ("verbose in words", () => Model().fit(X, Y, verbose: "loud"), typeof(ArgumentException), ["verbose", "\"auto\"", "\"loud\""]),
        ("verbose 3", () => Model().fit(X, Y, verbose: 3), typeof(ArgumentOutOfRangeException), ["verbose", "3"]),
        ("one-hot labels for the sparse loss", () => Model("sparse_categorical_crossentropy", "softmax").fit(X, new int[8, 2], verbose: 0), typeof(ShapeMismatchException), ["(8, 2)", "categorical_crossentropy"]),
        ("indices for the dense loss", () => Model("categorical_crossentropy", "softmax").fit(X, Classes, verbose: 0), typeof(ShapeMismatchException), ["8"]),
    ];

    static IEnumerable<string> Names => Mistakes.Select(m => m.Name);

    [TestCaseSource(nameof(Names))]
    public void A_mistake_is_named_as_the_caller_wrote_it(string name)
    {
        var (_, call, error, says) = Mistakes.Single(m => m.Name == name);
        var thrown = Assert.Catch(() => call())!;
        TestContext.Out.WriteLine(thrown.Message);
        Assert.That(thrown, Is.InstanceOf(error), thrown.Message);
        foreach (var part in says) Assert.That(thrown.Message, Does.Contain(part));
        if (thrown is ArgumentException { ParamName: { } parameter })
            Assert.That(typeof(Model).GetMethods().Where(m => m.Name is "fit" or "evaluate" or "predict").SelectMany(m => m.GetParameters()).Select(p => p.Name), Does.Contain(parameter));
    }

    [Test]
    public void Epochs_that_are_over_train_nothing_as_in_Keras()
    {
        Assert.That(Model().fit(X, Y, epochs: 0, verbose: 0).history, Is.Empty);
        Assert.That(Model().fit(X, Y, epochs: 2, initial_epoch: 5, verbose: 0).history, Is.Empty);
    }
}
