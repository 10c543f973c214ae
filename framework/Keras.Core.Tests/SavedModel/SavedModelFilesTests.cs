using Google.Protobuf;
using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Graphs;
using Keras.SavedModelProtos;
using Keras.SavedModels;

namespace Keras.Tests.SavedModels;

/// <summary>SavedModels are programs: what reaches beyond a model's own folder is refused before it runs, by TensorFlow's loader and by the reader.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Names))]
sealed class SavedModelFilesTests(string engine)
{
    const string Secret = "outside of the model";

    string _root = null!, _secret = null!;

    string Folder => Path.Combine(_root, "model", "1");

    [SetUp]
    public void MakeFolder()
    {
        _root = Directory.CreateTempSubdirectory("keras-files-").FullName;
        _secret = Path.Combine(_root, "secret.txt");
        File.WriteAllText(_secret, Secret);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_root, recursive: true);

    ISavedModelRunner Load(bool allowFileOps = false) => engine == "tensorflow" ? SavedModelSession.Load(Folder, allowFileOps: allowFileOps)
        : SavedModelRunner.Load(Folder, TestEngines.Require(engine), allowFileOps);

    void Write(Func<Tensor[], Tensor[]> body)
    {
        TestEngines.Require(engine);
        var function = FunctionGraph.Trace("serve", [(DType.String, Shape.Scalar, "name")], body);
        SavedModelWriter.Write(Folder, new() { Signatures = new Dictionary<string, SavedModelSignature> { ["serving_default"] = new(function, ["name"], ["text"]) } });
    }

    void WriteSmall()
    {
        TestEngines.Require(engine);
        var vocabulary = Path.Combine(_root, "vocab.txt");
        File.WriteAllText(vocabulary, "zero\none\n");
        SavedModelWriter.Write(Folder, new SmallModel(vocabulary).Contents);
    }

    static Tensor Text(string value) => Tf.Constant(HostTensor.From(value));

    static Tensor[] Written(Tensor name)
    {
        Tf.WriteFile(name, Text("x"));
        return [name];
    }

    static Tensor[] Printed(Tensor text, string stream)
    {
        Dispatch.RunAll(Graphs.GraphFixture.Op("PrintV2"), [text], Attributes.Of(("output_stream", stream)));
        return [text];
    }

    static IEnumerable<TestCaseData> Refused => new (string Op, string Name, Func<Tensor[], string, Tensor[]> Body)[]
    {
        ("ReadFile", "a name that is an input", (x, _) => [Tf.ReadFile(x[0])]),
        ("ReadFile", "a name elsewhere", (_, secret) => [Tf.ReadFile(Text(secret))]),
        ("ReadFile", "a name that leads elsewhere", (_, secret) => [Tf.ReadFile(Text(Path.Combine(Path.GetDirectoryName(secret)!, "model", "1", "assets", "..", "..", "..", "secret.txt")))]),
        ("ReadFile", "another file system", (_, secret) => [Tf.ReadFile(Text($"file://{secret}"))]),
        ("ReadFile", "in a branch", (x, secret) => ControlFlow.If(Tf.Equal(Tf.StringLength(x[0], "BYTE"), Tf.Int32Scalar(0)), () => [Tf.ReadFile(Text(secret))], () => [x[0]])),
        ("WriteFile", "a file elsewhere", (_, secret) => Written(Text(secret))),
        ("WriteFile", "a file in the folder", (_, secret) => Written(Text(Path.Combine(Path.GetDirectoryName(secret)!, "model", "1", "saved_model.pb")))),
        ("RestoreV2", "variables elsewhere", (_, secret) => Tf.Restore(Text(secret), Tf.Constant(HostTensor.From(new[] { "x" })), Tf.Constant(HostTensor.From(new[] { "" })), [DType.String])),
        ("PrintV2", "into a file", (x, secret) => Printed(x[0], $"file://{secret}")),
    }.Select(r => new TestCaseData(r.Op, r.Body).SetArgDisplayNames($"{r.Op}, {r.Name}"));

    [TestCaseSource(nameof(Refused))]
    public void WhatReachesBeyondTheFolderIsRefusedByName(string op, Func<Tensor[], string, Tensor[]> body)
    {
        Write(x => body(x, _secret));
        Assert.That(() => Load().Dispose(), Throws.TypeOf<UnsupportedException>().With.Message.Contains(op).And.Message.Contains("allow_file_ops"));
        Assert.That(File.ReadAllText(_secret), Is.EqualTo(Secret));
    }

