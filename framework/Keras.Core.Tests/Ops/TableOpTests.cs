using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Tables, checkpoints, files, images in files, checks.</summary>
sealed class TableOpTests(string engine) : EngineFixture(engine)
{
    [Test]
    public void MissingKeysGiveTheDefault([Values(Mode.Eager, Mode.Graph)] Mode mode)
    {
        var table = Tf.HashTable(DType.String, DType.Int64);
        Tf.InitializeTable(table, Strings("a", "b"), Longs(1, 2));
        Assert.That(Run(mode, x => Tf.Lookup(table, x[0], Tf.Constant(-1, DType.Int64)), Strings("b", "?", "a")).ToArray<long>(),
            Is.EqualTo(new long[] { 2, -1, 1 }));
        Assert.That(Run(mode, _ => Tf.TableSize(table)).ToScalar<long>(), Is.EqualTo(2));
        var (keys, values) = Tf.ExportTable(table, DType.String, DType.Int64);
        Assert.That(keys.ToArray<string>().Zip(values.ToArray<long>()), Is.EquivalentTo(new[] { ("a", 1L), ("b", 2L) }));
    }

    [Test]
    public void TwoTablesAreApart()
    {
        var (a, b) = (Tf.HashTable(DType.String, DType.Int64), Tf.HashTable(DType.String, DType.Int64));
        Tf.InitializeTable(a, Strings("x"), Longs(1));
        Tf.InitializeTable(b, Strings("x"), Longs(2));
        Assert.That(Tf.Lookup(a, Strings("x"), Tf.Constant(0, DType.Int64)).ToScalar<long>(), Is.EqualTo(1));
    }

    [Test]
    public void ATableUnderANameIsOneTable()
    {
        var name = Guid.NewGuid().ToString();
        Tf.InitializeTable(Tf.HashTable(DType.Int64, DType.String, name), Longs(7), Strings("seven"));
        Assert.That(Tf.Lookup(Tf.HashTable(DType.Int64, DType.String, name), Longs(7), Tf.Constant(HostTensor.From("?"))).ToScalar<string>(),
            Is.EqualTo("seven"));
    }

    [Test]
    public void AMutableTableTakesAndGivesUpKeys([Values(Mode.Eager, Mode.Graph)] Mode mode)
    {
        var table = Tf.MutableHashTable(DType.String, DType.Int64);
        var found = Run(mode, _ =>
        {
            Tf.InsertIntoTable(table, Strings("a", "b"), Longs(1, 2));
            Tf.RemoveFromTable(table, Strings("a"));
            var first = Tf.Lookup(table, Strings("a", "b"), Tf.Constant(0, DType.Int64));
            Tf.ImportTable(table, Strings("c"), Longs(3));
            return [first, Tf.Lookup(table, Strings("a", "b", "c"), Tf.Constant(0, DType.Int64))];
        });
        Assert.That(found[0].ToArray<long>(), Is.EqualTo(new long[] { 0, 2 }));
        Assert.That(found[1].ToArray<long>(), Is.EqualTo(new long[] { 0, 0, 3 }));
    }

    [TestCase("MutableDenseHashTableV2")]
    [TestCase("AnonymousMutableDenseHashTable")]
    public void ADenseTableTakesAndGivesUpKeys(string op)
    {
        var table = Dispatch.Run(Graphs.GraphFixture.Op(op), [Tf.Constant(HostTensor.From("")), Tf.Constant(HostTensor.From("?"))], Attributes.Of(("value_dtype", DType.Int64), ("value_shape", Shape.Scalar)));
        Tf.InsertIntoTable(table, Strings("a", "b"), Longs(1, 2));
        Tf.RemoveFromTable(table, Strings("a"));
        Assert.That(Tf.Lookup(table, Strings("a", "b"), Tf.Constant(-1, DType.Int64)).ToArray<long>(), Is.EqualTo(new long[] { -1, 2 }));
        Assert.That(Tf.TableSize(table).ToScalar<long>(), Is.EqualTo(1));
    }

