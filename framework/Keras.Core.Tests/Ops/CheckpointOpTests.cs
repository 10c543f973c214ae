using Keras.Engines;
using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Checkpoint ops on every engine, and that each reads what the other wrote.</summary>
sealed class CheckpointOpTests(string engine) : EngineFixture(engine)
{
    static readonly string[] DTypes =
        ["float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool", "complex64", "complex128"];

    TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    Tensor Path(string name) => Tf.Constant(HostTensor.From(_folder[name]));

    void Save(string prefix, params (string Name, HostTensor Value)[] tensors) => Tf.Save(Path(prefix), Strings([.. tensors.Select(t => t.Name)]),
        Strings([.. tensors.Select(_ => "")]), [.. tensors.Select(t => Tf.Constant(t.Value))]);

    HostTensor Restore(string prefix, string name, DType dtype, string slice = "") => Tf.Restore(Path(prefix), Strings(name), Strings(slice), [dtype])[0].RequireEager().ToHost();

    void Merge(string[] prefixes, string destination, bool delete_old_dirs = true, bool allow_missing_files = false) => Dispatch.RunAll(Graphs.GraphFixture.Op("MergeV2Checkpoints"),
        [Strings([.. prefixes.Select(p => _folder[p])]), Path(destination)], Attributes.Of(("delete_old_dirs", delete_old_dirs), ("allow_missing_files", allow_missing_files)));

    static HostTensor Some(string dtype, Shape shape)
    {
        var bytes = new byte[shape.ElementCount * DType.Parse(dtype).Size];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(dtype == "bool" ? i & 1 : i * 3 % 61);
        return HostTensor.OfBytes(dtype, shape, bytes);
    }

    [Test]
    public void EveryDTypeGoesFromEachEngineToEach([Values("tensorflow", "torch")] string writer)
    {
        (string Name, HostTensor Value)[] all = [.. DTypes.SelectMany(d => new[] { (d, Some(d, new(2, 3))), (d + "/scalar", Some(d, Shape.Scalar)), (d + "/empty", Some(d, new(0, 4))) })];
        using (Engine.Use(TestEngines.Require(writer))) Save("all", [.. all, ("words", HostTensor.From((string[])["", "größe", "end"]))]);
        foreach (var (name, value) in all)
        {
            var restored = Restore("all", name, value.DType);
            Assert.That(restored.Shape, Is.EqualTo(value.Shape), name);
            Assert.That(restored.Data.ToArray(), Is.EqualTo(value.Data.ToArray()), name);
        }
        Assert.That(Tf.Restore(Path("all"), Strings("words"), Strings(""), [DType.String])[0].ToArray<string>(), Is.EqualTo(new[] { "", "größe", "end" }));
    }

    [TestCase("4 3 0,2:-", 0, 1, 2, 3, 4, 5)]
    [TestCase("4 3 1,2:1,2", 4, 5, 7, 8)]
    [TestCase("4 3 -:2,1", 2, 5, 8, 11)]
    [TestCase("4 3 -:-", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)]
    public void APartIsRestored(string slice, params double[] expected)
    {
        Save("whole", ("x", HostTensor.Of<float>([.. Enumerable.Range(0, 12).Select(i => (float)i)], new Shape(4, 3))));
        Assert.That(Restore("whole", "x", DType.Float32, slice).ToDouble(), Is.EqualTo(expected));
    }

    [TestCase("4 4 0,2:-")]
    [TestCase("4 3 0,5:-")]
    [TestCase("4 3 0,2")]
    [TestCase("nothing")]
    public void ASliceThatDoesNotFitIsAnError(string slice)
    {
        Save("whole", ("x", Some("float32", new(4, 3))));
        Assert.That(() => Restore("whole", "x", DType.Float32, slice), Throws.TypeOf<EngineException>());
    }

    [Test]
    public void AMissingNameOrFileAndAnotherDTypeAreErrorsThatNameThem()
    {
        Save("one", ("x", Some("float32", 3)));
        Assert.That(() => Restore("one", "layer/kernel", DType.Float32), Throws.TypeOf<EngineException>().With.Message.Contains("layer/kernel"));
        Assert.That(() => Restore("one", "x", DType.Int32), Throws.TypeOf<EngineException>());
        Assert.That(() => Restore("other", "x", DType.Float32), Throws.TypeOf<EngineException>().With.Message.Contains("other"));
        Assert.That(() => Tf.Restore(Path("one"), Strings("x", "y"), Strings(""), [DType.Float32]), Throws.InstanceOf<KerasException>());
    }

