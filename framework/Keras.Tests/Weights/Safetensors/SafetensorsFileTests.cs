using System.Runtime.InteropServices;
using Keras.Tests;

namespace Keras.Saving.Tests;

sealed unsafe class SafetensorsFileTests
{
    TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    string Save(byte[] bytes, string name = "model.safetensors")
    {
        File.WriteAllBytes(folder[name], bytes);
        return folder[name];
    }

    [Test]
    public void Lists_names_types_shapes_ranges_and_metadata()
    {
        const string json = """{"b":{"dtype":"I64","shape":[],"data_offsets":[6,14]},"__metadata__":{"format":"pt","n":"1"},"a":{"dtype":"BF16","shape":[3,1],"data_offsets":[0,6]},"none":{"dtype":"F32","shape":[0,7],"data_offsets":[14,14]}}""";
        using var file = SafetensorsFile.Open(Save(RawSafetensors.File(json, 14)));
        var data = 8 + json.Length;
        Assert.That(file.Metadata, Is.EquivalentTo(new Dictionary<string, string> { ["format"] = "pt", ["n"] = "1" }));
        Assert.That(file.Entries.Values.Select(e => (e.Name, e.DType, e.Shape.ToString(), e.Offset, e.Length)), Is.EquivalentTo(new[]
        {
            ("a", DType.BFloat16, "(3, 1)", (long)data, 6L), ("b", DType.Int64, "()", data + 6, 8), ("none", DType.Float32, "(0, 7)", data + 14, 0),
        }));
        Assert.That(file.GetBytes("a").ToArray(), Is.EqualTo(new byte[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(file.GetBytes("b").ToArray(), Is.EqualTo(new byte[] { 6, 7, 8, 9, 10, 11, 12, 13 }));
        Assert.That(file.GetBytes("none").Length, Is.Zero);
        Assert.That(file.Location, Is.EqualTo(folder["model.safetensors"]));
    }

    [TestCase("BOOL", "bool", 1)]
    [TestCase("U8", "uint8", 1)]
    [TestCase("I8", "int8", 1)]
    [TestCase("I16", "int16", 2)]
    [TestCase("U16", "uint16", 2)]
    [TestCase("F16", "float16", 2)]
    [TestCase("BF16", "bfloat16", 2)]
    [TestCase("I32", "int32", 4)]
    [TestCase("U32", "uint32", 4)]
    [TestCase("F32", "float32", 4)]
    [TestCase("C64", "complex64", 8)]
    [TestCase("F64", "float64", 8)]
    [TestCase("I64", "int64", 8)]
    [TestCase("U64", "uint64", 8)]
    public void Every_type_of_the_format_that_a_tensor_can_have_is_read(string name, string dtype, int size)
    {
        using var file = SafetensorsFile.Open(Save(RawSafetensors.File($$"""{"w":{{RawSafetensors.Tensor(name, "5", 0, 5 * size)}}}""", 5 * size)));
        Assert.That(file.Entries["w"].DType.Name, Is.EqualTo(dtype));
        Assert.That(file.GetBytes("w").Length, Is.EqualTo(5 * size));
    }

    [TestCase("F8_E4M3")]
    [TestCase("F8_E5M2")]
    [TestCase("F8_E8M0")]
    [TestCase("F4")]
    [TestCase("F6_E2M3")]
    public void Types_that_no_tensor_can_have_are_refused_by_name(string dtype)
    {
        var path = Save(RawSafetensors.File($$"""{"model.scale":{{RawSafetensors.Tensor(dtype, "8", 0, 8)}},"w":{{RawSafetensors.Tensor("F32", "1", 8, 12)}}}""", 12));
        Assert.That(() => SafetensorsFile.Open(path), Throws.InstanceOf<UnsupportedException>()
            .With.Message.Contains("model.scale").And.Message.Contains(dtype).And.Message.Contains(path).And.Message.Not.Contains("'w'"));
    }

    /// <summary>A header of any length: the data then begins at any address.</summary>
    [Test]
    public void Unaligned_data_is_read([Range(0, 8)] int spaces)
    {
        var path = Save(RawSafetensors.File(RawSafetensors.OneTensor + new string(' ', spaces), 24));
        using var file = SafetensorsFile.Open(path);
        using var memory = file.GetMemory("w");
        Assert.That((int)((long)memory.Address % 4), Is.EqualTo((8 + RawSafetensors.OneTensor.Length + spaces) % 4));
        var floats = MemoryMarshal.Cast<byte, float>(memory.AsSpan());
        Assert.That(floats[5], Is.EqualTo(BitConverter.ToSingle([20, 21, 22, 23])));
    }

    [Test]
    public void Memory_outlives_the_file_object_and_changes_to_it_spare_the_file()
    {
        var path = Save(RawSafetensors.File(RawSafetensors.OneTensor, 24));
        var before = File.ReadAllBytes(path);
        var file = SafetensorsFile.Open(path);
        using var memory = file.GetMemory("w");
        file.Dispose();
        Assert.That(memory.AsSpan()[23], Is.EqualTo(23));
        memory.AsSpan().Fill(9);
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
        Assert.That(() => file.GetMemory("w"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => file.GetBytes("w"), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_tensor_that_is_not_there_is_named()
    {
        using var file = SafetensorsFile.Open(Save(RawSafetensors.File(RawSafetensors.OneTensor, 24)));
        Assert.That(() => file.GetBytes("v"), Throws.InstanceOf<KeyNotFoundException>().With.Message.Contains("'v'"));
        Assert.That(() => file.GetMemory("v"), Throws.InstanceOf<KeyNotFoundException>().With.Message.Contains("model.safetensors"));
    }

    [Test]
    public void A_damaged_file_is_not_left_mapped()
    {
        var path = Save(RawSafetensors.File(RawSafetensors.OneTensor, 23));
        Assert.That(() => SafetensorsFile.Open(path), Throws.InstanceOf<FileFormatException>());
        if (OperatingSystem.IsLinux()) Assert.That(File.ReadLines("/proc/self/maps").Any(line => line.EndsWith(path, StringComparison.Ordinal)), Is.False);
    }

    /// <summary>The file is sparse: it takes no room on the disk.</summary>
    [Test, Platform("Linux")]
    public void Files_and_tensors_beyond_4_GB_are_read()
    {
        const long big = (1L << 32) + 4, total = big + 8;
        var json = $$"""{"big":{{RawSafetensors.Tensor("F32", $"{big / 4}", 0, big)}},"last":{{RawSafetensors.Tensor("F32", "2", big, total)}}}""";
        var path = Save(RawSafetensors.File(json, 0));
        using (var stream = new FileStream(path, FileMode.Open))
        {
            stream.SetLength(8 + json.Length + total);
            stream.Position = 8 + json.Length + big - 4;
            stream.Write(MemoryMarshal.AsBytes<float>([1.5f, 2.5f, 3.5f]));
        }
        using var file = SafetensorsFile.Open(path);
        Assert.That(MemoryMarshal.Cast<byte, float>(file.GetBytes("last")).ToArray(), Is.EqualTo(new[] { 2.5f, 3.5f }));
        using var memory = file.GetMemory("big");
        Assert.That(memory.Length, Is.EqualTo(big));
        Assert.That(((float*)memory.Address)[big / 4 - 1], Is.EqualTo(1.5f));
        Assert.That(() => file.GetBytes("big"), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("GetMemory"));
    }

    [Test]
    public void A_folder_is_opened_by_its_single_file_or_its_index()
    {
        Assert.That(() => SafetensorsSource.Open(folder.Path), Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("model.safetensors.index.json"));
        Save(RawSafetensors.File(RawSafetensors.OneTensor, 24), "part.safetensors");
        File.WriteAllText(folder["model.safetensors.index.json"], """{"weight_map":{"w":"part.safetensors"}}""");
        using (var source = SafetensorsSource.Open(folder.Path)) Assert.That(source, Is.InstanceOf<WeightIndex>());
        Save(RawSafetensors.File(RawSafetensors.OneTensor, 24));
        using (var source = SafetensorsSource.Open(folder.Path)) Assert.That(source, Is.InstanceOf<SafetensorsFile>());
        using (var source = SafetensorsSource.Open(folder["part.safetensors"])) Assert.That(source.Entries.Keys, Is.EqualTo(["w"]));
    }

    [TestCaseSource(typeof(GoldenSafetensors), nameof(GoldenSafetensors.Files))]
    public void Golden_files_are_read_whole(string path)
    {
        using var file = SafetensorsFile.Open(path);
        var end = file.Entries.Values.Select(e => e.Offset + e.Length).DefaultIfEmpty(new FileInfo(path).Length).Max();
        Assert.That(end, Is.EqualTo(new FileInfo(path).Length));
        Assert.That(file.Entries.Values.Select(e => e.Shape.ElementCount * e.DType.Size), Is.EqualTo(file.Entries.Values.Select(e => e.Length)));
    }
}
