using Keras.Graphs;
using Keras.Tests.Ops;

namespace Keras.Tests.Gradients;

/// <summary>Gradients of and by structures, and Jacobians.</summary>
sealed class StructuredGradientTests(string engine) : EngineFixture(engine)
{
    [Test]
    public void SeveralTargetsAreSummed()
    {
        var x = Doubles(2);
        using var tape = new GradientTape(persistent: true);
        tape.watch(x);
        var (square, cube, count) = (Tf.Square(x), x * x * x, Tf.Int32(3));
        AssertClose(tape.gradient(new[] { square, cube, count }, x)!, [4 + 12]);
        AssertClose(tape.gradient((square, cube), [x], (Doubles(10), Doubles(1)))[0]!, [40 + 12]);
        Assert.That(() => tape.gradient((square, cube), [x], Doubles(1)), Throws.TypeOf<ShapeMismatchException>());
    }

    [Test]
    public void SourcesMayBeNamed()
    {
        var (w, unused) = (new Variable(Doubles(3)), new Variable(Doubles(1)));
        using var tape = new GradientTape();
        var found = tape.gradient(Tf.Square(w.value), new Dictionary<string, Variable> { ["w"] = w, ["unused"] = unused });
        AssertClose(found["w"]!, [6]);
        Assert.That(found["unused"], Is.Null);
    }

    [Test]
    public void ASourceMayBeAStructure()
    {
        var (a, b, c) = (Doubles(2), Doubles(3), Doubles(5));
        using var tape = new GradientTape(persistent: true);
        foreach (var x in new[] { a, b, c }) tape.watch(x);
        var y = a * b;
        var found = tape.gradient(y, (Tensors)new Dictionary<string, Tensors> { ["a"] = a, ["rest"] = (b, b) });
        AssertClose(found["a"], [3]);
        AssertClose(found["rest"][1], [2]);
        Assert.That(() => tape.gradient(y, (Tensors)(a, c)), Throws.InvalidOperationException.With.Message.Contains("tensor 1"));
        AssertClose(tape.gradient(y, (Tensors)(a, c), unconnected_gradients: "zero")[1], [0]);
    }

    [Test]
    public void AJacobianHasEveryDerivative([Values] Mode mode)
    {
        var found = Run(mode, x =>
        {
            using var tape = new GradientTape();
            tape.watch(x[0]);
            return tape.jacobian(Tf.Square(x[0]) * x[0][0], x[0])!;
        }, Doubles(2, 3));
        // (x0³, x0 x1²): 3 x0², 0; x1², 2 x0 x1.
        Assert.That(found.shape, Is.EqualTo(new Shape(2, 2)));
        AssertClose(found, [12, 0, 9, 12]);
    }

    [Test]
    public void AJacobianByVariables()
    {
        var (w, unused) = (new Variable(Matrix(2, 1, 2, 3, 4)), new Variable(Doubles(1, 1, 1)));
        var x = Matrix(2, 5, 7);
        using var tape = new GradientTape(persistent: true);
        var y = Tf.MatMul(x, w.value);
        var found = tape.jacobian(y, [w, unused]);
        Assert.That(found[0]!.shape, Is.EqualTo(new Shape(1, 2, 2, 2)));
        AssertClose(found[0]!, [5, 0, 7, 0, 0, 5, 0, 7]);
        Assert.That(found[1], Is.Null);
        Assert.That(tape.jacobian(y, unused, "zero")!.shape, Is.EqualTo(new Shape(1, 2, 3)));
    }

    [Test]
    public void AHessianIsAJacobianOfAGradient()
    {
        var x = Doubles(2, 3);
        using var outer = new GradientTape();
        outer.watch(x);
        Tensor gradient;
        using (var inner = new GradientTape())
        {
            inner.watch(x);
            gradient = inner.gradient(x[0] * x[0] * x[1], x)!;
        }
        AssertClose(outer.jacobian(gradient, x)!, [6, 4, 4, 0]);
    }

    [Test]
    public void RowsAreDerivedByTheirOwnRows([Values] Mode mode)
    {
        var found = Run(mode, x =>
        {
            using var tape = new GradientTape();
            tape.watch(x[0]);
            return tape.batch_jacobian(Tf.Square(x[0]), x[0])!;
        }, Matrix(2, 1, 2, 3, 4));
        Assert.That(found.shape, Is.EqualTo(new Shape(2, 2, 2)));
        AssertClose(found, [2, 0, 0, 4, 6, 0, 0, 8]);
    }

    [Test]
    public void JacobiansRefuseWhatTheyCannotDerive()
    {
        var x = Matrix(2, 1, 2, 3, 4);
        using var tape = new GradientTape(persistent: true);
        tape.watch(x);
        Assert.That(() => tape.jacobian(Tf.Int32(1, 2), x), Throws.TypeOf<DTypeMismatchException>());
        Assert.That(() => tape.batch_jacobian(Tf.Square(x)[0], x[0][0]), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => tape.jacobian(x * 2, x, "maybe"), Throws.ArgumentException);
    }
}
