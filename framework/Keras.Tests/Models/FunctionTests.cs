using static Keras.Api;

namespace Keras.Tests.Models;

/// <summary>keras.Function: what lies between symbolic tensors, applied to other values.</summary>
public sealed class FunctionTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [Test]
    public void A_function_computes_what_lies_between_inputs_and_outputs()
    {
        var (x, y) = (keras.Input([2], name: "x"), keras.Input([2], name: "y"));
        var hidden = keras.layers.Dense(3, kernel_initializer: "ones").Apply(x);
        var function = keras.Function(new Dictionary<string, Tensors> { ["x"] = x, ["y"] = y }, new Tensors([hidden + 1, ops.sum(y, axis: -1)]), name: "both");
        var result = function.Apply(new Dictionary<string, Tensors> { ["x"] = new float[,] { { 1, 2 } }, ["y"] = new float[,] { { 3, 4 } } });
        Assert.That(result[0].Single.ToArray<float>(), Is.EqualTo(new float[] { 4, 4, 4 }));
        Assert.That(result[1].Single.ToArray<float>(), Is.EqualTo(new float[] { 7 }));
        Assert.That(function.name, Is.EqualTo("both"));
    }

    [Test]
    public void A_function_of_symbols_has_shapes_and_goes_into_models()
    {
        var x = keras.Input([4]);
        var half = keras.Function(x, ops.relu(x) / 2);
        Assert.That(half.compute_output_spec(keras.Input(batch_shape: [7, 4])).Single.shape, Is.EqualTo(new Shape(7, 4)));
        Assert.That(half.compute_output_spec(new float[3, 4]).Single.shape, Is.EqualTo(new Shape(3, 4)));
        var input = keras.Input([4]);
        var model = keras.Model(input, half.Apply(half.Apply(input)));
        Assert.That(model.predict(new float[,] { { 4, -4, 8, 0 } }, verbose: 0).Single.ToArray<float>(), Is.EqualTo(new float[] { 1, 0, 2, 0 }));
    }

    [Test]
    public void A_middle_of_a_model_is_a_function()
    {
        var input = keras.Input([2]);
        var (first, second) = (keras.layers.Dense(2, kernel_initializer: "ones"), keras.layers.Dense(1, kernel_initializer: "ones"));
        Tensor middle = first.Apply(input);
        keras.Model(input, second.Apply(middle));
        Assert.That(keras.Function(middle, second.Apply(middle)).Apply(new float[,] { { 5, 6 } }).Single.ToScalar<float>(), Is.EqualTo(11));
    }

    [Test]
    public void Wrong_inputs_are_refused()
    {
        var (x, y) = (keras.Input([4]), keras.Input([4]));
        Assert.That(() => keras.Function(x, y), Throws.ArgumentException.With.Message.Contains("not connected"));
        Assert.That(() => keras.Function(new float[2, 4], x), Throws.ArgumentException.With.Message.Contains("symbolic"));
        var both = keras.Function(new Tensors([x, y]), x + y);
        Assert.That(() => both.Apply(new float[1, 4]), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("[*,*]"));
        Assert.That(() => both.Apply(new Tensors([new float[1, 4], new float[1, 3]])), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("input 1"));
    }
}
