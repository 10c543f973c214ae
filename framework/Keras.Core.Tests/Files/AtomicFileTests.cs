using System.Runtime.Versioning;
using Keras.Tests;

namespace Keras.Files.Tests;

sealed class AtomicFileTests
{
    TemporaryFolder folder = null!;
    string target = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TemporaryFolder();
        target = folder["model.bin"];
        File.WriteAllText(target, "old");
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Replaces_the_file_and_leaves_nothing_else()
    {
        AtomicFile.WriteAllText(target, "né");
        Assert.That(File.ReadAllBytes(target), Is.EqualTo("né"u8.ToArray()));
        Assert.That(folder.Entries(), Is.EqualTo(["model.bin"]));
    }

    [Test]
    public void Makes_missing_folders()
    {
        AtomicFile.WriteAllBytes(folder["a/b/new.bin"], new byte[] { 1, 2 });
        Assert.That(File.ReadAllBytes(folder["a/b/new.bin"]), Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void The_content_may_be_written_out_of_order_and_the_stream_closed()
    {
        AtomicFile.Write(target, stream =>
        {
            stream.Write("....tail"u8);
            stream.Position = 0;
            using var writer = new StreamWriter(stream);
            writer.Write("head");
        });
        Assert.That(File.ReadAllText(target), Is.EqualTo("headtail"));
    }

    [Test]
    public void An_exception_in_the_middle_leaves_the_old_file_and_no_temporary()
    {
        Assert.That(() => AtomicFile.Write(target, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException("half-way");
        }), Throws.InvalidOperationException.With.Message.EqualTo("half-way"));
        Assert.That(File.ReadAllText(target), Is.EqualTo("old"));
        Assert.That(folder.Entries(), Is.EqualTo(["model.bin"]));
    }

    [Test, Platform("Linux")]
    public void A_full_disk_leaves_the_old_file_and_no_temporary()
    {
        Assert.That(() => AtomicFile.Write(target, stream =>
        {
            stream.Write("new"u8);
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write("more"u8);
        }), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(target), Is.EqualTo("old"));
        Assert.That(folder.Entries(), Is.EqualTo(["model.bin"]));
    }

    [Test]
    public void Space_that_the_disk_does_not_have_is_refused_before_anything_is_written()
    {
        var written = false;
        Assert.That(() => AtomicFile.Write(target, _ => written = true, expectedLength: 1L << 44), Throws.InstanceOf<IOException>());
        Assert.That(written, Is.False);
        Assert.That(File.ReadAllText(target), Is.EqualTo("old"));
        Assert.That(folder.Entries(), Is.EqualTo(["model.bin"]));
    }

    [Test]
    public void Reserved_space_that_is_not_used_does_not_lengthen_the_file()
    {
        AtomicFile.Write(target, stream => stream.Write("new"u8), expectedLength: 1 << 20);
        Assert.That(File.ReadAllText(target), Is.EqualTo("new"));
    }

    [Test]
    public void A_folder_in_the_way_is_an_error()
    {
        Directory.CreateDirectory(folder["taken"]);
        Assert.That(() => AtomicFile.WriteAllText(folder["taken"], "new"), Throws.InstanceOf<IOException>().With.Message.Contains(folder["taken"]));
        Assert.That(folder.Entries(), Is.EqualTo(["model.bin", "taken"]));
    }

    [Test, Platform("Unix"), UnsupportedOSPlatform("windows")]
    public void Keeps_the_permissions_of_the_old_file()
    {
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(target, mode);
        AtomicFile.WriteAllText(target, "new");
        Assert.That(File.GetUnixFileMode(target), Is.EqualTo(mode));
    }

    [Test, Platform("Unix"), UnsupportedOSPlatform("windows")]
    public void A_link_is_replaced_and_what_it_points_to_is_left_alone()
    {
        File.CreateSymbolicLink(folder["link"], target);
        AtomicFile.WriteAllText(folder["link"], "new");
        Assert.That(File.ReadAllText(target), Is.EqualTo("old"));
        Assert.That(File.ReadAllText(folder["link"]), Is.EqualTo("new"));
    }

    [Test]
    public void A_process_killed_while_saving_leaves_the_old_file_and_its_temporary_is_removed_by_the_next_save()
    {
        using var child = ChildProcess.Start(SaveHalf, target);
        Assert.That(child.ReadLine(), Is.EqualTo("half"));
        child.Kill();

        Assert.That(File.ReadAllText(target), Is.EqualTo("old"));
        Assert.That(folder.Entries(), Has.Length.EqualTo(2));
        AtomicFile.WriteAllText(target, "new");
        Assert.That(File.ReadAllText(target), Is.EqualTo("new"));
        Assert.That(folder.Entries(), Is.EqualTo(["model.bin"]));
    }

    [Test]
    public void Another_process_that_is_still_saving_is_not_disturbed()
    {
        using var child = ChildProcess.Start(SaveHalf, target);
        Assert.That(child.ReadLine(), Is.EqualTo("half"));
        AtomicFile.WriteAllText(target, "new");
        Assert.That(child.Finish(), Is.Zero);
        Assert.That(File.ReadAllText(target), Is.EqualTo("half and half"));
        Assert.That(folder.Entries(), Is.EqualTo(["model.bin"]));
    }

    static void SaveHalf(string path) => AtomicFile.Write(path, stream =>
    {
        stream.Write("half and "u8);
        stream.Flush();
        Console.WriteLine("half");
        Console.ReadLine();
        stream.Write("half"u8);
    });

    [Test]
    public void A_process_killed_at_any_moment_leaves_a_whole_file()
    {
        var random = new Random(7);
        for (var round = 0; round < 6; round++)
        {
            using var child = ChildProcess.Start(SaveForEver, target);
            Assert.That(child.ReadLine(), Is.EqualTo("saving"));
            Thread.Sleep(random.Next(1, 60));
            child.Kill();
            var bytes = File.ReadAllBytes(target);
            Assert.That(bytes, Has.Length.EqualTo(Version(0).Length));
            Assert.That(bytes, Is.EqualTo(Version(bytes[0])));
        }
        AtomicFile.WriteAllText(target, "new");
        Assert.That(folder.Entries(), Is.EqualTo(["model.bin"]));
    }

    static void SaveForEver(string path)
    {
        AtomicFile.WriteAllBytes(path, Version(0));
        Console.WriteLine("saving");
        for (byte version = 1; ; version++) AtomicFile.WriteAllBytes(path, Version(version));
    }

    static byte[] Version(byte version)
    {
        var bytes = new byte[300_000];
        Array.Fill(bytes, version);
        return bytes;
    }

    [Test]
    public void A_save_inside_a_save_of_the_same_file_takes_neither_for_a_leftover()
    {
        AtomicFile.Write(target, outer =>
        {
            AtomicFile.WriteAllText(target, "inner");
            Assert.That(File.ReadAllText(target), Is.EqualTo("inner"));
            outer.Write("outer"u8);
        });
        Assert.That(File.ReadAllText(target), Is.EqualTo("outer"));
        Assert.That(folder.Entries(), Is.EqualTo(["model.bin"]));
    }

    [Test]
    public void Many_threads_saving_one_file_leave_one_whole_version()
    {
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => AtomicFile.WriteAllBytes(target, Version((byte)i)));
        var bytes = File.ReadAllBytes(target);
        Assert.That(bytes, Is.EqualTo(Version(bytes[0])));
        Assert.That(folder.Entries(), Is.EqualTo(["model.bin"]));
    }

