using Keras.Tests;

namespace Keras.Saving.Tests;

/// <summary>Files that h5py made (Golden/h5/make.py says how) are read to the last element, or refused with the reason.</summary>
sealed class H5FileTests
{
    static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "h5", name);

    static float[] Expected(int count) => [.. Enumerable.Range(0, count).Select(i => i / 8f)];

    [TestCase("plain", 7, 11)]
    [TestCase("gzip", 7, 11)]
    [TestCase("all", 7, 11)]
    [TestCase("vector", 20)]
    public void Chunks_are_put_together(string name, params int[] shape)
    {
        using var file = H5File.Open(Golden("chunked.h5"));
        Assert.That(file.Root.Find(name)!.Dataset.Shape, Is.EqualTo(new Shape([.. shape.Select(d => (long)d)])));
        Assert.That(Read<float>(file, name), Is.EqualTo(Expected(shape.Aggregate((a, b) => a * b))));
    }

    [Test]
    public void Chunks_in_three_dimensions_are_put_together()
    {
        using var file = H5File.Open(Golden("chunked.h5"));
        var rows = Enumerable.Range(0, 6).SelectMany(r => Enumerable.Range(0, 10).Select(c => ((r * 11) + c) / 8f));
        Assert.That(Read<float>(file, "cube"), Is.EqualTo(rows));
    }

    [TestCase("float16", ExpectedResult = "float16")]
    [TestCase("float32", ExpectedResult = "float32")]
    [TestCase("float64", ExpectedResult = "float64")]
    [TestCase("int8", ExpectedResult = "int8")]
    [TestCase("uint8", ExpectedResult = "uint8")]
    [TestCase("int16", ExpectedResult = "int16")]
    [TestCase("uint16", ExpectedResult = "uint16")]
    [TestCase("int32", ExpectedResult = "int32")]
    [TestCase("uint32", ExpectedResult = "uint32")]
    [TestCase("int64", ExpectedResult = "int64")]
    [TestCase("uint64", ExpectedResult = "uint64")]
    [TestCase("bool", ExpectedResult = "bool")]
    [TestCase("big_endian", ExpectedResult = null)]
    [TestCase("complex", ExpectedResult = null)]
    public string? Element_types_are_told_apart(string name)
    {
        using var file = H5File.Open(Golden("types.h5"));
        return file.Root.Find(name)!.Dataset.Type.DType?.Name;
    }

    [Test]
    public void Scalars_and_empty_arrays_have_their_shapes()
    {
        using var file = H5File.Open(Golden("types.h5"));
        Assert.That(file.Root.Find("scalar")!.Dataset.Shape, Is.EqualTo(Shape.Scalar));
        Assert.That(Read<float>(file, "scalar"), Is.EqualTo(new[] { 2.5f }));
        Assert.That(file.Root.Find("empty")!.Dataset.Shape, Is.EqualTo(new Shape(0, 4)));
        Assert.That(Read<float>(file, "empty"), Is.Empty);
    }

    [Test]
    public void Texts_of_every_kind_are_read()
    {
        using var file = H5File.Open(Golden("types.h5"));
        Assert.That(file.Root.Texts("text"), Is.EqualTo(new[] { "grün" }));
        Assert.That(file.Root.Texts("bytes"), Is.EqualTo(new[] { "plain" }));
        Assert.That(file.Root.Texts("texts"), Is.EqualTo(new[] { "a", "", "grün" }));
        Assert.That(file.Root.Texts("fixed"), Is.EqualTo(new[] { "one", "three" }));
        Assert.That(file.Root.Texts("none"), Is.Empty);
        Assert.That(file.Root.Texts("absent"), Is.Null);
    }

    [Test]
    public void A_group_of_many_is_read_whole()
    {
        using var file = H5File.Open(Golden("many.h5"));
        Assert.That(file.Root.Children, Has.Count.EqualTo(400));
        foreach (var (name, group) in file.Root.Children) Assert.That("group" + group.Texts("number")![0], Is.EqualTo(name));
    }

    [Test]
    public void New_headers_and_a_user_block_are_read()
    {
        using (var file = H5File.Open(Golden("latest.h5")))
        {
            Assert.That(Read<float>(file, "layer/kernel"), Is.EqualTo(Expected(77)));
            Assert.That(file.Root.Find("layer")!.Texts("name"), Is.EqualTo(new[] { "dense" }));
        }
        using var shifted = H5File.Open(Golden("userblock.h5"));
        Assert.That(Read<float>(shifted, "kernel"), Is.EqualTo(Expected(77)));
    }

    [TestCase("dense.h5", "heap")]
    [TestCase("links.h5", "link by name")]
    [TestCase("external.h5", "link by name")]
    public void What_is_not_read_is_said(string name, string reason)
    {
        using var file = H5File.Open(Golden(name));
        Assert.That(() => file.Root.Children, Throws.InstanceOf<UnsupportedException>().With.Message.Contains(reason).And.Message.Contains(name).And.Message.Contains("safetensors"));
    }

    [Test]
    public void Groups_that_hold_each_other_come_to_an_end()
    {
        using var file = H5File.Open(Golden("cycle.h5"));
        var found = file.Root;
        Assert.That(() =>
        {
            while (found is not null) found = found.Find("a/again");
        }, Throws.InstanceOf<FileFormatException>().With.Message.Contains("without end"));
    }

    [TestCase("version https://git-lfs.github.com/spec/v1\n", "git-lfs")]
    [TestCase("<!DOCTYPE html>", "web page")]
    [TestCase("", "empty file")]
    [TestCase("nothing of the kind", "0x6E")]
    public void Other_files_are_named(string content, string named)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["x.h5"], content);
        Assert.That(() => H5File.Open(folder["x.h5"]), Throws.InstanceOf<FileFormatException>().With.Message.Contains(named));
    }

    [Test]
    public void A_dataset_that_claims_more_than_the_file_holds_is_refused_before_anything_is_allocated()
    {
        using var folder = new TemporaryFolder();
        var root = new H5Tree();
        root.Add("x", SafetensorsTensor.Of("x", new Shape(4), (ReadOnlyMemory<float>)new float[4]));
        H5Writer.Write(folder["x.h5"], root);
        var bytes = File.ReadAllBytes(folder["x.h5"]);
        // The only place with the dimension 4: the dataset's shape.
        var at = Enumerable.Range(0, bytes.Length / 8).Select(i => i * 8).Single(i => BitConverter.ToInt64(bytes, i) == 4);
        BitConverter.TryWriteBytes(bytes.AsSpan(at), 1L << 40);
        File.WriteAllBytes(folder["x.h5"], bytes);
        using var file = H5File.Open(folder["x.h5"]);
        Assert.That(() => file.Root.Find("x")!.Dataset, Throws.InstanceOf<FileFormatException>().With.Message.Contains("'x'").And.Message.Contains("4398046511104"));
    }

    [Test]
    public void A_damaged_compressed_chunk_is_refused_with_its_dataset()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Golden("chunked.h5"));
        var refused = 0;
        for (var at = 0; at < whole.Length - 2; at++)
        {
            if (whole[at] != 0x78 || ((whole[at] * 256) + whole[at + 1]) % 31 != 0) continue;   // The two bytes that a zlib stream begins with.
            // No zlib stream, one that asks for a dictionary, blocks of an unknown kind, other data.
            foreach (var (offset, value) in new[] { (0, 0x87), (1, 0x20), (2, whole[at + 2] ^ 0x06), (6, whole[at + 6] ^ 0xFF) })
            {
                var damaged = whole.ToArray();
                damaged[at + offset] = (byte)value;
                File.WriteAllBytes(folder["x.h5"], damaged);
                try
                {
                    using var file = H5File.Open(folder["x.h5"]);
                    foreach (var name in new[] { "gzip", "all", "cube" }) Read<float>(file, name);
                }
                catch (FileFormatException e)
                {
                    Assert.That(e.Where, Does.Contain("x.h5"));
                    if (!e.Message.Contains("cannot be decompressed", StringComparison.Ordinal)) continue;
                    Assert.That(e.Message, Does.Contain("'gzip'").Or.Contain("'all'").Or.Contain("'cube'"));
                    refused++;
                }
            }
        }
        Assert.That(refused, Is.GreaterThan(4));
    }

    static unsafe T[] Read<T>(H5File file, string path) where T : unmanaged
    {
        var found = file.Root.Find(path)!;
        using var memory = file.Entry(found, found.Dataset.Type.DType!, path).GetMemory();
        return new ReadOnlySpan<T>(memory.Address, (int)(memory.Length / sizeof(T))).ToArray();
    }
}
