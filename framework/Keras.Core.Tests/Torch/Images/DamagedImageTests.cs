using System.Buffers.Binary;
using Keras.Images;

namespace Keras.Tests.Torch.Images;

/// <summary>Damaged and hostile image files end in a typed error or an image, never in anything else, and never allocate what the file could not hold.</summary>
sealed class DamagedImageTests
{
    const int Mutations = 400;

    static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "images");

    static IEnumerable<string> Files => Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    static Raster Read(byte[] bytes, string file) => Path.GetExtension(file) switch
    {
        ".png" => PngReader.Read(bytes, 0),
        ".jpg" => JpegReader.Read(bytes, 0),
        ".gif" => GifReader.Read(bytes, allFrames: true),
        _ => BmpReader.Read(bytes, 0),
    };

    static bool IsRead(byte[] bytes, string file)
    {
        try
        {
            Read(bytes, file);
            return true;
        }
        catch (Exception e) when (e is FileFormatException or UnsupportedException)
        {
            return false;
        }
    }

    [TestCaseSource(nameof(Files)), Category("Golden")]
    public void EveryTruncationIsFound(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, file));
        // Up to three bytes after a BMP's last row are padding without a pixel; TensorFlow does without them too.
        var padding = file.EndsWith(".bmp", StringComparison.Ordinal) ? 3 : 0;
        for (var length = 0; length < bytes.Length - padding; length++) Assert.That(IsRead(bytes[..length], file), Is.False, $"{length} bytes of {bytes.Length}");
    }

    [TestCaseSource(nameof(Files)), Category("Golden")]
    public void MutatedFilesAreReadOrRefused(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, file));
        var random = new Random(file.Length);
        for (var i = 0; i < Mutations; i++)
        {
            var damaged = (byte[])bytes.Clone();
            for (var n = random.Next(1, 6); n > 0; n--) damaged[random.Next(random.Next(2) == 0 ? Math.Min(64, damaged.Length) : damaged.Length)] = (byte)random.Next(256);
            if (file.EndsWith(".png", StringComparison.Ordinal)) Sign(damaged);
            var before = GC.GetAllocatedBytesForCurrentThread();
            IsRead(damaged, file);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(64 << 20), $"mutation {i}");
        }
    }

    /// <summary>Makes the checksums of a PNG's chunks right again, so that what is behind them is reached.</summary>
    static void Sign(byte[] png)
    {
        for (long at = 8; at + 12 <= png.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan((int)at));
            if (at + 12 + length > png.Length) return;
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan((int)(at + 8 + length)), PngChecksum.Of(png.AsSpan((int)at + 4, (int)length + 4)));
            at += 12 + length;
        }
    }

    [Test]
    public void ASizeThatTheDataCannotFillIsRefusedBeforeItIsAllocated([Values("type2-8.png", "420.jpg", "progressive.jpg", "still.gif", "rgb.bmp")] string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, file));
        switch (Path.GetExtension(file))
        {
            case ".png":
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), 12_000);
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), 12_000);
                Sign(bytes);
                break;
            case ".jpg":
                var header = Math.Max(bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]), bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]));
                bytes.AsSpan(header + 5, 4).Fill(0x2F);
                break;
            case ".gif":
                var frame = bytes.AsSpan(13 + 48).IndexOf((byte)0x2C) + 13 + 48;
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(frame + 5), 12_000 + (12_000 << 16));
                break;
            default:
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), 12_000);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), 12_000);
                break;
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Read(bytes, file), Throws.TypeOf<FileFormatException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void SizesBeyondEveryImageAreRefused()
    {
        Assert.That(() => new Raster("PNG", 1, int.MaxValue, int.MaxValue, 4), Throws.TypeOf<FileFormatException>());
        Assert.That(() => new Raster("GIF", 100_000, 4_000, 4_000, 3), Throws.TypeOf<FileFormatException>());
        Assert.That(() => new Raster("BMP", 1, 0, 5, 3), Throws.TypeOf<FileFormatException>());
    }
}
