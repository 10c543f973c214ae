using System.Globalization;
using Keras.Optimizers;
using Keras.Tests.Training;
using static Keras.Api;

namespace Keras.Tests.Backend;

/// <summary>What things look like as text.</summary>
sealed class TextTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Scalar => ops.convert_to_tensor(0.5f);

    static Tensor Matrix => ops.convert_to_tensor(new[,] { { 1f, 2.5f }, { -3f, 4f } });

    [Test]
    public void TensorsInTextAreTheirValues()
    {
        Assert.That($"{Scalar}", Is.EqualTo("0.5"));
        Assert.That($"{Scalar:F3}", Is.EqualTo(0.5.ToString("F3", CultureInfo.InvariantCulture)));
        Assert.That(string.Format(CultureInfo.GetCultureInfo("de-DE"), "{0:F1}", Scalar), Is.EqualTo("0,5"));
        Assert.That("loss: " + Scalar, Is.EqualTo("loss: 0.5"));
        Assert.That(Scalar + " is the loss", Is.EqualTo("0.5 is the loss"));
        Assert.That($"{Matrix}", Is.EqualTo("[[1, 2.5], [-3, 4]]"));
        Assert.That($"{Matrix:F1}", Is.EqualTo("[[1.0, 2.5], [-3.0, 4.0]]"));
        Assert.That($"{ops.arange(100)}", Is.EqualTo("[0, 1, 2, ..., 97, 98, 99]"));
        Assert.That($"{ops.convert_to_tensor(new[] { true, false })}", Is.EqualTo("[true, false]"));
        Assert.That($"{ops.convert_to_tensor("a cat")}", Is.EqualTo("a cat"));
        Assert.That(Matrix.ToString(), Is.EqualTo("<float32 (2, 2): [[1, 2.5], [-3, 4]]>"));
        Assert.That(Written(Scalar), Is.EqualTo("0.5"));
    }

    [Test]
    public void StructuresInTextAreTheirItems()
    {
        Tensors one = Scalar, list = (Scalar, Matrix);
        Tensors named = new Dictionary<string, Tensor> { ["logits"] = Matrix };
        Assert.That($"{one}", Is.EqualTo("0.5"));
        Assert.That("x: " + one, Is.EqualTo("x: 0.5"));
        Assert.That($"{list:F1}", Is.EqualTo("[0.5, [[1.0, 2.5], [-3.0, 4.0]]]"));
        Assert.That($"{named}", Is.EqualTo("{logits: [[1, 2.5], [-3, 4]]}"));
    }

    [Test]
    public void SymbolicTensorsAndVariablesDescribeThemselves()
    {
        var x = keras.Input([3], name: "x");
        Assert.That($"{x}", Does.Contain("(None, 3)"));
        Assert.That("x: " + x, Does.StartWith("x: <symbolic float32"));
        var v = new Variable(new[] { 1f, 2f }, name: "scale");
        Assert.That($"{v}", Does.Contain("scale").And.Contain("float32").And.Contain("[1, 2]"));
        Assert.That($"{v:F1}", Is.EqualTo("[1.0, 2.0]"));
        Assert.That("v: " + v, Does.StartWith("v: <Variable"));
    }

    [Test]
    public void WhatTrainingReturnsIsText()
    {
        var model = new TinyModel();
        model.compile(new SGD(0.05), "mse", metrics: ["mae"]);
        var (x, y) = TinyModel.Data(4);
        var history = model.fit(x, y, verbose: 0);
        Assert.That($"{history}", Does.Match(@"^<History epochs=1, loss=[\d.e+-]+, mae=[\d.e+-]+>$"));
        var evaluation = model.evaluate(x, y, verbose: 0);
        Assert.That(Written(evaluation), Does.Match(@"^loss: [\d.e+-]+ - mae: [\d.e+-]+$"));
        var (loss, mae) = evaluation;
        Assert.That((loss, mae), Is.EqualTo((evaluation["loss"], evaluation["mae"])));
        Assert.That(() => { var (a, b, c) = evaluation; }, Throws.InvalidOperationException.With.Message.Contains("3 numbers are wanted of 2"));
        Assert.That($"{model.optimizer.learning_rate}", Is.EqualTo("0.05"));
        Assert.That($"{new SGD(keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9)).learning_rate}", Is.EqualTo("0.5"));
    }

    /// <summary>As Console.WriteLine does it.</summary>
    static string Written(object value)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        writer.Write(value);
        return writer.ToString();
    }
}
