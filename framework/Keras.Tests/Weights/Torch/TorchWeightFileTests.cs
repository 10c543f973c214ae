using Keras.Tests;

namespace Keras.Saving.Tests;

/// <summary>Files of torch.save (Golden/torch/make.py says how they came about): tensors are read, everything else is refused and nothing is run.</summary>
sealed class TorchWeightFileTests
{
    static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "torch", name);

    [Test]
    public void Every_tensor_is_read([Values("state.bin", "old.bin")] string file)
    {
        using var source = WeightSource.OpenFile(Golden(file));
        Assert.That(source.Naming, Is.EqualTo(WeightNaming.PyTorch));
        Assert.That(source.Entries.Keys, Is.EqualTo(new[] { "plain", "parameter", "transposed", "slice", "row", "half", "brain", "long", "flags", "scalar", "empty" }));
        float[] x = [.. Enumerable.Range(0, 12).Select(i => i / 4f)];
        Expect(source, "plain", new(3, 4), x);
        Expect(source, "parameter", new(3, 4), [.. x.Select(v => v + 1)]);
        Expect(source, "transposed", new(4, 3), [.. Enumerable.Range(0, 12).Select(i => x[(i % 3 * 4) + (i / 3)])]);
        Expect(source, "slice", new(2, 3), [5f, 7, 9, 11, 13, 15]);
        Expect(source, "row", new(4), [4f, 5, 6, 7]);
        Expect(source, "half", new(3, 4), [.. x.Select(v => (Half)v)]);
        Expect(source, "brain", new(3, 4), [.. x.Select(v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16))]);
        Expect(source, "long", new(3), [1L, -2, 3]);
        Expect(source, "flags", new(3), [true, false, true]);
        Expect(source, "scalar", Shape.Scalar, [2.5f]);
        Expect(source, "empty", new(0, 4), Array.Empty<float>());
        Assert.That(source.Entries["brain"].DType, Is.EqualTo(DType.BFloat16));
    }

    [TestCase("system.bin", "system")]
    [TestCase("old-system.bin", "system")]
    [TestCase("eval.bin", "eval")]
    public void A_pickle_that_would_run_something_is_refused_by_name_and_not_run(string file, string named)
    {
        Assert.That(() => WeightSource.OpenFile(Golden(file)), Throws.InstanceOf<UnsupportedException>().With.Message.Contains(named).And.Message.Contains(file).And.Message.Contains("was not run"));
        Assert.That(File.Exists("harm.txt"), Is.False);
    }

    [TestCase("number.bin", "'epoch'")]
    [TestCase("list.bin", "state_dict")]
    [TestCase("outside.bin", "(3, 2)")]
    [TestCase("expanded.bin", "1099511627776")]
    public void What_is_no_tensor_or_reaches_out_of_its_storage_is_refused(string file, string named) =>
        Assert.That(() => WeightSource.OpenFile(Golden(file)), Throws.InstanceOf<FileFormatException>().With.Message.Contains(named).And.Message.Contains(file));

    [Test]
    public void A_compressed_archive_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        using (var archive = new System.IO.Compression.ZipArchive(File.Create(folder["x.bin"]), System.IO.Compression.ZipArchiveMode.Create))
        using (var stream = archive.CreateEntry("x/data.pkl").Open()) stream.Write(new byte[1000]);
        Assert.That(() => WeightSource.OpenFile(folder["x.bin"]), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("compressed"));
    }

    [Test]
    public void Shards_are_opened_by_their_index()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Golden("state.bin"), folder["state.bin"]);
        File.Copy(Golden("old.bin"), folder["old.bin"]);
        File.WriteAllText(folder["pytorch_model.bin.index.json"], """{"metadata": {}, "weight_map": {"plain": "state.bin", "long": "old.bin"}}""");
        using var source = WeightSource.OpenFile(folder["pytorch_model.bin.index.json"]);
        Expect(source, "long", new(3), [1L, -2, 3]);
        Assert.That(source.Entries.Keys, Is.EquivalentTo(new[] { "plain", "long" }));
    }

    [TestCase("\"plain\": \"away.bin\"", "away.bin")]
    [TestCase("\"plain\": \"../state.bin\"", "../state.bin")]
    [TestCase("\"plain\": \"state.bin\", \"nothing\": \"state.bin\"", "nothing")]
    [TestCase("\"plain\": \"half.bin\"", "half.bin")]
    [TestCase("\"plain\": \"noise.bin\"", "noise.bin")]
    [TestCase("\"plain\": \"run.bin\"", "run.bin")]
    public void Shards_that_are_no_shards_are_refused_by_name(string map, string named)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["model"]);
        File.Copy(Golden("state.bin"), folder["state.bin"]);
        File.Copy(Golden("state.bin"), folder["model/state.bin"]);
        File.Copy(Golden("system.bin"), folder["model/run.bin"]);
        var whole = File.ReadAllBytes(Golden("state.bin"));
        File.WriteAllBytes(folder["model/half.bin"], whole[..(whole.Length / 2)]);
        File.WriteAllBytes(folder["model/noise.bin"], [.. Enumerable.Range(0, 500).Select(i => (byte)(i * 37))]);
        File.WriteAllText(folder["model/pytorch_model.bin.index.json"], "{\"weight_map\": {" + map + "}}");
        var error = Assert.Catch(() => WeightSource.OpenFile(folder["model/pytorch_model.bin.index.json"]));
        Assert.That(error, Is.InstanceOf<FileFormatException>().Or.InstanceOf<UnsupportedException>());
        Assert.That(error!.Message, Does.Contain(named));
    }

    static void Expect<T>(WeightSource source, string name, Shape shape, T[] values) where T : unmanaged
    {
        Assert.That(source.Entries[name].Shape, Is.EqualTo(shape), name);
        using var memory = source.GetMemory(name);
        Assert.That(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(memory.AsSpan()).ToArray(), Is.EqualTo(values), name);
    }
}
