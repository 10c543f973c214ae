using static Keras.Api;

namespace Keras.Tests.Ops;

/// <summary>NumPy's short names.</summary>
public sealed class HalvesTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Cube => ops.reshape(ops.arange(0, 24, dtype: "float32"), (2, 3, 4));

    static float[][] Parts(Tensor[] parts) => [.. parts.Select(p => p.ToArray<float>())];

    [Test]
    public void They_are_the_long_ones()
    {
        Assert.That(ops.fliplr(Cube).ToArray<float>(), Is.EqualTo(ops.flip(Cube, 1).ToArray<float>()));
        Assert.That(ops.flipud(Cube).ToArray<float>(), Is.EqualTo(ops.flip(Cube, 0).ToArray<float>()));
        Assert.That(Parts(ops.hsplit(Cube, 3)), Is.EqualTo(Parts(ops.split(Cube, 3, 1))));
        Assert.That(Parts(ops.hsplit(Cube[0, 0], new[] { 1 })), Is.EqualTo(new float[][] { [0], [1, 2, 3] }));
        Assert.That(Parts(ops.vsplit(Cube, new[] { 1 })), Is.EqualTo(Parts(ops.split(Cube, 2, 0))));
        Assert.That(Parts(ops.dsplit(Cube, 2)), Is.EqualTo(Parts(ops.split(Cube, 2, 2))));
    }

    [Test]
    public void Running_figures_leave_NaN_out()
    {
        var x = ops.convert_to_tensor(new[] { 2, float.NaN, 3 });
        Assert.That(ops.nancumsum(x).ToArray<float>(), Is.EqualTo(new[] { 2f, 2, 5 }));
        Assert.That(ops.nancumprod(x, 0).ToArray<float>(), Is.EqualTo(new[] { 2f, 2, 6 }));
        Assert.That(ops.nanpercentile(x, 50).ToScalar<float>(), Is.EqualTo(2.5f));
    }

    [Test]
    public void They_stand_in_functional_models()
    {
        var input = keras.Input((3, 4));
        var model = keras.Model(input, ops.fliplr(ops.dsplit(input, 2)[1]));
        var again = (Functional)keras.models.model_from_json(model.to_json());
        Assert.That(((Tensor)again.Apply(Cube)).ToArray<float>(), Is.EqualTo(ops.flip(ops.split(Cube, 2, 2)[1], 1).ToArray<float>()));
    }

    [Test]
    public void Too_few_axes_are_named()
    {
        Assert.That(() => ops.fliplr(ops.ones(3)), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("ops.fliplr"));
        Assert.That(() => ops.dsplit(ops.ones((3, 3)), 1), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("ops.dsplit"));
    }
}
