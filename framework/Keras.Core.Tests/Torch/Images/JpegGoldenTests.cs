using Keras.Images;

namespace Keras.Tests.Torch.Images;

/// <summary>Every sample of a JPEG file is TensorFlow's, whatever the file is made of.</summary>
sealed class JpegGoldenTests : TorchFixture
{
    static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "images");

    static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*.jpg").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    static byte[] Load(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    /// <summary>A file of random size, sizes of components, colours, scans, restarts and tables.</summary>
    static byte[] MadeUp(int seed)
    {
        var random = new Random(seed);
        var (count, largest, hasScans, names) = (random.Next(6) switch { 0 => 1, 1 => 4, _ => 3 }, random.Next(3) == 0 ? 4 : 2, random.Next(3) == 0, random.Next(4));
        var components = Enumerable.Range(0, count).Select(i => new WrittenComponent(
            (byte)(names == 0 ? "RGBK"[i] : names == 1 ? 1 : i + 1),
            random.Next(1, largest + 1), random.Next(1, largest + 1), hasScans ? random.Next(2) * i : 0)).ToArray();
        // Most pictures have small colours beside a large brightness: 4:2:0, 4:2:2, 4:4:0, 4:1:1 and what else the factors allow.
        if (names > 1 && count == 3) components = [.. components.Select((c, i) => i == 0 ? c : c with { Across = 1, Down = 1 })];
        return new JpegWriter(random)
        {
            Height = random.Next(1, 70),
            Width = random.Next(1, 70),
            Components = components,
            RestartInterval = random.Next(3) == 0 ? random.Next(1, 6) : 0,
            HasJfif = random.Next(3) == 0,
            AdobeTransform = random.Next(2) == 0 ? random.Next(3) : null,
            HasWideSteps = random.Next(4) == 0,
            LargestStep = random.Next(5) == 0 ? byte.MaxValue : random.Next(1, 60),
            MostCoefficients = random.Next(64),
        }.Write();
    }

    [Test]
    public void MadeUpFilesAreWhatTensorFlowReads([Range(0, 9)] int part)
    {
        var read = 0;
        for (var seed = part * 20; seed < (part + 1) * 20; seed++)
            foreach (var channels in (int[])[1, 3])
                if (IsSame(MadeUp(seed), channels, $"seed {seed}, {channels} channels")) read++;
        Assert.That(read, Is.GreaterThan(10), "files that are read");
    }

    /// <summary>Compares the engines; returns whether both read the file.</summary>
    static bool IsSame(byte[] bytes, int channels, string what)
    {
        var (actual, expected) = (ImageFileGoldenTests.Read(Runtime, bytes, channels), ImageFileGoldenTests.Read(TestEngines.Require("tensorflow"), bytes, channels));
        Assert.That(actual is null, Is.EqualTo(expected is null), $"refused: {what}");
        if (actual is null || expected is null) return false;
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), what);
        Assert.That(actual.Data.AsSpan().SequenceEqual(expected.Data), what);
        return true;
    }

    /// <summary>TensorFlow reads more: files without the mark of their end, progressive files that lack scans, and sizes that the data cannot fill.</summary>
    [TestCaseSource(nameof(Files)), Category("Golden")]
    public void DamagedFilesThatAreReadAreWhatTensorFlowReads(string file)
    {
        var (bytes, random) = (Load(file), new Random(file.Length));
        for (var i = 0; i < 40; i++)
        {
            var damaged = (byte[])bytes.Clone();
            for (var n = random.Next(1, 6); n > 0; n--) damaged[random.Next(3, damaged.Length)] = (byte)random.Next(256);
            var actual = ImageFileGoldenTests.Read(Runtime, damaged, 0);
            if (actual is null) continue;
            var expected = ImageFileGoldenTests.Read(TestEngines.Require("tensorflow"), damaged, 0);
            Assert.That(expected, Is.Not.Null, $"mutation {i}");
            Assert.That(actual.Shape, Is.EqualTo(expected!.Shape), $"mutation {i}");
            Assert.That(actual.Data.AsSpan().SequenceEqual(expected.Data), $"mutation {i}");
        }
    }

    [Test]
    public void TablesThatAFileLeavesOutAreTheStandardOnes()
    {
        var whole = Load("420.jpg");
        var bytes = whole;
        for (int at; (at = Find(bytes, 0xC4)) >= 0;) bytes = [.. bytes[..at], .. bytes[(at + 2 + (bytes[at + 2] << 8) + bytes[at + 3])..]];
        Assert.That(bytes, Has.Length.LessThan(whole.Length));
        Assert.That(JpegReader.Read(bytes, 0).Bytes, Is.EqualTo(JpegReader.Read(whole, 0).Bytes));
        Assert.That(IsSame(bytes, 0, "without tables"));
    }

    [TestCase(0xC3, Description = "lossless")]
    [TestCase(0xC9, Description = "arithmetic")]
    public void KindsThatAreHardlyUsedAreRefused(int kind)
    {
        var bytes = Load("420.jpg");
        bytes[Find(bytes, 0xC0) + 1] = (byte)kind;
        Assert.That(() => JpegReader.Read(bytes, 0), Throws.TypeOf<UnsupportedException>());
    }

    [Test]
    public void TwelveBitsAreRefused()
    {
        var bytes = Load("420.jpg");
        bytes[Find(bytes, 0xC0) + 4] = 12;
        Assert.That(() => JpegReader.Read(bytes, 0), Throws.TypeOf<UnsupportedException>());
    }

    [Test]
    public void AHeightThatIsToComeLaterIsRefused()
    {
        var bytes = Load("420.jpg");
        bytes.AsSpan(Find(bytes, 0xC0) + 5, 2).Clear();
        Assert.That(() => JpegReader.Read(bytes, 0), Throws.TypeOf<FileFormatException>());
        Assert.That(IsSame(bytes, 0, "without a height"), Is.False);
    }

    [Test]
    public void InksAreNotReadAsGrey() => Assert.That(() => JpegReader.Read(Load("cmyk.jpg"), 1), Throws.TypeOf<UnsupportedException>());

    [Test]
    public void AProgressiveFileThatLacksScansIsRefused()
    {
        var bytes = Load("progressive.jpg");
        for (var scans = 1; scans < 9; scans++)
        {
            byte[] cut = [.. bytes[..Find(bytes, 0xDA, scans)], 0xFF, 0xD9];
            Assert.That(() => JpegReader.Read(cut, 0), Throws.TypeOf<UnsupportedException>(), $"{scans} scans");
        }
    }

    [Test, CancelAfter(20_000)]
    public void ScansWithoutEndAreRefused()
    {
        const int side = 2672, comment = 16_000;
        byte[] head = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
            0xFF, 0xC2, 0, 11, 8, side >> 8, side & 0xFF, side >> 8, side & 0xFF, 1, 1, 0x11, 0,
            0xFF, 0xC4, 0, 20, 0, 1, .. new byte[15], 0];
        byte[] scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0];
        byte[] bytes = [.. head, .. Enumerable.Repeat(scan, 1000).SelectMany(s => s), 0xFF, 0xFE, comment >> 8, comment & 0xFF, .. new byte[comment - 2], 0xFF, 0xD9];
        Assert.That(() => JpegReader.Read(bytes, 0), Throws.TypeOf<UnsupportedException>().With.Message.Contains("scans"));
    }

    /// <summary>Where a segment begins.</summary>
    static int Find(byte[] bytes, int marker, int skipped = 0)
    {
        for (var at = 2; at + 4 <= bytes.Length;)
        {
            if (bytes[at] == 0xFF && bytes[at + 1] == marker && skipped-- == 0) return at;
            at += 2 + (bytes[at + 2] << 8) + bytes[at + 3];
            while (at + 1 < bytes.Length && (bytes[at] != 0xFF || bytes[at + 1] is 0 or (>= 0xD0 and <= 0xD7))) at++; // the bits of a scan
        }
        return -1;
    }
}
