using System.Reflection;
using Keras.Graphs;
using Keras.Tests.Accuracy;

namespace Keras.Tests.Ops;

/// <summary>Every function of keras.ops and keras.activations that is made of several ops, element by element, against its reference. Those of one op stand for that op, whose accuracy is tested with it, 16-bit floats too.</summary>
sealed class OpsAccuracyTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static bool OnTensorFlow => BackendName == "tensorflow";

    static string BackendName => Api.keras.config.backend();

    static IEnumerable<FloatFormat> Formats => [FloatFormat.Single, FloatFormat.Double];

    /// <summary>Functions of one or two tensors and of nothing else that has no default; those of keras.ops come first, activations are made of them.</summary>
    static readonly (object Owner, MethodInfo Method, int Arguments)[] Functions =
    [
        .. new object[] { Api.ops, Api.keras.activations }.SelectMany(owner => owner.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.ReturnType == typeof(Tensor)).Select(m => (owner, m, m.GetParameters().TakeWhile(p => p.ParameterType == typeof(TensorLike) && !p.IsOptional).Count()))
            .Where(f => f.Item3 is 1 or 2 && f.m.GetParameters().Skip(f.Item3).All(p => p.IsOptional))),
    ];

    static Tensor Call((object Owner, MethodInfo Method, int Arguments) f, params Tensor[] inputs) => (Tensor)f.Method.Invoke(f.Owner, BindingFlags.OptionalParamBinding, null,
        [.. inputs.Select(i => (TensorLike)i), .. Enumerable.Repeat((object)Type.Missing, f.Method.GetParameters().Length - f.Arguments)], null)!;

    [TestCaseSource(nameof(Formats))]
    public void ResultsAreTrueToTheLastPlaces(FloatFormat format)
    {
        AccuracyTable.Prepare(OpsAccuracyRows.All, format);
        var table = new AccuracyTable(format, flushes: OnTensorFlow);
        foreach (var row in OpsAccuracyRows.All)
            table.Measure(row, inputs => Call(Functions.First(f => f.Method.Name == row.Name), inputs), isHeld: true);
        foreach (var row in OpsAccuracyRows.OfTwo)
            table.Measure(row, inputs => (row.Name == "softmax" ? Api.ops.softmax(Api.ops.stack(inputs, -1)) : Api.ops.log_softmax(Api.ops.stack(inputs, -1)))[.., 0], isHeld: true);
        TestContext.Out.WriteLine($"{BackendName}: {table}");
        Assert.That(table.Failures, Is.Empty);
    }

    [Test]
    public void RecurrentLayersOfZerosGiveZeros()
    {
        Layer[] layers = [Api.keras.layers.LSTM(5), Api.keras.layers.GRU(5), Api.keras.layers.SimpleRNN(5)];
        foreach (var layer in layers)
            Assert.That(((Tensor)layer.Apply(Api.ops.zeros(new Shape(2, 7, 3)))!).ToArray<float>(), Has.All.EqualTo(0f), layer.name);
    }

    [Test]
    public void TheTableHasEveryElementwiseFunction()
    {
        var missing = Functions.Where(IsElementwise).Where(f => !IsOneOp(f)).Select(f => f.Method.Name).Distinct()
            .Except(OpsAccuracyRows.All.Select(r => r.Name)).Except(OpsAccuracyRows.WithoutNumbers).Except(OpsAccuracyRows.Aliases);
        Assert.That(missing, Is.Empty);
    }

    /// <summary>Whether each element of a result is what the function makes of the arguments' element alone.</summary>
    static bool IsElementwise((object Owner, MethodInfo Method, int Arguments) f)
    {
        float[][] arguments = [[0.7f, 0.2f, 0.4f], [0.3f, 0.9f, 0.5f]];
        try
        {
            var whole = Call(f, [.. arguments.Take(f.Arguments).Select(a => (Tensor)a)]);
            if (!whole.dtype.IsFloating || whole.shape != new Shape(3)) return false;
            for (var i = 0; i < 3; i++)
                if (Call(f, [.. arguments.Take(f.Arguments).Select(a => (Tensor)new[] { a[i] })]) is var one && (one.shape != new Shape(1) || one.ToArray<float>()[0] != whole.ToArray<float>()[i])) return false;
            return true;
        }
        catch (TargetInvocationException)
        {
            return false;
        }
    }

    static bool IsOneOp((object Owner, MethodInfo Method, int Arguments) f)
    {
        var graph = FunctionGraph.Trace("one", Enumerable.Range(0, f.Arguments).Select(i => (DType.Float32, new Shape(3), $"x{i}")), x => [Call(f, x)]);
        return graph.LiveNodes().Count(n => n.Inputs.Length > 0) <= 1;
    }
}
