using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Parquet files: what is written is read again, and what is broken is refused.</summary>
public sealed class ParquetTests
{
    static Dataset Data() => Dataset.from_dict(new Dictionary<string, object>
    {
        ["id"] = Enumerable.Range(0, 250).ToArray(),
        ["text"] = Enumerable.Range(0, 250).Select(i => i % 7 == 0 ? null : $"é {i}").ToArray(),
        ["small"] = Enumerable.Range(0, 250).Select(i => (sbyte)(i % 100)).ToArray(),
        ["half"] = Enumerable.Range(0, 250).Select(i => (Half)i).ToArray(),
        ["flag"] = Enumerable.Range(0, 250).Select(i => i % 3 == 0).ToArray(),
        ["when"] = Enumerable.Range(0, 250).Select(i => new DateTime(2020, 1, 1).AddMinutes(i)).ToArray(),
        ["lists"] = Enumerable.Range(0, 250).Select(i => i % 5 == 0 ? null : Enumerable.Range(0, i % 4).Select(n => n == 1 ? null : new[] { $"{n}", null }).ToArray()).Cast<object?>().ToArray(),
        ["record"] = Enumerable.Range(0, 250).Select(i => i % 6 == 0 ? null : new Dictionary<string, object?> { ["a"] = i, ["b"] = new[] { 1.5, i } }).Cast<object?>().ToArray(),
    }).cast_column("small", new ClassLabel(100)).map(row => new() { ["pair"] = new[] { (int)row["id"], 1 } }).cast_column("pair", new Sequence("int32", 2));

    [Test]
    public void What_is_written_is_read()
    {
        using var folder = new TemporaryFolder();
        var ds = Data();
        ds.to_parquet(folder["a.parquet"], batch_size: 100);
        ds.take(0).to_parquet(folder["empty.parquet"]);

        var read = load_dataset("parquet", split: "train", data_files: folder["a.parquet"], cache_dir: folder["cache"]);
        Assert.That(read.features, Is.EqualTo(ds.features));
        Assert.That(read.Select(r => r.ToString()), Is.EqualTo(ds.Select(r => r.ToString())));
        Assert.That(load_dataset("parquet", split: "train", data_files: folder["empty.parquet"], cache_dir: folder["cache"]).features, Is.EqualTo(ds.features));
        Assert.That(load_dataset("parquet", split: "train", streaming: true, data_files: folder["a.parquet"]).take(120).Count(), Is.EqualTo(120));
    }

    [Test]
    public void Times_that_NET_does_not_have_are_named_by_file_and_row()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Path.Combine(GoldenFolder.Own, "formats", "v2_none.parquet"));
        var at = bytes.AsSpan().IndexOf(BitConverter.GetBytes((new DateTime(2020, 1, 1) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));
        BitConverter.TryWriteBytes(bytes.AsSpan(at), long.MaxValue / 2);
        File.WriteAllBytes(folder["times.parquet"], bytes);

        var broken = load_dataset("parquet", split: "train", data_files: folder["times.parquet"], keep_in_memory: true);
        Assert.That(() => broken[0]["when"].ToObject(), Throws.InstanceOf<FileFormatException>().With.Message.Contains("times.parquet, row 0").And.Message.Contains("when"));
    }

    [TestCase("v2_none.parquet", "text", 1)]
    [TestCase("v2_none.parquet", "text", -1)]
    [TestCase("categories.parquet", "colour", 3)]
    public void Texts_that_are_no_UTF8_are_named_by_file_and_row(string file, string column, int row)
    {
        using var folder = new TemporaryFolder();
        var golden = Path.Combine(GoldenFolder.Own, "formats", file);
        string?[] texts = [.. load_dataset("parquet", split: "train", data_files: golden, keep_in_memory: true).Select(r => (string?)r[column])];
        if (row < 0) row = Array.FindLastIndex(texts, t => t?.Length > 0);
        var bytes = File.ReadAllBytes(golden);
        // In its page, which stands before what the file says of the column.
        var at = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(texts[row]!));
        bytes[at] = 0xFF;
        File.WriteAllBytes(folder["bad.parquet"], bytes);

        Assert.That(() => load_dataset("parquet", split: "train", data_files: folder["bad.parquet"], keep_in_memory: true), Throws.InstanceOf<FileFormatException>().With.Message.Contains($"bad.parquet, row {row}, column \"{column}\""));
    }

    [TestCase(4)]
    [TestCase(6)]
    public void Pages_of_one_value_unpack_however_dense_they_are(int codec)
    {
        var page = new byte[5 << 20];
        var packed = new byte[1 << 20];
        int length;
        if (codec == 6) length = new ZstdSharp.Compressor().Wrap(page, packed);
        else Assert.That(System.IO.Compression.BrotliEncoder.TryCompress(page, packed, out length), Is.True);
        Assert.That(page.Length, Is.GreaterThan((1 << 20) + (4096 * length)), "what other codecs cannot do");

        Assert.That(ParquetCodecs.Unpacked(packed.AsMemory(0, length), codec, page.Length, "here").Span.SequenceEqual(page), Is.True);
        foreach (var wrong in (int[])[page.Length - 1, page.Length + 1, int.MaxValue])
            Assert.That(() => ParquetCodecs.Unpacked(packed.AsMemory(0, length), codec, wrong, "here"), Throws.InstanceOf<InvalidDataException>());
        foreach (var part in (int[])[0, 1, length / 2, length - 1])
            Assert.That(() => ParquetCodecs.Unpacked(packed.AsMemory(0, part), codec, page.Length, "here"), Throws.InstanceOf<InvalidDataException>().Or.InstanceOf<ZstdSharp.ZstdException>());
    }

    [Test]
    public void Cut_and_foreign_files_are_refused()
    {
        using var folder = new TemporaryFolder();
        Data().to_parquet(folder["a.parquet"]);
        var whole = File.ReadAllBytes(folder["a.parquet"]);
        for (var length = 0; length < whole.Length; length += 211)
        {
            File.WriteAllBytes(folder["cut.parquet"], whole[..length]);
            Assert.That(Assert.Throws<FileFormatException>(() => load_dataset("parquet", split: "train", data_files: folder["cut.parquet"], keep_in_memory: true))!.Message, Does.Contain("cut.parquet"));
        }
    }
}