    [TestCase(".model.bin.tmp")]
    [TestCase(".model.bin.backup.tmp")]
    [TestCase(".model.bin.99999999.0123456789abcdef.tmp.txt")]
    [TestCase("model.bin.99999999.0123456789abcdef.tmp")]
    [TestCase(".model.binary.99999999.0123456789abcdef.tmp")]
    public void Files_that_only_look_like_temporaries_stay(string name)
    {
        File.WriteAllText(folder[name], "mine");
        AtomicFile.WriteAllText(target, "new");
        Assert.That(File.ReadAllText(folder[name]), Is.EqualTo("mine"));
    }

    [TestCase(150)]
    [TestCase(250)]
    public void Long_names_can_be_saved(int length)
    {
        var path = folder[new string('n', length)];
        AtomicFile.WriteAllText(path, "new");
        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
    }

    [Test]
    public void A_set_replaces_all_its_files_or_none()
    {
        File.WriteAllText(folder["b"], "old b");
        Assert.That(() =>
        {
            using var failing = new AtomicFileSet();
            failing.Write(target, s => s.Write("new"u8));
            failing.Write(folder["b"], _ => throw new IOException("full"));
            failing.Commit();
        }, Throws.InstanceOf<IOException>().With.Message.EqualTo("full"));
        Assert.That(File.ReadAllText(target), Is.EqualTo("old"));
        Assert.That(folder.Entries(), Is.EqualTo(["b", "model.bin"]));

        using (var set = new AtomicFileSet())
        {
            set.Write(target, s => s.Write("new"u8));
            set.Write(folder["c"], s => s.Write("new c"u8));
            set.Delete(folder["b"]);
            Assert.That(File.ReadAllText(target), Is.EqualTo("old"));
            Assert.That(File.ReadAllText(folder["b"]), Is.EqualTo("old b"));
            set.Commit();
        }
        Assert.That(File.ReadAllText(target), Is.EqualTo("new"));
        Assert.That(folder.Entries(), Is.EqualTo(["c", "model.bin"]));
    }
}
