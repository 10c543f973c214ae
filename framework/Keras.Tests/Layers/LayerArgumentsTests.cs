using static Keras.Api;

namespace Keras.Tests.Layers;

/// <summary>Layers say what they take: by names of a call, or by a record.</summary>
public sealed class LayerArgumentsTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    record ScaleArguments : LayerArguments
    {
        public Tensor x { get; init; } = null!;

        public Tensor? factor { get; init; }

        public bool? negate { get; init; }
    }

    sealed record ShiftArguments : ScaleArguments
    {
        public Tensor? shift { get; init; }

        public int times { get; init; } = 1;
    }

    sealed class Shifting : Layer<ShiftArguments, Tensors>
    {
        public bool? Trains { get; private set; }

        protected override Tensors call(ShiftArguments args)
        {
            Trains = args.training;
            var y = args.factor is { } factor ? args.x * factor : args.x;
            if (args.shift is { } shift) y += shift * (double)args.times;
            return args.negate == true ? -y : y;
        }
    }

    static float[] Floats(Tensors tensors) => tensors.ToArray<float>();

    [Test]
    public void ARecordNamesItsArgumentsBaseFirstTensorsBeforeOptions() =>
        Assert.That(new Shifting().CallParameters, Is.EqualTo(new[] { "x", "factor", "shift", "negate", "times" }));

    [Test]
    public void ARecordAListADictionaryAndNamesAreOneCall()
    {
        var layer = new Shifting();
        Tensor x = new[] { 1f, 2 }, factor = 3f, shift = 1f;
        float[] expected = [-5, -8];
        Assert.That(Floats(layer.Apply(new ShiftArguments { x = x, factor = factor, shift = shift, times = 2, negate = true })), Is.EqualTo(expected));
        Assert.That(Floats(layer.Apply(new CallArguments((x, factor, shift)).WithOption("times", 2).WithOption("negate", true))), Is.EqualTo(expected));
        Assert.That(Floats(layer.Apply(new CallArguments(new Dictionary<string, Tensors> { ["shift"] = shift, ["x"] = x }).With("factor", factor).WithOption("times", 2).WithOption("negate", true))), Is.EqualTo(expected));
        Assert.That(Floats(layer.Apply(x)), Is.EqualTo(new float[] { 1, 2 }));
    }

    [Test]
    public void TrainingIsKnownWhenTheRecordArrives()
    {
        var layer = new Shifting();
        Tensor x = 1f;
        layer.Apply(new ShiftArguments { x = x }, training: true);
        Assert.That(layer.Trains, Is.True);
        layer.Apply(new ShiftArguments { x = x });
        Assert.That(layer.Trains, Is.False);
    }

    [Test]
    public void AFunctionalModelKeepsEveryArgumentOfARecord()
    {
        var (x, factor) = (keras.Input(shape: 2), keras.Input(shape: 1));
        var model = keras.Model([x, factor], new Shifting().Apply(new ShiftArguments { x = x, factor = factor, negate = true }));
        Assert.That(Floats(model.predict((new float[,] { { 1, 2 } }, new float[,] { { 5 } }), verbose: 0)), Is.EqualTo(new float[] { -5, -10 }));
    }

    [Test]
    public void WhatALayerDoesNotTakeIsRefusedByName()
    {
        var layer = new Shifting();
        Tensor x = 1f;
        Assert.That(() => layer.Apply(new CallArguments(x).WithOption("time", 2)), Throws.ArgumentException.With.Message.Contains("'time'").And.Message.Contains("x, factor, shift, negate, times, mask, training"));
        Assert.That(() => layer.Apply(new CallArguments(x).With("offset", x)), Throws.ArgumentException.With.Message.Contains("'offset'"));
        Assert.That(() => layer.Apply(new CallArguments(x).With("x", x)), Throws.ArgumentException.With.Message.Contains("twice"));
        Assert.That(() => layer.Apply([x, x, x, x]), Throws.ArgumentException.With.Message.Contains("#3"));
        Assert.That(() => keras.layers.Dense(2).Apply(new CallArguments(new float[1, 2]).WithOption("return_attention_scores", true)), Throws.ArgumentException.With.Message.Contains("return_attention_scores"));
    }

    [Test]
    public void AnOptionOfAnotherTypeIsRefused()
    {
        Tensor x = 1f;
        Assert.That(() => new Shifting().Apply(new CallArguments(x).WithOption("times", "two")), Throws.ArgumentException.With.Message.Contains("Int32").And.Message.Contains("two"));
        Assert.That(() => new CallArguments(x).WithOption("causal", 1).Option("causal", false), Throws.ArgumentException.With.Message.Contains("'causal'").And.Message.Contains("Boolean"));
        Assert.That(new CallArguments(x).Option("causal", true), Is.True);
    }
}
