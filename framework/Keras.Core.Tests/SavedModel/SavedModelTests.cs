using System.Runtime.InteropServices;
using System.Text.Json;
using Keras.Graphs;
using Keras.SavedModelProtos;
using Keras.SavedModels;

namespace Keras.Tests.SavedModels;

sealed class SavedModelTests
{
    string _root = null!;
    string _folder = null!;
    SmallModel _model = null!;

    [SetUp]
    public void MakeModel()
    {
        _root = Directory.CreateTempSubdirectory("keras-export-").FullName;
        _folder = Path.Combine(_root, "model", "1");
        var vocabulary = Path.Combine(_root, "vocab.txt");
        File.WriteAllText(vocabulary, "zero\none\n");
        _model = new(vocabulary);
    }

    [TearDown]
    public void RemoveModel() => Directory.Delete(_root, recursive: true);

    [Test]
    public void TheReaderListsWhatWasWritten()
    {
        SavedModelWriter.Write(_folder, _model.Contents);

        using var reader = SavedModelReader.Open(_folder);

        Assert.That(reader.Signatures.Select(s => s.Name), Is.EqualTo(new[] { "count", "int64_serving", "serving_default", "text" }));
        var serving = reader.Signatures.Single(s => s.Name == "serving_default");
        Assert.That(serving.MethodName, Is.EqualTo("tensorflow/serving/predict"));
        Assert.That(serving.Inputs, Is.EqualTo(new[] { new SignatureTensor("input_ids", "serving_default_input_ids:0", DType.Int32, new(-1, -1)) }));
        Assert.That(serving.Outputs, Is.EqualTo(new[] { new SignatureTensor("logits", "serving_default/outputs/logits:0", DType.Float32, new(-1, 3)) }));
        Assert.That(reader.Variables.Select(v => (v.Name, v.Entry.Shape)),
            Is.EqualTo(new[] { ("bert/embeddings/weight", (Shape)(11, 4)), ("head/count", 1), ("head/kernel", (4, 3)) }));
        foreach (var variable in _model.Contents.Variables)
        {
            using var expected = variable.Read();
            using var read = reader.ReadVariable(variable.Name);
            Assert.That(read.AsSpan().SequenceEqual(expected.AsSpan()), variable.Name);
        }
        Assert.That(reader.OpNames, Does.Contain("LookupTableFindV2").And.Contain("Neg").And.Contain("RestoreV2"));
        Assert.Throws<KeyNotFoundException>(() => reader.ReadVariable("head/bias"));
    }

