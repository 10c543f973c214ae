using Keras.Graphs;
using Keras.Tests.Ops;

namespace Keras.Tests.Gradients;

/// <summary>What a tape records, and what it gives.</summary>
sealed class GradientTapeTests(string engine) : EngineFixture(engine)
{
    [Test]
    public void DerivesByWatchedTensors([Values] Mode mode) => AssertClose(Run(mode, x =>
    {
        using var tape = new GradientTape();
        tape.watch(x[0]);
        return tape.gradient(Tf.Square(x[0]) * x[1], x[0])!;
    }, Doubles(1, 2), Doubles(3, 4)), [6, 16]);

    [Test]
    public void DerivesByVariablesThatWereRead([Values] Mode mode)
    {
        var (w, unread) = (new Variable(Doubles(1, 2)), new Variable(Doubles(5)));
        var frozen = new Variable(Doubles(3, 4), trainable: false);
        AssertClose(Run(mode, x =>
        {
            using var tape = new GradientTape();
            var y = w.value * frozen.value * x[0];
            var gradients = tape.gradient(y, new[] { w, unread, frozen });
            Assert.That(gradients[1], Is.Null, "not read");
            Assert.That(gradients[2], Is.Null, "not trainable");
            return gradients[0]!;
        }, Doubles(10, 100)), [30, 400]);
    }

    [Test]
    public void AVariableThatIsNotTrainableCanBeWatched()
    {
        var frozen = new Variable(Doubles(3), trainable: false);
        using var tape = new GradientTape();
        tape.watch(frozen);
        AssertClose(tape.gradient(Tf.Square(frozen.value), frozen)!, [6]);
    }

    [Test]
    public void VariablesAreNotWatchedWhereThatIsNotWanted()
    {
        var w = new Variable(Doubles(1));
        using var tape = new GradientTape(watch_accessed_variables: false);
        Assert.That(tape.gradient(w.value * 2, w), Is.Null);
    }

    [Test]
    public void AVariableReadTwiceGetsBothShares()
    {
        var w = new Variable(Doubles(3));
        using var tape = new GradientTape();
        AssertClose(tape.gradient(w.value * w.value + w.value, w)!, [7]);
    }

    [Test]
    public void OutputGradientsWeighTheTarget()
    {
        var x = Doubles(1, 2);
        using var tape = new GradientTape();
        tape.watch(x);
        AssertClose(tape.gradient(Tf.Square(x), [x], Doubles(10, 100))[0]!, [20, 400]);
    }

    [Test]
    public void ATapeIsUsedOnce()
    {
        var x = Doubles(1);
        using var tape = new GradientTape();
        tape.watch(x);
        var y = x * 2;
        Assert.That(tape.gradient(y, x), Is.Not.Null);
        Assert.That(() => tape.gradient(y, x), Throws.InvalidOperationException.With.Message.Contains("persistent"));
    }

    [Test]
    public void APersistentTapeIsUsedOftenAndGoesOnRecording()
    {
        var x = Doubles(3);
        using var tape = new GradientTape(persistent: true);
        tape.watch(x);
        var y = Tf.Square(x);
        AssertClose(tape.gradient(y, x)!, [6]);
        var z = y * x;
        AssertClose(tape.gradient(z, x)!, [27]);
        AssertClose(tape.gradient(z, y)!, [3]);
    }

    [Test]
    public void ATapeStopsWhenItIsDisposed()
    {
        var x = Doubles(3);
        var tape = new GradientTape();
        tape.watch(x);
        var y = Tf.Square(x);
        tape.Dispose();
        var z = y * x;
        Assert.That(tape.gradient(z, x), Is.Null);
    }

    [Test]
    public void TapesNest([Values] Mode mode)
    {
        var third = Run(mode, x =>
        {
            using var a = new GradientTape();
            a.watch(x[0]);
            using var b = new GradientTape();
            b.watch(x[0]);
            using var c = new GradientTape();
            c.watch(x[0]);
            var first = c.gradient(x[0] * x[0] * x[0] * x[0], x[0])!;
            return a.gradient(b.gradient(first, x[0])!, x[0])!;
        }, Doubles(1, 2));
        AssertClose(third, [24, 48]);
    }

    [Test]
    public void AGradientThatIsNotRecordedByItsOwnTape()
    {
        var x = Doubles(2);
        using var outer = new GradientTape(persistent: true);
        outer.watch(x);
        Tensor first;
        using (var inner = new GradientTape())
        {
            inner.watch(x);
            first = inner.gradient(Tf.Square(x), x)!;
        }
        AssertClose(outer.gradient(first, x)!, [2]);
    }

    [Test]
    public void NothingFlowsThroughStopGradient([Values] Mode mode) => AssertClose(Run(mode, x =>
    {
        using var tape = new GradientTape();
        tape.watch(x[0]);
        return tape.gradient(x[0] * Tf.StopGradient(x[0]), x[0])!;
    }, Doubles(3)), [3]);

