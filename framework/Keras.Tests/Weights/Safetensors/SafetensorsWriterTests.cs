using System.Runtime.InteropServices;
using System.Text;
using Keras.Tests;

namespace Keras.Saving.Tests;

sealed class SafetensorsWriterTests
{
    static readonly Dictionary<string, string> Pt = new() { ["format"] = "pt" };

    TemporaryFolder folder = null!;
    string path = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TemporaryFolder();
        path = folder["model.safetensors"];
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    static SafetensorsTensor Floats(string name, params float[] values) => SafetensorsTensor.Of<float>(name, values.Length, values);

    [Test]
    public void The_file_is_the_one_that_the_format_describes()
    {
        SafetensorsWriter.Write(path, [SafetensorsTensor.Of<byte>("u", (1, 2), new byte[] { 7, 8 }), Floats("b", 2), Floats("a", 1)], Pt);
        const string json = """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"u":{"dtype":"U8","shape":[1,2],"data_offsets":[8,10]}}""";
        var padded = json.PadRight((json.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((ulong)padded.Length), .. Encoding.UTF8.GetBytes(padded), .. MemoryMarshal.AsBytes<float>([1, 2]), 7, 8];
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(expected));
        Assert.That(folder.Entries(), Is.EqualTo(["model.safetensors"]));
    }

    [TestCaseSource(typeof(GoldenSafetensors), nameof(GoldenSafetensors.Files))]
    public void What_is_read_is_written_byte_for_byte_as_Hugging_Face_does(string golden)
    {
        var original = File.ReadAllBytes(golden);
        using var file = SafetensorsFile.Open(golden);
        Assume.That(file.Metadata, Has.Count.LessThan(2), "the order of their metadata is random in Hugging Face's files");
        var tensors = file.Entries.Values.Reverse().Select(entry => SafetensorsTensor.Of(entry.Name, entry.DType, entry.Shape, () => file.GetMemory(entry.Name)));
        var hasMetadata = original.AsSpan(8).StartsWith("{\"__metadata__\""u8);
        SafetensorsWriter.Write(path, tensors, hasMetadata ? file.Metadata : null);
        Assert.That(File.ReadAllBytes(path).AsSpan().SequenceEqual(original));
    }

    [Test]
    public void The_order_of_the_tensors_and_of_the_metadata_makes_no_difference()
    {
        SafetensorsTensor[] tensors = [Floats("x", 1, 2), Floats("y", 3), SafetensorsTensor.Of<long>("i", Shape.Scalar, new long[] { 5 })];
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        SafetensorsWriter.Write(first, tensors, new Dictionary<string, string> { ["b"] = "1", ["a"] = "2" });
        SafetensorsWriter.Write(second, tensors.Reverse(), new Dictionary<string, string> { ["a"] = "2", ["b"] = "1" });
        Assert.That(first.ToArray(), Is.EqualTo(second.ToArray()));
    }

    [Test]
    public void Memory_is_fetched_one_tensor_at_a_time_and_given_back()
    {
        var (held, most) = (0, 0);
        SafetensorsWriter.Write(path, Enumerable.Range(0, 10).Select(i => SafetensorsTensor.Of($"w{i}", DType.Int32, 3, () =>
        {
            most = Math.Max(most, ++held);
            return new Counted(() => held--);
        })));
        Assert.That((held, most), Is.EqualTo((0, 1)));
    }

    sealed unsafe class Counted(Action disposed) : HostMemory
    {
        readonly AlignedMemory _memory = AlignedMemory.CopyOf(new byte[12]);

        public override byte* Address => _memory.Address;

        public override long Length => _memory.Length;

        public override void Dispose()
        {
            _memory.Dispose();
            disposed();
        }
    }

    [TestCase(11)]
    [TestCase(13)]
    public void A_tensor_of_another_size_than_its_shape_leaves_the_old_file(int bytes)
    {
        SafetensorsWriter.Write(path, [Floats("old", 1)]);
        var old = File.ReadAllBytes(path);
        Assert.That(() => SafetensorsWriter.Write(path, [new("w", DType.Float32, 3, stream => stream.Write(new byte[bytes]))]),
            Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("'w'").And.Message.Contains("12 bytes").And.Message.Contains($"{bytes} bytes"));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(old));
        Assert.That(folder.Entries(), Is.EqualTo(["model.safetensors"]));
    }

    [Test]
    public void A_failure_half_way_leaves_the_old_file()
    {
        SafetensorsWriter.Write(path, [Floats("old", 1)]);
        var old = File.ReadAllBytes(path);
        Assert.That(() => SafetensorsWriter.Write(path, [Floats("a", new float[10_000]), new("b", DType.Float32, 3, _ => throw new IOException("full"))]),
            Throws.InstanceOf<IOException>().With.Message.EqualTo("full"));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(old));
    }

    [Test]
    public void A_file_can_be_saved_over_itself_while_it_is_mapped()
    {
        SafetensorsWriter.Write(path, [Floats("w", 1, 2, 3)]);
        using var file = SafetensorsFile.Open(path);
        using var memory = file.GetMemory("w");
        SafetensorsWriter.Write(path, [SafetensorsTensor.Of("w", DType.Float32, 3, memory), Floats("v", 4)], Pt);
        Assert.That(MemoryMarshal.Cast<byte, float>(memory.AsSpan()).ToArray(), Is.EqualTo(new float[] { 1, 2, 3 }));
        using var again = SafetensorsFile.Open(path);
        Assert.That(MemoryMarshal.Cast<byte, float>(again.GetBytes("w")).ToArray(), Is.EqualTo(new float[] { 1, 2, 3 }));
    }

    [Test]
    public void Names_that_cannot_be_written_are_refused()
    {
        Assert.That(() => SafetensorsWriter.Write(path, [Floats("a", 1), Floats("a", 2)]), Throws.ArgumentException.With.Message.Contains("'a'"));
        Assert.That(() => SafetensorsWriter.Write(path, [Floats("__metadata__", 1)]), Throws.ArgumentException.With.Message.Contains("reserved"));
        Assert.That(() => SafetensorsWriter.Write(path, [Floats("\ud800", 1)]), Throws.InstanceOf<ArgumentException>());
        Assert.That(folder.Entries(), Is.Empty);
    }

    [Test]
    public void Types_and_shapes_that_the_format_does_not_know_are_refused()
    {
        Assert.That(() => new SafetensorsTensor("s", DType.String, 1, _ => { }), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("'s'").And.Message.Contains("string"));
        Assert.That(() => new SafetensorsTensor("s", DType.Float32, [null, 3], _ => { }), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("(None, 3)"));
    }

    [Test]
    public void A_header_above_the_limit_of_the_format_is_refused()
    {
        var name = new string('n', 1_000_000);
        Assert.That(() => SafetensorsWriter.Write(path, Enumerable.Range(0, 101).Select(i => Floats(name + i, 1))), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("100000000"));
        Assert.That(folder.Entries(), Is.Empty);
    }
}
