using Keras.Tests;

namespace Keras.Files.Tests;

sealed unsafe class MappedFileTests
{
    TemporaryFolder folder = null!;
    string path = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TemporaryFolder();
        path = folder["mapped.bin"];
        File.WriteAllBytes(path, [.. Enumerable.Range(0, 10_000).Select(i => (byte)i)]);
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    bool IsMapped => File.ReadLines("/proc/self/maps").Any(line => line.EndsWith(path, StringComparison.Ordinal));

    [Test]
    public void A_view_shows_the_bytes_of_its_range()
    {
        using var file = new MappedFile(path);
        using var view = file.View(5_001, 300);
        Assert.That(view.Length, Is.EqualTo(300));
        Assert.That(view.AsSpan().ToArray(), Is.EqualTo(File.ReadAllBytes(path)[5_001..5_301]));
        Assert.That((nint)view.Address, Is.EqualTo((nint)file.Address + 5_001));
    }

    [Test]
    public void Changes_in_memory_spare_the_file()
    {
        var before = File.ReadAllBytes(path);
        using (var file = new MappedFile(path))
        {
            using var view = file.View(100, 50);
            view.AsSpan().Fill(0xEE);
            Assert.That(file.Address[149], Is.EqualTo(0xEE));
        }
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
    }

    [Test, Platform("Linux")]
    public void A_part_that_is_forgotten_leaves_memory_and_can_be_read_again()
    {
        var bytes = Enumerable.Range(0, 10 * Environment.SystemPageSize).Select(i => (byte)(i / 7)).ToArray();
        File.WriteAllBytes(path, bytes);
        using var file = new MappedFile(path);
        var all = new Span<byte>(file.Address, bytes.Length);
        Assert.That(all.SequenceEqual(bytes));
        all[100] = 77;
        var before = MappedMemory.ResidentOf(path);
        file.Forget(200, (9 * Environment.SystemPageSize) - 200);
        Assert.That(before - MappedMemory.ResidentOf(path), Is.EqualTo(8 * Environment.SystemPageSize), "the first page is not wholly in the part");
        Assert.That(all[100], Is.EqualTo(77));
        Assert.That(all[200..].SequenceEqual(bytes.AsSpan(200)));
        file.Forget(3, 50);
        Assert.That(all[100], Is.EqualTo(77));
    }

    [Test, Platform("Linux")]
    public void The_map_lives_until_the_file_and_every_view_are_disposed()
    {
        var file = new MappedFile(path);
        var views = new[] { file.View(0, 10), file.View(10, 10) };
        file.Dispose();
        file.Dispose();
        views[0].Dispose();
        views[0].Dispose();
        Assert.That(IsMapped, Is.True);
        Assert.That(views[1].AsSpan()[3], Is.EqualTo(13));
        views[1].Dispose();
        Assert.That(IsMapped, Is.False);
        Assert.That(() => file.View(0, 1), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Views_taken_and_given_back_by_many_threads_keep_count()
    {
        var file = new MappedFile(path);
        Parallel.For(0, 20_000, i =>
        {
            using var view = file.View(i % 10_000, 1);
            if (*view.Address != (byte)(i % 10_000)) throw new InvalidDataException();
        });
        file.Dispose();
        Assert.That(() => file.View(0, 1), Throws.InstanceOf<ObjectDisposedException>());
        if (OperatingSystem.IsLinux()) Assert.That(IsMapped, Is.False);
    }

    [Test, Platform("Linux")]
    public void What_is_lost_instead_of_disposed_is_unmapped_by_the_collector()
    {
        Lose();
        for (var i = 0; i < 10 && IsMapped; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.That(IsMapped, Is.False);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    void Lose() => new MappedFile(path).View(1, 1);

    [Test]
    public void The_file_can_be_replaced_while_it_is_mapped()
    {
        using var file = new MappedFile(path);
        AtomicFile.WriteAllText(path, "new");
        Assert.That(file.Address[9_999], Is.EqualTo(9_999 % 256));
        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
    }

    [TestCase(0, 10_001)]
    [TestCase(10_001, 0)]
    [TestCase(-1, 5)]
    [TestCase(1, long.MaxValue)]
    public void Ranges_outside_the_file_are_refused(long offset, long length)
    {
        using var file = new MappedFile(path);
        Assert.That(() => file.View(offset, length), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void An_empty_file_has_an_empty_view()
    {
        File.WriteAllBytes(path, []);
        using var file = new MappedFile(path);
        using var view = file.View(0, 0);
        Assert.That(view.Length, Is.Zero);
    }

    [Test]
    public void A_missing_file_is_named()
    {
        Assert.That(() => new MappedFile(folder["none"]), Throws.InstanceOf<FileNotFoundException>().With.Message.Contains(folder["none"]));
    }
}
