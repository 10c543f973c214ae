using Keras.Graphs;
using Keras.Optimizers;
using Keras.Optimizers.Schedules;

namespace Keras.Tests.Optimizers;

public sealed class OptimizerTests
{
    static readonly OptimizersApi Optimizers = new();

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Variable Weight(params float[] values) => new(values, name: "w");

    static TracedFunction Step(Optimizer optimizer, Variable[] variables, bool jit = false) => new("step", g =>
    {
        optimizer.apply([.. g.Flatten()], variables);
        return new Tensors(Tf.Constant(0, DType.Float32));
    }, new(Jit: jit));

    sealed class Signed() : Optimizer(0.5)
    {
        OptimizerSlots _counts = null!;

        public override void build(IReadOnlyList<Variable> variables)
        {
            if (built) return;
            base.build(variables);
            _counts = add_optimizer_variables(variables, "count");
        }

        public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
        {
            _counts[variable].assign_add(Tf.OnesLike(gradient));
            variable.assign_sub(Tf.Sign(gradient) * learning_rate);
        }
    }

    [Test]
    public void ASubclassKeepsSlotsAndTakesSteps()
    {
        var (optimizer, w) = (new Signed(), Weight(1, 2));
        optimizer.apply([(Tensor)new float[] { 3, -4 }], [w]);
        Assert.That(w.value.ToArray<float>(), Is.EqualTo(new[] { 0.5f, 2.5f }));
        Assert.That(optimizer.variables.Select(v => v.path), Is.EqualTo(new[] { "signed/iteration", "signed/learning_rate", "signed/w_count" }));
        Assert.That(optimizer.iterations.value.ToScalar<long>(), Is.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void TheLearningRateIsSetBetweenCompiledStepsWithoutATrace(bool jit)
    {
        var w = Weight(1);
        var optimizer = new SGD(0.5);
        using var step = Step(optimizer, [w], jit);
        step.Call((Tensor)new float[] { 1 });
        optimizer.learning_rate = 0.25;
        step.Call((Tensor)new float[] { 1 });
        Assert.That(w.value.ToArray<float>(), Is.EqualTo(new[] { 0.25f }));
        Assert.That(step.TraceCount, Is.EqualTo(1));
        Assert.That(optimizer.learning_rate.value.ToScalar<float>(), Is.EqualTo(0.25f));
    }

    [Test]
    public void AScheduleAndAFunctionAreComputedInsideTheStep()
    {
        var (scheduled, computed) = (Weight(0), Weight(0));
        var rate = new Variable((Tensor)1f, trainable: false);
        using var first = Step(new SGD(new PiecewiseConstantDecay([0], [1.0, 0.5])), [scheduled]);
        using var second = Step(new SGD(new Func<Tensor>(() => rate.value)), [computed]);
        foreach (var step in (TracedFunction[])[first, second, first])
        {
            step.Call((Tensor)new float[] { 1 });
            rate.assign(2f);
        }
        second.Call((Tensor)new float[] { 1 });
        Assert.That(scheduled.value.ToArray<float>(), Is.EqualTo(new[] { -1.5f }));
        Assert.That(computed.value.ToArray<float>(), Is.EqualTo(new[] { -4f }), "the function reads the variable in every step");
        Assert.That(() => new SGD(new ExponentialDecay(0.1, 1, 0.5)).learning_rate = 0.1, Throws.InvalidOperationException);
    }

    [Test]
    public void OneStepComputesPowersOnceForAllVariables()
    {
        Variable[] weights = [.. Enumerable.Range(0, 12).Select(i => new Variable((Tensor)new float[] { i }, name: $"w{i}"))];
        using var step = Step(new AdamW(), weights);
        var nodes = step.Prepare(new Tensors([.. weights.Select(w => new Tensors((Tensor)new float[] { 1 }))])).LiveNodes().ToArray();
        Assert.That(nodes.Count(n => n.Op.Name == "Pow"), Is.EqualTo(2));
        Assert.That(nodes.Count(n => n.Op.Name == "ResourceApplyAdam"), Is.EqualTo(12));
        Assert.That(nodes.Count(n => n.Op.Name == "ReadVariableOp" && n.Outputs[0].dtype == DType.Int64), Is.EqualTo(1), "the step is read once");
    }

    [Test]
    public void AMissingGradientWarnsAndTheOthersAreApplied()
    {
        var warnings = new List<string>();
        var before = Diagnostics.Warn;
        Diagnostics.Warn = warnings.Add;
        try
        {
            var (a, b) = (Weight(1), new Variable((Tensor)new float[] { 1 }, name: "unused"));
            new SGD(1.0).apply([(Tensor)new float[] { 1 }, null], [a, b]);
            Assert.That((a.value.ToArray<float>()[0], b.value.ToArray<float>()[0]), Is.EqualTo((0f, 1f)));
            Assert.That(warnings, Has.One.Contains("unused"));
            Assert.That(() => new SGD().apply([null], [a]), Throws.ArgumentException.With.Message.Contains("No gradients"));
        }
        finally
        {
            Diagnostics.Warn = before;
        }
    }

    [Test]
    public void MisuseIsTold()
    {
        Assert.That(() => Optimizers.get("nosuch"), Throws.InstanceOf<ArgumentException>().With.Message.Contains("nosuch"));
        Assert.That(() => new Adam(clipnorm: 1, clipvalue: 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new SGD(momentum: 2), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new SGD(use_ema: true, ema_momentum: 2), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new SGD(gradient_accumulation_steps: 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Lion(beta_1: 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Ftrl(learning_rate_power: 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new PiecewiseConstantDecay([1, 2], [1]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new CosineDecay(0.1, 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new ExponentialDecay(0.1, 0, 0.9), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new SGD().apply([(Tensor)1f]), Throws.InvalidOperationException, "not built");
        var sgd = new SGD();
        Assert.That(() => sgd.apply([], []), Throws.Nothing);
        sgd.apply([(Tensor)new float[] { 1 }], [Weight(1)]);
        Assert.That(() => sgd.apply([(Tensor)new float[] { 1 }], [Weight(1)]), Throws.InstanceOf<ArgumentException>().With.Message.Contains("other variables"));
        Assert.That(() => sgd.exclude_from_weight_decay(var_names: ["bias"]), Throws.InvalidOperationException);
        Assert.That(() => Optimizers.get(SerializedObject.Of("", "Adam", new() { ["bogus"] = 1 })), Throws.InstanceOf<ArgumentException>().With.Message.Contains("bogus"));
    }

    [TestCase(RunMode.Eager)]
    [TestCase(RunMode.Graph)]
    [TestCase(RunMode.Xla)]
    public void AccumulatedGradientsMakeTheStepOfTheirMean(RunMode mode)
    {
        var (whole, parts) = (Weight(1, -2), Weight(1, -2));
        new Adam(0.1).apply([(Tensor)new float[] { 2, 3 }], [whole]);
        var optimizer = new Adam(0.1, gradient_accumulation_steps: 2);
        using var step = Step(optimizer, [parts], mode == RunMode.Xla);
        foreach (var gradient in (float[][])[[1, 5], [3, 1]])
        {
            Assert.That(parts.value.ToArray<float>(), Is.EqualTo(new float[] { 1, -2 }), "nothing changes before the last of them");
            if (mode == RunMode.Eager) optimizer.apply([(Tensor)gradient], [parts]);
            else step.Call((Tensor)gradient);
        }
        Assert.That(parts.value.ToArray<float>(), Is.EqualTo(whole.value.ToArray<float>()).Within(1e-6));
    }

    [TestCase(RunMode.Eager)]
    [TestCase(RunMode.Graph)]
    [TestCase(RunMode.Xla)]
    public void AGradientThatIsNotFiniteHalvesTheLossScaleAndTakesNoStep(RunMode mode)
    {
        var w = Weight(1);
        var optimizer = new LossScaleOptimizer(new SGD(1.0), initial_scale: 8, dynamic_growth_steps: 2);
        using var step = Step(optimizer, [w], mode == RunMode.Xla);
        var scales = new List<float>();
        foreach (var gradient in (float[])[float.PositiveInfinity, 4, 4, 8])
        {
            if (mode == RunMode.Eager) optimizer.apply([(Tensor)new[] { gradient }], [w]);
            else step.Call((Tensor)new[] { gradient });
            scales.Add(optimizer.dynamic_scale!.value.ToScalar<float>());
        }
        Assert.That(scales, Is.EqualTo(new float[] { 4, 4, 8, 8 }));
        Assert.That(w.value.ToArray<float>(), Is.EqualTo(new[] { -2f }));
        Assert.That(optimizer.iterations.value.ToScalar<long>(), Is.EqualTo(3), "a step that is left out does not count");
    }

    [Test]
    public void TheMovingAverageIsTheFinalValue()
    {
        var w = Weight(0);
        var optimizer = new SGD(1.0, use_ema: true, ema_momentum: 0.5);
        optimizer.apply([(Tensor)new float[] { -1 }], [w]);
        optimizer.apply([(Tensor)new float[] { -1 }], [w]);
        optimizer.finalize_variable_values([w]);
        Assert.That(w.value.ToArray<float>(), Is.EqualTo(new[] { 1.5f }));
    }

    [Test]
    public void SeveralOptimizersTrainTheirOwnVariables()
    {
        var (head, body) = (new Variable((Tensor)new float[] { 0 }, name: "head"), new Variable((Tensor)new float[] { 0 }, name: "body"));
        var map = Optimizers.OptimizerMap(new SGD(1.0), new Dictionary<string, Optimizer> { ["he.*"] = new SGD(0.1) });
        var optimizer = Optimizers.MultiOptimizer(map);
        optimizer.apply([(Tensor)new float[] { 1 }, (Tensor)new float[] { 1 }], [head, body]);
        Assert.That((head.value.ToArray<float>()[0], body.value.ToArray<float>()[0]), Is.EqualTo((-0.1f, -1f)));
        var again = (MultiOptimizer)Optimizers.get(SerializedObject.Of("keras.optimizers", "MultiOptimizer", optimizer.get_config()));
        Assert.That(again.optimizers.Select(o => o.learning_rate.value.ToScalar<float>()), Is.EqualTo(new[] { 0.1f, 1f }));
        Assert.That(() => optimizer.learning_rate, Throws.InstanceOf<UnsupportedException>());
    }

    [Test]
    public void StateMovesToAnotherOptimizer()
    {
        var (a, b) = (Weight(1), Weight(1));
        var (first, second) = (new Adam(0.1), new Adam(0.5));
        first.apply([(Tensor)new float[] { 1 }], [a]);
        second.build([b]);
        b.assign(a.value);
        second.set_weights([.. first.variables.Select(v => v.value)]);
        first.apply([(Tensor)new float[] { -2 }], [a]);
        second.apply([(Tensor)new float[] { -2 }], [b]);
        Assert.That(b.value.ToArray<float>(), Is.EqualTo(a.value.ToArray<float>()));
        Assert.That(() => second.set_weights([]), Throws.InstanceOf<ShapeMismatchException>());
    }

    [Test]
    public void HalfPrecisionVariablesCountManySteps()
    {
        // 2048 + 1 is no float16: the step is counted in float32.
        var w = new Variable(Tf.Zeros([1], DType.Float16), name: "w");
        var optimizer = new Adam(0.001, epsilon: 1e-3);
        optimizer.build([w]);
        optimizer.iterations.assign(5000L);
        optimizer.apply([Tf.Full([1], 1, DType.Float16)], [w]);
        Assert.That(w.dtype, Is.EqualTo(DType.Float16));
        Assert.That((float)w.value.ToArray<Half>()[0], Is.LessThan(0));
    }

    [Test]
    public void ArgumentsOfCompileConvert()
    {
        OptimizerArg byName = "adam";
        OptimizerArg byObject = new SGD();
        Assert.That(byName.Optimizer, Is.InstanceOf<Adam>());
        Assert.That(byObject.Optimizer, Is.InstanceOf<SGD>());
        Assert.That(() => (OptimizerArg)"nosuch", Throws.ArgumentException);
    }
}
