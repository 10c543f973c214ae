using Keras.Engines.TensorFlow;
using Keras.SavedModels;
using Keras.Tests.SavedModels;

namespace Keras.Tests.TensorFlow;

sealed class SavedModelSessionTests : TensorFlowFixture
{
    string _root = null!;

    [SetUp]
    public void MakeFolder() => _root = Directory.CreateTempSubdirectory("keras-session-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_root, recursive: true);

    [Test]
    public void AnExportRunsInTensorFlowsOwnLoader()
    {
        using var session = Load();
        Assert.That(session.Signatures, Is.SupersetOf((string[])["count", "int64_serving", "serving_default", "text"]));
        foreach (var (signature, ids) in ((string, HostTensor)[])
        [
            ("serving_default", HostTensor.Of<int>([1, 2, 3, 3], new Shape(2, 2))),
            ("int64_serving", HostTensor.Of<long>([1, 2, 3, 3], new Shape(2, 2))),
        ])
        {
            var logits = session.Run(signature, new Dictionary<string, HostTensor> { ["input_ids"] = ids })["logits"];
            Assert.That(logits.Shape, Is.EqualTo(new Shape(2, 3)));
            Assert.That(logits.As<float>().ToArray(), Is.EqualTo(SmallModel.Expected(1, 2).Concat(SmallModel.Expected(3, 3))).Within(1e-5));
        }
    }

    [Test]
    public void StringsTablesAndBranchesRun()
    {
        using var session = Load();
        var words = session.Run("text", new Dictionary<string, HostTensor> { ["words"] = HostTensor.From((string[])["y", "one"]) });
        Assert.That(words["listed"].ToInt64(), Is.EqualTo(new long[] { 20, words["listed"].ToInt64()[1] }));
        Assert.That(words["line"].ToInt64()[1], Is.EqualTo(1));
        var twice = session.Run("count", new Dictionary<string, HostTensor> { ["twice"] = HostTensor.From(true) });
        Assert.That(twice["before"].As<float>()[0], Is.EqualTo(7));
    }

    [Test]
    public void UnfitCallsAreTypedErrors()
    {
        using var session = Load();
        var ids = HostTensor.Of<int>([1], new Shape(1, 1));
        Assert.That(() => session.Run("predict", new Dictionary<string, HostTensor>()), Throws.TypeOf<EngineException>().With.Message.Contains("serving_default"));
        Assert.That(() => session.Run("serving_default", new Dictionary<string, HostTensor> { ["ids"] = ids }), Throws.TypeOf<EngineException>().With.Message.Contains("input_ids"));
        var outside = HostTensor.Of<int>([99], new Shape(1, 1));
        Assert.That(() => session.Run("serving_default", new Dictionary<string, HostTensor> { ["input_ids"] = outside }), Throws.TypeOf<EngineException>());
        Assert.That(() => SavedModelSession.Load(Path.Combine(_root, "nothing")), Throws.TypeOf<EngineException>().With.Message.Contains("nothing"));
    }

    [Test]
    public void ASessionLeavesNoHandles()
    {
        HandleKind[] kinds = [HandleKind.Session, HandleKind.Graph, HandleKind.Tensor, HandleKind.Buffer];
        var before = kinds.Select(LiveAfterCollection).ToArray();
        using (var session = Load()) session.Run("count", new Dictionary<string, HostTensor> { ["twice"] = HostTensor.From(false) });
        Assert.That(kinds.Select(LiveAfterCollection), Is.EqualTo(before));
    }

    [TestCaseSource(typeof(GoldenSavedModels), nameof(GoldenSavedModels.Cases))]
    public void ExportsOfHuggingFaceGiveTheirGoldenOutputs(string name)
    {
        GoldenFolder.Require("savedmodels", name, "saved_model.pb");
        var (inputs, outputs) = GoldenSavedModels.Call(name);
        using var session = SavedModelSession.Load(GoldenFolder.PathOf("savedmodels", name));
        GoldenSavedModels.AssertClose(session.Run("serving_default", inputs), outputs);
    }

    SavedModelSession Load()
    {
        var vocabulary = Path.Combine(_root, "vocab.txt");
        File.WriteAllText(vocabulary, "zero\none\n");
        var folder = Path.Combine(_root, "model", "1");
        SavedModelWriter.Write(folder, new SmallModel(vocabulary).Contents);
        return SavedModelSession.Load(folder);
    }
}
