using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Layers;

/// <summary>What a layer returns is used as Keras' users write it: one tensor behaves as a tensor, several are an error that says so.</summary>
public sealed class AppliedTensorsTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static readonly float[,] Values = { { 1, 2, 3 }, { 4, 5, 6 } };

    static Tensors One => keras.layers.Identity().Apply(Values);

    static Dense Twos() => keras.layers.Dense(3, use_bias: false, kernel_initializer: keras.initializers.Identity(gain: 2));

    [Test]
    public void AResidualReadsAsInKeras()
    {
        Tensor h = Values;
        float[] expected = [3, 6, 9, 12, 15, 18];
        Assert.That((h + Twos().Apply(h)).ToArray<float>(), Is.EqualTo(expected));
        Assert.That((Twos().Apply(h) + h).ToArray<float>(), Is.EqualTo(expected));
        Assert.That((One + Twos().Apply(h)).ToArray<float>(), Is.EqualTo(expected));
    }

    [Test]
    public void OperatorsMeetTensorsVariablesAndNumbers()
    {
        var variable = new Variable(Values);
        Tensor tensor = Values;
        foreach (var product in new[] { One * One, One * tensor, tensor * One, One * variable, variable * One, variable * variable, variable * tensor, tensor * variable })
            Assert.That(product.ToArray<float>(), Is.EqualTo(new float[] { 1, 4, 9, 16, 25, 36 }));
        foreach (var result in new[] { One * 2 - 1, 2 * One - 1, variable * 2 - 1, 2 * variable - 1, -(1 - 2 * tensor) })
            Assert.That(result.ToArray<float>(), Is.EqualTo(new float[] { 1, 3, 5, 7, 9, 11 }));
        Assert.That((One % 4 / 2).ToArray<float>(), Is.EqualTo(new[] { 0.5f, 1, 1.5f, 0, 0.5f, 1 }));
        Assert.That((-variable % 4).ToArray<float>(), Is.EqualTo(new float[] { 3, 2, 1, 0, 3, 2 }), "the remainder has the divisor's sign, as in Python");
    }

    [Test]
    public void ComparisonsGiveTruthValues()
    {
        var between = (One > 2) & (One <= 5);
        Assert.That(between.ToArray<bool>(), Is.EqualTo(new[] { false, false, true, true, true, false }));
        Assert.That((~between | (new Variable(Values) < 2)).ToArray<bool>(), Is.EqualTo(new[] { true, true, false, false, false, true }));
        Assert.That((between ^ (3 >= One)).ToArray<bool>(), Is.EqualTo(new[] { true, true, false, true, true, false }));
    }

    [Test]
    public void OneTensorHasItsShapeElementsAndRows()
    {
        Assert.That(One.shape, Is.EqualTo(new Shape(2, 3)));
        Assert.That((One.dtype, One.ndim), Is.EqualTo((DType.Float32, 2)));
        Assert.That(One[1].ToArray<float>(), Is.EqualTo(new float[] { 4, 5, 6 }), "a row, as in Python");
        Assert.That(One[^1].ToArray<float>(), Is.EqualTo(new float[] { 4, 5, 6 }));
        Assert.That(One[.., 0].ToArray<float>(), Is.EqualTo(new float[] { 1, 4 }));
        Assert.That(One[0][1..].ToArray<float>(), Is.EqualTo(new float[] { 2, 3 }));
        Assert.That(new Variable(Values)[.., ^1].ToArray<float>(), Is.EqualTo(new float[] { 3, 6 }));
        Assert.That(One[1, 2].ToScalar<float>(), Is.EqualTo(6));
    }

    [Test]
    public void AFunctionOfALambdaLayerIsOneExpression()
    {
        Assert.That(keras.layers.Lambda(a => a * 2).Apply(Values).ToArray<float>(), Is.EqualTo(new float[] { 2, 4, 6, 8, 10, 12 }));
        Assert.That(keras.layers.Lambda(a => a[.., 0]).Apply(Values).ToArray<float>(), Is.EqualTo(new float[] { 1, 4 }));
    }

    [Test]
    public void PredictionsAreRead()
    {
        var x = keras.Input(shape: 3);
        var model = keras.Model(x, x + Twos().Apply(x));
        Assert.That(model.predict(Values, verbose: 0).ToArray<float>(), Is.EqualTo(new float[] { 3, 6, 9, 12, 15, 18 }));
    }

    [Test]
    public void SeveralTensorsSayHowToChooseOne()
    {
        Tensors two = (Values, Values);
        Assert.That(two[0].ToArray<float>(), Has.Length.EqualTo(6), "an item of a list, not a row");
        Assert.That(() => two + 1, Throws.InvalidOperationException.With.Message.Contains("a list of 2"));
        Assert.That(() => two.shape, Throws.InvalidOperationException.With.Message.Contains("by its name or position"));
    }
}
