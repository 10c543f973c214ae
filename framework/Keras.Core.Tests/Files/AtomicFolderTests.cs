using System.Runtime.Versioning;
using Keras.Tests;

namespace Keras.Files.Tests;

sealed class AtomicFolderTests
{
    static readonly string[] OldFiles = ["export", "export/sub", "export/sub/data", "export/text"];

    TemporaryFolder folder = null!;
    string target = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TemporaryFolder();
        target = folder["export"];
        Save(target, "old");
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    static void Save(string path, string content)
    {
        Directory.CreateDirectory(Path.Combine(path, "sub"));
        File.WriteAllText(Path.Combine(path, "text"), content);
        File.WriteAllText(Path.Combine(path, "sub", "data"), content);
    }

    void AssertHolds(string content, params string[] others)
    {
        Assert.That(folder.Entries(), Is.EquivalentTo([.. OldFiles, .. others]));
        Assert.That(File.ReadAllText(Path.Combine(target, "text")), Is.EqualTo(content));
        Assert.That(File.ReadAllText(Path.Combine(target, "sub", "data")), Is.EqualTo(content));
    }

    [TestCase("")]
    [TestCase("/")]
    public void Replaces_the_whole_folder(string ending)
    {
        File.WriteAllText(Path.Combine(target, "stale"), "stale");
        AtomicFolder.Write(target + ending, path => Save(path, "new"));
        AssertHolds("new");
    }

    [Test]
    public void Makes_a_folder_that_was_not_there()
    {
        AtomicFolder.Write(folder["a/b"], path => Save(path, "new"));
        Assert.That(File.ReadAllText(folder["a/b/sub/data"]), Is.EqualTo("new"));
        Assert.That(folder.Entries(), Has.None.Contains(".tmp"));
    }

    [Test]
    public void An_exception_in_the_middle_leaves_the_old_folder_and_no_temporary()
    {
        Assert.That(() => AtomicFolder.Write(target, path =>
        {
            Save(path, "new");
            throw new IOException("full");
        }), Throws.InstanceOf<IOException>().With.Message.EqualTo("full"));
        AssertHolds("old");
    }

    [Test]
    public void A_file_in_the_way_is_an_error()
    {
        Assert.That(() => AtomicFolder.Write(folder["export/text"], path => Save(path, "new")), Throws.InstanceOf<IOException>());
        AssertHolds("old");
    }

    [Test, Platform("Unix"), UnsupportedOSPlatform("windows")]
    public void A_link_to_a_folder_is_followed_and_permissions_are_kept()
    {
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(target, mode);
        Directory.CreateSymbolicLink(folder["current"], target);
        AtomicFolder.Write(folder["current"], path => Save(path, "new"));
        Assert.That(new DirectoryInfo(folder["current"]).LinkTarget, Is.EqualTo(target));
        Assert.That(File.ReadAllText(Path.Combine(target, "text")), Is.EqualTo("new"));
        Assert.That(File.GetUnixFileMode(target), Is.EqualTo(mode));
    }

    [Test]
    public void A_process_killed_while_saving_leaves_the_old_folder_and_its_temporary_is_removed_by_the_next_save()
    {
        using var child = ChildProcess.Start(SaveHalf, target);
        Assert.That(child.ReadLine(), Is.EqualTo("half"));
        child.Kill();

        Assert.That(File.ReadAllText(folder["export/text"]), Is.EqualTo("old"));
        Assert.That(folder.Entries().Count(e => e.StartsWith('.')), Is.GreaterThan(0));
        AtomicFolder.Write(target, path => Save(path, "new"));
        AssertHolds("new");
    }

    [Test]
    public void Another_process_that_is_still_saving_is_not_disturbed()
    {
        using var child = ChildProcess.Start(SaveHalf, target);
        Assert.That(child.ReadLine(), Is.EqualTo("half"));
        AtomicFolder.Write(target, path => Save(path, "new"));
        Assert.That(child.Finish(), Is.Zero);
        AssertHolds("half");
    }

    static void SaveHalf(string target) => AtomicFolder.Write(target, path =>
    {
        Save(path, "half");
        Console.WriteLine("half");
        Console.ReadLine();
    });

    [Test, Platform("Linux")]
    public void A_process_killed_at_any_moment_leaves_a_whole_folder()
    {
        var random = new Random(11);
        for (var round = 0; round < 6; round++)
        {
            using var child = ChildProcess.Start(SaveForEver, target);
            Assert.That(child.ReadLine(), Is.EqualTo("saving"));
            Thread.Sleep(random.Next(1, 60));
            child.Kill();
            Assert.That(File.ReadAllText(folder["export/text"]), Is.EqualTo(File.ReadAllText(folder["export/sub/data"])));
        }
        AtomicFolder.Write(target, path => Save(path, "new"));
        AssertHolds("new");
    }

    static void SaveForEver(string target)
    {
        for (var version = 0; ; version++)
        {
            AtomicFolder.Write(target, path => Save(path, $"{version}"));
            if (version == 0) Console.WriteLine("saving");
        }
    }

    [Test, Platform("Linux")]
    public void Many_threads_saving_one_folder_leave_one_whole_version()
    {
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => AtomicFolder.Write(target, path => Save(path, $"{i}")));
        AssertHolds(File.ReadAllText(folder["export/text"]));
    }

    [Test]
    public void Where_folders_cannot_be_swapped_two_renames_do()
    {
        Save(folder[".temporary"], "new");
        AtomicFolder.SwapByTwoRenames(folder[".temporary"], target);
        Assert.That(File.ReadAllText(folder["export/text"]), Is.EqualTo("new"));
        Assert.That(File.ReadAllText(folder[".temporary.old/text"]), Is.EqualTo("old"));
    }

    [Test]
    public void A_second_rename_that_fails_takes_the_first_back()
    {
        Assert.That(() => AtomicFolder.SwapByTwoRenames(folder[".missing"], target), Throws.InstanceOf<IOException>());
        AssertHolds("old");
    }

    [Test]
    public void A_folder_caught_between_two_renames_is_put_back()
    {
        const string ended = ".export.99999999.0123456789abcdef.tmp";
        Directory.Move(target, folder[ended + ".old"]);
        Save(folder[ended], "new");
        Assert.That(() => AtomicFolder.Write(target, _ => throw new IOException("full")), Throws.InstanceOf<IOException>());
        AssertHolds("old");
    }
}