    [Test]
    public void UnconnectedSourcesAreNullOrZero()
    {
        var (x, other) = (Doubles(1, 2), Doubles(1, 2, 3));
        var variable = new Variable(Floats(1, 2));
        using var tape = new GradientTape(persistent: true);
        tape.watch(x);
        tape.watch(other);
        var y = Tf.Square(x);
        Assert.That(tape.gradient(y, other), Is.Null);
        AssertClose(tape.gradient(y, [other], unconnected_gradients: "zero")[0]!, [0, 0, 0]);
        AssertClose(tape.gradient(y, [variable], unconnected_gradients: "zero")[0]!, [0, 0]);
        Assert.That(() => tape.gradient(y, [other], unconnected_gradients: "maybe"), Throws.ArgumentException);
    }

    [Test]
    public void NothingFlowsThroughIntegers()
    {
        var x = Doubles(1.5);
        using var tape = new GradientTape();
        tape.watch(x);
        Assert.That(tape.gradient(Tf.Cast(Tf.Cast(x, DType.Int32), DType.Float64) * 2, x), Is.Null);
    }

    [Test]
    public void OnlyFloatingTensorsAreWatched()
    {
        using var tape = new GradientTape();
        Assert.That(() => tape.watch(Tf.Int32(1)), Throws.TypeOf<DTypeMismatchException>());
    }

    [Test]
    public void TheTargetItselfHasGradientOne()
    {
        var x = Doubles(5, 6);
        using var tape = new GradientTape();
        tape.watch(x);
        AssertClose(tape.gradient(x, x)!, [1, 1]);
    }

    [Test]
    public void AnIntermediateTensorCanBeASource()
    {
        var x = Doubles(2);
        using var tape = new GradientTape();
        tape.watch(x);
        var y = Tf.Square(x);
        var gradients = tape.gradient(y * y, [y, x]);
        AssertClose(gradients[0]!, [8]);
        AssertClose(gradients[1]!, [32]);
    }

    [Test]
    public void AnOpWithoutARuleIsNamed()
    {
        var x = Matrix(3, 1, 2, 3);
        using var tape = new GradientTape();
        tape.watch(x);
        var y = Tf.RgbToHsv(x);
        var error = Assert.Throws<UnsupportedException>(() => tape.gradient(y, x))!;
        Assert.That((error.Where, error.Remedy), Is.EqualTo(("RGBToHSV", error.Remedy)));
        Assert.That(error.Remedy, Does.Contain("stop_gradient"));
    }

    [Test]
    public void AnOpWithoutARuleInATraceIsNamedWithItsLayer()
    {
        var error = Assert.Throws<UnsupportedException>(() => Run(Mode.Graph, x =>
        {
            using var tape = new GradientTape();
            tape.watch(x[0]);
            Tensor y;
            using (NameScope.Enter("augmentation")) y = Tf.RgbToHsv(x[0]);
            return tape.gradient(y, x[0])!;
        }, Matrix(3, 1, 2, 3)))!;
        Assert.That(error.Where, Does.Contain("augmentation/RGBToHSV"));
    }

    [Test]
    public void CustomGradientsReplaceTheRecordedOnes([Values] Mode mode) => AssertClose(Run(mode, x =>
    {
        using var tape = new GradientTape();
        tape.watch(x[0]);
        // The gradient of x² clipped to at most 3, straight through.
        var y = GradientTape.Custom([x[0]], i => ([Tf.Square(i[0])], g => [Tf.Minimum(g[0]! * 2 * i[0], Tf.Constant(3, DType.Float64))]))[0];
        return tape.gradient(y * 1, x[0])!;
    }, Doubles(1, 5)), [2, 3]);

    [Test]
    public void ACustomGradientMustAnswerForEveryInput()
    {
        var x = Doubles(1);
        using var tape = new GradientTape();
        tape.watch(x);
        var y = GradientTape.Custom([x, x], i => ([i[0] * 2], g => [g[0]]))[0];
        Assert.That(() => tape.gradient(y, x), Throws.ArgumentException.With.Message.Contains("1 gradients for 2 inputs"));
    }

    [Test]
    public void GradientsAreTakenInsideANestedFunctionByTensorsFromOutside()
    {
        // The branch takes a gradient of its own, by a tensor that it captures.
        var result = Run(Mode.Graph, x => ControlFlow.If(x[1], () =>
        {
            using var tape = new GradientTape();
            tape.watch(x[0]);
            return [tape.gradient(Tf.Square(x[0]) * x[0], x[0])!];
        }, () => [x[0]])[0], Doubles(1, 2), Tf.Constant(1, DType.Bool));
        AssertClose(result, [3, 12]);
    }

    [Test]
    public void ACompositeIsRecordedAsOne([Values] Mode mode)
    {
        var results = Run(mode, x =>
        {
            using var tape = new GradientTape();
            tape.watch(x[0]);
            return [tape.gradient(Tf.Gelu(x[0]), x[0])!];
        }, Doubles(0));
        AssertClose(results[0], [0.5]);
    }
}