    [Test]
    public void WhatIsAllowedRuns()
    {
        Write(x => [Tf.ReadFile(x[0])]);
        using var model = Load(allowFileOps: true);
        Assert.That(model.Run("serving_default", new Dictionary<string, HostTensor> { ["name"] = HostTensor.From(_secret) })["text"].Strings![0], Is.EqualTo(System.Text.Encoding.UTF8.GetBytes(Secret)));
    }

    [Test]
    public void FilesOfTheFolderAreReadThroughLinksToo()
    {
        WriteSmall();
        var vocabulary = Path.Combine(Folder, "assets", "vocab.txt");
        Directory.CreateDirectory(Path.Combine(Folder, "data"));
        File.Move(vocabulary, Path.Combine(Folder, "data", "words"));
        File.CreateSymbolicLink(vocabulary, "../data/words");
        var link = Path.Combine(_root, "latest");
        Directory.CreateSymbolicLink(link, Folder);
        using var model = engine == "tensorflow" ? (ISavedModelRunner)SavedModelSession.Load(link) : SavedModelRunner.Load(link, TestEngines.Require(engine));
        Assert.That(model.Run("text", new Dictionary<string, HostTensor> { ["words"] = HostTensor.From(new[] { "y", "one" }) })["line"].ToInt64()[1], Is.EqualTo(1));
    }

    [TestCase("assets/vocab.txt", "InitializeTableFromTextFileV2")]
    [TestCase("variables/variables.index", "variables")]
    [TestCase("variables/variables.data-00000-of-00001", "variables")]
    public void LinksThatLeadElsewhereAreRefused(string file, string named)
    {
        WriteSmall();
        var (inside, outside) = (Path.Combine(Folder, file), Path.Combine(_root, "moved"));
        File.Move(inside, outside);
        File.CreateSymbolicLink(inside, outside);
        Assert.That(() => Load().Dispose(), Throws.TypeOf<UnsupportedException>().With.Message.Contains(named));
        Load(allowFileOps: true).Dispose();
    }

    [TestCase("../../../secret.txt")]
    [TestCase("/secret.txt")]
    [TestCase("../../secret/../../secret.txt")]
    public void AssetsThatLieElsewhereAreRefused(string name)
    {
        WriteSmall();
        var file = Path.Combine(Folder, "saved_model.pb");
        var model = SavedModel.Parser.ParseFrom(File.ReadAllBytes(file));
        foreach (var asset in model.MetaGraphs[0].AssetFileDef) asset.Filename = name[0] == '/' ? _root + name : name;
        File.WriteAllBytes(file, model.ToByteArray());
        Assert.That(() => Load().Dispose(), Throws.TypeOf<UnsupportedException>().With.Message.Contains("InitializeTableFromTextFileV2"));
    }

    /// <summary>Ways round: each changes a harmless model.</summary>
    static readonly Dictionary<string, Action<MetaGraphDef>> Tricks = new()
    {
        ["a function that hides an op"] = meta => (meta.GraphDef.Library ??= new()).Function.Add(new FunctionDef { Signature = new() { Name = "WriteFile" } }),
        ["order before the name"] = meta => Reading(meta, "^harmless", "evil"),
        ["an initialisation of old"] = meta =>
        {
            meta.GraphDef.Node.Add(new NodeDef { Name = "old", Op = "WriteFile" });
            meta.CollectionDef["legacy_init_op"] = new() { NodeList = new() { Value = { "old" } } };
        },
        ["a function in a function's attribute"] = meta =>
        {
            Calling(meta, (_, _) => { });
            meta.GraphDef.Node[^1].Attr["F"] = new() { Func = new() { Name = "evil" } };
        },
        ["a function that TensorFlow puts in the place of another"] = meta => Calling(meta, (plain, evil) => plain.Attr["api_implements"] = evil.Attr["api_implements"] = new() { S = ByteString.CopyFromUtf8("either") }),
        ["a function that another names"] = meta => Calling(meta, (plain, evil) => plain.Attr["backward_function_name"] = new() { S = ByteString.CopyFromUtf8(evil.Signature.Name) }),
        ["a function that is another's gradient"] = meta => Calling(meta, (plain, evil) => meta.GraphDef.Library.Gradient.Add(new GradientDef { FunctionName = plain.Signature.Name, GradientFunc = evil.Signature.Name })),
        ["an op that maps files"] = meta => Asked(meta, new NodeDef { Name = "mapped", Op = "ImmutableConst" }),
        ["a variable set from itself"] = meta =>
        {
            meta.GraphDef.Node.Add(new NodeDef { Name = "v", Op = "VarHandleOp" });
            meta.GraphDef.Node.Add(new NodeDef { Name = "r", Op = "ReadVariableOp", Input = { "v" } });
            meta.GraphDef.Node.Add(new NodeDef { Name = "i", Op = "Identity", Input = { "r" } });
            meta.GraphDef.Node.Add(new NodeDef { Name = "a", Op = "AssignVariableOp", Input = { "v", "i" }, Attr = { ["dtype"] = new() { Type = DataType.DtString } } });
            Asked(meta, new NodeDef { Name = "read", Op = "ReadFile", Input = { "r" } });
        },
    };

