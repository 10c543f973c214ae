using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Layers;

sealed class RematTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    /// <summary>A dense layer, dropout and a variable.</summary>
    static (Tensor Loss, Tensor?[] Gradients) Step(bool checkpointing, bool nested, bool training)
    {
        keras.utils.set_random_seed(3);
        var (dense, dropout, scale) = (new Dense(4, "tanh"), new Dropout(0.5), new Variable(Tensor.Of(new float[] { 1, 2, 3, 4 })));
        Tensors Inner(Tensors x) => dropout.Apply(dense.Apply(x)) * scale;
        Func<Tensors, Tensors> inner = nested ? keras.remat(Inner) : Inner;
        Tensors Outer(Tensors x) => ops.sin(inner(x));
        Func<Tensors, Tensors> outer = checkpointing ? keras.remat(Outer) : Outer;
        var x = Tensor.Of(new float[,] { { 1, -2, 3 }, { 0.5f, 1, -1 } });
        using var tape = new GradientTape();
        tape.watch(x);
        var loss = ops.sum(new Block(outer, dense, dropout, scale).Apply(x, training: training).Single);
        return (loss, [.. tape.gradient(loss, [dense.kernel, dense.bias!, scale]), null]);
    }

    sealed class Block(Func<Tensors, Tensors> function, params object[] held) : Layer
    {
        readonly object[] _held = held;

        public int Held => _held.Length;

        public override Tensors call(Tensors inputs, bool training = false) => function(inputs);
    }

    [Test]
    public void Gradients_are_those_of_the_function([Values] bool nested, [Values] bool training)
    {
        var (expected, got) = (Step(false, false, training), Step(true, nested, training));
        Assert.That(got.Loss.ToArray<float>(), Is.EqualTo(expected.Loss.ToArray<float>()).Within(1e-6f));
        for (var i = 0; i < 3; i++) Assert.That(got.Gradients[i]!.ToArray<float>(), Is.EqualTo(expected.Gradients[i]!.ToArray<float>()).Within(1e-6f));
    }

    [Test]
    public void Without_a_tape_the_function_runs_once()
    {
        var count = 0;
        var f = keras.remat(x =>
        {
            count++;
            return x;
        });
        f(Tensor.Of(1f));
        Assert.That(count, Is.EqualTo(1));
    }
}
