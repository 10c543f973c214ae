using System.Text;
using System.Text.Json;
using Keras.Checkpoints;
using Keras.SavedModelProtos;

namespace Keras.Tests.SavedModels;

sealed class TensorBundleTests
{
    string _folder = null!;
    string _prefix = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("keras-bundle-").FullName;
        _prefix = Path.Combine(_folder, "variables");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    static readonly string[] NumericDTypes =
    [
        "float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool", "complex64", "complex128",
    ];

    [TestCaseSource(nameof(NumericDTypes))]
    public void ReturnsTensorsOfEveryDType(string dtype)
    {
        DType type = dtype;
        var bytes = RandomBytes(1, 2 * 3 * type.Size);
        Write(w =>
        {
            w.Add("matrix", type, (2, 3), bytes);
            w.Add("scalar", type, Shape.Scalar, bytes.AsSpan(0, type.Size));
            w.Add("empty", type, (0, 3), []);
        });

        using var reader = TensorBundleReader.Open(_prefix);

        Assert.That(reader.Entries.Select(e => (e.Name, e.DType, e.Shape)),
            Is.EqualTo(new[] { ("empty", type, (Shape)(0, 3)), ("matrix", type, (2, 3)), ("scalar", type, Shape.Scalar) }));
        Assert.That(Read(reader, "matrix"), Is.EqualTo(bytes));
        Assert.That(Read(reader, "scalar"), Is.EqualTo(bytes[..type.Size]));
        Assert.That(Read(reader, "empty"), Is.Empty);
    }

    [Test]
    public void ReturnsStringsOfAnyLength()
    {
        byte[][] values = [[], Encoding.UTF8.GetBytes("größe"), RandomBytes(3, 127), RandomBytes(4, 128), RandomBytes(5, 70_000), [0]];
        Write(w =>
        {
            w.AddStrings("words", (2, 3), values);
            w.AddStrings("none", 0, []);
            w.AddStrings("one", Shape.Scalar, [[1, 2]]);
        });

        using var reader = TensorBundleReader.Open(_prefix);

        Assert.That(Strings(reader, "words"), Is.EqualTo(values));
        Assert.That(Strings(reader, "none"), Is.Empty);
        Assert.That(Strings(reader, "one"), Is.EqualTo(new[] { new byte[] { 1, 2 } }));
    }

    [Test]
    public void ReturnsTensorsLargerThanOneChunk()
    {
        var bytes = RandomBytes(6, (3 << 20) + 4);
        using var memory = AlignedMemory.CopyOf(bytes);
        Write(w => w.Add("big", DType.Float32, bytes.Length / 4, memory));

        using var reader = TensorBundleReader.Open(_prefix);

        Assert.That(Read(reader, "big").AsSpan().SequenceEqual(bytes));
    }

