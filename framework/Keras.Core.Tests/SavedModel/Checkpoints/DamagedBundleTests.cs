using Google.Protobuf;
using Keras.Checkpoints;
using Keras.SavedModelProtos;

namespace Keras.Tests.SavedModels;

/// <summary>Damaged and hostile bundles end in a typed error, before anything is allocated that the files could not hold.</summary>
sealed class DamagedBundleTests
{
    string _folder = null!;
    string _prefix = null!;
    byte[] _index = null!;
    byte[] _data = null!;

    [SetUp]
    public void WriteBundle()
    {
        _folder = Directory.CreateTempSubdirectory("keras-bundle-").FullName;
        _prefix = Path.Combine(_folder, "variables");
        TensorBundleWriter.Write(_prefix, writer =>
        {
            for (var i = 0; i < 20; i++) writer.Add($"layer/{i}/kernel", DType.Float32, (3, 5), Bytes(i, 60));
            writer.AddStrings("words", 3, [Bytes(1, 5), [], Bytes(2, 200)]);
        });
        _index = File.ReadAllBytes(TensorBundle.IndexFile(_prefix));
        _data = File.ReadAllBytes(TensorBundle.DataFile(_prefix, 0, 1));
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void EveryTruncationOfTheIndexIsFound()
    {
        for (var length = 0; length < _index.Length; length++)
        {
            Put(_index[..length], _data);
            Assert.Throws<FileFormatException>(ReadAll, $"{length} bytes");
        }
    }

    [Test]
    public void EveryTruncationOfTheDataIsFound()
    {
        for (var length = 0; length < _data.Length; length += 7)
        {
            Put(_index, _data[..length]);
            Assert.Throws<FileFormatException>(ReadAll, $"{length} bytes");
        }
    }

    [Test]
    public void AFlippedByteOfATensorIsFoundAndNamed()
    {
        var damaged = (byte[])_data.Clone();
        damaged[3] ^= 1;
        Put(_index, damaged);

        var error = Assert.Throws<FileFormatException>(ReadAll)!;

        Assert.That(error.Message, Does.Contain("layer/0/kernel").And.Contain("checksum"));
    }

    [Test]
    public void MissingFilesAreNamed()
    {
        File.Delete(TensorBundle.DataFile(_prefix, 0, 1));
        Assert.That(Assert.Throws<FileNotFoundException>(ReadAll)!.Message, Does.Contain("variables.data-00000-of-00001"));
        File.Delete(TensorBundle.IndexFile(_prefix));
        Assert.That(Assert.Throws<FileNotFoundException>(ReadAll)!.Message, Does.Contain("variables.index"));
    }

    static TestCaseData Hostile(string name, Type error, Action<BundleHeaderProto, BundleEntryProto> change) =>
        new TestCaseData(error, change).SetArgDisplayNames(name);

    static TensorSliceProto Slice(params (long Start, long Length)[] extents) =>
        new() { Extent = { extents.Select(e => new TensorSliceProto.Types.Extent { Start = e.Start, Length = e.Length }) } };

    static readonly TestCaseData[] HostileFields =
    [
        Hostile("no shards", typeof(FileFormatException), (h, _) => h.NumShards = 0),
        Hostile("negative shards", typeof(FileFormatException), (h, _) => h.NumShards = -1),
        Hostile("two thousand million shards", typeof(FileNotFoundException), (h, _) => h.NumShards = int.MaxValue),
        Hostile("big endian", typeof(UnsupportedException), (h, _) => h.Endianness = BundleHeaderProto.Types.Endianness.Big),
        Hostile("newer format", typeof(UnsupportedException), (h, _) => h.Version.MinConsumer = 2),
        Hostile("unknown dtype", typeof(UnsupportedException), (_, e) => e.Dtype = (DataType)99),
        Hostile("quantised dtype", typeof(UnsupportedException), (_, e) => e.Dtype = DataType.DtQint8),
        Hostile("resource", typeof(UnsupportedException), (_, e) => e.Dtype = DataType.DtResource),
        Hostile("another dtype", typeof(FileFormatException), (_, e) => e.Dtype = DataType.DtDouble),
        Hostile("strings of the same size", typeof(FileFormatException), (_, e) => e.Dtype = DataType.DtString),
        Hostile("shard of another file", typeof(FileFormatException), (_, e) => e.ShardId = 1),
        Hostile("negative shard", typeof(FileFormatException), (_, e) => e.ShardId = -1),
        Hostile("offset past the end", typeof(FileFormatException), (_, e) => e.Offset = 1 << 20),
        Hostile("offset that overflows", typeof(FileFormatException), (_, e) => e.Offset = long.MaxValue),
        Hostile("negative offset", typeof(FileFormatException), (_, e) => e.Offset = -8),
        Hostile("negative size", typeof(FileFormatException), (_, e) => e.Size = -60),
        Hostile("size of terabytes", typeof(FileFormatException), (_, e) => (e.Size, e.Shape) = (1L << 42, Dims(1L << 40))),
        Hostile("strings of terabytes", typeof(FileFormatException), (_, e) => (e.Dtype, e.Size, e.Shape) = (DataType.DtString, 1L << 42, Dims(1L << 40))),
        Hostile("more strings than bytes", typeof(FileFormatException), (_, e) => (e.Dtype, e.Shape) = (DataType.DtString, Dims(1L << 40))),
        Hostile("more strings than an array holds", typeof(FileFormatException), (_, e) => (e.Dtype, e.Shape) = (DataType.DtString, Dims(1L << 62))),
        Hostile("elements that overflow", typeof(FileFormatException), (_, e) => e.Shape = Dims(1L << 40, 1L << 40)),
        Hostile("elements that wrap to the right size", typeof(FileFormatException), (_, e) => e.Shape = Dims(1L << 62, 4, 15)),
        Hostile("negative dimension", typeof(FileFormatException), (_, e) => e.Shape = Dims(-3, -5)),
        Hostile("unknown rank", typeof(FileFormatException), (_, e) => e.Shape = new TensorShapeProto { UnknownRank = true }),
        Hostile("wrong checksum", typeof(FileFormatException), (_, e) => e.Crc32C++),
        Hostile("a slice of another rank", typeof(FileFormatException), (_, e) => e.Slices.Add(new TensorSliceProto())),
        Hostile("a slice that is missing", typeof(FileFormatException), (_, e) => e.Slices.Add(Slice((0, 3), (0, 2)))),
        Hostile("a slice outside of the tensor", typeof(FileFormatException), (_, e) => e.Slices.Add(Slice((1, 3), (0, 5)))),
        Hostile("a slice that overflows", typeof(FileFormatException), (_, e) => e.Slices.Add(Slice((long.MaxValue, 1), (1, long.MaxValue)))),
        Hostile("a slice of negative length", typeof(FileFormatException), (_, e) => e.Slices.Add(Slice((0, -3), (0, 5)))),
        Hostile("ten thousand slices", typeof(UnsupportedException), (_, e) => e.Slices.AddRange(Enumerable.Repeat(Slice((0, 3), (0, 5)), 10_000))),
    ];

    [TestCaseSource(nameof(HostileFields))]
    public void FieldsThatCannotBeTrueAreRefused(Type expected, Action<BundleHeaderProto, BundleEntryProto> change)
    {
        var header = new BundleHeaderProto { NumShards = 1, Version = new VersionDef { Producer = 1 } };
        var entry = new BundleEntryProto { Dtype = DataType.DtFloat, Shape = Dims(3, 5), Size = 60, Crc32C = Crc32c.Mask(Crc32c.Compute(_data.AsSpan(0, 60))) };
        Put(Index(header, entry), _data);
        Assert.DoesNotThrow(ReadAll);
        change(header, entry);
        Put(Index(header, entry), _data);

        Assert.Throws(expected, ReadAll);
    }

    [Test]
    public void ASliceOfMoreStringsThanBytesIsRefused()
    {
        var shape = Dims(1L << 40);
        var extent = Slice((0, -1));
        extent.Extent[0].ClearLength();
        var whole = new BundleEntryProto { Dtype = DataType.DtString, Shape = shape, Slices = { extent } };
        var slice = new BundleEntryProto { Dtype = DataType.DtString, Shape = shape, Size = 60 };
        using var stream = new MemoryStream();
        var table = new TableWriter(stream);
        table.Add([], new BundleHeaderProto { NumShards = 1 }.ToByteArray());
        table.Add(new TensorSlice(extent).KeyOf("words"), slice.ToByteArray());
        table.Add("words"u8.ToArray(), whole.ToByteArray());
        table.Finish();
        Put(stream.ToArray(), _data);

        Assert.That(ReadAll, Throws.TypeOf<FileFormatException>().With.Message.Contains("more strings than bytes"));
    }

    [Test]
    public void AnIndexThatIsAnotherFileIsRefused()
    {
        foreach (var content in new[] { Array.Empty<byte>(), new byte[48], new byte[1000], File.ReadAllBytes(typeof(DamagedBundleTests).Assembly.Location)[..5000] })
        {
            Put(content, _data);
            Assert.Throws<FileFormatException>(ReadAll);
        }
    }

    [Test]
    public void RandomChangesAreFoundOrHarmless()
    {
        using var reader = TensorBundleReader.Open(_prefix);
        var expected = Contents(reader);
        var random = new Random(20250601);
        var found = 0;
        for (var round = 0; round < 4000; round++)
        {
            var inIndex = random.Next(4) > 0;
            Put(inIndex ? Mutate(_index, random) : _index, inIndex ? _data : Mutate(_data, random));
            try
            {
                using var damaged = TensorBundleReader.Open(_prefix);
                Assert.That(Contents(damaged), Is.EqualTo(expected), $"round {round}");
            }
            catch (Exception e) when (e is FileFormatException or UnsupportedException or FileNotFoundException)
            {
                found++;
            }
        }
        Assert.That(found, Is.GreaterThan(3000));
    }

    [Test]
    public void RandomEntriesWithRightChecksumsNeverEscapeTheirTypes()
    {
        var random = new Random(42);
        var valid = new BundleEntryProto { Dtype = DataType.DtString, Shape = Dims(3), Offset = 0, Size = 60, Crc32C = 1 }.ToByteArray();
        for (var round = 0; round < 3000; round++)
        {
            Put(Index(new BundleHeaderProto { NumShards = 1 }.ToByteArray(), Mutate(valid, random)), _data);
            try
            {
                ReadAll();
            }
            catch (Exception e) when (e is FileFormatException or UnsupportedException)
            {
            }
        }
    }

    static byte[] Mutate(byte[] bytes, Random random)
    {
        var copy = bytes.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(copy.Count);
            switch (random.Next(4))
            {
                case 0: copy[at] = (byte)random.Next(256); break;
                case 1: copy[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: copy.RemoveAt(at); break;
                default: copy.Insert(at, (byte)random.Next(256)); break;
            }
        }
        return [.. copy];
    }

    static byte[] Index(BundleHeaderProto header, BundleEntryProto entry) => Index(header.ToByteArray(), entry.ToByteArray());

    static byte[] Index(byte[] header, byte[] entry)
    {
        using var stream = new MemoryStream();
        var table = new TableWriter(stream);
        table.Add([], header);
        table.Add("kernel"u8.ToArray(), entry);
        table.Finish();
        return stream.ToArray();
    }

    void Put(byte[] index, byte[] data)
    {
        File.WriteAllBytes(TensorBundle.IndexFile(_prefix), index);
        File.WriteAllBytes(TensorBundle.DataFile(_prefix, 0, 1), data);
    }

    void ReadAll()
    {
        using var reader = TensorBundleReader.Open(_prefix);
        Contents(reader);
    }

    static List<string> Contents(TensorBundleReader reader) => reader.Entries.Select(entry =>
    {
        if (entry.DType == DType.String) return entry.Name + string.Join(' ', reader.ReadStrings(entry).Select(Convert.ToHexString));
        using var memory = reader.Read(entry);
        return entry.Name + Convert.ToHexString(memory.AsSpan());
    }).ToList();

    static TensorShapeProto Dims(params long[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (var dim in dims) shape.Dim.Add(new TensorShapeProto.Types.Dim { Size = dim });
        return shape;
    }

    static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
