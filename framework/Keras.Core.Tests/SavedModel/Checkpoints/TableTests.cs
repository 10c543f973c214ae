using System.Text;
using Keras.Checkpoints;

namespace Keras.Tests.SavedModels;

sealed class TableTests
{
    [Test]
    public void ReturnsEveryEntryWhateverTheBlockSize([Values(1, 64, 1000, 1 << 18)] int blockSize, [Values(0, 1, 15, 16, 17, 700)] int count)
    {
        var random = new Random(count);
        var entries = Enumerable.Range(0, count)
            .Select(i => (Key: Encoding.UTF8.GetBytes($"model/layer_{i:D5}/kernel"), Value: Bytes(random, random.Next(60))))
            .ToList();

        var read = new TableReader(Write(entries, blockSize), "table").ReadAll();

        Assert.That(read.Select(e => Convert.ToHexString(e.Key)), Is.EqualTo(entries.Select(e => Convert.ToHexString(e.Key))));
        Assert.That(read.Select(e => Convert.ToHexString(e.Value.Span)), Is.EqualTo(entries.Select(e => Convert.ToHexString(e.Value))));
    }

    [Test]
    public void KeepsKeysThatArePrefixesOfEachOtherAndTheEmptyKey()
    {
        byte[][] keys = [[], [0], [0, 0], [1], [1, 255], [1, 255, 0], [255]];

        var read = new TableReader(Write([.. keys.Select(k => (k, k))], 1 << 18), "table").ReadAll();

        Assert.That(read.Select(e => e.Key), Is.EqualTo(keys));
    }

    [Test]
    public void RefusesKeysOutOfOrder()
    {
        var table = new TableWriter(Stream.Null);
        table.Add([2], []);

        Assert.Throws<ArgumentException>(() => table.Add([1], []));
        Assert.Throws<ArgumentException>(() => table.Add([2], []));
    }

    [Test]
    public void EveryFlippedBitIsFoundOrHarmless()
    {
        var entries = Enumerable.Range(0, 40).Select(i => (Encoding.UTF8.GetBytes($"variable/{i:D3}"), new byte[] { (byte)i, 1, 2 })).ToList();
        var table = Write(entries, 200);
        var footer = table.Length - TableWriter.FooterLength;
        var cursor = new ByteCursor(table.AsSpan(footer), "table", 0);
        var metaIndex = (int)cursor.Varint64();
        var unread = Enumerable.Range(metaIndex, (int)cursor.Varint64() + TableWriter.TrailerLength).ToHashSet();
        for (var bit = 0; bit < table.Length * 8; bit++)
        {
            var damaged = (byte[])table.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                var read = new TableReader(damaged, "table").ReadAll();
                Assert.That(bit / 8 >= footer || unread.Contains(bit / 8), $"bit {bit} of byte {bit / 8}");
                Assert.That(read.Select(e => e.Value.Span[0]), Is.EqualTo(Enumerable.Range(0, 40)), $"bit {bit}");
            }
            catch (FileFormatException error)
            {
                Assert.That(error.Where, Does.Contain("table"));
            }
        }
    }

    [Test]
    public void RefusesCompressedBlocksByName()
    {
        var table = Write([([1], [2])], 1 << 18);
        // The one data block starts at 0: 3 varints, key, value, restart point, count.
        const int length = 3 + 1 + 1 + 4 + 4;
        table[length] = 1;
        BitConverter.TryWriteBytes(table.AsSpan(length + 1), Crc32c.Mask(Crc32c.Extend(Crc32c.Compute(table.AsSpan(0, length)), [1])));

        var error = Assert.Throws<UnsupportedException>(() => new TableReader(table, "some.index").ReadAll())!;

        Assert.That(error.Message, Does.Contain("some.index").And.Contain("compression type 1"));
    }

    [Test]
    public void RefusesPrefixesThatExpandWithoutEnd()
    {
        // Entries of 4 bytes that share ever longer keys: half a megabyte would become gigabytes.
        var block = new List<byte>();
        void Varint(uint value)
        {
            for (; value >= 0x80; value >>= 7) block.Add((byte)(value | 0x80));
            block.Add((byte)value);
        }
        Varint(0);
        Varint(100_000);
        Varint(0);
        block.AddRange(new byte[100_000]);
        for (uint shared = 100_000; shared < 150_000; shared++)
        {
            Varint(shared);
            Varint(1);
            Varint(0);
            block.Add(0);
        }

        var error = Assert.Throws<FileFormatException>(() => new TableReader(TableOf(block), "table").ReadAll())!;

        Assert.That(error.Message, Does.Contain("expand"));
    }

    /// <summary>A table of one hand-made block, with right checksums.</summary>
    static byte[] TableOf(List<byte> entries)
    {
        using var stream = new MemoryStream();
        (int Offset, int Size) Block(List<byte> contents)
        {
            contents.AddRange([0, 0, 0, 0, 1, 0, 0, 0]);
            var (offset, bytes) = ((int)stream.Position, contents.ToArray());
            stream.Write(bytes);
            stream.WriteByte(0);
            stream.Write(BitConverter.GetBytes(Crc32c.Mask(Crc32c.Extend(Crc32c.Compute(bytes), [0]))));
            return (offset, bytes.Length);
        }
        static byte[] Handle((int Offset, int Size) handle)
        {
            var writer = new System.Buffers.ArrayBufferWriter<byte>();
            writer.WriteVarint((ulong)handle.Offset);
            writer.WriteVarint((ulong)handle.Size);
            return writer.WrittenSpan.ToArray();
        }
        var handle = Handle(Block(entries));
        var index = Block([0, 1, (byte)handle.Length, 255, .. handle]);
        byte[] footer = [0, 0, .. Handle(index)];
        stream.Write(footer);
        stream.Write(new byte[40 - footer.Length]);
        stream.Write(BitConverter.GetBytes(TableWriter.Magic));
        return stream.ToArray();
    }

    static byte[] Write(List<(byte[] Key, byte[] Value)> entries, int blockSize)
    {
        using var stream = new MemoryStream();
        var table = new TableWriter(stream, blockSize);
        foreach (var (key, value) in entries) table.Add(key, value);
        table.Finish();
        return stream.ToArray();
    }

    static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
