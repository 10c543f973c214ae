namespace Keras.Tests;

sealed unsafe class MemoryArenaTests
{
    [Test]
    public void Tensors_lie_apart_and_aligned()
    {
        long[] lengths = [1, 64, 0, 65, 1_000];
        using var arena = new MemoryArena(lengths.Sum(MemoryArena.SizeOf));
        var parts = lengths.Select(length => arena.Take(length)).ToArray();
        for (var i = 0; i < parts.Length; i++) parts[i].AsSpan().Fill((byte)(i + 1));
        for (var i = 0; i < parts.Length; i++)
        {
            Assert.That(parts[i].Length, Is.EqualTo(lengths[i]));
            Assert.That((long)parts[i].Address % AlignedMemory.Alignment, Is.Zero);
            Assert.That(parts[i].AsSpan().ToArray(), Is.All.EqualTo(i + 1));
        }
    }

    [Test]
    public void A_tensor_outlives_the_arena()
    {
        var arena = new MemoryArena(128);
        using var part = arena.Take(100);
        arena.Dispose();
        part.AsSpan().Fill(7);
        Assert.That(part.AsSpan()[99], Is.EqualTo(7));
        Assert.That(() => arena.Take(1), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void More_than_there_is_is_refused()
    {
        using var arena = new MemoryArena(128);
        using var part = arena.Take(65);
        Assert.That(() => arena.Take(1), Throws.InvalidOperationException.With.Message.Contains("128 bytes"));
    }

    [Test]
    public void Many_threads_take_different_parts()
    {
        using var arena = new MemoryArena(64_000);
        var addresses = new System.Collections.Concurrent.ConcurrentBag<nint>();
        Parallel.For(0, 1_000, _ => addresses.Add((nint)arena.Take(64).Address));
        Assert.That(addresses.Distinct().Count(), Is.EqualTo(1_000));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase((4 << 20) - 1)]
    [TestCase(4 << 20)]
    [TestCase((6 << 20) + 5)]
    public void Blocks_of_every_size_can_be_written_to_their_ends(int length)
    {
        using var memory = new AlignedMemory(length);
        memory.AsSpan().Fill(3);
        Assert.That((long)memory.Address % AlignedMemory.Alignment, Is.Zero);
        Assert.That(memory.AsSpan().IndexOfAnyExcept((byte)3), Is.EqualTo(-1));
    }
}