    [Test]
    public void ADamagedFileIsAnError()
    {
        Save("one", ("x", Some("float32", 30)));
        var data = _folder["one.data-00000-of-00001"];
        var bytes = File.ReadAllBytes(data);
        bytes[7] ^= 1;
        File.WriteAllBytes(data, bytes);
        Assert.That(() => Restore("one", "x", DType.Float32), Throws.TypeOf<EngineException>());
    }

    [Test]
    public void TheSameNameTwiceIsAnErrorAndLeavesTheOldFiles()
    {
        Save("one", ("x", Some("float32", 3)));
        Assert.That(() => Save("one", ("y", Some("int32", 3)), ("y", Some("int32", 3))), Throws.TypeOf<EngineException>());
        Assert.That(Restore("one", "x", DType.Float32).Shape, Is.EqualTo(new Shape(3)));
        Assert.That(_folder.Entries().Where(e => !e.Contains("tempstate", StringComparison.Ordinal)), Has.Exactly(2).Items);
    }

    [Test]
    public void MergedCheckpointsAreOneAndTheirFoldersGo([Values] bool deletes)
    {
        foreach (var part in (string[])["a", "b", "c"])
        {
            Directory.CreateDirectory(_folder[part]);
            Save($"{part}/part", (part, Some("int32", 5)));
        }
        File.WriteAllText(_folder["c/other"], "stays");
        Merge(["a/part", "b/part", "c/part"], "all", deletes);
        foreach (var part in (string[])["a", "b", "c"]) Assert.That(Restore("all", part, DType.Int32).ToInt64(), Is.EqualTo(Some("int32", 5).ToInt64()));
        Assert.That((Directory.Exists(_folder["a"]), Directory.Exists(_folder["c"])), Is.EqualTo((!deletes, true)));
        Assert.That(_folder.Entries().Where(e => e.EndsWith(".index", StringComparison.Ordinal)), Is.EqualTo(new[] { "all.index" }));
    }

    [Test]
    public void AMissingPartIsAnErrorOrPassedOver()
    {
        Save("a", ("a", Some("int32", 5)));
        Assert.That(() => Merge(["a", "b"], "all"), Throws.TypeOf<EngineException>());
        Assert.That(Restore("a", "a", DType.Int32).Shape, Is.EqualTo(new Shape(5)));
        Merge(["a", "b"], "all", allow_missing_files: true);
        Assert.That(Restore("all", "a", DType.Int32).Shape, Is.EqualTo(new Shape(5)));
    }

    /// <summary>A tensor of shape (4, 3) in three parts, and one of strings in two, beside a whole one.</summary>
    void SaveParts(string prefix, params string[] without)
    {
        HostTensor Part(params float[] values) => HostTensor.Of<float>(values, new Shape(values.Length / (values.Length == 6 ? 3 : values.Length == 2 ? 1 : 2), values.Length == 6 ? 3 : values.Length == 2 ? 1 : 2));
        (string Name, string Slice, HostTensor Value)[] all =
        [
            ("x", "4 3 0,2:-", Part(0, 1, 2, 3, 4, 5)), ("x", "4 3 2,2:0,2", Part(6, 7, 9, 10)), ("x", "4 3 2,2:2,1", Part(8, 11)),
            ("wörter", "300 2,198", HostTensor.From(Enumerable.Range(2, 198).Select(i => $"{i}").ToArray())), ("wörter", "300 0,2", HostTensor.From((string[])["", "one"])),
            ("wörter", "300 200,100", HostTensor.From(Enumerable.Range(200, 100).Select(i => $"{i}").ToArray())),
            ("all", "2 2 -:0,2", HostTensor.Of<int>([1, 2, 3, 4], new Shape(2, 2))), ("whole", "", HostTensor.Vector(5L)),
        ];
        all = [.. all.Where(p => !without.Contains(p.Slice))];
        Tf.Save(Path(prefix), Strings([.. all.Select(p => p.Name)]), Strings([.. all.Select(p => p.Slice)]), [.. all.Select(p => Tf.Constant(p.Value))]);
    }

