using System.Runtime.InteropServices;
using Keras.Checkpoints;
using Keras.Engines.TensorFlow;
using Keras.Graphs;
using Keras.SavedModelProtos;
using Keras.SavedModels;
using Keras.Tests.TensorFlow;

namespace Keras.Tests.SavedModels;

/// <summary>What managed code writes and reads, judged by TensorFlow itself.</summary>
sealed class NativeTests : TensorFlowFixture
{
    string _root = null!;

    [SetUp]
    public void MakeFolder() => _root = Directory.CreateTempSubdirectory("keras-native-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_root, recursive: true);

    [Test]
    public void TensorFlowsOpListHoldsNoUnknownFields()
    {
        var bytes = AllOps();

        var list = OpList.Parser.ParseFrom(bytes);

        Assert.That(list.Op, Has.Count.GreaterThan(1000));
        Assert.That(OpList.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes).CalculateSize(), Is.EqualTo(list.CalculateSize()));
    }

    static readonly Lazy<Dictionary<string, OpDef>> NativeOps = new(() => OpList.Parser.ParseFrom(AllOps()).Op.ToDictionary(o => o.Name));

    static IEnumerable<string> PrimitiveOps => OpTable.All.Where(o => !o.IsComposite).Select(o => o.Name).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(PrimitiveOps))]
    public void OpsAreDefinedAsTensorFlowDoes(string name)
    {
        OpTable.TryGet(name, out var op);
        Assert.That(NativeOps.Value.TryGetValue(name, out var native), "TensorFlow has no such op");

        Assert.That(op!.Inputs.Select(Argument), Is.EqualTo(native!.InputArg.Select(Argument)), "inputs");
        Assert.That(op.Outputs.Select(Argument), Is.EqualTo(native.OutputArg.Select(Argument)), "outputs");
        var attributes = native.Attr.ToDictionary(a => a.Name);
        foreach (var attribute in op.Attributes)
        {
            Assert.That(attributes, Does.ContainKey(attribute.Name));
            Assert.That(attribute.Kind, Is.EqualTo(attributes[attribute.Name].Type), attribute.Name);
            if (attribute.Default is { } value)
                Assert.That(AttributeProtos.ToProto(attribute.Kind, value, f => f.Name), Is.EqualTo(attributes[attribute.Name].DefaultValue), attribute.Name);
        }
        var required = native.Attr.Where(a => a.DefaultValue is null).Select(a => a.Name);
        Assert.That(required, Is.SubsetOf(op.Attributes.Select(a => a.Name)), "attributes without a default");
    }

    [Test]
    public void TensorFlowReadsOurBundles()
    {
        var prefix = Path.Combine(_root, "bundle");
        byte[][] words = [[], "größe"u8.ToArray(), new byte[300]];
        TensorBundleWriter.Write(prefix, writer =>
        {
            for (var i = 0; i < 3000; i++) writer.Add($"layer_{i}/kernel", DType.Float32, 2, MemoryMarshal.AsBytes<float>([i, -i]));
            writer.Add("half", DType.Float16, Shape.Scalar, [0, 0x3C]);
            writer.Add("empty", DType.Int64, (0, 3), []);
            writer.AddStrings("words", 3, words);
        });

        var restored = Restore(prefix, ("layer_2999/kernel", DType.Float32), ("half", DType.Float16), ("empty", DType.Int64), ("words", DType.String),
            ("layer_0/kernel", DType.Float32));

        Assert.That(restored[0].ToArray<float>(), Is.EqualTo(new[] { 2999f, -2999f }));
        Assert.That((restored[1].ToScalar<Half>(), restored[1].shape), Is.EqualTo(((Half)1, Shape.Scalar)));
        Assert.That(restored[2].shape, Is.EqualTo((Shape)(0, 3)));
        Assert.That(restored[3].ToArray<byte[]>(), Is.EqualTo(words));
        Assert.That(restored[4].ToArray<float>(), Is.EqualTo(new[] { 0f, 0f }));
    }

    [Test]
    public void WeReadTensorFlowsBundles()
    {
        var prefix = Path.Combine(_root, "theirs");
        // Enough names for several blocks of the index.
        string[] names = [.. Enumerable.Range(0, 9000).Select(i => $"model/layer_{i}/dense/kernel"), "words"];
        var words = HostTensor.OfStrings(2, [new byte[1000], "x"u8.ToArray()]);
        Tensor[] tensors = [.. Enumerable.Range(0, 9000).Select(i => Vector(i, i + 0.5f)), Tf.Constant(words)];
        var save = Op("SaveV2(prefix: string, tensor_names: string, shape_and_slices: string, tensors: [dtypes]) -> ()");
        Dispatch.RunAll(save, [Tensor.Of(prefix), Tensor.Of(names), Tensor.Of(Array.ConvertAll(names, _ => "")), .. tensors]);

        using var reader = TensorBundleReader.Open(prefix);

        Assert.That(reader.Entries, Has.Count.EqualTo(names.Length));
        for (var i = 0; i < 9000; i++)
        {
            Assert.That(reader.TryGet(names[i], out var entry));
            using var memory = reader.Read(entry);
            Assert.That(MemoryMarshal.Cast<byte, float>(memory.AsSpan()).ToArray(), Is.EqualTo(new[] { i, i + 0.5f }));
        }
        Assert.That(reader.TryGet("words", out var strings));
        Assert.That(reader.ReadStrings(strings), Is.EqualTo(words.Strings));
    }

    [Test]
    public void TensorFlowLoadsAndRunsOurModels()
    {
        var folder = Path.Combine(_root, "model", "1");
        var vocabulary = Path.Combine(_root, "vocab.txt");
        File.WriteAllText(vocabulary, "zero\none\ntwo\n");
        SavedModelWriter.Write(folder, new SmallModel(vocabulary).Contents);

        using var session = SavedModelSession.Load(folder);

        float[] expected = [.. SmallModel.Expected(1, 2, 3), .. SmallModel.Expected(4, 5, 10)];
        Assert.That(Logits("serving_default", new[,] { { 1, 2, 3 }, { 4, 5, 10 } }), Is.EqualTo(expected).Within(1e-4));
        Assert.That(Logits("int64_serving", new[,] { { 1L, 2, 3 }, { 4, 5, 10 } }), Is.EqualTo(expected).Within(1e-4));
        Assert.That(Logits("serving_default", new[,] { { 7 } }), Is.EqualTo(SmallModel.Expected(7)).Within(1e-4));

        foreach (var (twice, before, chosen) in new[] { (true, 7f, 14f), (false, 8f, -8f), (true, 9f, 18f) })
        {
            var results = Run("count", ("twice", HostTensor.From(twice)));
            Assert.That((results["before"].As<float>()[0], results["chosen"].As<float>()[0]), Is.EqualTo((before, chosen)), "the counter goes on from call to call");
        }

        var found = Run("text", ("words", HostTensor.From(new[] { "x", "y", "two", "zero" })));
        Assert.That(found["listed"].As<long>().ToArray(), Is.EqualTo(new[] { 10L, 20, -1, -1 }));
        Assert.That(found["line"].As<long>().ToArray(), Is.EqualTo(new[] { -1L, -1, 2, 0 }));

        float[] Logits(string signature, Array ids) => Run(signature, ("input_ids", HostTensor.From(ids)))["logits"].As<float>().ToArray();

        IReadOnlyDictionary<string, HostTensor> Run(string signature, params (string Name, HostTensor Value)[] inputs) =>
            session.Run(signature, inputs.ToDictionary(i => i.Name, i => i.Value));
    }

    [Test]
    public void VariablesAndCapturedTensorsOfAnEngineAreExported()
    {
        var kernel = new Variable(Matrix(2, 3, i => i + 1), name: "kernel");
        var offset = Vector(10, 20, 30);
        var function = FunctionGraph.Trace("f", [(DType.Float32, new Shape(-1, 2), "x")], t => [Tf.MatMul(t[0], kernel.value) + offset]);
        kernel.assign(Matrix(2, 3, i => -i));
        var folder = Path.Combine(_root, "1");

        SavedModelWriter.Write(folder, new()
        {
            Signatures = new Dictionary<string, SavedModelSignature> { ["serving_default"] = new(function, ["x"], ["y"]) },
            Variables = [SavedModelVariable.Of(kernel)],
        });

        using var session = SavedModelSession.Load(folder);
        var y = session.Run("serving_default", new Dictionary<string, HostTensor> { ["x"] = HostTensor.From(new[,] { { 1f, 1f } }) })["y"];
        Assert.That(y.As<float>().ToArray(), Is.EqualTo(new[] { 10f - 3, 20f - 5, 30f - 7 }), "the value at the time of the export");
    }

    static Tensor[] Restore(string prefix, params (string Name, DType DType)[] tensors)
    {
        var restore = Op("RestoreV2(prefix: string, tensor_names: string, shape_and_slices: string) -> (tensors: [dtypes]) { dtypes: list(type) }");
        var names = tensors.Select(t => t.Name).ToArray();
        return Dispatch.RunAll(restore, [Tensor.Of(prefix), Tensor.Of(names), Tensor.Of(Array.ConvertAll(names, _ => ""))],
            Attributes.Of(("dtypes", tensors.Select(t => t.DType).ToArray())));
    }

    static OpDefinition Op(string signature)
    {
        var (name, inputs, outputs, attributes) = OpSignature.Parse(signature);
        ShapeFunction untraced = _ => throw new InvalidOperationException("It is never traced.");
        return new() { Name = name, Inputs = inputs, Outputs = outputs, Attributes = attributes, Shapes = untraced };
    }

    static unsafe byte[] AllOps()
    {
        using var buffer = new NativeBuffer(CApi.TF_GetAllOpList());
        return buffer.Span.ToArray();
    }

    static (string, int, string, string, string) Argument(ArgumentDefinition a) =>
        (a.Name, a.Type?.Number ?? 0, a.TypeAttribute ?? "", a.NumberAttribute ?? "", a.TypeListAttribute ?? "");

    static (string, int, string, string, string) Argument(OpDef.Types.ArgDef a) => (a.Name, (int)a.Type, a.TypeAttr, a.NumberAttr, a.TypeListAttr);
}