    [TestCase("", "empty_key")]
    [TestCase("?", "deleted_key")]
    public void AKeyThatMarksPlacesOfADenseTableIsNoKey(string mark, string named)
    {
        var table = DenseTable();
        Tf.InsertIntoTable(table, Strings("a"), Longs(1));
        var none = Tf.Constant(-1, DType.Int64);
        Assert.That(() => Tf.Lookup(table, Strings("a", mark), none).ToArray<long>(), Throws.TypeOf<EngineException>().With.Message.Contains(named));
        Assert.That(() => Tf.InsertIntoTable(table, Strings(mark), Longs(2)), Throws.TypeOf<EngineException>().With.Message.Contains(named));
        Assert.That(() => Tf.RemoveFromTable(table, Strings(mark)), Throws.TypeOf<EngineException>().With.Message.Contains(named));
        Assert.That(Tf.TableSize(table).ToScalar<long>(), Is.EqualTo(1));
    }

    [Test]
    public void PlacesOfADenseTableThatComeBackAreNoEntries()
    {
        var (first, second) = (DenseTable(), DenseTable());
        Tf.ImportTable(first, Tf.Reshape(Strings("a", "", "?", ""), Tf.Int32(4, 1)), Tf.Reshape(Longs(1, 0, 7, 0), Tf.Int32(4, 1)));
        Assert.That(Tf.TableSize(first).ToScalar<long>(), Is.EqualTo(1));
        Tf.InsertIntoTable(second, Strings("a", "b"), Longs(1, 2));
        var (keys, values) = Tf.ExportTable(second, DType.String, DType.Int64);
        Assert.That((keys.ndim, values.ndim, keys.shape[1]), Is.EqualTo((2, 2, 1L)));
        // TensorFlow gives its empty places too.
        Assert.That(keys.ToArray<string>().Zip(values.ToArray<long>()).Where(e => e.First.Length > 0), Is.EquivalentTo(new[] { ("a", 1L), ("b", 2L) }));
        Tf.ImportTable(first, keys, values);
        Assert.That(Tf.TableSize(first).ToScalar<long>(), Is.EqualTo(2));
    }

    [Test]
    public void ADenseTableNeedsTwoMarks() => Assert.That(() => Tf.DenseHashTable(Tf.Constant(HostTensor.From("x")), Tf.Constant(HostTensor.From("x")), DType.Int64), Throws.TypeOf<EngineException>());

    [Test]
    public void ANameOfATableStandsForOneFormOfIt()
    {
        var name = Guid.NewGuid().ToString();
        Tf.HashTable(DType.String, DType.Int64, name);
        Assert.That(() => Tf.HashTable(DType.Int64, DType.Int64, name), Throws.TypeOf<EngineException>());
    }

    static Tensor DenseTable() => Tf.DenseHashTable(Tf.Constant(HostTensor.From("")), Tf.Constant(HostTensor.From("?")), DType.Int64);

    [Test]
    public void AMutableTableUnderANameIsOneTable()
    {
        var attributes = Attributes.Of(("key_dtype", DType.Int64), ("value_dtype", DType.Int64), ("shared_name", Guid.NewGuid().ToString()));
        Tensor Table() => Dispatch.Run(Graphs.GraphFixture.Op("MutableHashTableV2"), [], attributes);
        Tf.InsertIntoTable(Table(), Longs(1), Longs(2));
        Assert.That(Tf.TableSize(Table()).ToScalar<long>(), Is.EqualTo(1));
    }

