using Keras.Tests;

namespace Keras.Saving.Tests;

/// <summary>What is written can be read; that others read it too is proved by the peer tests.</summary>
sealed class H5WriterTests
{
    [Test]
    public void Arrays_of_every_type_come_back([Values("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64")] string name)
    {
        using var folder = new TemporaryFolder();
        var dtype = DType.Parse(name);
        var bytes = Enumerable.Range(0, 6 * dtype.Size).Select(i => (byte)(i % 2)).ToArray();
        var root = new H5Tree();
        root.Add("layer/kernel:0", SafetensorsTensor.Of("kernel", HostTensor.OfBytes(dtype, new Shape(2, 3), bytes)));
        H5Writer.Write(folder["x.h5"], root);
        using var file = H5File.Open(folder["x.h5"]);
        var found = file.Root.Find("layer/kernel:0")!;
        Assert.That(found.Dataset.Type.DType, Is.EqualTo(dtype));
        Assert.That(found.Dataset.Shape, Is.EqualTo(new Shape(2, 3)));
        using var memory = file.Entry(found, dtype, "x").GetMemory();
        Assert.That(memory.AsSpan().SequenceEqual(bytes), Is.True);
    }

    [TestCase(0)]
    [TestCase(8)]
    [TestCase(9)]
    [TestCase(256)]
    [TestCase(257)]
    [TestCase(9000)]
    public void Groups_of_any_size_come_back_in_the_order_of_names(int count)
    {
        using var folder = new TemporaryFolder();
        var root = new H5Tree();
        for (var i = 0; i < count; i++) root.Group($"g{i}");
        H5Writer.Write(folder["x.h5"], root);
        using var file = H5File.Open(folder["x.h5"]);
        Assert.That(file.Root.Children.Keys, Is.EqualTo(Enumerable.Range(0, count).Select(i => $"g{i}").Order(StringComparer.Ordinal)));
    }

    [TestCase(1, 10)]
    [TestCase(3000, 20)]
    [TestCase(1000, 300)]
    public void Lists_of_texts_come_back_however_long(int count, int width)
    {
        using var folder = new TemporaryFolder();
        var texts = Enumerable.Range(0, count).Select(i => $"{i}".PadRight(width, 'x')).ToList();
        var root = new H5Tree();
        root.SetTexts("names", texts);
        root.SetText("name", "grün", utf8: true);
        H5Writer.Write(folder["x.h5"], root);
        using var file = H5File.Open(folder["x.h5"]);
        Assert.That(file.Root.Texts("names"), Is.EqualTo(texts));
        Assert.That(file.Root.Texts("name"), Is.EqualTo(new[] { "grün" }));
        Assert.That(file.Root.Attributes.ContainsKey("names"), Is.EqualTo(count * width <= 64512), "Longer lists are split as Keras splits them.");
    }

    [Test]
    public void Two_objects_at_one_place_are_refused()
    {
        var root = new H5Tree();
        var tensor = SafetensorsTensor.Of("x", new Shape(1), (ReadOnlyMemory<float>)new float[1]);
        root.Add("a/x", tensor);
        Assert.That(() => root.Add("a/x", tensor), Throws.ArgumentException);
        Assert.That(() => root.Group("a/x/y"), Throws.ArgumentException);
    }

    [Test]
    public void A_failure_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["x.h5"], "old");
        var root = new H5Tree();
        root.Add("x", new SafetensorsTensor("x", DType.Float32, new Shape(2), _ => throw new InvalidOperationException("no value")));
        Assert.That(() => H5Writer.Write(folder["x.h5"], root), Throws.InvalidOperationException);
        Assert.That(File.ReadAllText(folder["x.h5"]), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(folder["x.h5"])!), Has.Length.EqualTo(1));
    }
}
