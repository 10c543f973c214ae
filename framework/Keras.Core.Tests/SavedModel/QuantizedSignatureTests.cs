using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Graphs;
using Keras.SavedModels;

namespace Keras.Tests.SavedModels;

/// <summary>SavedModels that take or give quantised numbers: a typed error before anything is computed, and their other signatures run.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Names))]
sealed class QuantizedSignatureTests(string engine)
{
    readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    static readonly HostTensor X = HostTensor.Vector(0.5f, 1.5f);

    [TestCase("qint8")]
    [TestCase("quint8")]
    [TestCase("qint16")]
    [TestCase("quint16")]
    [TestCase("qint32")]
    public void ItIsNamedWithWhatToDo(string name)
    {
        var dtype = DType.OfRegistry(name);
        var folder = _folder[name];
        SavedModelWriter.Write(folder, new SavedModelContents
        {
            Signatures = new Dictionary<string, SavedModelSignature>
            {
                ["gives"] = Signature(DType.Float32, t => Quantized(t, dtype)[0], "y"),
                ["takes"] = Signature(dtype, t => Dequantized([t, Number(0), Number(2)]), "y"),
                [SavedModelContents.DefaultSignature] = Signature(DType.Float32, t => Dequantized(Quantized(t, dtype)), "y"),
            },
        });
        using var model = Load(folder);
        Assert.Multiple(() =>
        {
            Assert.That(() => model.Run("gives", One(X)), Refused(name, "'gives', tensor 'y'"));
            Assert.That(() => model.Prepare("gives"), Refused(name, "'gives', tensor 'y'"));
            Assert.That(() => model.InputDTypes("takes"), Refused(name, "'takes', tensor 'x'"));
            Assert.That(() => model.Run("takes", One(X)), Refused(name, "'takes', tensor 'x'"));
            Assert.That(model.Run(SavedModelContents.DefaultSignature, One(X))["y"].ToDouble(), Is.EqualTo(new[] { 0.5, 1.5 }).Within(0.02));
        });
    }

    ISavedModelRunner Load(string folder)
    {
        var used = TestEngines.Require(engine);
        return used is TensorFlowEngine ? SavedModelSession.Load(folder) : SavedModelRunner.Load(folder, used);
    }

    static NUnit.Framework.Constraints.IResolveConstraint Refused(string dtype, string where) =>
        Throws.TypeOf<UnsupportedException>().With.Message.Contains(dtype).And.Message.Contains(where).And.Message.Contains("Dequantize");

    static Dictionary<string, HostTensor> One(HostTensor x) => new() { ["x"] = x };

    static Tensor Number(float value) => Tf.Constant(HostTensor.Scalar(value));

    static Tensor[] Quantized(Tensor x, DType dtype) => Dispatch.RunAll(Graphs.GraphFixture.Op("QuantizeV2"), [x, Number(0), Number(2)], Attributes.Of(("T", dtype)));

    static Tensor Dequantized(ReadOnlySpan<Tensor> quantized) => Dispatch.Run(Graphs.GraphFixture.Op("Dequantize"), quantized);

    static SavedModelSignature Signature(DType input, Func<Tensor, Tensor> body, string output) =>
        new(FunctionGraph.Trace("serve", [(input, new Shape(-1), "x")], t => [body(t[0])]), ["x"], [output]);
}
