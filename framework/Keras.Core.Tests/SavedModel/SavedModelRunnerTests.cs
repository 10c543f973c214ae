using Keras.Engines.TensorFlow;
using Keras.SavedModels;

namespace Keras.Tests.SavedModels;

/// <summary>SavedModels read back as graphs, on every engine.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Names))]
sealed class SavedModelRunnerTests(string engine)
{
    string _root = null!;

    [SetUp]
    public void MakeFolder() => _root = Directory.CreateTempSubdirectory("keras-runner-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_root, recursive: true);

    [TestCaseSource(typeof(GoldenSavedModels), nameof(GoldenSavedModels.Cases)), Category("Golden")]
    public void ExportsOfHuggingFaceGiveTheirGoldenOutputs(string name)
    {
        var (inputs, outputs) = GoldenSavedModels.Call(name);
        using var runner = LoadGolden(name);

        foreach (var signature in runner.Signatures) GoldenSavedModels.AssertClose(runner.Run(signature, Typed(runner, signature, inputs)), outputs);
    }

    [TestCaseSource(typeof(GoldenSavedModels), nameof(GoldenSavedModels.Cases)), Category("Golden")]
    public void ExportsOfHuggingFaceRunAtOtherSizes(string name)
    {
        var (inputs, _) = GoldenSavedModels.Call(name);
        using var runner = LoadGolden(name);
        (int Rows, int? Columns)[] sizes = HasFreeColumns(name) ? [(1, null), (5, null), (2, 1), (3, 4)] : [(1, null), (5, null)];
        if (!TensorFlowEngine.IsPresent) Assert.Ignore("libtensorflow, which judges other sizes, is not installed: run ./build.sh provision or set KERAS_LIBTENSORFLOW");
        using var judge = SavedModelSession.Load(GoldenFolder.PathOf("savedmodels", name));

        foreach (var signature in runner.Signatures)
            foreach (var (rows, columns) in sizes)
            {
                var resized = Typed(runner, signature, inputs.ToDictionary(i => i.Key, i => Resized(i.Value, rows, columns)));
                GoldenSavedModels.AssertClose(runner.Run(signature, resized), judge.Run(signature, resized));
            }
    }

    [Test]
    public void OurExportsRunWithTheirTablesBranchesAndCounters()
    {
        using var runner = LoadSmall();
        float[] expected = [.. SmallModel.Expected(1, 2), .. SmallModel.Expected(3, 3)];
        Assert.That(Logits("serving_default", HostTensor.Of<int>([1, 2, 3, 3], new Shape(2, 2))), Is.EqualTo(expected).Within(1e-5));
        Assert.That(Logits("int64_serving", HostTensor.Of<long>([1, 2, 3, 3], new Shape(2, 2))), Is.EqualTo(expected).Within(1e-5));

        foreach (var (twice, before, chosen) in new[] { (true, 7f, 14f), (false, 8f, -8f), (true, 9f, 18f) })
        {
            var results = runner.Run("count", One("twice", HostTensor.From(twice)));
            Assert.That((results["before"].As<float>()[0], results["chosen"].As<float>()[0]), Is.EqualTo((before, chosen)), "the counter goes on from call to call");
        }

        var found = runner.Run("text", One("words", HostTensor.From(new[] { "x", "y", "one", "zero" })));
        Assert.That(found["listed"].ToInt64(), Is.EqualTo(new[] { 10L, 20, -1, -1 }));
        Assert.That(found["line"].ToInt64(), Is.EqualTo(new[] { -1L, -1, 1, 0 }));

        float[] Logits(string signature, HostTensor ids) => runner.Run(signature, One("input_ids", ids))["logits"].As<float>().ToArray();
    }

    [Test]
    public void UnfitCallsAreTypedErrors()
    {
        using var runner = LoadSmall();
        var ids = HostTensor.Of<int>([1], new Shape(1, 1));
        Assert.That(() => runner.Run("predict", new Dictionary<string, HostTensor>()), Throws.TypeOf<EngineException>().With.Message.Contains("serving_default"));
        Assert.That(() => runner.Run("serving_default", One("ids", ids)), Throws.TypeOf<EngineException>().With.Message.Contains("input_ids"));
        Assert.That(() => runner.Run("int64_serving", One("input_ids", ids)), Throws.TypeOf<EngineException>().With.Message.Contains("int64"));
        Assert.That(() => SavedModelRunner.Load(Path.Combine(_root, "nothing"), TestEngines.Require(engine)), Throws.TypeOf<EngineException>().With.Message.Contains("nothing"));
    }

    static bool HasFreeColumns(string name)
    {
        using var reader = SavedModelReader.Open(GoldenFolder.PathOf("savedmodels", name));
        return reader.Signatures.All(s => s.Inputs.All(i => i.Shape is { Rank: > 1 } && i.Shape[1] < 0));
    }

    SavedModelRunner LoadGolden(string name)
    {
        GoldenFolder.Require("savedmodels", name, "saved_model.pb");
        return SavedModelRunner.Load(GoldenFolder.PathOf("savedmodels", name), TestEngines.Require(engine));
    }

    [Test]
    public void AModelThatIsOpenIsNotReadAgain()
    {
        LoadSmall().Dispose();
        var folder = Path.Combine(_root, "model", "1");
        using var reader = SavedModelReader.Open(folder);
        File.Delete(Path.Combine(folder, "saved_model.pb"));
        using var runner = SavedModelRunner.Load(folder, TestEngines.Require(engine), reader);
        Assert.That(runner.Run("count", One("twice", HostTensor.From(true)))["chosen"].As<float>()[0], Is.EqualTo(14));
    }

    SavedModelRunner LoadSmall()
    {
        var vocabulary = Path.Combine(_root, "vocab.txt");
        File.WriteAllText(vocabulary, "zero\none\n");
        var folder = Path.Combine(_root, "model", "1");
        SavedModelWriter.Write(folder, new SmallModel(vocabulary).Contents);
        return SavedModelRunner.Load(folder, TestEngines.Require(engine));
    }

    static Dictionary<string, HostTensor> One(string name, HostTensor value) => new() { [name] = value };

    /// <summary>The inputs with the integer types that a signature asks for.</summary>
    static Dictionary<string, HostTensor> Typed(SavedModelRunner runner, string signature, Dictionary<string, HostTensor> inputs)
    {
        var wanted = runner.InputDTypes(signature);
        return inputs.ToDictionary(i => i.Key, i => wanted[i.Key] == DType.Int64 ? HostTensor.Of<long>(i.Value.ToInt64(), i.Value.Shape) : i.Value);
    }

    /// <summary>Rows and columns of a batch, repeated from the beginning where there are too few.</summary>
    static HostTensor Resized(HostTensor value, int rows, int? columns)
    {
        var (oldRows, oldColumns) = ((int)value.Shape[0], columns is null ? 1 : (int)value.Shape[1]);
        var newColumns = columns ?? 1;
        var size = value.Data.Length / (oldRows * oldColumns);
        var bytes = new byte[rows * newColumns * size];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < newColumns; column++)
                value.Data.AsSpan(((row % oldRows * oldColumns) + (column % oldColumns)) * size, size).CopyTo(bytes.AsSpan(((row * newColumns) + column) * size));
        long[] dimensions = value.Shape.ToArray();
        dimensions[0] = rows;
        if (columns is not null) dimensions[1] = newColumns;
        return HostTensor.OfBytes(value.DType, dimensions, bytes);
    }
}