    [Test]
    public void TheFolderHoldsGraphCheckpointAndAssetsOnly()
    {
        SavedModelWriter.Write(_folder, _model.Contents);

        var files = Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_root, f).Replace('\\', '/'));
        Assert.That(files, Is.EquivalentTo(new[]
        {
            "vocab.txt", "model/1/saved_model.pb", "model/1/fingerprint.pb", "model/1/variables/variables.index", "model/1/variables/variables.data-00000-of-00001",
            "model/1/assets/vocab.txt", "model/1/assets.extra/note",
        }));
        Assert.That(File.ReadAllText(Path.Combine(_folder, "assets", "vocab.txt")), Is.EqualTo("zero\none\n"));
    }

    [Test]
    public void EveryProcessWritesTheSameBytes()
    {
        SavedModelWriter.Write(_folder, _model.Contents);
        var first = File.ReadAllBytes(Path.Combine(_folder, "saved_model.pb"));

        SavedModelWriter.Write(_folder, new SmallModel(Path.Combine(_root, "vocab.txt")).Contents);

        Assert.That(File.ReadAllBytes(Path.Combine(_folder, "saved_model.pb")), Is.EqualTo(first));
    }

    [Test]
    public void NothingOfXlaIsLeftInTheFile()
    {
        SavedModelWriter.Write(_folder, _model.Contents);

        Assert.That(System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(_folder, "saved_model.pb"))), Does.Not.Contain("Xla"));
    }

    [Test]
    public void LoadersFindTheNodesThatTheyCall()
    {
        SavedModelWriter.Write(_folder, _model.Contents);
        using var reader = SavedModelReader.Open(_folder);
        var (meta, nodes) = (reader.Meta, reader.Meta.GraphDef.Node.ToDictionary(n => n.Name));

        Assert.That(nodes[Node(meta.SaverDef.FilenameTensorName)].Op, Is.EqualTo("PlaceholderWithDefault"));
        Assert.That(meta.SaverDef.FilenameTensorName, Does.EndWith(":0"));
        Assert.That(nodes[Node(meta.SaverDef.SaveTensorName)].Input, Does.Contain("^save/SaveV2"));
        Assert.That(nodes[meta.SaverDef.RestoreOpName].Input.Select(i => nodes[i[1..]].Op), Is.EqualTo(Enumerable.Repeat("AssignVariableOp", 3)));
        var init = meta.SignatureDef["__saved_model_init_op"].Outputs["__saved_model_init_op"].Name;
        Assert.That(nodes[init].Input.Select(i => nodes[i[1..]].Op), Is.EquivalentTo(new[] { "InitializeTableV2", "InitializeTableFromTextFileV2" }));
        Assert.That(nodes[Node(meta.AssetFileDef.Single().TensorInfo.Name)].Op, Is.EqualTo("Const"));
        Assert.That(meta.CollectionDef["variables"].BytesList.Value, Has.Count.EqualTo(3));
        Assert.That(meta.CollectionDef["trainable_variables"].BytesList.Value, Has.Count.EqualTo(2));
        foreach (var variable in meta.CollectionDef["variables"].BytesList.Value.Select(v => VariableDef.Parser.ParseFrom(v)))
        {
            Assert.That(nodes[Node(variable.VariableName)].Op, Is.EqualTo("VarHandleOp"));
            Assert.That(nodes[Node(variable.SnapshotName)].Op, Is.EqualTo("ReadVariableOp"));
            Assert.That(nodes[variable.InitializerName].Op, Is.EqualTo("AssignVariableOp"));
        }
        foreach (var input in nodes.Values.SelectMany(n => n.Input)) Assert.That(nodes, Does.ContainKey(Node(input.TrimStart('^'))), input);

        static string Node(string tensor) => tensor.Split(':')[0];
    }

    [Test]
    public void OutputsWaitForWritesThatNoOutputNeeds()
    {
        SavedModelWriter.Write(_folder, _model.Contents);
        using var reader = SavedModelReader.Open(_folder);

        var functions = reader.Meta.GraphDef.Library.Function.ToDictionary(f => f.Signature.Name);
        Assert.That(functions["count"].ControlRet.Values, Is.EqualTo(new[] { "AssignAddVariableOp" }));
        Assert.That(functions["signature_count"].ControlRet.Values, Is.EqualTo(functions["signature_count"].NodeDef.Select(n => n.Name)), "of the call");
        Assert.That(reader.Meta.GraphDef.Node.Single(n => n.Name == "count/call").Op, Is.EqualTo("StatefulPartitionedCall"));
    }

    [Test]
    public void AModelWithoutVariablesHasACheckpointOfItsObjectsAlone()
    {
        var function = FunctionGraph.Trace("double", [(DType.Float32, new Shape(-1), "x")], t => [t[0] * 2]);

        SavedModelWriter.Write(_folder, Only(new(function, ["x"], ["y"])));

        using var reader = SavedModelReader.Open(_folder);
        Assert.That(reader.Variables, Is.Empty);
        Assert.That(reader.Meta.ObjectGraphDef.Nodes, Is.Not.Empty);
        Assert.That(Directory.Exists(Path.Combine(_folder, "variables")));
    }

    [Test]
    public void ModelsWithTablesHaveTheFlatFormAlone()
    {
        SavedModelWriter.Write(_folder, _model.Contents);

        using var reader = SavedModelReader.Open(_folder);
        Assert.That(reader.Meta.ObjectGraphDef, Is.Null);
    }

    [Test]
    public void AnEarlierModelIsReplacedWhole()
    {
        SavedModelWriter.Write(_folder, _model.Contents);
        File.WriteAllText(Path.Combine(_folder, "stale"), "");

        SavedModelWriter.Write(_folder, new() { Signatures = _model.Contents.Signatures, Variables = _model.Contents.Variables, Tables = _model.Contents.Tables });

        Assert.That(Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "saved_model.pb", "fingerprint.pb", "variables", "assets" }));
        Assert.That(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_folder)!), Has.Exactly(1).Items);
    }

    [Test]
    public void AFailureLeavesTheEarlierModelAsItWas()
    {
        SavedModelWriter.Write(_folder, _model.Contents);
        var broken = _model.Kernel with { Read = () => throw new IOException("the disk is full") };

        var variables = _model.Contents.Variables.Select(v => v == _model.Kernel ? broken : v).ToList();
        var contents = new SavedModelContents { Signatures = _model.Contents.Signatures, Variables = variables, Tables = _model.Contents.Tables };
        Assert.Throws<IOException>(() => SavedModelWriter.Write(_folder, contents));

        using var reader = SavedModelReader.Open(_folder);
        using var kernel = reader.ReadVariable("head/kernel");
        Assert.That(MemoryMarshal.Cast<byte, float>(kernel.AsSpan())[0], Is.EqualTo(-5));
        Assert.That(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_folder)!), Has.Exactly(1).Items);
    }

    [Test]
    public void ACapturedResourceThatIsNotGivenIsRefusedByName()
    {
        var error = Assert.Throws<UnsupportedException>(() => SavedModelWriter.Write(_folder, new() { Signatures = _model.Contents.Signatures }))!;

        Assert.That(error.Message, Does.Contain("serving_default").And.Contain("variable"));
        Assert.That(Directory.Exists(_folder), Is.False);
    }

    [TestCase(new[] { "a", "b" }, new[] { "y" })]
    [TestCase(new[] { "a" }, new[] { "y", "y" })]
    public void EveryInputAndOutputNeedsAName(string[] inputs, string[] outputs)
    {
        var function = FunctionGraph.Trace("two", [(DType.Float32, 1, "x")], t => [t[0] * 2, t[0]]);

        Assert.Throws<ArgumentException>(() => SavedModelWriter.Write(_folder, Only(new(function, inputs, outputs))));
    }

    static SavedModelContents Only(SavedModelSignature signature) =>
        new() { Signatures = new Dictionary<string, SavedModelSignature> { [SavedModelContents.DefaultSignature] = signature } };

    [TestCase("")]
    [TestCase("not a proto at all")]
    [TestCase("\x08\x01")]
    public void AFileThatIsNoModelIsRefused(string content)
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "saved_model.pb"), content);

        var error = Assert.Throws<FileFormatException>(() => SavedModelReader.Open(_folder))!;

        Assert.That(error.Message, Does.Contain("saved_model.pb"));
    }

    [Test]
    public void AMissingFileAndAMissingTagAreNamed()
    {
        Assert.Throws<DirectoryNotFoundException>(() => SavedModelReader.Open(_folder));
        Directory.CreateDirectory(_folder);
        Assert.Throws<FileNotFoundException>(() => SavedModelReader.Open(_folder));
        SavedModelWriter.Write(_folder, _model.Contents);
        Assert.That(Assert.Throws<FileFormatException>(() => SavedModelReader.Open(_folder, "gpu"))!.Message, Does.Contain("'gpu'").And.Contain("serve"));
    }

    [Test]
    public void RandomChangesOfTheGraphNeverEscapeTheirTypes()
    {
        SavedModelWriter.Write(_folder, _model.Contents);
        var file = Path.Combine(_folder, "saved_model.pb");
        var bytes = File.ReadAllBytes(file);
        var random = new Random(11);
        var refused = 0;
        for (var round = 0; round < 1500; round++)
        {
            var copy = (byte[])bytes.Clone();
            for (var n = random.Next(1, 5); n > 0; n--) copy[random.Next(copy.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(file, round % 3 == 0 ? copy[..random.Next(copy.Length)] : copy);
            try
            {
                using var reader = SavedModelReader.Open(_folder);
                Assert.That(reader.OpNames, Is.Not.Null);
            }
            catch (Exception e) when (e is FileFormatException or UnsupportedException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.GreaterThan(500));
    }

    [TestCaseSource(typeof(GoldenSavedModels), nameof(GoldenSavedModels.Cases)), Category("Golden")]
    public void WhatHuggingFaceExportedIsListed(string name)
    {
        GoldenFolder.Require("savedmodels", name, "saved_model.pb");
        using var expected = JsonDocument.Parse(File.ReadAllText(GoldenFolder.PathOf("savedmodels", name + ".json")));

        using var reader = SavedModelReader.Open(GoldenFolder.PathOf("savedmodels", name));

        Assert.That(reader.Signatures.Select(s => s.Name), Is.EqualTo(Names("signatures")));
        foreach (var signature in reader.Signatures)
        {
            Assert.That(signature.Inputs.Select(i => i.Name), Is.EqualTo(Names("inputs")));
            Assert.That(signature.Outputs.Select(o => o.Name), Is.EqualTo(Names("outputs")));
            Assert.That(signature.Inputs.All(i => i.Shape[0] == -1));
        }
        Assert.That(reader.Variables, Has.Count.EqualTo(expected.RootElement.GetProperty("variables").GetInt32()));
        Assert.That(reader.OpNames, Does.Contain("ReadVariableOp").And.Contain("StatefulPartitionedCall"));

        IEnumerable<string?> Names(string key) => expected.RootElement.GetProperty(key).EnumerateArray().Select(e => e.GetString());
    }
}