    [Test]
    public void SortsHundredsOfKeysBytewise()
    {
        var names = Enumerable.Range(0, 3000).Select(i => $"layer_{i}/{(i % 2 == 0 ? "kernel" : "bias")}").Append("\uFF5E").Append("\U0001F600").ToArray();
        new Random(7).Shuffle(names);
        Write(w =>
        {
            foreach (var name in names) w.Add(name, DType.Int32, 1, BitConverter.GetBytes(name.GetHashCode(StringComparison.Ordinal)));
        });

        using var reader = TensorBundleReader.Open(_prefix);

        var expected = names.Order(Comparer<string>.Create((a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)))).ToList();
        Assert.That(reader.Entries.Select(e => e.Name), Is.EqualTo(expected));
        foreach (var name in names) Assert.That(BitConverter.ToInt32(Read(reader, name)), Is.EqualTo(name.GetHashCode(StringComparison.Ordinal)));
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        Write(writer =>
        {
            writer.Add("a", DType.Float32, 1, new byte[4]);

            Assert.Throws<ArgumentException>(() => writer.Add("a", DType.Float32, 1, new byte[4]));
            Assert.Throws<ArgumentException>(() => writer.Add("", DType.Float32, 1, new byte[4]));
            Assert.Throws<ShapeMismatchException>(() => writer.Add("b", DType.Float32, 2, new byte[4]));
            Assert.Throws<ShapeMismatchException>(() => writer.Add("b", DType.Float32, Shape.Unknown, new byte[4]));
            Assert.Throws<ShapeMismatchException>(() => writer.AddStrings("b", 2, [[]]));
            Assert.Throws<DTypeMismatchException>(() => writer.Add("b", DType.String, 1, new byte[4]));
        });
    }

    [Test]
    public void AFailureLeavesTheFilesAsTheyWere()
    {
        void Fail(TensorBundleWriter writer)
        {
            writer.Add("a", DType.Float32, 1, new byte[4]);
            throw new IOException("no more");
        }
        Assert.Throws<IOException>(() => Write(Fail));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder), Is.Empty);

        Write(w => w.Add("b", DType.Float32, 1, new byte[4]));
        Assert.Throws<IOException>(() => Write(Fail));
        using var reader = TensorBundleReader.Open(_prefix);
        Assert.That(reader.Entries.Select(e => e.Name), Is.EqualTo(["b"]));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder).Count(), Is.EqualTo(2));
    }

    [Test]
    public void RefusesToReadAsAnotherKind()
    {
        Write(w =>
        {
            w.Add("number", DType.Float32, 1, new byte[4]);
            w.AddStrings("word", 1, [[1]]);
        });
        using var reader = TensorBundleReader.Open(_prefix);

        Assert.Throws<DTypeMismatchException>(() => Strings(reader, "number"));
        Assert.Throws<DTypeMismatchException>(() => Read(reader, "word"));
    }

    [TestCaseSource(typeof(GoldenSavedModels), nameof(GoldenSavedModels.Cases)), Category("Golden")]
    public void ReadsWhatTensorFlowWrote(string name)
    {
        GoldenFolder.Require("savedmodels", name, "variables", "variables.index");
        var weights = Safetensors(GoldenFolder.Require("models", name, "tf", "model.safetensors"));
        using var reader = TensorBundleReader.Open(GoldenFolder.PathOf("savedmodels", name, "variables", "variables"));
        using var description = JsonDocument.Parse(File.ReadAllText(GoldenFolder.PathOf("savedmodels", name + ".json")));

        var graph = TrackableObjectGraph.Parser.ParseFrom(Strings(reader, "_CHECKPOINTABLE_OBJECT_GRAPH")[0]);
        var variables = graph.Nodes.SelectMany(n => n.Attributes).ToList();

        Assert.That(variables, Has.Count.EqualTo(description.RootElement.GetProperty("variables").GetInt32()));
        foreach (var variable in variables)
        {
            Assert.That(reader.TryGet(variable.CheckpointKey, out var entry), variable.CheckpointKey);
            var (shape, bytes) = weights[variable.FullName[(variable.FullName.IndexOf('/', StringComparison.Ordinal) + 1)..] + ":0"];
            Assert.That(entry.DType, Is.EqualTo(DType.Float32));
            Assert.That(entry.Shape.ToArray(), Is.EqualTo(shape), variable.FullName);
            Assert.That(Read(reader, entry.Name), Is.EqualTo(bytes), variable.FullName);
        }
    }

    void Write(Action<TensorBundleWriter> add) => TensorBundleWriter.Write(_prefix, add);

    static byte[] Read(TensorBundleReader reader, string name)
    {
        Assert.That(reader.TryGet(name, out var entry), name);
        using var memory = reader.Read(entry);
        return memory.AsSpan().ToArray();
    }

    static byte[][] Strings(TensorBundleReader reader, string name)
    {
        Assert.That(reader.TryGet(name, out var entry), name);
        return reader.ReadStrings(entry);
    }

    static byte[] RandomBytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    static Dictionary<string, (long[] Shape, byte[] Bytes)> Safetensors(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var start = 8 + (int)BitConverter.ToInt64(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, start - 8));
        return header.RootElement.EnumerateObject().Where(t => t.Name != "__metadata__").ToDictionary(t => t.Name, t =>
        {
            var range = t.Value.GetProperty("data_offsets");
            return (t.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray(),
                bytes[(start + range[0].GetInt32())..(start + range[1].GetInt32())]);
        });
    }
}