    /// <summary>A call of a harmless function, beside one that is not.</summary>
    static void Calling(MetaGraphDef meta, Action<FunctionDef, FunctionDef> bind)
    {
        var (plain, evil) = (new FunctionDef { Signature = new() { Name = "plain" } }, new FunctionDef { Signature = new() { Name = "evil" } });
        evil.NodeDef.Add(new NodeDef { Name = "w", Op = "WriteFile" });
        meta.GraphDef.Library ??= new();
        meta.GraphDef.Library.Function.AddRange([plain, evil]);
        bind(plain, evil);
        Asked(meta, new NodeDef { Name = "call", Op = "plain" });
    }

    static void Reading(MetaGraphDef meta, params string[] inputs)
    {
        meta.GraphDef.Node.Add(new NodeDef { Name = "harmless", Op = "NoOp" });
        meta.GraphDef.Node.Add(new NodeDef { Name = "evil", Op = "Placeholder" });
        Asked(meta, new NodeDef { Name = "read", Op = "ReadFile", Input = { inputs } });
    }

    /// <summary>A node that a signature asks for.</summary>
    static void Asked(MetaGraphDef meta, NodeDef node)
    {
        meta.GraphDef.Node.Add(node);
        meta.SignatureDef["serving_default"].Outputs["more"] = new() { Name = $"{node.Name}:0", Dtype = DataType.DtString };
    }

    static IEnumerable<string> TrickNames => Tricks.Keys;

    [TestCaseSource(nameof(TrickNames))]
    public void WaysRoundAreRefused(string trick)
    {
        WriteSmall();
        var file = Path.Combine(Folder, "saved_model.pb");
        var model = SavedModel.Parser.ParseFrom(File.ReadAllBytes(file));
        Tricks[trick](model.MetaGraphs[0]);
        File.WriteAllBytes(file, model.ToByteArray());
        Assert.That(() => Load().Dispose(), Throws.TypeOf<UnsupportedException>().With.Message.Contains("more than its own folder"));
    }

    [Test]
    public void TheGraphThatIsLookedAtIsTheOneThatIsLoaded()
    {
        WriteSmall();
        var file = Path.Combine(Folder, "saved_model.pb");
        var model = SavedModel.Parser.ParseFrom(File.ReadAllBytes(file));
        var harmless = model.MetaGraphs[0].Clone();
        harmless.MetaInfoDef.Tags.Add("gpu");
        Asked(model.MetaGraphs[0], new NodeDef { Name = "written", Op = "WriteFile" });
        model.MetaGraphs.Insert(0, harmless);
        File.WriteAllBytes(file, model.ToByteArray());
        Assert.That(() => Load().Dispose(), Throws.TypeOf<UnsupportedException>().With.Message.Contains("WriteFile"));
    }

    [Test]
    public void LongChainsOfFunctionsAreFollowed()
    {
        WriteSmall();
        var meta = SavedModelReader.ReadMeta(Folder, SavedModelWriter.Tag);
        Calling(meta, (plain, evil) =>
        {
            var last = plain;
            for (var i = 0; i < 100_000; i++)
            {
                var next = new FunctionDef { Signature = new() { Name = $"chained_{i}" } };
                last.Attr["next"] = new() { S = ByteString.CopyFromUtf8(next.Signature.Name) };
                meta.GraphDef.Library.Function.Add(next);
                last = next;
            }
            last.Attr["next"] = new() { S = ByteString.CopyFromUtf8(evil.Signature.Name) };
        });
        Assert.That(() => SavedModelFiles.Check(Folder, meta), Throws.TypeOf<UnsupportedException>().With.Message.Contains("WriteFile"));
    }

    [Test]
    public void FormsOfTheFileThatNobodyLooksAtAreRefused([Values("saved_model.pbtxt", "saved_model.cpb")] string other)
    {
        if (engine != "tensorflow") Assert.Ignore("Only TensorFlow's loader reads other forms.");
        WriteSmall();
        File.WriteAllText(Path.Combine(Folder, other), "");
        Assert.That(() => Load().Dispose(), Throws.TypeOf<UnsupportedException>().With.Message.Contains(other));
    }
}
