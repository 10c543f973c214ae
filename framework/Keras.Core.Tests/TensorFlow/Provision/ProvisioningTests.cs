using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Keras.Engines.TensorFlow;

namespace Keras.Tests.TensorFlow;

sealed class ProvisioningTests
{
    static readonly string[] Libraries = OperatingSystem.IsMacOS()
        ? ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"]
        : ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

    string _root = null!;
    StringWriter _output = null!;

    [SetUp]
    public void MakeFolder()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("TensorFlow has no package with its C library for Windows.");
        _root = Directory.CreateTempSubdirectory("keras-provision-").FullName;
        _output = new();
    }

    [TearDown]
    public void RemoveFolder()
    {
        if (_root is not null) Directory.Delete(_root, recursive: true);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void TakesTheLibrariesOutOfAnArchive(bool usesXzCommand)
    {
        var archive = MakeArchive(Libraries.Append("../escaped.txt").Append("README.md"));
        var folder = Provisioning.Provision(Options(archive) with { UsesXzCommand = usesXzCommand }, _output);
        Assert.That(Contents(folder), Is.EquivalentTo(Libraries));
        Assert.That(File.ReadAllText(Path.Combine(folder, Libraries[0])), Is.EqualTo("content of " + Libraries[0]));
        Assert.That(Contents(Path.GetDirectoryName(folder)!), Is.Empty, "nothing is left beside the version's folder");
        Assert.That(_output.ToString(), Does.Contain(folder));
    }

    [Test]
    public void ASecondRunDoesNothing()
    {
        var archive = MakeArchive(Libraries);
        var folder = Provisioning.Provision(Options(archive), _output);
        File.Delete(archive);
        Assert.That(Provisioning.Provision(Options(archive), _output), Is.EqualTo(folder));
        Assert.That(_output.ToString(), Does.Contain("already"));
    }

    [Test]
    public void AnIncompleteFolderIsReplaced()
    {
        var archive = MakeArchive(Libraries);
        var folder = Directory.CreateDirectory(Path.Combine(_root, "cache", ProvisionOptions.TestedVersion)).FullName;
        File.WriteAllText(Path.Combine(folder, Libraries[0]), "half");
        Provisioning.Provision(Options(archive), _output);
        Assert.That(File.ReadAllText(Path.Combine(folder, Libraries[0])), Does.StartWith("content"));
    }

    [Test]
    public void AnArchiveWithAnotherHashIsRefusedBeforeItIsUnpacked()
    {
        var options = Options(MakeArchive(Libraries)) with { Sha256 = new string('0', 64) };
        Assert.That(() => Provisioning.Provision(options, _output), Throws.TypeOf<FileFormatException>().With.Message.Contains("SHA-256"));
        Assert.That(Directory.GetFileSystemEntries(options.CacheFolder), Is.Empty);
    }

    [Test]
    public void WithoutAGivenHashOnlyTheKnownArchiveIsTaken() =>
        Assert.That(() => Provisioning.Provision(Options(MakeArchive(Libraries)) with { Sha256 = null }, _output), Throws.InstanceOf<KerasException>());

    [TestCase(true)]
    [TestCase(false)]
    public void ADamagedArchiveLeavesNothing(bool usesXzCommand)
    {
        var archive = MakeArchive(Libraries);
        var bytes = File.ReadAllBytes(archive);
        bytes.AsSpan(bytes.Length / 3, bytes.Length / 3).Clear();
        File.WriteAllBytes(archive, bytes);
        var options = Options(archive) with { UsesXzCommand = usesXzCommand };
        Assert.That(() => Provisioning.Provision(options, _output), Throws.TypeOf<FileFormatException>().With.Message.Contains(archive).And.Message.Contains("damaged"));
        Assert.That(Directory.GetFileSystemEntries(options.CacheFolder), Is.Empty);
    }

    [Test]
    public void AnArchiveWithoutTheFrameworkIsRefused()
    {
        var options = Options(MakeArchive(Libraries.Take(1)));
        Assert.That(() => Provisioning.Provision(options, _output), Throws.TypeOf<FileFormatException>().With.Message.Contains("libtensorflow_framework"));
    }

    [Test]
    public void TakesTheLibrariesOutOfTheWheelThatPipDownloads()
    {
        var wheel = MakeWheel(Libraries);
        var pip = MakeCommand("pip", $$"""
            for last; do :; done
            case "$*" in *--version*) exit 0;; esac
            echo "$*" > "{{_root}}/arguments"
            cp "{{wheel}}" "$last/"
            """);
        var folder = Provisioning.Provision(Options(null) with { Pip = pip }, _output);
        Assert.That(Contents(folder), Is.EquivalentTo(Libraries));
        Assert.That(Directory.GetDirectories(folder), Is.Empty, "the wheel is not kept");
        Assert.That(File.ReadAllText(Path.Combine(_root, "arguments")), Does.Contain($"=={ProvisionOptions.TestedVersion} --no-deps"));
    }

    [Test]
    public void WhatPipComplainsOfIsPassedOn()
    {
        var pip = MakeCommand("pip", """
            case "$*" in *--version*) exit 0;; esac
            echo "WARNING: slow" >&2
            echo "ERROR: No matching distribution found" >&2
            exit 1
            """);
        var options = Options(null) with { Pip = pip };
        Assert.That(() => Provisioning.Provision(options, _output), Throws.TypeOf<EngineNotFoundException>()
            .With.Message.Contains("No matching distribution").And.Message.Contains(ProvisionOptions.ArchiveVariable));
        Assert.That(Directory.GetFileSystemEntries(options.CacheFolder), Is.Empty);
    }

    [Test]
    public void AMissingPipIsSaidSo() =>
        Assert.That(() => Provisioning.Provision(Options(null) with { Pip = Path.Combine(_root, "no-pip") }, _output),
            Throws.TypeOf<EngineNotFoundException>().With.Message.Contains("pip was not found").And.Message.Contains(ProvisionOptions.ArchiveVariable));

    [Test]
    public void AMissingArchiveIsSaidSo() =>
        Assert.That(() => Provisioning.Provision(Options(Path.Combine(_root, "none.tar.xz")), _output), Throws.TypeOf<EngineNotFoundException>().With.Message.Contains("none.tar.xz"));

    /// <summary>TensorFlow's own archives for C: gzip, the library in lib with its full version, and links to it.</summary>
    [Test]
    public void TakesTheLibrariesOutOfTensorFlowsArchiveForC()
    {
        var versioned = OperatingSystem.IsMacOS() ? (string[])["libtensorflow.2.18.0.dylib", "libtensorflow_framework.2.18.0.dylib"] : ["libtensorflow.so.2.18.0", "libtensorflow_framework.so.2.18.0"];
        var archive = Path.Combine(_root, "library.tar.gz");
        using (var gzip = new GZipStream(File.Create(archive), CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "./lib/libtensorflow.so") { LinkName = "libtensorflow.so.2" });
            foreach (var name in versioned)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "./lib/" + name) { DataStream = new MemoryStream("library"u8.ToArray()) });
        }
        var folder = Provisioning.Provision(Options(archive) with { Version = "2.18.0" }, _output);
        Assert.That(Contents(folder), Is.EquivalentTo(Libraries.Select(l => l.Replace("_cc", "", StringComparison.Ordinal))));
        Assert.That(Path.GetFileName(folder), Is.EqualTo("2.18.0"));
    }

    [Test]
    public void TakesTheLibrariesOutOfAWheelThatIsThere() =>
        Assert.That(Contents(Provisioning.Provision(Options(MakeWheel(Libraries)), _output)), Is.EquivalentTo(Libraries));

    [Test]
    public void TakesTheLibrariesOfAFolder()
    {
        var source = Directory.CreateDirectory(Path.Combine(_root, "source")).FullName;
        foreach (var name in Libraries.Append("other.txt")) File.WriteAllText(Path.Combine(source, name), "library");
        Assert.That(Contents(Provisioning.Provision(Options(source) with { Sha256 = null }, _output)), Is.EquivalentTo(Libraries));
        Assert.That(() => Provisioning.Provision(Options(source) with { Version = "2.20.0" }, _output), Throws.TypeOf<UnsupportedException>().With.Message.Contains("no SHA-256"));
    }

    [Test]
    public void DownloadsAnArchiveFromAnAddress()
    {
        var archive = MakeWheel(Libraries);
        using var server = new OneFileServer(File.ReadAllBytes(archive));
        var folder = Provisioning.Provision(Options(archive) with { Source = server.Address + "wheel.whl" }, _output);
        Assert.That(Contents(folder), Is.EquivalentTo(Libraries), "what was downloaded is not kept");
    }

    [Test]
    public void WhatCannotBeDownloadedLeavesNothing()
    {
        using var server = new OneFileServer([1, 2, 3]);
        var options = Options(null) with { Source = server.Address + "wheel.whl", Sha256 = new string('0', 64) };
        Assert.That(() => Provisioning.Provision(options, _output), Throws.TypeOf<FileFormatException>().With.Message.Contains("SHA-256"));
        Assert.That(() => Provisioning.Provision(options with { Source = server.Address + "missing" }, _output), Throws.TypeOf<EngineNotFoundException>().With.Message.Contains("missing"));
        Assert.That(Directory.GetFileSystemEntries(options.CacheFolder), Is.Empty);
    }

    [Test]
    public void WhatIsNoArchiveIsRefused()
    {
        var file = Path.Combine(_root, "text.tar.xz");
        File.WriteAllText(file, "no archive");
        Assert.That(() => Provisioning.Provision(Options(file), _output), Throws.TypeOf<FileFormatException>().With.Message.Contains("no known format"));
    }

    [TestCase("2.15.0")]
    [TestCase("../elsewhere")]
    [TestCase("newest")]
    public void AVersionThatTheLoaderWouldNotTakeIsRefused(string version) =>
        Assert.That(() => Provisioning.Provision(Options(null) with { Version = version }, _output), Throws.TypeOf<UnsupportedException>().With.Message.Contains(version));

    ProvisionOptions Options(string? archive) => new()
    {
        Source = archive,
        Sha256 = archive is not null && File.Exists(archive) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(archive))) : new string('0', 64),
        CacheFolder = Path.Combine(_root, "cache"),
    };

    static IEnumerable<string?> Contents(string folder) => Directory.GetFiles(folder).Select(Path.GetFileName);

    string MakeArchive(IEnumerable<string> names)
    {
        if (!UserCommand.Starts("xz", "--version")) Assert.Ignore("There is no xz command to make an archive with.");
        var tar = Path.Combine(_root, "library.tar");
        using (var writer = new TarWriter(File.Create(tar)))
            foreach (var name in names)
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes("content of " + name)) });
        using var process = Process.Start("xz", ["--force", tar]);
        process.WaitForExit();
        return tar + ".xz";
    }

    string MakeWheel(IEnumerable<string> names)
    {
        var wheel = Path.Combine(_root, $"tensorflow_cpu-{ProvisionOptions.TestedVersion}-cp312-cp312-manylinux.whl");
        using var zip = ZipFile.Open(wheel, ZipArchiveMode.Create);
        foreach (var name in names.Select(n => "tensorflow/" + n).Append("tensorflow/__init__.py").Append("other/" + Libraries[0]))
            using (var writer = new StreamWriter(zip.CreateEntry(name).Open())) writer.Write("content of " + name);
        return wheel;
    }

    string MakeCommand(string name, string script)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllText(path, "#!/bin/sh\n" + script.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Answers every request with one file, but those for "missing".</summary>
    sealed class OneFileServer : IDisposable
    {
        readonly HttpListener _listener = new();

        public OneFileServer(byte[] content)
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            }
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = Task.Run(() => Serve(content));
        }

        public string Address { get; }

        public void Dispose() => _listener.Close();

        async Task Serve(byte[] content)
        {
            while (_listener.IsListening)
            {
                HttpListenerContext request;
                try
                {
                    request = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
                if (request.Request.Url!.AbsolutePath == "/missing") request.Response.StatusCode = 404;
                else await request.Response.OutputStream.WriteAsync(content);
                request.Response.Close();
            }
        }
    }
}
