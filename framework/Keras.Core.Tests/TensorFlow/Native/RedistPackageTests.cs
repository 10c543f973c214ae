using Keras.Backend;
using Keras.Engines.TensorFlow;

namespace Keras.Tests.TensorFlow;

/// <summary>Applications whose folder holds TensorFlow's library as the packages SciSharp.TensorFlow.Redist lay it out: in runtimes/RID/native, or beside the program where it was built for
/// one system. The library of this machine stands in for theirs.</summary>
sealed class RedistPackageTests
{
    static readonly string[] Names = OperatingSystem.IsMacOS() ? ["libtensorflow.dylib", "libtensorflow_framework.2.dylib"] : ["libtensorflow.so", "libtensorflow_framework.so.2"];

    static readonly string[] Layouts = [Path.Combine("runtimes", LibrarySearch.RuntimeId, "native"), "."];

    TemporaryFolder _application = null!;

    [SetUp]
    public void MakeApplication()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Links to files need rights on Windows.");
        _application = new();
        var built = Path.GetDirectoryName(typeof(RedistPackageTests).Assembly.Location)!;
        foreach (var file in Directory.GetFiles(built).Where(f => Path.GetExtension(f) is ".dll" or ".json")) File.Copy(file, _application[Path.GetFileName(file)]);
    }

    [TearDown]
    public void RemoveApplication() => _application?.Dispose();

    [TestCaseSource(nameof(Layouts))]
    public void The_library_of_the_package_is_found_and_used(string layout)
    {
        if (LibrarySearch.Found() is not { Folder: { } folder } || LibrarySearch.FilesIn(folder) is not { Framework: { } framework } files)
            throw new IgnoreException("libtensorflow is not installed: run ./build.sh provision or set KERAS_LIBTENSORFLOW");
        var native = Directory.CreateDirectory(_application[layout]).FullName;
        File.CreateSymbolicLink(Path.Combine(native, Names[0]), files.Main);
        File.CreateSymbolicLink(Path.Combine(native, Names[1]), framework);
        var said = RunApplication(Add);
        Assert.That(said[..2], Is.EqualTo(new[] { "tensorflow", "42" }));
        Assert.That(Path.GetFullPath(said[2]), Is.EqualTo(Path.GetFullPath(Path.Combine(native, Names[0]))));
    }

    [TestCase("2.10.3")]
    [TestCase("2.11.1")]
    public void The_older_library_of_the_GPU_packages_is_refused_and_the_error_says_what_to_take_instead(string version)
    {
        if (!UserCommand.Starts("cc", "--version")) Assert.Ignore("There is no C compiler (cc) to make a library with that reports an old version.");
        var native = Directory.CreateDirectory(_application[Layouts[0]]).FullName;
        File.WriteAllText(_application["version.c"], $"const char* TF_Version(void) {{ return \"{version}\"; }}");
        foreach (var name in Names)
            UserCommand.Run("cc", ["-shared", "-fPIC", "-o", Path.Combine(native, name), _application["version.c"]], TextWriter.Null);
        var said = RunApplication(Add);
        Assert.That(said[0], Is.EqualTo(nameof(UnsupportedException)));
        Assert.That(said[1], Does.Contain($"Received: {version}").And.Contain("SciSharp.TensorFlow.Redist 2.16.0").And.Contain("provision_tensorflow").And.Contain(native));
    }

    /// <summary>Lines: the engine, 40 + 2, and the library that was loaded; or the error's type and message.</summary>
    static void Add(string _)
    {
        try
        {
            var sum = (Tensor.Of(40f) + Tensor.Of(2f)).ToArray<float>()[0];
            Console.WriteLine($"{EngineSelection.Name}\n{sum}\n{TensorFlowLibrary.EnsureLoaded().Path}");
        }
        catch (KerasException e)
        {
            Console.WriteLine($"{e.GetType().Name}\n{e.Message}");
        }
    }

    string[] RunApplication(Action<string> method)
    {
        Dictionary<string, string?> nothingElse = new() { [LibrarySearch.Variable] = null, [EngineSelection.Variable] = null, ["LD_LIBRARY_PATH"] = null, ["XDG_CACHE_HOME"] = _application["cache"] };
        using var child = ChildProcess.Start(method, "", _application["Keras.Core.Tests.dll"], nothingElse);
        var lines = new List<string>();
        while (child.ReadLine() is { } line) lines.Add(line);
        Assert.That(child.Finish(), Is.Zero);
        return [.. lines];
    }
}
