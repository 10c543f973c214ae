using Keras.TensorFlowNet;
using static Keras.Api;
using static Keras.TensorFlowNet.Binding;
using ILayer = Keras.Layer;
using IOptimizer = Keras.Optimizers.Optimizer;
using IVariableV1 = Keras.Variable;
using NDArray = Keras.Tensor;

namespace Keras.Tests.TensorFlowNet;

/// <summary>Programs below Keras as users of TensorFlow.NET write them: only their usings are ours, and what docs/migrating-from-tensorflow-net.md lists.</summary>
sealed class EagerSamples
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        keras.utils.set_random_seed(1);
    }

    [Test]
    public void Eager_tensors_and_operations()
    {
        var a = tf.constant(2);
        var b = tf.constant(3);
        Assert.That((int)tf.add(a, b), Is.EqualTo(5));
        Assert.That((int)(a * b), Is.EqualTo(6));
        var matrix1 = tf.constant(new float[,] { { 1, 2 }, { 3, 4 } });
        var matrix2 = tf.constant(new float[,] { { 5, 6 }, { 7, 8 } });
        var product = tf.matmul(matrix1, matrix2);
        print($"product: {product}");
        Assert.That(product.ToArray<float>(), Is.EqualTo(new[] { 19f, 22, 43, 50 }));
        Assert.That((float)tf.reduce_mean(product), Is.EqualTo(33.5f));
        Assert.That(tf.reduce_sum(product, axis: 1).ToArray<float>(), Is.EqualTo(new[] { 41f, 93 }));
        Tensor row = product[0];
        Assert.That((row.shape, row.dtype), Is.EqualTo((new Shape(2), tf.float32)));
        Assert.That(tf.reshape(product, (4, 1)).shape, Is.EqualTo(new Shape(4, 1)));
        Assert.That(tf.concat(new[] { matrix1, matrix2 }, axis: 1).shape, Is.EqualTo(new Shape(2, 4)));
        Assert.That(tf.cast(tf.range(3), tf.float32).ToArray<float>(), Is.EqualTo(new[] { 0f, 1, 2 }));
    }

    [Test]
    public void Linear_regression()
    {
        NDArray train_X = np.array(3.3f, 4.4f, 5.5f, 6.71f, 6.93f, 4.17f, 9.78f, 6.18f, 7.59f, 2.17f);
        NDArray train_Y = train_X * 0.25f + 0.8f;
        var n_samples = train_X.shape[0];
        var W = tf.Variable(-0.06f, name: "weight");
        var b = tf.Variable(-0.73f, name: "bias");
        var optimizer = keras.optimizers.SGD(0.02f);
        float first = 0, last = 0;
        foreach (var step in range(1, 201))
        {
            using var g = tf.GradientTape();
            var pred = W * train_X + b;
            var loss = tf.reduce_sum(tf.pow(pred - train_Y, 2)) / (2 * n_samples);
            var gradients = g.gradient(loss, (W, b));
            optimizer.apply_gradients(zip(gradients, (W, b)));
            last = (float)loss;
            if (step == 1) first = last;
            if (step % 100 == 0) print($"step: {step}, loss: {loss.numpy()}, W: {W.numpy()}, b: {b.numpy()}");
        }
        Assert.That(last, Is.LessThan(first / 20));
    }

    [Test]
    public void Logistic_regression()
    {
        const int num_classes = 3;
        var W = tf.Variable(tf.ones((2, num_classes)), name: "weight");
        var b = tf.Variable(tf.zeros(num_classes), name: "bias");
        var optimizer = keras.optimizers.SGD(0.5f);
        NDArray x = np.array(new float[,] { { 0, 1 }, { 1, 0 }, { -1, -1 }, { 0.1f, 0.9f }, { 0.9f, 0 }, { -0.8f, -1 } });
        NDArray y = np.array(0, 1, 2, 0, 1, 2);

        Tensor logistic_regression(Tensor x) => tf.nn.softmax(tf.matmul(x, W.AsTensor()) + b.AsTensor());

        Tensor cross_entropy(Tensor y_pred, Tensor y_true)
        {
            y_true = tf.one_hot(y_true, depth: num_classes);
            y_pred = tf.clip_by_value(y_pred, 1e-9f, 1.0f);
            return tf.reduce_mean(-tf.reduce_sum(y_true * tf.math.log(y_pred), 1));
        }

        Tensor accuracy(Tensor y_pred, Tensor y_true)
        {
            var correct_prediction = tf.equal(tf.math.argmax(y_pred, 1), tf.cast(y_true, tf.int32));
            return tf.reduce_mean(tf.cast(correct_prediction, tf.float32), axis: -1);
        }

        foreach (var (step, _) in enumerate(range(50), 1))
        {
            using var g = tf.GradientTape();
            var pred = logistic_regression(x);
            var loss = cross_entropy(pred, y);
            var gradients = g.gradient(loss, new IVariableV1[] { W, b });
            optimizer.apply_gradients(zip(gradients, new[] { W, b }));
            if (step % 25 == 0) print($"step: {step}, loss: {(float)loss}, accuracy: {(float)accuracy(pred, y)}");
        }
        Assert.That((float)accuracy(logistic_regression(x), y), Is.EqualTo(1));
    }

    /// <summary>A model of one's own: Call is call here, and layers held by fields need no StackLayers.</summary>
    sealed class ConvNet : Model
    {
        readonly ILayer conv1, maxpool1, flatten, fc1, dropout, output;

        public ConvNet(int num_classes)
        {
            var layers = keras.layers;
            conv1 = layers.Conv2D(4, kernel_size: 3, activation: keras.activations.Relu);
            maxpool1 = layers.MaxPooling2D(2, strides: 2);
            flatten = layers.Flatten();
            fc1 = layers.Dense(16);
            dropout = layers.Dropout(rate: 0.1f);
            output = layers.Dense(num_classes);
        }

        public override Tensors call(Tensors inputs, bool training = false)
        {
            inputs = tf.reshape(inputs, (-1, 8, 8, 1));
            inputs = conv1.Apply(inputs);
            inputs = maxpool1.Apply(inputs);
            inputs = flatten.Apply(inputs);
            inputs = fc1.Apply(inputs);
            inputs = dropout.Apply(inputs, training: training);
            inputs = output.Apply(inputs);
            if (!training) inputs = tf.nn.softmax(inputs);
            return inputs;
        }
    }

    [Test]
    public void A_subclassed_model_in_a_loop_of_ones_own()
    {
        var conv_net = new ConvNet(num_classes: 2);
        var optimizer = keras.optimizers.Adam(0.01f);
        var (batch_x, batch_y) = Pictures();

        void run_optimization(IOptimizer optimizer, Tensor x, Tensor y)
        {
            using var g = tf.GradientTape();
            var pred = conv_net.Apply(x, training: true);
            var loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels: tf.cast(y, tf.int64), logits: pred));
            var gradients = g.gradient(loss, conv_net.TrainableVariables);
            optimizer.apply_gradients(zip(gradients, conv_net.TrainableVariables));
        }

        foreach (var _ in range(30)) run_optimization(optimizer, batch_x, batch_y);
        var correct = tf.equal(tf.math.argmax(conv_net.Apply(batch_x), 1), tf.cast(batch_y, tf.int32));
        Assert.That((float)tf.reduce_mean(tf.cast(correct, tf.float32)), Is.GreaterThan(0.9f));
        Assert.That(conv_net.TrainableVariables, Has.Count.EqualTo(6));
    }

    /// <summary>16 pictures of 8 x 8, bright on their left or right side.</summary>
    internal static (Tensor x, Tensor y) Pictures()
    {
        var (x, y) = (new float[16, 8, 8, 1], new int[16]);
        for (var i = 0; i < 16; i++)
        {
            y[i] = i % 2;
            for (var row = 0; row < 8; row++)
                for (var column = 0; column < 4; column++) x[i, row, column + 4 * y[i], 0] = 255 - i - row;
        }
        return (tf.constant(x) / 255f, tf.constant(y));
    }
}