    [Test]
    public void PartsGoFromEachEngineToEach([Values("tensorflow", "torch")] string writer)
    {
        using (Engine.Use(TestEngines.Require(writer))) SaveParts("parts");
        double[] All = [.. Enumerable.Range(0, 12).Select(i => (double)i)];
        Assert.That(Restore("parts", "x", DType.Float32).ToDouble(), Is.EqualTo(All));
        foreach (var (slice, expected) in new (string, double[])[] { ("4 3 0,2:-", All[..6]), ("4 3 2,2:0,2", [6, 7, 9, 10]), ("4 3 1,2:1,2", [4, 5, 7, 8]), ("4 3 -:2,1", [2, 5, 8, 11]), ("4 3 1,2:-", All[3..9]) })
            Assert.That(Restore("parts", "x", DType.Float32, slice).ToDouble(), Is.EqualTo(expected), slice);
        // TensorFlow writes parts of strings, but does not put them together again.
        if (EngineName == "torch") Assert.That(Restore("parts", "wörter", DType.String).Strings!.Select(System.Text.Encoding.UTF8.GetString), Is.EqualTo((string[])["", "one", .. Enumerable.Range(2, 298).Select(i => $"{i}")]));
        Assert.That(Restore("parts", "all", DType.Int32).ToInt64(), Is.EqualTo(new[] { 1L, 2, 3, 4 }));
        Assert.That(Restore("parts", "whole", DType.Int64).ToInt64(), Is.EqualTo(new[] { 5L }));
    }

    [Test]
    public void TheFilesOfPartsAreThoseOfTensorFlow()
    {
        foreach (var writer in (string[])["tensorflow", "torch"])
        {
            using var use = Engine.Use(TestEngines.Require(writer));
            SaveParts(writer);
        }
        Assert.That(Index("torch"), Is.EqualTo(Index("tensorflow")));

        string[] Index(string prefix) => [.. new Keras.Checkpoints.TableReader(File.ReadAllBytes(_folder[prefix + ".index"]), prefix).ReadAll().Skip(1).Select(e =>
        {
            var entry = Keras.SavedModelProtos.BundleEntryProto.Parser.ParseFrom(e.Value.Span);
            // Where a tensor lies is the writer's own affair.
            entry.Offset = 0;
            return $"{Convert.ToHexString(e.Key)} {entry}";
        })];
    }

    [Test]
    public void WhatWasNotSavedOfATensorIsAnError([Values("tensorflow", "torch")] string writer)
    {
        using (Engine.Use(TestEngines.Require(writer))) SaveParts("some", "4 3 2,2:0,2");
        Assert.That(Restore("some", "x", DType.Float32, "4 3 0,2:-").ToDouble(), Is.EqualTo(new[] { 0.0, 1, 2, 3, 4, 5 }));
        Assert.That(() => Restore("some", "x", DType.Float32), Throws.TypeOf<EngineException>());
        Assert.That(() => Restore("some", "x", DType.Float32, "4 3 1,2:-"), Throws.TypeOf<EngineException>());
    }

    [Test]
    public void PartsInSeveralCheckpointsAreMerged([Values("tensorflow", "torch")] string writer)
    {
        using (Engine.Use(TestEngines.Require(writer)))
        {
            Tf.Save(Path("a"), Strings("x"), Strings("4 3 0,2:-"), [Tf.Constant(HostTensor.Of<float>([0, 1, 2, 3, 4, 5], new Shape(2, 3)))]);
            Tf.Save(Path("b"), Strings("x"), Strings("4 3 2,2:-"), [Tf.Constant(HostTensor.Of<float>([6, 7, 8, 9, 10, 11], new Shape(2, 3)))]);
            Merge(["a", "b"], "both");
        }
        Assert.That(Restore("both", "x", DType.Float32).ToDouble(), Is.EqualTo(Enumerable.Range(0, 12).Select(i => (double)i)));
    }

    [TestCase("4 3 0,2:-", Description = "a tensor of another shape than the slice")]
    [TestCase("2 3 0,3:-", Description = "a slice outside of the tensor")]
    [TestCase("2 3 0,2", Description = "too few axes")]
    [TestCase("2 x -:-", Description = "no number")]
    [TestCase("2 3 0,0:-", Description = "nothing")]
    public void AnUnfitPartIsAnErrorAndNothingIsWritten(string slice)
    {
        Assert.That(() => Tf.Save(Path("part"), Strings("x"), Strings(slice), [Tf.Constant(Some("float32", new(3, 3)))]), Throws.TypeOf<EngineException>());
        Assert.That(_folder.Entries().Where(e => e.EndsWith(".index", StringComparison.Ordinal)), Is.Empty);
    }
}