    [Test]
    public void ATableIsReadFromAVocabularyFile()
    {
        using var folder = new TemporaryFolder();
        var file = folder["vocab.txt"];
        File.WriteAllText(file, "[PAD]\n[UNK]\nthe\n");
        var table = Tf.HashTable(DType.String, DType.Int64);
        Tf.InitializeTable(table, Tf.Constant(HostTensor.From(file)), key_index: -2, value_index: -1);
        Assert.That(Tf.Lookup(table, Strings("the", "cat"), Tf.Constant(1, DType.Int64)).ToArray<long>(), Is.EqualTo(new long[] { 2, 1 }));
    }

    [Test]
    public void ACheckpointComesBack([Values(Mode.Eager, Mode.Graph)] Mode mode)
    {
        using var folder = new TemporaryFolder();
        Tensor Prefix(string name) => Tf.Constant(HostTensor.From(folder[name]));
        Run(mode, x =>
        {
            Tf.Save(Prefix("part-0"), Strings("a"), Strings(""), [x[0]]);
            Tf.Save(Prefix("part-1"), Strings("b"), Strings(""), [x[1]]);
            Tf.MergeCheckpoints(Tf.Stack([Prefix("part-0"), Prefix("part-1")], 0), Prefix("all"));
            return [];
        }, Floats(1, 2, 3), Longs(4));
        var restored = Tf.Restore(Prefix("all"), Strings("a", "b"), Strings("", ""), [DType.Float32, DType.Int64]);
        Assert.That(restored[0].ToArray<float>(), Is.EqualTo(new float[] { 1, 2, 3 }));
        Assert.That(restored[1].ToArray<long>(), Is.EqualTo(new long[] { 4 }));
    }

    [Test]
    public void FilesAreWrittenAndRead([Values(Mode.Eager, Mode.Graph)] Mode mode)
    {
        using var folder = new TemporaryFolder();
        var name = Tf.Constant(HostTensor.From(folder["text"]));
        Run(mode, x =>
        {
            Tf.WriteFile(name, x[0]);
            return [];
        }, Tf.Constant(HostTensor.From("content")));
        Assert.That(Run(mode, _ => Tf.ReadFile(name)).ToScalar<string>(), Is.EqualTo("content"));
    }

    [Test]
    public void AnImageSurvivesPng()
    {
        var pixels = HostTensor.Of<byte>([.. Enumerable.Range(0, 24).Select(i => (byte)(i * 10))], new Shape(2, 4, 3));
        var image = Tf.DecodeImage(Tf.EncodePng(Tf.Constant(pixels)), channels: 3, DType.UInt8);
        Assert.That(image.shape, Is.EqualTo(pixels.Shape));
        Assert.That(image.ToArray<byte>(), Is.EqualTo(pixels.Data));
    }

    [Test]
    public void AFailedAssertionIsAnErrorWithItsData([Values(Mode.Eager, Mode.Graph)] Mode mode)
    {
        Tensor[] Body(Tensor[] x)
        {
            Tf.Assert(x[0], x[1]);
            return [];
        }
        Run(mode, Body, Tf.Constant(1, DType.Bool), Strings("fine"));
        Assert.That(() => Run(mode, Body, Tf.Constant(0, DType.Bool), Strings("lengths differ")),
            Throws.TypeOf<EngineException>().With.Message.Contains("lengths differ"));
    }

    [Test]
    public void NothingAndPrintingGiveNothing([Values(Mode.Eager, Mode.Graph)] Mode mode) => Assert.That(Run(mode, x =>
    {
        Dispatch.RunAll(Graphs.GraphFixture.Op("NoOp"), []);
        Dispatch.RunAll(Graphs.GraphFixture.Op("PrintV2"), [x[0]], Attributes.Of(("end", "")));
        return [];
    }, Tf.Constant(HostTensor.From(""))), Is.Empty);

    [Test]
    public void NumbersThatAreNoneAreFound()
    {
        AssertClose(Tf.CheckNumerics(Doubles(1, 2), "loss"), [1, 2]);
        Assert.That(() => Tf.CheckNumerics(Doubles(1, double.NaN), "loss"), Throws.TypeOf<EngineException>().With.Message.Contains("loss"));
    }
}
