using Keras.Graphs;
using Keras.Tests.Accuracy;

namespace Keras.Tests.Ops;

/// <summary>Every op of single floating-point numbers and of pairs against its reference; what TensorFlow's own kernels give is measured and printed, composites of 16-bit floats among it, since each of their ops rounds there.</summary>
sealed class AccuracyTests(string engine) : EngineFixture(engine)
{
    static IEnumerable<FloatFormat> Formats => [FloatFormat.Single, FloatFormat.Double, FloatFormat.Half, FloatFormat.Brain];

    [TestCaseSource(nameof(Formats))]
    public void ResultsAreTrueToTheLastPlaces(FloatFormat format)
    {
        AccuracyTable.Prepare(AccuracyRows.All, format);
        var table = new AccuracyTable(format, flushes: EngineName == "tensorflow");
        foreach (var row in AccuracyRows.All)
        {
            Assert.That(OpTable.TryGet(row.Name, out var op), row.Name);
            try
            {
                table.Measure(row, inputs => Dispatch.Run(op!, inputs), isHeld: EngineName == "torch" || (op!.IsComposite && format.DType.Size > 2));
            }
            catch (Exception e) when (format.DType.Size == 2 && (e is DTypeMismatchException || e is UnsupportedException))
            {
                TestContext.Out.WriteLine($"There is no {row.Name} of {format.DType.Name}: {e.Message}");
            }
            catch (EngineException e) when (EngineName == "tensorflow" && (e.Message.Contains("Could not find device") || e.Message.Contains("is not in the list of allowed values")))
            {
                TestContext.Out.WriteLine($"TensorFlow has no {row.Name} of {format.DType.Name}.");
            }
        }
        TestContext.Out.WriteLine($"{EngineName}: {table}");
        Assert.That(table.Failures, Is.Empty);
    }

    [Test]
    public void TheTableHasEveryElementwiseOp()
    {
        var missing = OpTable.All.Where(IsElementwise).Select(o => o.Name).Except(AccuracyRows.All.Select(r => r.Name)).Except(AccuracyRows.WithoutNumbers);
        Assert.That(missing, Is.Empty);
    }

    static bool IsElementwise(OpDefinition op) =>
        (op.Shapes == ShapeRules.SameAsFirst || op.Shapes == ShapeRules.Broadcast || op.Shapes == ShapeRules.Merged)
        && op.Inputs.All(i => i.TypeAttribute == "T" && i.NumberAttribute is null) && op.Outputs is [{ TypeAttribute: "T" }];
}
