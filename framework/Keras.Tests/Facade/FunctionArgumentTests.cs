using Keras.Callbacks;
using Keras.Layers;
using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;
using static Keras.Api;

namespace Keras.Tests.Facade;

/// <summary>Functions as arguments, written as a user writes them: with all namespaces of Keras in the file.</summary>
public sealed class FunctionArgumentTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor MyLoss(Tensor y_true, Tensor y_pred) => ops.mean(ops.square(y_true - y_pred), axis: -1);

    static Tensor MyMetric(Tensor y_true, Tensor y_pred) => ops.mean(ops.abs(y_true - y_pred), axis: -1);

    static Sequential Model() => keras.Sequential([keras.Input(shape: 3), keras.layers.Dense(2, kernel_initializer: "ones")]);

    static readonly Tensor X = ops.reshape(ops.arange(12.0), (4, 3)) / 12, Y = ops.ones((4, 2));

    [Test]
    public void All_namespaces_fit_into_one_file()
    {
        (Loss loss, LossArg squares) = (keras.losses.MeanSquaredError(), "mse");
        (Metric metric, MetricsArg figures) = (keras.metrics.MeanSquaredError(), "mae");
        (Optimizer optimizer, Callback callback, Layer layer) = (new Adam(), new EarlyStopping(), new Dense(1));
        Assert.That(new object[] { loss, squares, metric, figures, optimizer, callback, layer }, Is.All.Not.Null);
    }

    /// <summary>Each way to write a loss of squared differences.</summary>
    static readonly (string Name, Action<Model> Compile)[] Losses =
    [
        ("lambda", m => m.compile(optimizer: "sgd", loss: (t, p) => ops.mean(ops.square(t - p)))),
        ("lambda by position", m => m.compile("sgd", (t, p) => ops.mean(ops.square(t - p), axis: -1), metrics: ["mae"])),
        ("lambda alone", m => m.compile(loss: (t, p) => ops.mean(ops.square(t - p), axis: -1), optimizer: new SGD(0.01))),
        ("method", m => m.compile(optimizer: "sgd", loss: MyLoss)),
        ("method and a metric", m => m.compile(optimizer: "sgd", loss: MyLoss, metrics: [MyMetric])),
        ("function of Keras", m => m.compile(optimizer: "sgd", loss: keras.losses.mean_squared_error)),
        ("class", m => m.compile(optimizer: "sgd", loss: new Keras.Losses.MeanSquaredError(), metrics: ["mae", new Keras.Metrics.MeanSquaredError()])),
    ];

    [TestCaseSource(nameof(LossNames))]
    public void A_loss_is_written_in_each_way(string name)
    {
        var (expected, model) = (Model(), Model());
        expected.compile("sgd", "mse");
        Losses.Single(l => l.Name == name).Compile(model);
        var (a, b) = (expected.fit(X, Y, epochs: 2, verbose: false, shuffle: false), model.fit(X, Y, epochs: 2, verbose: false, shuffle: false));
        Assert.That(b.history["loss"], Is.EqualTo(a.history["loss"]).Within(1e-5));
    }

    static IEnumerable<string> LossNames => Losses.Select(l => l.Name);

    /// <summary>Each way to write a metric of absolute differences, and the name of its figure.</summary>
    static readonly (string Figure, string Name, Action<Model> Compile)[] Metrics =
    [
        ("MyMetric", "method", m => m.compile("sgd", "mse", metrics: [MyMetric])),
        ("MyMetric", "method after a name", m => m.compile("sgd", "mse", metrics: ["mse", MyMetric])),
        ("MyMetric", "method after a metric, with a function as loss", m => m.compile(optimizer: "sgd", loss: (t, p) => ops.mean(ops.square(t - p)), metrics: [new Keras.Metrics.MeanSquaredError("other"), MyMetric])),
        ("lambda", "lambda", m => m.compile("sgd", "mse", metrics: ["mse", new((t, p) => ops.mean(ops.abs(t - p), axis: -1))])),
        ("mean_absolute_error", "function of keras.metrics", m => m.compile("sgd", "mse", metrics: [keras.metrics.mean_absolute_error])),
        ("mean_absolute_error", "function of keras.losses", m => m.compile("sgd", "mse", metrics: ["mse", keras.losses.mean_absolute_error])),
    ];

    static IEnumerable<TestCaseData> MetricNames => Metrics.Select(m => new TestCaseData(m.Figure, m.Name));

    [TestCaseSource(nameof(MetricNames))]
    public void A_metric_is_written_in_each_way(string figure, string name)
    {
        var (expected, model) = (Model(), Model());
        expected.compile("sgd", "mse", metrics: ["mae"]);
        Metrics.Single(l => l.Name == name).Compile(model);
        Assert.That((float)model.evaluate(X, Y, verbose: false)[figure], Is.EqualTo((float)expected.evaluate(X, Y, verbose: false)["mae"]).Within(1e-6));
    }

    [Test]
    public void An_activation_is_a_name_a_function_of_Keras_or_any_other()
    {
        var x = ops.reshape(ops.arange(-3.0, 3.0), (1, 6));
        Tensor Of(Layer layer) => layer.Apply(x);
        var expected = Of(new Activation("tanh"));
        Layer[] layers =
        [
            new Activation(keras.activations.tanh), keras.layers.Activation(ops.tanh), new Activation(t => ops.tanh(t)), new Activation(Math.Abs(1) == 1 ? new ActivationFunction(ops.tanh) : "relu"),
        ];
        foreach (var layer in layers) Assert.That(Of(layer).ToArray<float>(), Is.EqualTo(expected.ToArray<float>()).Within(1e-6));
    }

    [Test]
    public void Layers_take_functions_as_activation()
    {
        (Layer Function, Layer Named, Shape Shape)[] layers =
        [
            (keras.layers.Dense(4, activation: x => ops.tanh(x), kernel_initializer: "ones"), new Dense(4, activation: "tanh", kernel_initializer: "ones"), (2, 3)),
            (new Dense(4, activation: keras.activations.relu, kernel_initializer: "ones"), new Dense(4, "relu", kernel_initializer: "ones"), (2, 3)),
            (new Dense(4, ops.sigmoid, kernel_initializer: "ones"), new Dense(4, "sigmoid", kernel_initializer: "ones"), (2, 3)),
            (new Conv1D(2, 2, activation: ops.relu, kernel_initializer: "ones"), new Conv1D(2, 2, activation: "relu", kernel_initializer: "ones"), (2, 4, 3)),
            (keras.layers.Conv2D(2, 2, activation: x => ops.relu(x), kernel_initializer: "ones"), new Conv2D(2, 2, activation: "relu", kernel_initializer: "ones"), (2, 4, 4, 3)),
            (new LSTM(2, activation: ops.relu, kernel_initializer: "ones", recurrent_initializer: "ones"), new LSTM(2, "relu", kernel_initializer: "ones", recurrent_initializer: "ones"), (2, 4, 3)),
            (keras.layers.GRU(2, activation: x => ops.relu(x), kernel_initializer: "ones", recurrent_initializer: "ones"), new GRU(2, "relu", kernel_initializer: "ones", recurrent_initializer: "ones"), (2, 4, 3)),
        ];
        foreach (var (function, named, shape) in layers)
        {
            Tensor x = keras.random.normal(shape, seed: 1);
            Assert.That(((Tensor)function.Apply(x)).ToArray<float>(), Is.EqualTo(((Tensor)named.Apply(x)).ToArray<float>()).Within(1e-5), named.GetType().Name);
        }
    }

    [Test]
    public void Nothing_as_activation_is_none()
    {
        Assert.That(new Dense(1, null).get_config()["activation"], Is.EqualTo("linear"));
        Assert.That(new Dense(1).get_config()["activation"], Is.EqualTo("linear"));
        Assert.That(keras.layers.LSTM(1, activation: null).get_config()["activation"], Is.EqualTo("tanh").Or.EqualTo("linear"));
    }

    [Test]
    public void Initializers_regularizers_and_constraints_are_functions_too()
    {
        var layer = keras.layers.Dense(2, kernel_initializer: (shape, dtype) => ops.full(shape, 3, dtype));
        layer.Apply(ops.ones((1, 2)));
        Assert.That(layer.kernel.value.ToArray<float>(), Is.All.EqualTo(3));

        var regularized = new Dense(2, kernel_initializer: "ones", kernel_regularizer: w => ops.sum(w) * 0.5);
        regularized.Apply(ops.ones((1, 2)));
        Assert.That(regularized.losses.Single().ToScalar<float>(), Is.EqualTo(2));

        var convolution = new Conv1D(1, 1, kernel_initializer: keras.initializers.get((shape, dtype) => ops.full(shape, 2, dtype)), kernel_constraint: keras.constraints.get(w => ops.relu(w)),
            kernel_regularizer: keras.regularizers.get(w => ops.sum(w)));
        convolution.Apply(ops.ones((1, 2, 1)));
        Assert.That(convolution.losses.Single().ToScalar<float>(), Is.EqualTo(2));
    }

    static Tensor Threes(Shape shape, DType dtype) => ops.full(shape, 3, dtype);

    /// <summary>Layers whose initializers are functions, in each way to write one, with a shape of inputs.</summary>
    static readonly (Layer Layer, Shape Shape)[] Initialized =
    [
        (keras.layers.Dense(2, kernel_initializer: Threes, bias_initializer: (shape, dtype) => ops.full(shape, 3, dtype)), (1, 2)),
        (new Dense(2, bias_initializer: Threes), (1, 2)),
        (keras.layers.Conv2D(2, 2, activation: "relu", kernel_initializer: (shape, dtype) => ops.full(shape, 3, dtype)), (1, 3, 3, 1)),
        (new Conv1DTranspose(1, 2, kernel_initializer: Threes), (1, 3, 1)),
        (keras.layers.DepthwiseConv2D(2, depthwise_initializer: Threes), (1, 3, 3, 1)),
        (keras.layers.SeparableConv1D(2, 2, pointwise_initializer: Threes), (1, 3, 1)),
        (keras.layers.Embedding(4, 2, embeddings_initializer: (shape, dtype) => ops.full(shape, 3, dtype)), (1, 2)),
        (keras.layers.EinsumDense("ab,bc->ac", 2, kernel_initializer: Threes), (1, 2)),
        (keras.layers.LSTM(2, recurrent_initializer: Threes), (1, 2, 2)),
        (new GRU(2, kernel_initializer: (shape, dtype) => ops.full(shape, 3, dtype)), (1, 2, 2)),
        (keras.layers.BatchNormalization(gamma_initializer: Threes), (1, 2)),
        (keras.layers.LayerNormalization(beta_initializer: Threes), (1, 2)),
        (keras.layers.PReLU(Threes), (1, 2)),
        (keras.layers.Convolution1D(1, 2, kernel_initializer: (shape, dtype) => ops.full(shape, 3, dtype)), (1, 3, 1)),
        (keras.layers.SeparableConvolution2D(2, 2, depthwise_initializer: Threes), (1, 3, 3, 1)),
        (keras.layers.Convolution2DTranspose(1, 2, activation: x => ops.relu(x), kernel_initializer: keras.initializers.get(Threes), bias_initializer: "zeros"), (1, 3, 3, 1)),
    ];

    [Test]
    public void Initializers_of_every_kind_of_layer_are_functions_too()
    {
        foreach (var (layer, shape) in Initialized)
        {
            layer.Apply(ops.ones(shape));
            Assert.That(layer.weights.Select(w => w.value.ToArray<float>()), Has.Some.All.EqualTo(3f), layer.GetType().Name);
        }
        Func<Shape, DType, Tensor> held = Threes;
        Assert.That(new Dense(1, kernel_initializer: held, bias_initializer: "ones"), Is.Not.Null);
    }

    [Test]
    public void A_layer_with_initializers_takes_functions_for_all_of_them()
    {
        foreach (var type in typeof(Dense).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract))
        {
            int Count(Type parameter) => type.GetConstructors().Select(c => c.GetParameters().Count(p => p.ParameterType == parameter)).DefaultIfEmpty().Max();
            Assert.That(Count(typeof(Func<Shape, DType, Tensor>)), Is.EqualTo(Count(typeof(Keras.Initializers.Initializer))), type.Name);
        }
    }

    [Test]
    public void Every_function_that_makes_a_layer_takes_functions_for_its_initializers()
    {
        foreach (var methods in typeof(LayersApi).GetMethods().Where(m => m.ReturnType.IsSubclassOf(typeof(Layer))).GroupBy(m => m.Name))
        {
            int Count(Type parameter) => methods.Max(m => m.GetParameters().Count(p => p.ParameterType == parameter));
            Assert.That(Count(typeof(Func<Shape, DType, Tensor>)), Is.EqualTo(Count(typeof(Keras.Initializers.Initializer))), methods.Key);
            Assert.That(Count(typeof(Func<Tensor, Tensor>)), Is.GreaterThanOrEqualTo(methods.Max(m => m.GetParameters().Count(p => p.Name == "activation" && p.ParameterType == typeof(ActivationFunction)))), methods.Key);
        }
    }

    [Test]
    public void A_function_of_Keras_is_saved_by_its_name()
    {
        Assert.That(new Dense(1, keras.activations.relu).get_config()["activation"], Is.EqualTo("relu"));
        Assert.That(new Dense(1, ops.tanh).get_config()["activation"], Is.EqualTo("tanh"));
        Assert.That(keras.activations.serialize(keras.activations.get(ops.softmax)), Is.EqualTo("softmax"));
        var model = Model();
        model.compile(optimizer: "sgd", loss: keras.losses.huber, metrics: [keras.metrics.mean_squared_error]);
        Assert.That(model.get_compile_config()["loss"], Is.EqualTo("huber"));
        Assert.That(model.get_compile_config()["metrics"], Is.EqualTo(new[] { "mean_squared_error" }));
    }

    [Test]
    public void A_function_of_ones_own_is_refused_by_name_when_saved()
    {
        static Tensor Twice(Tensor x) => x * 2;
        foreach (var (layer, name) in new (Layer, string)[] { (new Dense(1, MyActivation), "MyActivation"), (new Activation(x => Twice(x)), "lambda"), (new LSTM(1, activation: MyActivation), "MyActivation"),
            (new Dense(1, kernel_initializer: (shape, dtype) => ops.ones(shape)), "lambda"), (new Dense(1, kernel_regularizer: MyActivation), "MyActivation"), (new Dense(1, ops.gelu), "gelu") })
            Assert.That(layer.get_config, Throws.TypeOf<UnsupportedException>().With.Message.Contains(name).And.Message.Contains("save_weights"), $"{layer.name}: {name}");
        var model = keras.Sequential([keras.Input(shape: 3), keras.layers.Dense(2, activation: x => x * 2)]);
        Assert.That(() => model.save(Path.Combine(Path.GetTempPath(), "never-written.keras")), Throws.TypeOf<UnsupportedException>().With.Message.Contains("lambda"));
    }

    static Tensor MyActivation(Tensor x) => x * 2;

    [Test]
    public void A_model_whose_loss_is_a_function_of_ones_own_loads_without_compile()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.keras");
        try
        {
            var model = Model();
            model.compile(optimizer: "sgd", loss: MyLoss);
            model.save(file);
            Assert.That(() => keras.models.load_model(file), Throws.TypeOf<FileFormatException>().With.Message.Contains("MyLoss").And.Message.Contains("compile: false"));
            Assert.That(((Tensor)keras.models.load_model(file, compile: false).predict(X, verbose: false)).shape, Is.EqualTo(new Shape(4, 2)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void One_callback_or_many()
    {
        var model = Model();
        model.compile("sgd", "mse");
        var seen = 0;
        var callback = new LambdaCallback(on_epoch_end: (_, _) => seen++);
        model.fit(X, Y, verbose: false, callbacks: callback);
        model.fit(X, Y, verbose: false, callbacks: [callback, new EarlyStopping("loss")]);
        model.fit(X, Y, verbose: false, callbacks: new List<Callback> { callback });
        model.fit(X, Y, verbose: 0, callbacks: new Callback[] { callback });
        model.evaluate(X, Y, verbose: false, callbacks: callback);
        model.predict(X, verbose: false, callbacks: callback);
        Assert.That(seen, Is.EqualTo(4));
    }

    [Test]
    public void A_dtype_compares_with_its_name()
    {
        var x = ops.ones((2, 2));
        Assert.That(x.dtype == "float32", Is.True);
        Assert.That(x.dtype != "int32", Is.True);
        Assert.That("float32" == x.dtype, Is.True);
        Assert.That(x.dtype == "no dtype", Is.False);
        Assert.That(x.dtype == DType.Float32 && x.dtype != DType.Int32, Is.True);
        DType? none = null;
        Assert.That(none == null && null == none, Is.True);
        Assert.That(x.dtype, Is.EqualTo(DType.Parse("float32")));
        Assert.That(x.dtype.GetHashCode(), Is.EqualTo(DType.Parse("float32").GetHashCode()));
    }

    [Test]
    public void Whole_numbers_go_into_float_layers()
    {
        var x = ops.ones((2, 4, 3), dtype: "int32");
        foreach (Layer layer in new Layer[] { new Dense(2), new EinsumDense("abc,cd->abd", Shape.Create([null, 2])), new Conv1D(2, 2), new LSTM(2), new GRU(2), new LayerNormalization(), new MultiHeadAttention(1, 2) })
        {
            Tensor y = layer is MultiHeadAttention attention ? attention.Apply(x, x) : layer.Apply(x);
            Assert.That(y.dtype == "float32", layer.GetType().Name);
        }
    }
}
